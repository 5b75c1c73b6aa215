/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

/* A call of a recipe that ends with nothing but success or an error: asynchronous or blocking, with a
 * time-out and a cancellable. It is begun in the client's loop, and is over once, with the client at the latest. */
typedef struct _CuratorCall CuratorCall;

/* What the message of a time-out ends with where nobody could have answered. */
#define CURATOR_CALL_NOT_CONNECTED "; there is no connection to a server"

typedef struct
{
  const char *operation;
  /* In the loop, before anything can end the call. */
  void (*begin) (CuratorCall *call, gpointer data);
  /* In the loop, right after a time-out, the cancellable or the client's end has ended it. May be NULL. */
  void (*give_up) (CuratorCall *call, gpointer data);
} CuratorCallKind;

typedef struct
{
  CuratorFramework *client;
  const CuratorCallKind *kind; /* static */
  const char *path;            /* what errors name */
  gboolean sequential;         /* a number follows the path */
  gint64 timeout_ms;           /* -1 for ever, 0 for who does not wait for others, but for the server */
  gpointer data;
  GDestroyNotify free_data; /* comes in any case */
} CuratorCallOptions;

/* Any thread. */
void curator_call_async (const CuratorCallOptions *options,
                         gpointer source_object,
                         gpointer source_tag,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean curator_call_sync (const CuratorCallOptions *options, GCancellable *cancellable, GError **error);
/* What a finish function does. */
gboolean
curator_call_finish (gpointer source_object, gpointer source_tag, GAsyncResult *result, GError **error);

CuratorCall *curator_call_ref (CuratorCall *call);
void curator_call_unref (CuratorCall *call);
/* Loop only. Takes the error, NULL for success; without effect where it is over. */
void curator_call_complete (CuratorCall *call, GError *error);
gboolean curator_call_is_over (CuratorCall *call);
/* Whether it does not wait for others: for the recipe to see to, with the next one. */
gboolean curator_call_is_try (CuratorCall *call);
void curator_call_time_out (CuratorCall *call);
gpointer curator_call_get_data (CuratorCall *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorCall, curator_call_unref)

G_END_DECLS
