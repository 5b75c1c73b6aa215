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
 * @make_default_acl: makes the list for nodes that have none of their own
 * @make_acl_for_path: makes the list for one path, or gives %NULL for the default
 *
 * The virtual functions of [class@Curator.AclProvider]. Both may be called from any thread.
 *
 * Since: 1.0
 */
struct _CuratorAclProviderClass
{
  GObjectClass parent_class;

  GPtrArray *(*make_default_acl) (CuratorAclProvider *self);
  GPtrArray *(*make_acl_for_path) (CuratorAclProvider *self, const char *path);

  /*< private >*/
  gpointer padding[8];
};

CURATOR_API CuratorAclProvider *curator_acl_provider_new (void);
CURATOR_API GPtrArray *curator_acl_provider_get_default_acl (CuratorAclProvider *self);
CURATOR_API GPtrArray *curator_acl_provider_get_acl_for_path (CuratorAclProvider *self, const char *path);

G_END_DECLS
