/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-acl.h"

struct _CuratorAcl
{
  gatomicrefcount ref_count;
  CuratorPerms perms;
  char *scheme;
  char *id;
};

G_DEFINE_BOXED_TYPE (CuratorAcl, curator_acl, curator_acl_ref, curator_acl_unref)

/**
 * curator_acl_new:
 * @perms: what may be done
 * @scheme: how the server knows who asks, such as `world`, `auth`, `digest`, `ip`, `x509` or `sasl`
 * @id: who may do it, in the terms of the scheme, such as `anyone` for `world`; empty for `auth`
 *
 * Creates an entry of an access control list. Nothing is checked here: it is the server that knows the
 * schemes.
 *
 * Returns: (transfer full): the entry
 *
 * Since: 1.0
 */
CuratorAcl *
curator_acl_new (CuratorPerms perms, const char *scheme, const char *id)
{
  CuratorAcl *self;

  g_return_val_if_fail (scheme != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);

  self = g_new0 (CuratorAcl, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->perms = perms;
  self->scheme = g_strdup (scheme);
  self->id = g_strdup (id);
  return self;
}

/**
 * curator_acl_ref:
 * @self: an entry
 *
 * Adds a reference.
 *
 * Returns: (transfer full): the entry
 *
 * Since: 1.0
 */
CuratorAcl *
curator_acl_ref (CuratorAcl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * curator_acl_unref:
 * @self: (transfer full): an entry
 *
 * Drops a reference; the last one frees the entry.
 *
 * Since: 1.0
 */
void
curator_acl_unref (CuratorAcl *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->scheme);
  g_free (self->id);
  g_free (self);
}

/**
 * curator_acl_get_perms:
 * @self: an entry
 *
 * Gets what the entry allows.
 *
 * Returns: the permissions
 *
 * Since: 1.0
 */
CuratorPerms
curator_acl_get_perms (CuratorAcl *self)
{
  g_return_val_if_fail (self != NULL, CURATOR_PERMS_NONE);

  return self->perms;
}

/**
 * curator_acl_get_scheme:
 * @self: an entry
 *
 * Gets how the server knows who asks.
 *
 * Returns: (transfer none): the scheme
 *
 * Since: 1.0
 */
const char *
curator_acl_get_scheme (CuratorAcl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->scheme;
}

/**
 * curator_acl_get_id:
 * @self: an entry
 *
 * Gets who the entry is for, in the terms of its scheme.
 *
 * Returns: (transfer none): the id
 *
 * Since: 1.0
 */
const char *
curator_acl_get_id (CuratorAcl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/**
 * curator_acl_equal:
 * @self: an entry
 * @other: another one
 *
 * Compares two entries.
 *
 * Returns: %TRUE if they have the same permissions, scheme and id
 *
 * Since: 1.0
 */
gboolean
curator_acl_equal (CuratorAcl *self, CuratorAcl *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return self->perms == other->perms && g_str_equal (self->scheme, other->scheme) &&
         g_str_equal (self->id, other->id);
}

static GPtrArray *
list_of_one (CuratorPerms perms, const char *scheme, const char *id)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_acl_unref);

  g_ptr_array_add (list, curator_acl_new (perms, scheme, id));
  return list;
}

/**
 * curator_acl_open_unsafe:
 *
 * Creates the access control list that lets everybody do everything.
 *
 * Returns: (transfer container) (element-type CuratorAcl): the list
 *
 * Since: 1.0
 */
GPtrArray *
curator_acl_open_unsafe (void)
{
  return list_of_one (CURATOR_PERMS_ALL, "world", "anyone");
}

/**
 * curator_acl_read_unsafe:
 *
 * Creates the access control list that lets everybody read, and nobody do anything else.
 *
 * Returns: (transfer container) (element-type CuratorAcl): the list
 *
 * Since: 1.0
 */
GPtrArray *
curator_acl_read_unsafe (void)
{
  return list_of_one (CURATOR_PERMS_READ, "world", "anyone");
}

/**
 * curator_acl_creator_all:
 *
 * Creates the access control list that lets those do everything who create the node: the server puts the
 * identities that the client has authenticated as in its place, and refuses it from a client that has none.
 *
 * Returns: (transfer container) (element-type CuratorAcl): the list
 *
 * Since: 1.0
 */
GPtrArray *
curator_acl_creator_all (void)
{
  return list_of_one (CURATOR_PERMS_ALL, "auth", "");
}
