/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "curator.h"
#include "sim-net.h"

namespace sim
{

struct ProcessOptions
{
  std::string connect_string;
  int session_timeout_ms = 6000;
  int connection_timeout_ms = 2000;
  bool is_impatient = false;    /* hardly any retries */
  bool minds_loss_only = false; /* not suspensions, by its error policy */
};

/* A process with a client in its main context. Its turn is one step: it does what the run wants of it, and
 * then dispatches until nothing is ready. It may share the main context with another one, and so all that
 * befalls a process as a whole; the two then are what a program with two clients is. */
class Process : public Part, public Host
{
public:
  /* @beside is one to share with, or NULL. */
  Process (World *world,
           Network *network,
           unsigned number,
           const ProcessOptions &options,
           const Process *beside = nullptr);
  ~Process () override;

  Process (const Process &) = delete;
  Process &operator= (const Process &) = delete;

  /* --- the run's side --- */

  /* What it does on its own, and when; called in its turn. */
  class Program
  {
  public:
    virtual ~Program () = default;
    /* -1: nothing until something else happens to the process. */
    virtual int64_t GetNextActUs () = 0;
    virtual void Act () = 0;
    virtual void OnState (CuratorConnectionState state) = 0;
  };

  void SetProgram (Program *program)
  {
    program_ = program;
  }

  /* Not a turn until then. */
  void Pause (int64_t until_us)
  {
    home_->paused_until_us = std::max (home_->paused_until_us, until_us);
  }

  void Resume ()
  {
    home_->paused_until_us = std::min (home_->paused_until_us, world_->NowUs ());
  }

  /* It never has a turn again: its session ends by itself. */
  void Kill ()
  {
    home_->killed = true;
  }

  bool IsKilled () const
  {
    return home_->killed;
  }

  int64_t GetPausedUntilUs () const
  {
    return home_->paused_until_us;
  }

  bool IsPaused () const
  {
    return world_->NowUs () < home_->paused_until_us;
  }

  /* Itself, too. */
  bool IsBeside (const Process &other) const
  {
    return home_ == other.home_;
  }

  /* A connection without a word is SUSPENDED and a session that may be over LOST by then, whatever the server
   * says or does not say; and until when it lives, the client knows as well as anybody can. */
  void CheckInTime ();

  /* As in its turn: what it makes belongs to its context. */
  void Do (const std::function<void ()> &what);

  /* Closes the client, unless that has begun; IsClosed () once it is. One that was killed comes back for that
   * alone. */
  void Close ();
  bool IsClosing () const
  {
    return closing_;
  }

  bool IsClosed () const
  {
    return closed_;
  }

  /* When it was told of its newest connection. */
  int64_t GetConnectedUs () const
  {
    return connected_us_;
  }

  /* The newest state of the ensemble that it has dealt with: what it does now must not be at odds with that.
   */
  int64_t GetKnownZxid () const
  {
    return known_zxid_;
  }

  unsigned GetNumber () const
  {
    return number_;
  }

  /* What it sends is sent at once. */
  bool IsConnected () const;

  /* How many connections it has begun. */
  unsigned GetConnectionCount () const
  {
    return n_connections_;
  }

  CuratorFramework *GetClient () const
  {
    return client_;
  }

  void Wake () override
  {
    dirty_ = true;
  }

  void Collect (std::vector<Step> *steps) override;
  void Run (const Step &step) override;
  int64_t GetNextDueUs () override;

private:
  struct Net
  {
    CuratorNet net; /* first */
    Process *process;
  };

  /* What those beside one another share. */
  struct Home
  {
    Home ();
    ~Home ();

    GMainContext *context;
    std::vector<Process *> inhabitants;
    int64_t paused_until_us = 0;
    bool killed = false;
  };

  static gint64 NetNow (CuratorNet *net);
  static guint64 NetRandom (CuratorNet *net);
  static CuratorNetStream *NetConnect (CuratorNet *net, const struct sockaddr *address, socklen_t length);
  static void OnState (CuratorFramework *client, CuratorConnectionState state, Process *process);
  static void OnClosed (GObject *source, GAsyncResult *result, gpointer user_data);
  void Build (const ProcessOptions &options);
  void Dispatch ();
  int64_t GetTurnUs () const;
  void CheckNotEarly ();
  void NoteState ();

  World *world_;
  Network *network_;
  unsigned number_;
  uint32_t actor_;
  Net net_ = {};
  uint64_t random_;
  std::shared_ptr<Home> home_;
  CuratorFramework *client_ = nullptr;
  Program *program_ = nullptr;
  CuratorConnectionState state_ = CURATOR_CONNECTION_STATE_LATENT;
  int64_t connected_us_ = 0;
  int64_t known_zxid_ = 0;
  unsigned n_connections_ = 0;
  bool dirty_ = true;
  bool closing_ = false;
  bool closed_ = false;
};

} // namespace sim
