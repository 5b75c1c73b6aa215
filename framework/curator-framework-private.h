/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-core-struct-private.h"
#include "curator-framework.h"

G_BEGIN_DECLS

/* What CuratorFramework's two halves share: curator-framework.c is the public object, curator-framework-submit.c the
 * way of a request from any thread into the core. */

typedef enum
{
  CURATOR_NAMESPACE_UNKNOWN,
  CURATOR_NAMESPACE_MAKING,
  CURATOR_NAMESPACE_MADE,
} CuratorNamespaceState;

struct _CuratorFramework
{
  GObject parent_instance;

  CuratorCore *core;
  char *namespace_;       /* NULL for none */
  char *prefix;           /* chroot and namespace, NULL for none */
  /* loop only */
  CuratorNamespaceState namespace_state;
  guint namespace_pending; /* creates under way */
  int namespace_rc;        /* the first failure of them */
  GQueue held;             /* CuratorRequest: until the namespace is there */
  struct _CuratorStateEmitter *emitter;
};

/* The server's path for a client's. */
char *curator_framework_make_server_path (CuratorFramework *self, const char *path, gboolean sequential);

G_END_DECLS
