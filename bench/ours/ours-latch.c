/* SPDX-License-Identifier: Apache-2.0 */
#include "ours-latch.h"

typedef struct _Run Run;

typedef struct
{
  Run *run;
  CuratorFramework *client;
  CuratorLeaderLatch *latch; /* NULL where it takes no part */
} Member;

/* Everything is told in the thread that iterates the main context. */
struct _Run
{
  const BenchJob *job;
  BenchTally *tally;
  char *path;
  Member *members;
  Member *leader; /* NULL where nobody says that it leads */
  guint n_known;  /* participants, as the server said last */
  double gained_us;
  GError *error; /* the first failure */
};

static void
take_error (Run *run, GError *error)
{
  if (run->error == NULL)
    run->error = error;
  else
    g_clear_error (&error);
}

static void
on_gained (CuratorLeaderLatch *latch, Member *member)
{
  member->run->gained_us = bench_now_us ();
  member->run->leader = member;
}

static void
on_lost (CuratorLeaderLatch *latch, Member *member)
{
  if (member->run->leader == member)
    member->run->leader = NULL;
}

static void
on_error (CuratorLeaderLatch *latch, const GError *error, Member *member)
{
  take_error (member->run, g_error_copy (error));
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Member *member = user_data;
  GError *error = NULL;

  if (!curator_leader_latch_close_finish (member->latch, result, &error))
    take_error (member->run, error);
  g_signal_handlers_disconnect_by_data (member->latch, member);
  g_clear_object (&member->latch);
}

static void
begin_close (Member *member)
{
  curator_leader_latch_close_async (member->latch, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, NULL, on_closed,
                                    member);
}

static void
enter (Member *member)
{
  Run *run = member->run;
  g_autofree char *id = g_strdup_printf ("%d", (int) (member - run->members));
  GError *error = NULL;

  member->latch = curator_leader_latch_new (member->client, run->path, id);
  g_signal_connect (member->latch, "gained", G_CALLBACK (on_gained), member);
  g_signal_connect (member->latch, "lost", G_CALLBACK (on_lost), member);
  g_signal_connect (member->latch, "error", G_CALLBACK (on_error), member);
  if (!curator_leader_latch_start (member->latch, &error))
    take_error (run, error);
}

static void
await_leader (Run *run)
{
  while (run->leader == NULL && run->error == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
await_closed (Member *member)
{
  while (member->latch != NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
on_participants (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Member *member = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) all =
      curator_leader_latch_get_participants_finish (CURATOR_LEADER_LATCH (source), result, &error);

  if (all == NULL)
    take_error (member->run, error);
  else if (all->len < member->run->job->clients)
    curator_leader_latch_get_participants_async (CURATOR_LEADER_LATCH (source), NULL, on_participants,
                                                 member);
  else
    member->run->n_known = all->len;
}

/* Until all have their places. */
static void
await_places (Member *member)
{
  Run *run = member->run;

  run->n_known = 0;
  curator_leader_latch_get_participants_async (member->latch, NULL, on_participants, member);
  while (run->n_known == 0 && run->error == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

/* From the closing of the leader until another one says that it leads; then the closed one takes part again.
 */
static void
fail_over (Run *run)
{
  Member *member = run->leader;
  double closed_us = bench_now_us ();

  run->leader = NULL;
  begin_close (member);
  await_closed (member);
  await_leader (run);
  if (run->error != NULL)
    return;
  bench_tally_add (run->tally, run->gained_us - closed_us);
  enter (member);
  await_places (member);
}

static gboolean
open_members (Run *run)
{
  for (guint i = 0; i < run->job->clients; i++)
    {
      run->members[i].run = run;
      run->members[i].client = ours_client_open (run->job, &run->error);
      if (run->members[i].client == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
close_members (Run *run)
{
  for (guint i = 0; i < run->job->clients; i++)
    if (run->members[i].latch != NULL)
      begin_close (&run->members[i]);
  for (guint i = 0; i < run->job->clients; i++)
    {
      await_closed (&run->members[i]);
      g_clear_pointer (&run->members[i].client, ours_client_close);
    }
}

static void
measure (Run *run)
{
  for (guint i = 0; i < run->job->clients; i++)
    enter (&run->members[i]);
  await_leader (run);
  await_places (run->members);
  bench_tally_begin (run->tally, run->job->warmup, run->job->operations);
  for (guint i = 0; i < run->job->warmup + run->job->operations && run->error == NULL; i++)
    fail_over (run);
}

gboolean
ours_latch_run (const BenchJob *job, BenchTally *tally, GError **error)
{
  g_autofree char *path = g_strconcat (job->root, "/latch", NULL);
  g_autofree Member *members = g_new0 (Member, job->clients);
  Run run = { .job = job, .tally = tally, .path = path, .members = members };

  if (open_members (&run))
    measure (&run);
  close_members (&run);
  if (run.error == NULL)
    return TRUE;
  g_propagate_error (error, run.error);
  return FALSE;
}
