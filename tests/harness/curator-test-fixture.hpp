/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* GoogleTest on CuratorTest: what every test of an executable shares. Include it in each of the executable's
 * sources that need it. */

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "curator-test.h"

namespace curator_test
{

/* A reference to a GObject. */
template <typename T> class Ref
{
public:
  Ref () = default;
  /* Takes the caller's reference. */
  explicit Ref (T *object) : object_ (object)
  {
  }
  Ref (const Ref &other) : object_ (other.object_ != nullptr ? share (other.object_) : nullptr)
  {
  }
  Ref (Ref &&other) noexcept : object_ (std::exchange (other.object_, nullptr))
  {
  }
  ~Ref ()
  {
    reset ();
  }

  Ref &operator= (Ref other)
  {
    std::swap (object_, other.object_);
    return *this;
  }

  /* Adds a reference of its own. */
  static Ref Share (T *object)
  {
    return Ref (share (object));
  }

  void reset (T *object = nullptr)
  {
    T *old = std::exchange (object_, object);

    if (old != nullptr)
      g_object_unref (old);
  }

  T *release ()
  {
    return std::exchange (object_, nullptr);
  }

  T *get () const
  {
    return object_;
  }

  operator T * () const
  {
    return object_;
  }

private:
  static T *share (T *object)
  {
    return static_cast<T *> (g_object_ref (object));
  }

  T *object_ = nullptr;
};

/* A GError that a call may set, passed as error.out (). */
class Error
{
public:
  Error () = default;
  Error (const Error &) = delete;
  Error &operator= (const Error &) = delete;
  ~Error ()
  {
    g_clear_error (&error_);
  }

  /* Where a call puts its error; an earlier one is dropped. */
  GError **out ()
  {
    g_clear_error (&error_);
    return &error_;
  }

  bool matches (GQuark domain, int code) const
  {
    return g_error_matches (error_, domain, code);
  }

  std::string message () const
  {
    return error_ != nullptr ? error_->message : "no error";
  }

  const GError *get () const
  {
    return error_;
  }

private:
  GError *error_ = nullptr;
};

/* Collects warnings and criticals of all domains, from all threads. */
class LogWatch
{
public:
  /* GLib takes one writer per process, once. */
  static LogWatch &Get ()
  {
    static LogWatch *watch = [] {
      auto *made = new LogWatch;

      g_log_set_writer_func (Write, made, nullptr);
      return made;
    }();

    return *watch;
  }

  std::vector<std::string> Take ()
  {
    std::lock_guard<std::mutex> lock (mutex_);

    return std::exchange (messages_, {});
  }

private:
  static GLogWriterOutput Write (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
  {
    auto *self = static_cast<LogWatch *> (data);

    if ((level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR)) != 0)
      {
        std::lock_guard<std::mutex> lock (self->mutex_);

        self->messages_.push_back (Field (fields, n_fields, "GLIB_DOMAIN") + ": " +
                                   Field (fields, n_fields, "MESSAGE"));
      }
    return g_log_writer_default (level, fields, n_fields, nullptr);
  }

  static std::string Field (const GLogField *fields, gsize n_fields, const char *key)
  {
    for (gsize i = 0; i < n_fields; i++)
      {
        const auto *value = static_cast<const char *> (fields[i].value);

        if (g_strcmp0 (fields[i].key, key) == 0)
          return fields[i].length < 0 ? std::string (value)
                                      : std::string (value, static_cast<size_t> (fields[i].length));
      }
    return "";
  }

  std::mutex mutex_;
  std::vector<std::string> messages_;
};

/* The server that the tests of one executable share. Started when first asked for, ended after the last test.
 */
class SharedServer : public ::testing::Environment
{
public:
  static CuratorTestServer *Get ()
  {
    Error error;

    if (server_.get () == nullptr)
      server_.reset (curator_test_server_new ());
    if (!curator_test_server_start_sync (server_, nullptr, error.out ()))
      ADD_FAILURE () << "No server: " << error.message ();
    return server_;
  }

  static std::string LogTail (guint n_lines)
  {
    g_autofree char *log =
        server_.get () != nullptr ? curator_test_server_dup_log (server_, n_lines) : nullptr;

    return log != nullptr ? log : "";
  }

  void SetUp () override
  {
    LogWatch::Get ();
  }

  void TearDown () override
  {
    server_.reset ();
  }

private:
  static inline Ref<CuratorTestServer> server_;
};

inline ::testing::Environment *const shared_server_environment =
    ::testing::AddGlobalTestEnvironment (new SharedServer);

/* The fixture: a main context of its own for each test, which is the thread's default one meanwhile; a chroot
 * of its own on the shared server; and at the end no unexpected warnings and no leftover objects.
 *
 * A class derived from it drops its own references in its TearDown() before it calls this one's. */
class CuratorTestFixture : public ::testing::Test
{
protected:
  void SetUp () override
  {
    LogWatch::Get ().Take ();
    context_ = g_main_context_new ();
    g_main_context_push_thread_default (context_);
  }

  void TearDown () override
  {
    Drain ();
    CheckFinalized ();
    g_main_context_pop_thread_default (context_);
    g_main_context_unref (context_);
    CheckWarnings ();
  }

  GMainContext *Context () const
  {
    return context_;
  }

  /* The shared server, running. A test that stops it or pauses it starts or resumes it before it ends, or
   * better uses one of its own. */
  CuratorTestServer *Server ()
  {
    return SharedServer::Get ();
  }

  /* The shared server's connect string with a chroot of this test's own. */
  std::string Chroot ()
  {
    if (chroot_.empty ())
      {
        Error error;
        g_autofree char *made = curator_test_server_create_chroot_sync (Server (), nullptr, error.out ());

        EXPECT_NE (made, nullptr) << error.message ();
        chroot_ = made != nullptr ? made : "";
      }
    return chroot_;
  }

  /* The path of a node in this test's chroot from the server's root, for the operator's methods. "" is the
   * chroot itself. */
  std::string ServerPath (const std::string &path = "")
  {
    std::string connect_string = Chroot ();
    size_t slash = connect_string.find ('/');

    return slash == std::string::npos ? path : connect_string.substr (slash) + path;
  }

  /* Iterates the context until @predicate holds; fails the test after @timeout_ms. */
  ::testing::AssertionResult Until (const std::function<bool ()> &predicate, guint timeout_ms = 10000)
  {
    if (Iterate (predicate, timeout_ms))
      return ::testing::AssertionSuccess ();
    ADD_FAILURE () << "It did not happen within " << timeout_ms << " ms. The end of the server's log:\n"
                   << SharedServer::LogTail (40);
    return ::testing::AssertionFailure () << "timed out";
  }

  /* Dispatches what is ready now. */
  void Drain ()
  {
    while (g_main_context_iteration (context_, FALSE))
      ;
  }

  /* One warning or critical message with @text in it is expected, and one must come before the test ends. */
  void ExpectWarning (const std::string &text)
  {
    expected_warnings_.push_back (text);
  }

  /* At the end of the test the object must have been finalized. Takes no reference. */
  void WatchFinalize (gpointer object)
  {
    auto *watch = new Watch{ G_OBJECT_TYPE_NAME (object), alive_ };
    std::string key = "curator-test-watch-" + std::to_string (n_watches_++);

    alive_->fetch_add (1);
    watched_types_.push_back (watch->type);
    g_object_set_data_full (G_OBJECT (object), key.c_str (), watch, [] (gpointer data) {
      auto *finalized = static_cast<Watch *> (data);

      finalized->alive->fetch_sub (1);
      delete finalized;
    });
  }

private:
  /* An object may outlive its test, so that the counter is shared with it. */
  struct Watch
  {
    std::string type;
    std::shared_ptr<std::atomic<int> > alive;
  };

  static constexpr guint poll_interval_ms = 5;
  static constexpr guint finalize_timeout_ms = 5000;

  bool Iterate (const std::function<bool ()> &predicate, guint timeout_ms)
  {
    gint64 deadline_us = g_get_monotonic_time () + static_cast<gint64> (timeout_ms) * 1000;
    GSource *ticks = g_timeout_source_new (poll_interval_ms);
    bool held;

    /* What the predicate looks at may change in other threads, which do not wake this context. */
    g_source_set_callback (
        ticks, [] (gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
    g_source_attach (ticks, context_);
    while (!(held = predicate ()) && g_get_monotonic_time () < deadline_us)
      g_main_context_iteration (context_, TRUE);
    g_source_destroy (ticks);
    g_source_unref (ticks);
    return held;
  }

  void CheckFinalized ()
  {
    if (Iterate ([this] { return alive_->load () == 0; }, finalize_timeout_ms))
      return;
    std::string types;
    for (const std::string &type : watched_types_)
      types += " " + type;
    ADD_FAILURE () << alive_->load () << " of these objects were not finalized:" << types;
  }

  void CheckWarnings ()
  {
    for (const std::string &message : LogWatch::Get ().Take ())
      {
        auto expected = std::find_if (
            expected_warnings_.begin (), expected_warnings_.end (),
            [&message] (const std::string &text) { return message.find (text) != std::string::npos; });

        if (expected != expected_warnings_.end ())
          expected_warnings_.erase (expected);
        else
          ADD_FAILURE () << "Unexpected warning: " << message;
      }
    for (const std::string &text : expected_warnings_)
      ADD_FAILURE () << "No such warning came: " << text;
  }

  GMainContext *context_ = nullptr;
  std::string chroot_;
  std::vector<std::string> expected_warnings_;
  std::vector<std::string> watched_types_;
  std::shared_ptr<std::atomic<int> > alive_ = std::make_shared<std::atomic<int> > (0);
  unsigned n_watches_ = 0;
};

} // namespace curator_test

using curator_test::CuratorTestFixture;
using curator_test::Ref;
