/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <map>
#include <memory>

#include "sim-lease.h"
#include "sim-scenario.h"

/* Processes keep nodes in one group: as members of it, as plain ephemeral nodes, as protected sequential ones
 * and as persistent ones. They set data, close and begin anew; some keep their last node, others close it as
 * well.
 *
 * Each call is answered once, with nothing but the errors that the faults explain; when all faults are over,
 * nothing fails, and what an answer says is so. A sequential node keeps its number. At the end there is exactly
 * one node for each that is kept, with the data that were set last, under the path that its keeper tells; and
 * nothing else. Each keeper was told that its node is there, and each member that is left knows all of them and
 * their data, and was told so. No session or watch is left after the clients were closed.
 *
 * faults(simulate node): 1, 2, 4, 6, 9, 10, 15, 19, 29
 * bugs(simulate node): CURATOR-154, CURATOR-258, CURATOR-297 */

namespace sim
{

namespace
{

constexpr const char *kGroup = "/g";
/* What a foreign hand leaves in a node; it stays until the next set. */
constexpr const char *kForeign = "touched";
/* What is in a node that was there before; it is nobody's until somebody takes it over. */
constexpr const char *kEarlier = "earlier";

class NodeRun;

enum class Kind
{
  kMember,
  kEphemeral,
  kProtected,
  kPersistent,
  kCount,
};

/* Starts a node, sets its data, and closes it, some times over. */
class User : public Process::Program
{
public:
  User (NodeRun *run, Process *process, unsigned n_rounds, bool stays);
  ~User () override;

  int64_t GetNextActUs () override
  {
    return IsDone () ? -1 : act_us_;
  }

  void Act () override;
  void OnState (CuratorConnectionState) override
  {
  }

  bool IsDone () const
  {
    return rounds_left_ == 0 && phase_ == (stays_ ? Phase::kKeeping : Phase::kIdle);
  }

  void AddRound (int64_t now_us)
  {
    rounds_left_++;
    act_us_ = now_us;
  }

  unsigned GetNumber () const
  {
    return process_->GetNumber ();
  }

  const char *GetPhase () const
  {
    static const char *const names[] = { "idle", "creating", "keeping", "setting", "closing" };

    return names[static_cast<size_t> (phase_)];
  }

  /* What is to be there at the end: the path of the node; empty where it was closed. */
  std::string GetPath () const;
  const std::string &GetData () const
  {
    return data_;
  }

  /* Of a member; false where it is none. */
  bool GetMembers (std::map<std::string, std::string> *members) const;
  /* As its signal said last. */
  const std::map<std::string, std::string> &GetToldMembers () const
  {
    return told_members_;
  }

  bool IsToldOfNode () const
  {
    return member_ != nullptr || is_told_;
  }

  /* After each step. */
  void Check ();
  void Drop ();

private:
  enum class Phase
  {
    kIdle,
    kCreating,
    kKeeping,
    kSetting,
    kClosing,
  };

  void Create ();
  void Await ();
  void Set ();
  void Close ();
  void Rest (Phase phase);
  void NewCancellable ();
  void OnAnswer (Phase phase, const char *what, bool ok, const GError *error);
  GBytes *NewData ();
  void CheckNode (const char *what);
  static void OnTold (CuratorPersistentNode *node, const char *path, User *self);
  static void OnMembers (CuratorGroupMember *member, User *self);
  static void OnCreated (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnSet (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnClosed (GObject *source, GAsyncResult *result, gpointer user_data);

  NodeRun *run_;
  Process *process_;
  CuratorPersistentNode *node_ = nullptr; /* one of these */
  CuratorGroupMember *member_ = nullptr;
  GCancellable *cancellable_ = nullptr;
  Wait wait_;
  Phase phase_ = Phase::kIdle;
  unsigned rounds_left_;
  unsigned sets_left_ = 0;
  unsigned n_data_ = 0;
  bool stays_;
  bool might_fail_ = true;
  std::string data_;
  std::string sequence_; /* with it the path of a protected node ends */
  std::string path_;     /* of what is being closed; empty where that may fail */
  std::map<std::string, std::string> told_members_;
  bool is_told_ = false;
  int64_t act_us_ = 0;
};

class NodeRun : public Scenario
{
public:
  NodeRun (Choices *choices, bool keeps_text);

  void OnCreated ()
  {
    n_grants_++;
  }

  const Node *Find (const std::string &path)
  {
    return ensemble_.GetLatest ().Find (path);
  }

protected:
  void Check () override
  {
    for (const auto &process : processes_)
      process->CheckInTime ();
    for (const auto &user : users_)
      user->Check ();
  }

  bool AreAllDone () const override;
  std::string DescribeUsers () const override;
  bool WatchesAtRest () const override
  {
    return true;
  }
  bool IsAtRest () override
  {
    return FindFlaw ().empty ();
  }
  void CheckRest () override;
  void AddRound () override
  {
    for (const auto &user : users_)
      user->AddRound (world.NowUs ());
  }

  void DropUsers () override
  {
    users_.clear ();
  }

private:
  std::string FindFlaw ();
  std::map<std::string, std::string> ReadTree ();

  bool IsEarlier (const std::string &name, const std::string &data) const
  {
    return has_earlier_ && name == "p1" && (data == kEarlier || data == kForeign);
  }

  bool has_earlier_;
  std::vector<std::unique_ptr<User> > users_;
};

/* --- a user --- */

User::User (NodeRun *run, Process *process, unsigned n_rounds, bool stays)
    : run_ (run), process_ (process), wait_ (&run->world, process), rounds_left_ (n_rounds), stays_ (stays)
{
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  Drop ();
  g_clear_object (&cancellable_);
}

void
User::Drop ()
{
  if (node_ != nullptr)
    g_signal_handlers_disconnect_by_data (node_, this);
  if (member_ != nullptr)
    g_signal_handlers_disconnect_by_data (member_, this);
  g_clear_object (&node_);
  g_clear_object (&member_);
  is_told_ = false;
  told_members_.clear ();
  sequence_.clear ();
}

std::string
User::GetPath () const
{
  if (member_ != nullptr)
    return std::string (kGroup) + "/" + curator_group_member_get_id (member_);
  g_autofree char *path = node_ != nullptr ? curator_persistent_node_dup_actual_path (node_) : nullptr;
  return path != nullptr ? path : "";
}

bool
User::GetMembers (std::map<std::string, std::string> *members) const
{
  if (member_ == nullptr)
    return false;

  g_autoptr (GHashTable) table = curator_group_member_dup_members (member_);
  GHashTableIter iter;
  gpointer id, data;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &id, &data))
    {
      gsize length = 0;
      auto *text = static_cast<const char *> (g_bytes_get_data (static_cast<GBytes *> (data), &length));

      (*members)[static_cast<const char *> (id)] = std::string (text, length);
    }
  return true;
}

void
User::Rest (Phase phase)
{
  const int64_t rests_us[] = {
    0, 300, 5000, 400000, Scenario::kSessionMs * 500, Scenario::kSessionMs * 1500
  };
  uint32_t n = run_->IsStormy () ? G_N_ELEMENTS (rests_us) : 2;

  phase_ = phase;
  act_us_ = run_->world.NowUs () + rests_us[run_->world.choices.Below (n)];
}

void
User::Act ()
{
  act_us_ = -1;
  switch (phase_)
    {
    case Phase::kIdle:
      Create ();
      break;
    case Phase::kCreating:
    case Phase::kSetting:
      wait_.Cancel ();
      g_cancellable_cancel (cancellable_);
      break;
    case Phase::kKeeping:
      if (sets_left_ > 0)
        Set ();
      else
        Close ();
      break;
    case Phase::kClosing:
    default:
      break;
    }
}

GBytes *
User::NewData ()
{
  data_ = std::to_string (GetNumber ()) + "." + std::to_string (n_data_++);
  return g_bytes_new (data_.data (), data_.size ());
}

void
User::NewCancellable ()
{
  g_clear_object (&cancellable_);
  cancellable_ = g_cancellable_new ();
  might_fail_ = run_->MayFail ();
}

void
User::Create ()
{
  static const char *const kinds[] = { "member", "ephemeral", "protected", "persistent" };
  auto kind = static_cast<Kind> (run_->world.choices.Below (static_cast<uint32_t> (Kind::kCount)));
  std::string id = "p" + std::to_string (GetNumber ());
  std::string path = std::string (kGroup) + "/" + id;
  CuratorFramework *client = process_->GetClient ();
  g_autoptr (GBytes) data = NewData ();
  g_autoptr (GError) error = nullptr;

  rounds_left_--;
  sets_left_ = run_->world.choices.Below (4);
  run_->world.trace.Write (run_->world.NowUs (), "process %u: keep, %s, %s", GetNumber (),
                           kinds[static_cast<size_t> (kind)], data_.c_str ());
  if (kind == Kind::kMember)
    member_ = curator_group_member_new (client, kGroup, id.c_str (), data);
  else if (kind == Kind::kProtected)
    node_ = curator_persistent_node_new_protected (client, (path + "-").c_str (),
                                                   CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL, data);
  else
    node_ = curator_persistent_node_new (
        client, path.c_str (),
        kind == Kind::kPersistent ? CURATOR_CREATE_MODE_PERSISTENT : CURATOR_CREATE_MODE_EPHEMERAL, data);
  if (member_ != nullptr)
    {
      g_signal_connect (member_, "members-changed", G_CALLBACK (OnMembers), this);
      curator_group_member_start (member_, &error);
    }
  else
    {
      g_signal_connect (node_, "created", G_CALLBACK (OnTold), this);
      curator_persistent_node_start (node_, &error);
    }
  if (error != nullptr)
    run_->world.Fail ("process %u could not start: %s", GetNumber (), error->message);
  Await ();
}

/* Or not. */
void
User::Await ()
{
  bool stormy = run_->IsStormy ();

  NewCancellable ();
  if (stormy && run_->world.choices.Chance (300))
    {
      Rest (Phase::kKeeping);
      return;
    }
  if (stormy && run_->world.choices.Chance (150))
    Rest (Phase::kCreating);
  phase_ = Phase::kCreating;
  wait_.Begin (-1);
  if (member_ != nullptr)
    curator_group_member_await_joined_async (member_, -1, cancellable_, OnCreated, this);
  else
    curator_persistent_node_await_created_async (node_, -1, cancellable_, OnCreated, this);
}

/* Waits for it or not; the data count in any case. */
void
User::Set ()
{
  bool waits = !run_->IsStormy () || !run_->world.choices.Chance (400);
  g_autoptr (GBytes) data = NewData ();

  sets_left_--;
  NewCancellable ();
  run_->world.trace.Write (run_->world.NowUs (), "process %u: set %s", GetNumber (), data_.c_str ());
  if (!waits)
    Rest (Phase::kKeeping);
  else
    {
      if (run_->IsStormy () && run_->world.choices.Chance (150))
        Rest (Phase::kSetting);
      phase_ = Phase::kSetting;
      wait_.Begin (-1);
    }
  if (member_ != nullptr)
    curator_group_member_set_data_async (member_, data, cancellable_, waits ? OnSet : nullptr, this);
  else
    curator_persistent_node_set_data_async (node_, data, cancellable_, waits ? OnSet : nullptr, this);
}

/* Either explicitly, or by dropping it. */
void
User::Close ()
{
  run_->world.trace.Write (run_->world.NowUs (), "process %u: close", GetNumber ());
  NewCancellable ();
  if (run_->world.choices.Chance (200))
    {
      Drop ();
      Rest (Phase::kIdle);
      return;
    }
  phase_ = Phase::kClosing;
  path_ = might_fail_ ? "" : GetPath ();
  wait_.Begin (-1);
  if (member_ != nullptr)
    curator_group_member_close_async (member_, nullptr, OnClosed, this);
  else
    curator_persistent_node_close_async (node_, nullptr, OnClosed, this);
}

void
User::OnAnswer (Phase phase, const char *what, bool ok, const GError *error)
{
  if (phase_ != phase)
    run_->world.Fail ("process %u was answered while %s", GetNumber (), GetPhase ());
  wait_.End (error);
  if (ok)
    return;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: not %s: %s", GetNumber (), what,
                           error->message);
  if (!Scenario::IsExplained (error, might_fail_))
    run_->world.Fail ("process %u: not %s: %s", GetNumber (), what, error->message);
}

/* Without faults it is as it was said to be. */
void
User::CheckNode (const char *what)
{
  const Node *node = might_fail_ ? nullptr : run_->Find (GetPath ());

  if (might_fail_)
    return;
  if (node == nullptr)
    run_->world.Fail ("process %u: its node was %s, and is not there", GetNumber (), what);
  else if (node->data.bytes != data_ && node->data.bytes != kForeign)
    run_->world.Fail ("process %u: its node was %s, and has %s", GetNumber (), what,
                      node->data.bytes.c_str ());
}

void
User::OnTold (CuratorPersistentNode *, const char *, User *self)
{
  self->is_told_ = true;
}

void
User::OnMembers (CuratorGroupMember *, User *self)
{
  self->told_members_.clear ();
  self->GetMembers (&self->told_members_);
}

void
User::Check ()
{
  g_autofree char *path = node_ != nullptr ? curator_persistent_node_dup_actual_path (node_) : nullptr;
  std::string text = path != nullptr ? path : "";
  std::string sequence = text.find ("_c_") != std::string::npos ? text.substr (text.rfind ('-')) : "";

  wait_.Check ();
  if (sequence.empty ())
    return;
  if (!sequence_.empty () && sequence != sequence_)
    run_->world.Fail ("process %u: its node had %s and has %s", GetNumber (), sequence_.c_str (),
                      sequence.c_str ());
  sequence_ = sequence;
}

void
User::OnCreated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  bool ok =
      CURATOR_IS_GROUP_MEMBER (source)
          ? curator_group_member_await_joined_finish (CURATOR_GROUP_MEMBER (source), result, &error)
          : curator_persistent_node_await_created_finish (CURATOR_PERSISTENT_NODE (source), result, &error);

  self->OnAnswer (Phase::kCreating, "created", ok, error);
  if (ok)
    {
      self->CheckNode ("created");
      self->run_->OnCreated ();
    }
  self->Rest (Phase::kKeeping);
}

void
User::OnSet (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  bool ok = CURATOR_IS_GROUP_MEMBER (source)
                ? curator_group_member_set_data_finish (CURATOR_GROUP_MEMBER (source), result, &error)
                : curator_persistent_node_set_data_finish (CURATOR_PERSISTENT_NODE (source), result, &error);

  self->OnAnswer (Phase::kSetting, "set", ok, error);
  if (ok)
    self->CheckNode ("set");
  self->Rest (Phase::kKeeping);
}

void
User::OnClosed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  bool ok = CURATOR_IS_GROUP_MEMBER (source)
                ? curator_group_member_close_finish (CURATOR_GROUP_MEMBER (source), result, &error)
                : curator_persistent_node_close_finish (CURATOR_PERSISTENT_NODE (source), result, &error);

  self->OnAnswer (Phase::kClosing, "closed", ok, error);
  if (ok && !self->path_.empty () && self->run_->Find (self->path_) != nullptr)
    self->run_->world.Fail ("process %u: its node was closed, and is there", self->GetNumber ());
  self->Drop ();
  self->Rest (Phase::kIdle);
}

/* --- the run --- */

NodeRun::NodeRun (Choices *choices, bool keeps_text)
    : Scenario (choices, keeps_text, kGroup), has_earlier_ (choices->Chance (200))
{
  if (has_earlier_)
    {
      ensemble_.OperatorCreate (kGroup, "");
      ensemble_.OperatorCreate (std::string (kGroup) + "/p1", kEarlier);
    }
  for (const auto &process : processes_)
    users_.push_back (std::make_unique<User> (this, process.get (), plan_.n_rounds, !choices->Chance (300)));
}

bool
NodeRun::AreAllDone () const
{
  return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
}

std::string
NodeRun::DescribeUsers () const
{
  std::string text;

  for (const auto &user : users_)
    text += " " + std::to_string (user->GetNumber ()) + " " + user->GetPhase ();
  return text;
}

/* Names and data. */
std::map<std::string, std::string>
NodeRun::ReadTree ()
{
  std::map<std::string, std::string> nodes;

  for (const std::string &path : GetNodes ())
    {
      const Node *node = ensemble_.GetLatest ().Find (path);

      nodes[path.substr (path.rfind ('/') + 1)] = node->data.bytes;
    }
  return nodes;
}

std::string
NodeRun::FindFlaw ()
{
  std::map<std::string, std::string> wanted, found = ReadTree ();

  for (const auto &user : users_)
    if (!user->GetPath ().empty ())
      wanted[user->GetPath ().substr (strlen (kGroup) + 1)] = user->GetData ();
  for (const auto &[name, data] : wanted)
    if (found.count (name) == 0)
      return "there is no " + name;
    else if (found[name] != data && found[name] != kForeign)
      return name + " has " + found[name] + " and not " + data;
  for (const auto &[name, data] : found)
    if (wanted.count (name) == 0 && !IsEarlier (name, data))
      return "there is " + name + " with " + data;
  for (const auto &user : users_)
    {
      std::map<std::string, std::string> members;

      if (user->GetMembers (&members) && members != found)
        return "process " + std::to_string (user->GetNumber ()) + " does not know the group";
      if (members != user->GetToldMembers ())
        return "process " + std::to_string (user->GetNumber ()) + " was not told of the group";
      if (!user->GetPath ().empty () && !user->IsToldOfNode ())
        return "process " + std::to_string (user->GetNumber ()) + " was not told of its node";
    }
  return "";
}

void
NodeRun::CheckRest ()
{
  std::string flaw = FindFlaw ();

  if (!flaw.empty ())
    world.Fail ("%s", flaw.c_str ());
}

} // namespace

Outcome
RunNode (Choices *choices, bool keeps_text)
{
  return NodeRun (choices, keeps_text).Go ();
}

} // namespace sim
