/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-emitter-private.h"
#include "curator-mirror-private.h"

G_BEGIN_DECLS

/* What shared values and shared counts have in common, embedded in them. Any thread. */
typedef struct
{
  CuratorFramework *client;
  char *path;
  CuratorEmitter *emitter; /* NULL where client or path are missing, as is the next one */
  CuratorMirror *mirror;
  int started; /* atomic */
  int closed;  /* atomic */
} CuratorShared;

/* When it is constructed; @owner is given the emitter. */
void
curator_shared_init (CuratorShared *self, GObject *object, GBytes *seed, const CuratorMirrorOwner *owner);
void curator_shared_clear (CuratorShared *self);

gboolean curator_shared_start (CuratorShared *self, GError **error);
void curator_shared_close (CuratorShared *self);

/* With @expected (nullable) only where nobody has set it since. */
void curator_shared_set_async (CuratorShared *self,
                               gpointer source_object,
                               gpointer source_tag,
                               CuratorVersionedValue *expected,
                               GBytes *value,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean curator_shared_set_finish (
    CuratorShared *self, gpointer source_object, gpointer source_tag, GAsyncResult *result, GError **error);
gboolean curator_shared_set_sync (CuratorShared *self,
                                  CuratorVersionedValue *expected,
                                  GBytes *value,
                                  GCancellable *cancellable,
                                  GError **error);

G_END_DECLS
