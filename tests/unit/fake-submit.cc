/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-submit.h"

#include "curator-loop-private.h"

static FakeSubmit *current;

struct Invocation
{
  std::function<void ()> func;
  CuratorFramework *client;
};

static void
run_invocation (gpointer user_data)
{
  auto *invocation = static_cast<Invocation *> (user_data);

  invocation->func ();
  g_object_unref (invocation->client);
  delete invocation;
}

/* In the client's loop, not before the caller has returned to it. */
static void
defer (CuratorFramework *client, std::function<void ()> func)
{
  g_object_ref (client);
  curator_loop_defer (curator_framework_get_loop (client), run_invocation,
                      new Invocation{ std::move (func), client });
}

FakeSubmit::FakeSubmit ()
{
  current = this;
}

FakeSubmit::~FakeSubmit ()
{
  for (auto &entry : entries_)
    {
      EXPECT_TRUE (entry.ended) << curator_request_type_to_string (entry.request->type);
      curator_request_unref (entry.request);
    }
  current = nullptr;
}

void
FakeSubmit::AnswerWith (Fill fill)
{
  std::lock_guard<std::mutex> guard (lock_);

  fill_ = std::move (fill);
}

void
FakeSubmit::Await (size_t n)
{
  std::unique_lock<std::mutex> guard (lock_);

  ASSERT_TRUE (changed_.wait_for (guard, std::chrono::seconds (10), [&] { return entries_.size () >= n; }));
}

size_t
FakeSubmit::Count ()
{
  std::lock_guard<std::mutex> guard (lock_);

  return entries_.size ();
}

CuratorRequest *
FakeSubmit::At (size_t i)
{
  std::lock_guard<std::mutex> guard (lock_);

  return entries_.at (i).request;
}

void
FakeSubmit::Answer (size_t i, Fill fill)
{
  CuratorFramework *client;

  {
    std::lock_guard<std::mutex> guard (lock_);
    client = entries_.at (i).client;
  }
  defer (client, [this, i, fill] { End (i, fill); });
}

void
FakeSubmit::End (size_t i, const Fill &fill)
{
  Entry entry;

  {
    std::lock_guard<std::mutex> guard (lock_);
    if (entries_[i].ended)
      return;
    entries_[i].ended = true;
    entry = entries_[i];
  }
  if (fill)
    fill (entry.request);
  entry.func (entry.request, entry.user_data);
  g_object_unref (entry.client);
}

void
FakeSubmit::Submit (CuratorFramework *client,
                    CuratorRequest *request,
                    CuratorRequestFunc func,
                    gpointer user_data)
{
  std::lock_guard<std::mutex> guard (lock_);
  size_t i = entries_.size ();

  entries_.push_back (
      { CURATOR_FRAMEWORK (g_object_ref (client)), curator_request_ref (request), func, user_data, false });
  if (fill_)
    defer (client, [this, i, fill = fill_] { End (i, fill); });
  changed_.notify_all ();
}

void
FakeSubmit::Cancel (CuratorRequest *request)
{
  size_t found = 0;

  {
    std::lock_guard<std::mutex> guard (lock_);
    while (found < entries_.size () && entries_[found].request != request)
      found++;
    ASSERT_LT (found, entries_.size ()) << "cancelled before it was submitted";
  }
  End (found, [] (CuratorRequest *cancelled) { cancelled->rc = CURATOR_RC_CANCELLED; });
}

/* --- in place of curator-framework-submit.c --- */

extern "C"
{
  char *curator_framework_make_server_path (CuratorFramework *self, const char *path, gboolean sequential);
}

void
curator_framework_submit (CuratorFramework *client,
                          CuratorRequest *request,
                          CuratorRequestFunc func,
                          gpointer user_data)
{
  current->Submit (client, request, func, user_data);
}

void
curator_request_cancel (CuratorFramework *client, CuratorRequest *request)
{
  /* The library cancels from the loop only, where the callback comes at once. */
  EXPECT_TRUE (curator_loop_is_current (curator_framework_get_loop (client)));
  current->Cancel (request);
}

char *
curator_framework_make_server_path (CuratorFramework *self, const char *path, gboolean sequential)
{
  return g_strdup (path);
}

gint64
curator_framework_get_connection_timeout_ms (CuratorFramework *)
{
  return 5000;
}

/* --- the fixture --- */

void
SubmitFixture::SetUp ()
{
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  client = Build ([] (CuratorFrameworkBuilder *) {});
}

void
SubmitFixture::TearDown ()
{
  /* A cancellation that came too late may still be on its way to the loop. */
  InLoop ([] {});
  g_object_unref (client);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
}

static gboolean
set_flag (gpointer user_data)
{
  *static_cast<bool *> (user_data) = true;
  return G_SOURCE_REMOVE;
}

void
SubmitFixture::Until (const std::function<bool ()> &predicate)
{
  bool expired = false;
  GSource *timeout = g_timeout_source_new_seconds (10);

  g_source_set_callback (timeout, set_flag, &expired, nullptr);
  g_source_attach (timeout, context);
  while (!predicate () && !expired)
    g_main_context_iteration (context, TRUE);
  EXPECT_FALSE (expired) << "the predicate did not come true";
  g_source_destroy (timeout);
  g_source_unref (timeout);
}

void
SubmitFixture::InLoop (const std::function<void ()> &func)
{
  std::mutex lock;
  std::condition_variable ended_cond;
  bool ended = false;

  defer (client, [&] {
    func ();
    std::lock_guard<std::mutex> guard (lock);
    ended = true;
    ended_cond.notify_all ();
  });
  std::unique_lock<std::mutex> guard (lock);
  ASSERT_TRUE (ended_cond.wait_for (guard, std::chrono::seconds (10), [&] { return ended; }));
}

CuratorFramework *
SubmitFixture::Build (const std::function<void (CuratorFrameworkBuilder *)> &configure)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new ("127.0.0.1:2181");
  g_autoptr (GError) error = nullptr;

  configure (builder);
  CuratorFramework *built = curator_framework_builder_build (builder, &error);
  EXPECT_NE (built, nullptr) << (error != nullptr ? error->message : "");
  return built;
}

Outcome::~Outcome ()
{
  g_clear_object (&result);
}

void
Outcome::Store (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<Outcome *> (user_data);

  self->calls++;
  self->thread = g_thread_self ();
  g_set_object (&self->result, result);
}

GBytes *
MakeBytes (const std::string &text)
{
  return g_bytes_new (text.data (), text.size ());
}

std::string
ToString (GBytes *bytes)
{
  gsize length = 0;
  const char *data = static_cast<const char *> (g_bytes_get_data (bytes, &length));

  return std::string (data != nullptr ? data : "", length);
}

void
ExpectIoError (GError *error, GIOErrorEnum code, const std::string &part)
{
  ASSERT_NE (error, nullptr);
  EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, code)) << error->message;
  EXPECT_NE (std::string (error->message).find (part), std::string::npos)
      << error->message << " lacks " << part;
  g_error_free (error);
}
