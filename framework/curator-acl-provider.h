/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-acl.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_ACL_PROVIDER (curator_acl_provider_get_type ())
CURATOR_API
G_DECLARE_DERIVABLE_TYPE (CuratorAclProvider, curator_acl_provider, CURATOR, ACL_PROVIDER, GObject)

/**
 * CuratorAclProviderClass:
 * @parent_class: the parent class
 * @get_default_acl: gives the list for nodes that have none of their own; see
 *   [method@Curator.AclProvider.get_default_acl]. May be called from any thread.
 * @get_acl_for_path: gives the list for one path, or %NULL for the default; see
 *   [method@Curator.AclProvider.get_acl_for_path]. May be called from any thread.
 *
 * The virtual functions of [class@Curator.AclProvider].
 *
 * Since: 1.0
 */
struct _CuratorAclProviderClass
{
  GObjectClass parent_class;

  GPtrArray *(*get_default_acl) (CuratorAclProvider *self);
  GPtrArray *(*get_acl_for_path) (CuratorAclProvider *self, const char *path);

  /*< private >*/
  gpointer padding[8];
};

CURATOR_API CuratorAclProvider *curator_acl_provider_new (void);
CURATOR_API GPtrArray *curator_acl_provider_get_default_acl (CuratorAclProvider *self);
CURATOR_API GPtrArray *curator_acl_provider_get_acl_for_path (CuratorAclProvider *self, const char *path);

G_END_DECLS
