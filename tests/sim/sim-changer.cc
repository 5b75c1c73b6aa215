/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-changer.h"

#include <algorithm>

#include "sim-watch.h"

namespace sim
{

namespace
{

enum Kind
{
  kCreate,
  kSetData,
  kDelete,
  kTransaction,
  kSync,
  kRead,
};

constexpr int32_t kWrongVersion = 1000000;

bool
IsError (const GError *error, CuratorError code)
{
  return g_error_matches (error, CURATOR_ERROR, code);
}

/* The server has refused it. */
bool
IsRefusal (const GError *error)
{
  return IsError (error, CURATOR_ERROR_NO_NODE) || IsError (error, CURATOR_ERROR_NODE_EXISTS) ||
         IsError (error, CURATOR_ERROR_BAD_VERSION);
}

} // namespace

/* Stays until the end, so that a second answer is noticed. */
struct Changer::Call
{
  ~Call ()
  {
    g_object_unref (cancellable);
  }

  Changer *changer;
  int kind;
  std::string path;
  std::string value; /* that nobody else writes */
  GCancellable *cancellable = g_cancellable_new ();
  bool might_fail;
  bool is_own = false;
  bool is_done = false;
  bool is_bound_to_fail = false;
  unsigned n_connections = 0; /* where it was sent over the last one at once; 0 otherwise */
  int64_t session_id = 0;
  int64_t newest = 0; /* what a read must not fall behind */
};

Changer::Changer (Scenario *run, const Ledger *ledger, Process *process)
    : run_ (run), ledger_ (ledger), process_ (process),
      own_path_ ("/own" + std::to_string (process->GetNumber ()))
{
}

Changer::~Changer ()
{
  for (const Call *call : pending_)
    run_->world.Fail ("process %u was never answered about %s", process_->GetNumber (), call->path.c_str ());
}

Changer::Call *
Changer::NewCall (int kind, const std::string &path)
{
  auto call = std::make_unique<Call> ();

  call->changer = this;
  call->kind = kind;
  call->path = path;
  call->might_fail = run_->MayFail ();
  call->n_connections = process_->IsConnected () ? process_->GetConnectionCount () : 0;
  call->session_id = curator_framework_get_session_id (process_->GetClient ());
  pending_.push_back (call.get ());
  calls_.push_back (std::move (call));
  return pending_.back ();
}

GBytes *
Changer::NewValue (Call *call)
{
  call->value = std::to_string (process_->GetNumber ()) + "." + std::to_string (++n_values_);
  return g_bytes_new (call->value.data (), call->value.size ());
}

/* --- what it does --- */

void
Changer::Act (const char *path, int32_t version)
{
  switch (run_->world.choices.Below (6))
    {
    case 0:
      Create (path, false);
      break;
    case 1:
      SetData (path, run_->world.choices.Below (2) == 0 ? -1 : version, false);
      break;
    case 2:
      Delete (path, false, false);
      break;
    case 3:
      ChangePair ();
      break;
    case 4:
      ChangeOwn ();
      break;
    default:
      SyncAndRead ();
    }
}

void
Changer::CancelSome ()
{
  std::vector<Call *> pending = pending_;

  for (Call *call : pending)
    if (run_->world.choices.DetailBelow (2) == 1)
      g_cancellable_cancel (call->cancellable);
}

void
Changer::Create (const std::string &path, bool is_own)
{
  g_autoptr (CuratorCreateBuilder) create = curator_framework_create (process_->GetClient ());
  Call *call = NewCall (kCreate, path);
  g_autoptr (GBytes) data = NewValue (call);

  call->is_own = is_own;
  if (is_own)
    curator_create_builder_idempotent (create);
  curator_create_builder_for_path_async (create, path.c_str (), data, call->cancellable, OnDone, call);
}

void
Changer::SetData (const std::string &path, int32_t version, bool is_own)
{
  g_autoptr (CuratorSetDataBuilder) set = curator_framework_set_data (process_->GetClient ());
  Call *call = NewCall (kSetData, path);
  g_autoptr (GBytes) data = NewValue (call);

  call->is_own = is_own;
  if (is_own)
    curator_set_data_builder_idempotent (set);
  curator_set_data_builder_with_version (set, version);
  curator_set_data_builder_for_path_async (set, path.c_str (), data, call->cancellable, OnDone, call);
}

void
Changer::Delete (const std::string &path, bool is_own, bool is_for_good)
{
  g_autoptr (CuratorDeleteBuilder) remove = curator_framework_delete (process_->GetClient ());
  Call *call = NewCall (kDelete, path);

  call->is_own = is_own;
  if (is_for_good)
    curator_delete_builder_guaranteed (remove);
  else if (is_own)
    curator_delete_builder_idempotent (remove);
  curator_delete_builder_for_path_async (remove, path.c_str (), call->cancellable, OnDone, call);
}

/* One change at a time, so that it is known how the node is; where it is not, nothing more. */
void
Changer::ChangeOwn ()
{
  uint32_t what = run_->world.choices.Below (4);

  if (own_busy_ || own_ == Own::kUnknown || own_ == Own::kDeleted)
    return;
  own_busy_ = true;
  if (own_ == Own::kAbsent)
    {
      Create (own_path_, true);
    }
  else if (what < 2)
    {
      SetData (own_path_, own_version_, true);
    }
  else
    {
      if (what == 3)
        own_ = Own::kDeleted;
      Delete (own_path_, true, what == 3);
    }
}

void
Changer::AddToTransaction (CuratorTransaction *transaction, uint32_t kind)
{
  switch (kind)
    {
    case 0:
      curator_transaction_check (transaction, kRight, -1);
      break;
    case 1:
      curator_transaction_create_simple (transaction, kFlag, nullptr);
      break;
    case 2:
      curator_transaction_delete (transaction, kFlag, -1);
      break;
    default:
      curator_transaction_check (transaction, kRight, kWrongVersion);
    }
}

void
Changer::ChangePair ()
{
  g_autoptr (CuratorTransaction) transaction = curator_framework_transaction (process_->GetClient ());
  Call *call = NewCall (kTransaction, kLeft);
  g_autoptr (GBytes) data = NewValue (call);
  uint32_t kind = run_->world.choices.Below (4);
  bool is_between = run_->world.choices.Below (2) == 0;

  call->is_bound_to_fail = kind == 3;
  curator_transaction_set_data (transaction, kLeft, data, -1);
  if (is_between)
    AddToTransaction (transaction, kind);
  curator_transaction_set_data (transaction, kRight, data, -1);
  if (!is_between)
    AddToTransaction (transaction, kind);
  curator_transaction_commit_async (transaction, call->cancellable, OnDone, call);
}

void
Changer::SyncAndRead ()
{
  g_autoptr (CuratorSyncBuilder) sync = curator_framework_sync (process_->GetClient ());
  Call *call = NewCall (kSync, kLeft);

  call->newest = ledger_->FindLatest (kLeft)->stat.mzxid;
  curator_sync_builder_for_path_async (sync, kLeft, call->cancellable, OnDone, call);
}

/* From the answer to the sync. */
void
Changer::Read (const Call &sync)
{
  g_autoptr (CuratorGetDataBuilder) get = curator_framework_get_data (process_->GetClient ());
  Call *call = NewCall (kRead, kLeft);

  call->session_id = sync.session_id;
  call->newest = sync.newest;
  curator_get_data_builder_for_path_async (get, kLeft, call->cancellable, OnDone, call);
}

/* --- answers --- */

bool
Changer::Finish (Call *call, GObject *source, GAsyncResult *result, CuratorStat **stat, GError **error)
{
  switch (call->kind)
    {
    case kCreate:
      {
        g_autofree char *made = curator_create_builder_for_path_with_stat_finish (
            CURATOR_CREATE_BUILDER (source), result, stat, error);

        return made != nullptr;
      }
    case kSetData:
      *stat = curator_set_data_builder_for_path_finish (CURATOR_SET_DATA_BUILDER (source), result, error);
      return *stat != nullptr;
    case kDelete:
      return curator_delete_builder_for_path_finish (CURATOR_DELETE_BUILDER (source), result, error);
    case kSync:
      return curator_sync_builder_for_path_finish (CURATOR_SYNC_BUILDER (source), result, error);
    case kRead:
      {
        g_autoptr (GBytes) data = curator_get_data_builder_for_path_with_stat_finish (
            CURATOR_GET_DATA_BUILDER (source), result, stat, error);

        return data != nullptr;
      }
    case kTransaction:
    default:
      {
        g_autoptr (GPtrArray) results =
            curator_transaction_commit_finish (CURATOR_TRANSACTION (source), result, error);

        if (results != nullptr)
          *stat = curator_stat_copy (curator_transaction_result_get_stat (
              static_cast<CuratorTransactionResult *> (g_ptr_array_index (results, 0))));
        return results != nullptr && results->len == 3;
      }
    }
}

void
Changer::OnDone (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *call = static_cast<Call *> (user_data);
  Changer *self = call->changer;
  World *world = &self->run_->world;
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorStat) stat = nullptr;
  bool ok = self->Finish (call, source, result, &stat, &error);

  world->trace.Mix (ok ? 1 : 0);
  world->trace.Write (world->NowUs (), "process %u: call %d of %s %s", self->process_->GetNumber (),
                      call->kind, call->path.c_str (), ok ? "done" : error->message);
  self->TakeOut (call, error);
  if (ok)
    self->CheckSuccess (*call, stat);
  else
    self->CheckFailure (*call, error);
  if (call->is_own)
    self->TakeOwn (*call, error);
  if (ok && call->kind == kSync && !self->process_->IsClosing ())
    self->Read (*call);
}

void
Changer::TakeOut (Call *call, const GError *error)
{
  if (call->is_done)
    run_->world.Fail ("process %u was answered twice about %s", process_->GetNumber (), call->path.c_str ());
  call->is_done = true;
  if (error == nullptr || IsRefusal (error))
    CheckOrder (*call);
  pending_.erase (std::remove (pending_.begin (), pending_.end (), call), pending_.end ());
}

/* Whether the server's answer came over the connection over which it was sent at once, if it is one. */
static bool
CameAtOnce (const Process &process, unsigned n_connections)
{
  return n_connections != 0 && n_connections == process.GetConnectionCount ();
}

/* The others that were sent over the same connection, and take one request, were answered before. */
void
Changer::CheckOrder (const Call &call)
{
  if (!CameAtOnce (*process_, call.n_connections) || call.is_own)
    return;
  for (const Call *other : pending_)
    {
      if (other == &call)
        return;
      if (other->n_connections == call.n_connections && !other->is_own &&
          !g_cancellable_is_cancelled (other->cancellable))
        run_->world.Fail ("process %u was answered about %s out of order", process_->GetNumber (),
                          call.path.c_str ());
    }
}

void
Changer::CheckFailure (const Call &call, const GError *error)
{
  const Node *node = ledger_->FindLatest (call.path);
  bool is_unheard_of = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
                       !g_cancellable_is_cancelled (call.cancellable);
  bool is_closed = process_->IsClosing () && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);

  if (is_closed || (Scenario::IsExplained (error, call.might_fail) && !is_unheard_of))
    return;
  if (!IsRefusal (error) || call.is_own || call.kind >= kSync)
    run_->world.Fail ("process %u: %s (%s)", process_->GetNumber (), error->message, call.path.c_str ());
  if (CameAtOnce (*process_, call.n_connections) && node != nullptr && !call.value.empty () &&
      node->data.bytes == call.value)
    run_->world.Fail ("process %u was told that %s was not changed, and it is", process_->GetNumber (),
                      call.path.c_str ());
}

/* Nobody else writes the same. */
void
Changer::CheckSuccess (const Call &call, const CuratorStat *stat)
{
  const Node *node = ledger_->FindLatest (call.path);
  bool is_same_session =
      call.session_id != 0 && call.session_id == curator_framework_get_session_id (process_->GetClient ());

  if (call.is_bound_to_fail)
    run_->world.Fail ("process %u has done what cannot be done", process_->GetNumber ());
  if (call.kind == kRead && is_same_session && stat->mzxid < call.newest)
    run_->world.Fail ("process %u read %s as it was before the sync", process_->GetNumber (),
                      call.path.c_str ());
  if (call.is_own)
    CheckOwn (call);
  if (stat == nullptr || call.kind == kRead)
    return;
  if (stat->mzxid > ledger_->GetLatestZxid ())
    run_->world.Fail ("process %u was told of a transaction that is not there", process_->GetNumber ());
  if (node != nullptr && node->stat.mzxid < stat->mzxid)
    run_->world.Fail ("process %u wrote %s, and it has gone", process_->GetNumber (), call.path.c_str ());
  if (node != nullptr && node->stat.mzxid == stat->mzxid && node->data.bytes != call.value)
    run_->world.Fail ("process %u was told that it wrote what is not in %s", process_->GetNumber (),
                      call.path.c_str ());
}

void
Changer::CheckOwn (const Call &call)
{
  const Node *node = ledger_->FindLatest (own_path_);
  bool is_well = call.kind == kDelete
                     ? node == nullptr
                     : node != nullptr && node->data.bytes == call.value &&
                           node->stat.version == (call.kind == kCreate ? 0 : own_version_ + 1);

  if (!is_well)
    run_->world.Fail ("process %u is told that call %d was done to its own node, and it was not",
                      process_->GetNumber (), call.kind);
}

void
Changer::TakeOwn (const Call &call, const GError *error)
{
  own_busy_ = false;
  if (own_ == Own::kDeleted)
    return;
  if (error != nullptr)
    own_ = Own::kUnknown;
  else
    own_ = call.kind == kDelete ? Own::kAbsent : Own::kPresent;
  own_version_ = call.kind == kSetData ? own_version_ + 1 : 0;
}

std::string
Changer::FindGap () const
{
  if (own_ == Own::kDeleted && ledger_->FindLatest (own_path_) != nullptr)
    return own_path_ + " was deleted for good, and is there";
  return "";
}

} // namespace sim
