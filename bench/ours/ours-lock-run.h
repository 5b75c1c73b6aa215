/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ours-client.h"

G_BEGIN_DECLS

/* What the clients of one lock workload share. Locked, for those that have threads of their own. */
typedef struct
{
  const BenchJob *job;
  BenchTally *tally;
  char *path;
  GMutex mutex;
  guint n_left;      /* turns that nobody has begun */
  double granted_us; /* the last grant, or the beginning */
  guint64 last_token;
  GError *error; /* the first failure */
  GCancellable *failed;
} OursLockRun;

typedef struct
{
  OursLockRun *run;
  CuratorFramework *client;
  CuratorMutex *mutex;
  CuratorLease *lease;
  double asked_us;
  GThread *thread;
} OursLockClient;

void ours_lock_run_init (OursLockRun *run, const BenchJob *job, BenchTally *tally);
/* FALSE with the first failure, where there was one. */
gboolean ours_lock_run_clear (OursLockRun *run, GError **error);

/* One client for each that the job asks for, of which only the first one has a session where the lock is shared;
 * NULL after a failure. */
OursLockClient *ours_lock_run_open (OursLockRun *run);
void ours_lock_run_close (OursLockRun *run, OursLockClient *clients);

/* FALSE where there is nothing more to do. */
gboolean ours_lock_run_take_turn (OursLockRun *run);
/* Right after the grant, and right after the release. */
void ours_lock_run_count_grant (OursLockRun *run, OursLockClient *client);
void ours_lock_run_count_release (OursLockRun *run, OursLockClient *client);
/* Takes over the error. */
void ours_lock_run_fail (OursLockRun *run, GError *error);

G_END_DECLS
