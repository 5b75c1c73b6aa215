/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-acl-provider.h"

/**
 * CuratorAclProvider:
 *
 * Gives the access control list for nodes that are created without one.
 *
 * This class lets everybody do everything with every node. [class@Curator.FixedAclProvider] gives one list
 * for all nodes; derive from this class for lists that depend on the path.
 *
 * Threads: a provider may be used from any thread, and its virtual functions may be called from any thread.
 *
 * Since: 1.0
 */

G_DEFINE_TYPE (CuratorAclProvider, curator_acl_provider, G_TYPE_OBJECT)

static GPtrArray *
curator_acl_provider_make_default_acl (CuratorAclProvider *self)
{
  return curator_acl_open_unsafe ();
}

static GPtrArray *
curator_acl_provider_make_acl_for_path (CuratorAclProvider *self, const char *path)
{
  return NULL;
}

/**
 * CuratorAclProviderClass::make_default_acl:
 * @self: a provider
 *
 * Makes the list for nodes whose path has none of its own. The array has to be a new one each time.
 *
 * An implementation that fails and gives %NULL has given an empty list, which servers refuse: nothing is
 * opened up by a mistake.
 *
 * Returns: (transfer full) (element-type CuratorAcl): the list
 *
 * Since: 1.0
 */
/**
 * CuratorAclProviderClass::make_acl_for_path:
 * @self: a provider
 * @path: the path of a node that is about to be created, as the server knows it
 *
 * Makes the list for one path. The array has to be a new one each time.
 *
 * Returns: (transfer full) (nullable) (element-type CuratorAcl): the list, or %NULL for the default
 *
 * Since: 1.0
 */
static void
curator_acl_provider_class_init (CuratorAclProviderClass *klass)
{
  klass->make_default_acl = curator_acl_provider_make_default_acl;
  klass->make_acl_for_path = curator_acl_provider_make_acl_for_path;
}

static void
curator_acl_provider_init (CuratorAclProvider *self)
{
}

/* An array made in another language owns its elements without knowing how to free them. */
static GPtrArray *
adopt (GPtrArray *acl)
{
  if (acl != NULL)
    g_ptr_array_set_free_func (acl, (GDestroyNotify) curator_acl_unref);
  return acl;
}

/**
 * curator_acl_provider_new:
 *
 * Creates a provider that lets everybody do everything.
 *
 * Returns: (transfer full): the provider
 *
 * Since: 1.0
 */
CuratorAclProvider *
curator_acl_provider_new (void)
{
  return g_object_new (CURATOR_TYPE_ACL_PROVIDER, NULL);
}

/**
 * curator_acl_provider_get_default_acl:
 * @self: a provider
 *
 * Gets the list for nodes whose path has none of its own.
 *
 * Returns: (transfer container) (element-type CuratorAcl): the list
 *
 * Since: 1.0
 */
GPtrArray *
curator_acl_provider_get_default_acl (CuratorAclProvider *self)
{
  GPtrArray *acl;

  g_return_val_if_fail (CURATOR_IS_ACL_PROVIDER (self), NULL);

  acl = adopt (CURATOR_ACL_PROVIDER_GET_CLASS (self)->make_default_acl (self));
  return acl != NULL ? acl : g_ptr_array_new_with_free_func ((GDestroyNotify) curator_acl_unref);
}

/**
 * curator_acl_provider_get_acl_for_path:
 * @self: a provider
 * @path: the path of a node that is about to be created, as the server knows it
 *
 * Gets the list for one path.
 *
 * Returns: (transfer container) (nullable) (element-type CuratorAcl): the list, or %NULL for the default
 *
 * Since: 1.0
 */
GPtrArray *
curator_acl_provider_get_acl_for_path (CuratorAclProvider *self, const char *path)
{
  g_return_val_if_fail (CURATOR_IS_ACL_PROVIDER (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return adopt (CURATOR_ACL_PROVIDER_GET_CLASS (self)->make_acl_for_path (self, path));
}
