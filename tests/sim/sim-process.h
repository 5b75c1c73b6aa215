/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <algorithm>
#include <string>

#include "curator.h"
#include "sim-net.h"

namespace sim
{

struct ProcessOptions
{
  std::string connect_string;
  int session_timeout_ms = 6000;
  int connection_timeout_ms = 2000;
  bool is_impatient = false; /* hardly any retries */
};

/* A process with a client in its main context. Its turn is one step: it does what the run wants of it, and
 * then dispatches until nothing is ready. */
class Process : public Part, public Host
{
public:
  Process (World *world, Network *network, unsigned number, const ProcessOptions &options);
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
    paused_until_us_ = std::max (paused_until_us_, until_us);
  }

  void Resume ()
  {
    paused_until_us_ = std::min (paused_until_us_, world_->NowUs ());
  }

  /* It never has a turn again: its session ends by itself. */
  void Kill ()
  {
    killed_ = true;
  }

  bool IsKilled () const
  {
    return killed_;
  }

  bool IsPaused () const
  {
    return world_->NowUs () < paused_until_us_;
  }

  /* A session that is over is LOST by then, whatever the server says or does not say. */
  void CheckInTime ();

  /* Closes the client; IsClosed () once it is. One that was killed comes back for that alone. */
  void Close ();
  bool IsClosing () const
  {
    return closing_;
  }

  bool IsClosed () const
  {
    return closed_;
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

  static gint64 NetNow (CuratorNet *net);
  static guint64 NetRandom (CuratorNet *net);
  static CuratorNetStream *NetConnect (CuratorNet *net, const struct sockaddr *address, socklen_t length);
  static void OnState (CuratorFramework *client, CuratorConnectionState state, Process *process);
  static void OnClosed (GObject *source, GAsyncResult *result, gpointer user_data);
  void Build (const ProcessOptions &options);
  void Dispatch ();
  int64_t GetTurnUs () const;

  World *world_;
  Network *network_;
  unsigned number_;
  uint32_t actor_;
  Net net_ = {};
  uint64_t random_;
  GMainContext *context_;
  CuratorFramework *client_ = nullptr;
  Program *program_ = nullptr;
  CuratorConnectionState state_ = CURATOR_CONNECTION_STATE_LATENT;
  int64_t paused_until_us_ = 0;
  int64_t known_zxid_ = 0;
  bool dirty_ = true;
  bool killed_ = false;
  bool closing_ = false;
  bool closed_ = false;
};

} // namespace sim
