/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-retry-policy.h"
#include "curator-versioned-value.h"

G_BEGIN_DECLS

/* A change of a node's data, or the reading of them: the shell that runs the change machine with requests.
 * Any thread. */

/* What became of it. */
typedef struct
{
  gboolean applied;
  GBytes *before;   /* NULL where there was no node, or where that was not looked at */
  GBytes *after;    /* NULL unless it was applied */
  CuratorStat stat; /* likewise */
} CuratorChangeOutcome;

void curator_change_outcome_free (CuratorChangeOutcome *outcome);

/* What the data, NULL where there is no node, are to become; NULL without an error to let them be. In the
 * loop; perhaps several times. */
typedef GBytes *(*CuratorChangeFunc) (GBytes *current, gpointer data, GError **error);

typedef enum
{
  CURATOR_CHANGE_COMPUTED, /* by compute () */
  CURATOR_CHANGE_KNOWN,    /* to @wanted, where the node is as in @expected */
  CURATOR_CHANGE_FORCED,   /* to @wanted; there has to be a node */
  CURATOR_CHANGE_FORCED_OR_CREATED,
} CuratorChangeType;

typedef struct
{
  CuratorFramework *client;
  const char *operation; /* static */
  const char *path;
  CuratorChangeType type;
  gboolean is_fresh; /* what others were told to be written is seen */
  CuratorChangeFunc compute;
  CuratorVersionedValue *expected;
  GBytes *wanted;
  CuratorRetryPolicy *policy;      /* (nullable): for when somebody else was faster; NULL for no retry */
  const char *lock_path;           /* (nullable): of the mutex for what that policy gave up on */
  gint64 lock_timeout_ms;          /* how long to wait for it */
  CuratorRetryPolicy *lock_policy; /* (nullable): takes the place of the other one under it */
  /* (nullable): in the loop, before the caller is told. */
  void (*applied) (const CuratorChangeOutcome *outcome, gpointer data);
  gpointer data;
  GDestroyNotify free_data;
} CuratorChangeOptions;

/* Takes @options->data in any case. */
void curator_change_async (const CuratorChangeOptions *options,
                           gpointer source_object,
                           gpointer source_tag,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
CuratorChangeOutcome *
curator_change_finish (gpointer source_object, gpointer source_tag, GAsyncResult *result, GError **error);
CuratorChangeOutcome *
curator_change_sync (const CuratorChangeOptions *options, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorChangeOutcome, curator_change_outcome_free)

G_END_DECLS
