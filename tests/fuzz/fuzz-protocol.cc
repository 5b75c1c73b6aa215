/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include <memory>

#include "fuzz-server.h"

extern "C"
{
#include "curator-framework-builder-private.h"
#include "curator-loop-private.h"
#include "curator-mutex.h"
#include "curator-request-private.h"
#include "curator-retry-n-times.h"
}

/* The whole client on a server that says whatever the input makes it say, in virtual time. The input is a
 * list of commands: requests and cancellations of the application, answers proper and improper, events,
 * bytes, broken connections, time. In the end the server behaves; then each request must have been answered
 * once, and the client must close and leave nothing behind. */

namespace
{

constexpr unsigned kMaxDispatches = 5000; /* without anything new */
constexpr unsigned kMaxRounds = 1000;     /* from one timer to the next, until all is done */
constexpr size_t kMaxRequests = 64;
constexpr int64_t kSessionId = 0x100000001;

struct Asked
{
  CuratorRequest *request;
  unsigned answers = 0;
};

class Run
{
public:
  Run (const uint8_t *data, size_t size);
  ~Run ();

  void Commands ();
  void Heal ();
  void Close ();

private:
  void Settle ();
  void NextTimer ();
  void Command ();

  /* the application */
  void Submit ();
  void FillIn (CuratorRequest *request);
  void FillInParts (CuratorRequest *request);
  void Lock ();
  static void OnAnswer (CuratorRequest *request, gpointer user_data);
  static void
  OnWatch (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer user_data);
  static void OnLocked (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnClosed (GObject *source, GAsyncResult *result, gpointer user_data);

  /* the server */
  void Handshake (int64_t session_id, int32_t timeout_ms, uint8_t read_only);
  void Answer (size_t i, int32_t error, bool healthy);
  void AnswerRaw ();
  void AnswerAll ();
  std::string MakeBody (int32_t type, const FuzzRequest &request, bool healthy);
  std::string MakeText (const std::string &usual);
  std::string MakeStat (bool healthy);
  std::string MakeList (int32_t n);
  std::string MakeTrueList (const std::string &path);
  std::string MakeMulti (const FuzzRequest &request);
  int32_t TakeError ();
  void Event ();

  FuzzBytes bytes_;
  FuzzServer server_;
  GMainContext *context_;
  CuratorFramework *client_ = nullptr;
  CuratorLoop *loop_ = nullptr;
  bool greets_;
  std::vector<std::unique_ptr<Asked> > asked_;
  std::vector<CuratorWatch *> watches_;
  std::vector<CuratorLease *> leases_;
  std::vector<std::string> names_; /* of what the server says it created */
  int64_t session_id_ = kSessionId;
  unsigned locking_ = 0;
  unsigned closed_ = 0;
};

/* --- life --- */

Run::Run (const uint8_t *data, size_t size) : bytes_ (data, size), context_ (g_main_context_new ())
{
  uint8_t options = bytes_.Byte ();
  g_autoptr (CuratorFrameworkBuilder) builder =
      curator_framework_builder_new ("10.0.0.1:2181,10.0.0.2:2181/chroot");
  g_autoptr (GError) error = nullptr;

  greets_ = (options & 1) == 0;
  g_main_context_push_thread_default (context_);
  curator_framework_builder_set_net (builder, &server_.net);
  curator_framework_builder_with_main_context (builder, context_);
  curator_framework_builder_with_session_timeout_ms (builder, 10000);
  curator_framework_builder_with_connection_timeout_ms (builder, 5000);
  curator_framework_builder_with_max_reply_bytes (builder, FuzzServer::kMaxReplyBytes);
  curator_framework_builder_with_retry_policy (builder, curator_retry_n_times_new (options >> 1 & 3, 100));
  curator_framework_builder_with_read_only (builder, (options & 8) != 0);
  if ((options & 16) != 0)
    curator_framework_builder_with_namespace (builder, "space");
  if ((options & 32) != 0)
    {
      g_autoptr (GBytes) auth = g_bytes_new_static ("user:word", 9);
      curator_framework_builder_with_auth (builder, "digest", auth);
    }
  client_ = curator_framework_builder_build (builder, &error);
  FUZZ_CHECK (client_ != nullptr);
  loop_ = curator_loop_ref (curator_framework_get_loop (client_));
  FUZZ_CHECK (curator_framework_start (client_, &error));
}

Run::~Run ()
{
  for (CuratorWatch *watch : watches_)
    curator_watch_unref (watch);
  for (CuratorLease *lease : leases_)
    g_object_unref (lease);
  for (auto &asked : asked_)
    curator_request_unref (asked->request);
  g_object_unref (client_);
  Settle ();
  FUZZ_CHECK (curator_loop_get_next_due_us (loop_) == -1);
  FUZZ_CHECK (server_.CountStreams () == 0);
  curator_loop_unref (loop_);
  g_main_context_pop_thread_default (context_);
  g_main_context_unref (context_);
}

void
Run::Settle ()
{
  do
    {
      unsigned n = 0;

      while (g_main_context_iteration (context_, FALSE))
        FUZZ_CHECK (++n < kMaxDispatches);
      if (!greets_ || !server_.IsHandshakeDue ())
        return;
      Handshake (session_id_, 10000, 0);
    }
  while (true);
}

void
Run::NextTimer ()
{
  int64_t due_us = curator_loop_get_next_due_us (loop_);

  if (due_us >= 0)
    server_.now_us = MAX (server_.now_us, due_us);
  Settle ();
}

/* --- the application --- */

void
Run::OnAnswer (CuratorRequest *request, gpointer user_data)
{
  auto *asked = static_cast<Asked *> (user_data);

  FUZZ_CHECK (asked->request == request && ++asked->answers == 1);
  if (request->rc != 0)
    {
      g_autoptr (GError) error = nullptr;

      FUZZ_CHECK (!curator_request_check (request, &error) && error != nullptr);
      return;
    }
  switch (request->type)
    {
    case CURATOR_REQUEST_CREATE:
      FUZZ_CHECK (request->result_path != nullptr);
      break;
    case CURATOR_REQUEST_GET_DATA:
    case CURATOR_REQUEST_GET_CONFIG:
    case CURATOR_REQUEST_RECONFIG:
      FUZZ_CHECK (request->result_data != nullptr);
      break;
    case CURATOR_REQUEST_GET_CHILDREN:
      FUZZ_CHECK (request->result_children != nullptr);
      break;
    case CURATOR_REQUEST_GET_ACL:
      FUZZ_CHECK (request->result_acl != nullptr);
      break;
    default:
      break;
    }
}

void
Run::OnWatch (CuratorWatch *, CuratorWatchedEventType, const char *path, gpointer)
{
  FUZZ_CHECK (path == nullptr || strlen (path) < FuzzServer::kMaxReplyBytes);
}

void
Run::FillInParts (CuratorRequest *request)
{
  static const CuratorRequestType types[] = { CURATOR_REQUEST_CREATE, CURATOR_REQUEST_DELETE,
                                              CURATOR_REQUEST_SET_DATA, CURATOR_REQUEST_EXISTS };

  request->n_parts = 1 + bytes_.Byte () % 4;
  request->parts = g_new0 (CuratorMultiPart, request->n_parts);
  for (guint i = 0; i < request->n_parts; i++)
    {
      request->parts[i].type = types[bytes_.Byte () % 4];
      request->parts[i].path = g_strdup_printf ("/multi/%u", i);
      request->parts[i].version = -1;
      request->parts[i].mode = static_cast<CuratorCreateMode> (i % 4);
    }
}

void
Run::FillIn (CuratorRequest *request)
{
  static const CuratorRequestFlags flags[] = {
    CURATOR_REQUEST_FLAG_PARENTS,     CURATOR_REQUEST_FLAG_CONTAINER_PARENTS, CURATOR_REQUEST_FLAG_PROTECTED,
    CURATOR_REQUEST_FLAG_OR_SET_DATA, CURATOR_REQUEST_FLAG_IDEMPOTENT,        CURATOR_REQUEST_FLAG_NO_RETRY,
    CURATOR_REQUEST_FLAG_GUARANTEED,  CURATOR_REQUEST_FLAG_CHILDREN,
  };
  uint8_t chosen = bytes_.Byte ();
  uint8_t more = bytes_.Byte ();
  CuratorRequestType type = request->type;
  bool may_watch = type == CURATOR_REQUEST_EXISTS || type == CURATOR_REQUEST_GET_DATA ||
                   type == CURATOR_REQUEST_GET_CHILDREN || type == CURATOR_REQUEST_GET_CONFIG;

  for (unsigned i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      bool fits = i == 5 ||
                  (i == 4 && (type == CURATOR_REQUEST_CREATE || type == CURATOR_REQUEST_SET_DATA)) ||
                  (i < 4 && type == CURATOR_REQUEST_CREATE) || (i >= 6 && type == CURATOR_REQUEST_DELETE);

      if (fits && (chosen & 1u << i) != 0)
        request->flags = static_cast<CuratorRequestFlags> (request->flags | flags[i]);
    }
  request->version = -1;
  request->mode = static_cast<CuratorCreateMode> (more & 3);
  request->watch_kind = static_cast<CuratorWatchKind> (1 + more % 3);
  request->from_config = -1;
  if (may_watch && (more & 4) != 0)
    {
      CuratorWatch *watch = curator_watch_new ((more & 8) != 0, OnWatch, nullptr, nullptr);

      request->watch = curator_watch_ref (watch);
      watches_.push_back (watch);
    }
  if (type == CURATOR_REQUEST_CREATE || type == CURATOR_REQUEST_SET_DATA)
    request->data = g_bytes_new_static ("data", 4);
  if (type == CURATOR_REQUEST_SET_ACL)
    request->acl = curator_acl_open_unsafe ();
  if (type == CURATOR_REQUEST_RECONFIG)
    request->leaving = g_strdup ("3");
  if (type == CURATOR_REQUEST_MULTI)
    FillInParts (request);
}

void
Run::Submit ()
{
  static const char *const paths[] = { "/a", "/a/b", "/a/b/c", "/lock", "/" };
  uint8_t what = bytes_.Byte ();
  auto type = static_cast<CuratorRequestType> (what % (CURATOR_REQUEST_REMOVE_WATCHES + 1));
  auto asked = std::make_unique<Asked> ();

  if (asked_.size () >= kMaxRequests)
    return;
  asked->request = curator_request_new (type, paths[what / 16 % (type == CURATOR_REQUEST_DELETE ? 4 : 5)]);
  FillIn (asked->request);
  curator_framework_submit (client_, asked->request, OnAnswer, asked.get ());
  asked_.push_back (std::move (asked));
}

void
Run::OnLocked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<Run *> (user_data);
  g_autoptr (GError) error = nullptr;
  CuratorLease *lease = curator_mutex_acquire_finish (CURATOR_MUTEX (source), result, &error);

  FUZZ_CHECK ((lease == nullptr) == (error != nullptr));
  if (lease != nullptr)
    self->leases_.push_back (lease);
  self->locking_--;
}

void
Run::Lock ()
{
  uint8_t what = bytes_.Byte ();

  if (what % 3 == 0 && !leases_.empty ())
    {
      g_object_unref (leases_.back ());
      leases_.pop_back ();
    }
  else if (locking_ + leases_.size () < 4)
    {
      g_autoptr (CuratorMutex) mutex = curator_mutex_new (client_, "/lock");

      locking_++;
      curator_mutex_acquire_async (mutex, what % 3 == 1 ? -1 : 30000, nullptr, OnLocked, this);
    }
}

/* --- the server --- */

void
Run::Handshake (int64_t session_id, int32_t timeout_ms, uint8_t read_only)
{
  session_id_ = session_id;
  server_.SendFrame (FuzzServer::BeInt (0) + FuzzServer::BeInt (timeout_ms) +
                     FuzzServer::BeLong (session_id) + FuzzServer::String (std::string (16, 'p')) +
                     static_cast<char> (read_only));
}

int32_t
Run::TakeError ()
{
  static const int32_t errors[] = { 0,    0,    0,    0,    -101, -110, -111, -103, -102, -112, -118, -4,
                                    -119, -120, -121, -122, -5,   -6,   -7,   -8,   -115, -114, -108, -1 };
  uint8_t what = bytes_.Byte ();

  return what < 240 ? errors[what % G_N_ELEMENTS (errors)] : static_cast<int32_t> (bytes_.Word ());
}

std::string
Run::MakeText (const std::string &usual)
{
  uint8_t what = bytes_.Byte ();

  if (what < 128)
    return usual;
  return what < 192 && !names_.empty () ? names_[what % names_.size ()] : bytes_.Take (what % 48);
}

std::string
Run::MakeStat (bool healthy)
{
  uint8_t what = healthy ? 1 : bytes_.Byte ();
  int64_t owner = (what & 1) != 0 ? session_id_ : (what & 2) != 0 ? bytes_.Word () : 0;
  std::string stat =
      FuzzServer::BeLong (7) + FuzzServer::BeLong (7) + FuzzServer::BeLong (0) + FuzzServer::BeLong (0);

  return stat + FuzzServer::BeInt (what >> 4) + FuzzServer::BeInt (0) + FuzzServer::BeInt (0) +
         FuzzServer::BeLong (owner) + FuzzServer::BeInt (0) + FuzzServer::BeInt (0) + FuzzServer::BeLong (7);
}

std::string
Run::MakeMulti (const FuzzRequest &request)
{
  std::string body;
  bool failed = bytes_.Byte () % 4 == 3;

  for (int32_t part : request.parts)
    {
      body += FuzzServer::BeInt (failed ? -1 : part) + std::string (1, '\0') +
              FuzzServer::BeInt (failed ? -2 : 0);
      if (failed)
        body += FuzzServer::BeInt (TakeError ());
      else
        body += part == 1 ? FuzzServer::String (MakeText ("/created")) : part == 5 ? MakeStat (false) : "";
    }
  return body + FuzzServer::BeInt (-1) + std::string (1, '\1') + FuzzServer::BeInt (-1);
}

/* Of the kind that was asked for. A healthy one says no more than it must. What is taken from the input is
 * taken in statements of its own: the order within one is the compiler's. */
std::string
Run::MakeBody (int32_t type, const FuzzRequest &request, bool healthy)
{
  size_t name_at = request.path.rfind ('/') + 1;
  std::string body;

  switch (type)
    {
    case 1:
    case 9:
      return FuzzServer::String (MakeText (request.path));
    case 15:
    case 19:
    case 21:
      names_.push_back (request.path.substr (name_at) + (bytes_.Byte () < 128 ? "0000000007" : ""));
      body = FuzzServer::String (MakeText (request.path.substr (0, name_at) + names_.back ()));
      break;
    case 3:
    case 5:
      break;
    case 4:
    case 16:
      body = FuzzServer::String (MakeText ("data"));
      break;
    case 6:
      body = FuzzServer::BeInt (1) + FuzzServer::BeInt (static_cast<int32_t> (bytes_.Word ()));
      body += FuzzServer::String (MakeText ("world"));
      body += FuzzServer::String (MakeText ("anyone"));
      break;
    case 12:
      if (healthy)
        body = MakeTrueList (request.path);
      else
        body = MakeList (bytes_.Byte () % 8);
      break;
    case 14:
      return MakeMulti (request);
    default:
      return "";
    }
  return body + MakeStat (healthy);
}

std::string
Run::MakeList (int32_t n)
{
  std::string list = FuzzServer::BeInt (n);

  for (int32_t i = 0; i < n; i++)
    list += FuzzServer::String (MakeText (names_.empty () ? "child" : names_.back ()));
  return list;
}

/* Those who wait must find themselves, and those who delete must find an end. */
std::string
Run::MakeTrueList (const std::string &path)
{
  bool has_children = g_str_has_suffix (path.c_str (), "/lock");
  std::string list;

  for (const std::string &name : names_)
    list += FuzzServer::String (name);
  return has_children ? FuzzServer::BeInt (static_cast<int32_t> (names_.size ())) + list
                      : FuzzServer::BeInt (0);
}

void
Run::Answer (size_t i, int32_t error, bool healthy)
{
  std::deque<FuzzRequest> *asked = server_.GetAsked ();

  if (i >= asked->size ())
    return;
  FuzzRequest request = (*asked)[i];
  std::string body = error == 0 && request.xid >= 0 ? MakeBody (request.type, request, healthy) : "";
  server_.SendFrame (FuzzServer::BeInt (request.xid) + FuzzServer::BeLong (9) + FuzzServer::BeInt (error) +
                     body);
  if (i < asked->size ())
    asked->erase (asked->begin () + static_cast<ptrdiff_t> (i));
}

void
Run::AnswerRaw ()
{
  std::deque<FuzzRequest> *asked = server_.GetAsked ();
  uint8_t what = bytes_.Byte ();

  if (asked->empty ())
    return;
  FuzzRequest request = (*asked)[what % 2 == 0 ? 0 : what % asked->size ()];
  int64_t zxid = bytes_.Word ();
  int32_t error = TakeError ();
  std::string body =
      what >= 240 ? std::string (FuzzServer::kMaxReplyBytes + what, 'x') : bytes_.Take (what / 2);
  server_.SendFrame (FuzzServer::BeInt (request.xid) + FuzzServer::BeLong (zxid) + FuzzServer::BeInt (error) +
                     body);
}

void
Run::AnswerAll ()
{
  for (size_t n = server_.GetAsked ()->size (); n > 0; n--)
    Answer (0, 0, true);
}

void
Run::Event ()
{
  static const char *const paths[] = { "/chroot/a", "/chroot/a/b", "/chroot/lock", "/chroot",
                                       "/chroot/space/a" };
  uint8_t what = bytes_.Byte ();
  int32_t type = (what & 7) < 6 ? what & 7 : static_cast<int32_t> (bytes_.Word ());
  std::string path = MakeText (names_.empty () || what >= 128 ? paths[what / 8 % G_N_ELEMENTS (paths)]
                                                              : "/chroot/lock/" + names_.back ());

  server_.SendFrame (FuzzServer::BeInt (-1) + FuzzServer::BeLong (-1) + FuzzServer::BeInt (0) +
                     FuzzServer::BeInt (type) + FuzzServer::BeInt (3) + FuzzServer::String (path));
}

/* --- the run --- */

void
Run::Command ()
{
  static const int statuses[] = { 0, EINPROGRESS, ECONNREFUSED, EHOSTUNREACH };
  static const int32_t specials[] = { -2, -4, -8, -1, 0 };
  uint8_t n;

  switch (bytes_.Byte () % 18)
    {
    case 0:
    case 1:
      Answer (0, TakeError (), false);
      break;
    case 2:
      AnswerAll ();
      break;
    case 3:
      server_.Send (bytes_.Take (bytes_.Byte () % 64));
      break;
    case 4:
      server_.SendFrame (bytes_.Take (bytes_.Byte () % 128));
      break;
    case 5:
      Event ();
      break;
    case 6:
      server_.now_us += bytes_.Byte () * static_cast<int64_t> (100000);
      break;
    case 7:
      server_.Cut (bytes_.Byte () % 2 == 0 ? 0 : ECONNRESET);
      break;
    case 8:
    case 9:
      Submit ();
      return; /* so that more can be in flight */
    case 10:
      if (!asked_.empty ())
        curator_request_cancel (client_, asked_[bytes_.Byte () % asked_.size ()]->request);
      break;
    case 11:
      n = bytes_.Byte ();
      if (n % 2 == 0)
        Handshake (session_id_ + n / 4 % 3, static_cast<int32_t> (bytes_.Word ()), n / 2 % 2);
      else
        server_.SendFrame (bytes_.Take (36 + n / 2 % 2));
      break;
    case 12:
      AnswerRaw ();
      break;
    case 13:
      n = bytes_.Byte ();
      server_.SendFrame (FuzzServer::BeInt (specials[n % 5]) + FuzzServer::BeLong (0) +
                         FuzzServer::BeInt (TakeError ()));
      break;
    case 14:
      server_.SetProbeAnswer (bytes_.Byte () % 2 == 0 ? "rw" : bytes_.Take (4));
      server_.SetStatus (statuses[bytes_.Byte () % 4]);
      break;
    case 15:
      Lock ();
      break;
    case 16:
      NextTimer ();
      break;
    default:
      if (!watches_.empty ())
        curator_watch_cancel (watches_[bytes_.Byte () % watches_.size ()]);
      break;
    }
  Settle ();
}

void
Run::Commands ()
{
  while (!bytes_.IsEmpty ())
    Command ();
}

/* From now on the server answers everything, truthfully enough. */
void
Run::Heal ()
{
  auto is_answered = [this] {
    for (auto &asked : asked_)
      if (asked->answers == 0)
        return false;
    return true;
  };

  greets_ = true;
  session_id_ = kSessionId + 100;
  server_.SetStatus (0);
  server_.SetProbeAnswer ("rw");
  server_.Cut (0);
  Settle ();
  for (unsigned n = 0; !is_answered (); n++)
    {
      FUZZ_CHECK (n < kMaxRounds);
      server_.now_us += 1000;
      if (server_.GetAsked ()->empty ())
        NextTimer ();
      AnswerAll ();
      Settle ();
    }
}

void
Run::OnClosed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = nullptr;

  curator_framework_close_finish (CURATOR_FRAMEWORK (source), result, &error);
  static_cast<Run *> (user_data)->closed_++;
}

/* Also while nobody answers. */
void
Run::Close ()
{
  for (CuratorWatch *watch : watches_)
    curator_watch_cancel (watch);
  curator_framework_close_async (client_, nullptr, OnClosed, this);
  Settle ();
  for (unsigned n = 0; closed_ == 0 || locking_ > 0; n++)
    {
      FUZZ_CHECK (n < kMaxRounds);
      NextTimer ();
    }
  for (auto &asked : asked_)
    FUZZ_CHECK (asked->answers == 1);
  FUZZ_CHECK (closed_ == 1);
}

} // namespace

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Run run (data, size);

  run.Commands ();
  if (size % 4 != 0)
    run.Heal ();
  run.Close ();
  return 0;
}
