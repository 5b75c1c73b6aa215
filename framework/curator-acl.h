/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-enums.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_ACL (curator_acl_get_type ())

/**
 * CuratorAcl:
 *
 * One entry of a node's access control list: who (a scheme and an id) may do what. Immutable and reference
 * counted.
 *
 * Threads: may be used from any thread.
 *
 * Since: 1.0
 */
typedef struct _CuratorAcl CuratorAcl;

CURATOR_API GType curator_acl_get_type (void);
CURATOR_API CuratorAcl *curator_acl_new (CuratorPerms perms, const char *scheme, const char *id);
CURATOR_API CuratorAcl *curator_acl_ref (CuratorAcl *self);
CURATOR_API void curator_acl_unref (CuratorAcl *self);
CURATOR_API CuratorPerms curator_acl_get_perms (CuratorAcl *self);
CURATOR_API const char *curator_acl_get_scheme (CuratorAcl *self);
CURATOR_API const char *curator_acl_get_id (CuratorAcl *self);
CURATOR_API gboolean curator_acl_equal (CuratorAcl *self, CuratorAcl *other);
CURATOR_API GPtrArray *curator_acl_open_unsafe (void);
CURATOR_API GPtrArray *curator_acl_read_unsafe (void);
CURATOR_API GPtrArray *curator_acl_creator_all (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorAcl, curator_acl_unref)

G_END_DECLS
