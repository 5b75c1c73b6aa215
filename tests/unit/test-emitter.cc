/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "curator-emitter-private.h"

namespace
{

class Emitter : public ::testing::Test
{
protected:
  void SetUp () override
  {
    context_ = g_main_context_new ();
    g_main_context_push_thread_default (context_);
    object_ = G_OBJECT (g_object_new (G_TYPE_OBJECT, nullptr));
    g_object_set_data (object_, "log", &log_);
    emitter_ = curator_emitter_new (object_);
  }

  void TearDown () override
  {
    g_clear_object (&object_);
    curator_emitter_unref (emitter_);
    g_main_context_pop_thread_default (context_);
    g_clear_pointer (&context_, g_main_context_unref);
  }

  static void Log (GObject *object, gpointer data)
  {
    auto *log = static_cast<std::vector<std::string> *> (g_object_get_data (object, "log"));

    log->push_back (static_cast<const char *> (data));
  }

  static void LogNewest (GObject *object, gpointer data)
  {
    Log (object, data);
  }

  void Drain ()
  {
    while (g_main_context_iteration (context_, FALSE))
      continue;
  }

  GMainContext *context_ = nullptr;
  GObject *object_ = nullptr;
  CuratorEmitter *emitter_ = nullptr;
  std::vector<std::string> log_;
};

using Strings = std::vector<std::string>;

TEST_F (Emitter, TellsInOrder)
{
  for (const char *text : { "a", "b", "a" })
    curator_emitter_post (emitter_, Log, g_strdup (text), g_free);
  EXPECT_EQ (log_, Strings ());
  Drain ();
  EXPECT_EQ (log_, Strings ({ "a", "b", "a" }));
}

/* In the place of the first one that was not told. */
TEST_F (Emitter, TellsTheNewestOnce)
{
  for (const char *text : { "1", "2" })
    curator_emitter_post_newest (emitter_, LogNewest, g_strdup (text), g_free);
  curator_emitter_post (emitter_, Log, g_strdup ("a"), g_free);
  curator_emitter_post_newest (emitter_, LogNewest, g_strdup ("3"), g_free);
  Drain ();
  EXPECT_EQ (log_, Strings ({ "3", "a" }));
  curator_emitter_post_newest (emitter_, LogNewest, g_strdup ("4"), g_free);
  Drain ();
  EXPECT_EQ (log_, Strings ({ "3", "a", "4" }));
}

TEST_F (Emitter, TellsNobodyWhoHasGone)
{
  curator_emitter_post (emitter_, Log, g_strdup ("a"), g_free);
  curator_emitter_post_newest (emitter_, LogNewest, g_strdup ("1"), g_free);
  g_clear_object (&object_);
  Drain ();
  EXPECT_EQ (log_, Strings ());
}

} // namespace
