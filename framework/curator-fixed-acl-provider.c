/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-fixed-acl-provider.h"

/**
 * CuratorFixedAclProvider:
 *
 * Gives the same access control list for all nodes.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorFixedAclProvider
{
  CuratorAclProvider parent_instance;

  GPtrArray *acl;
};

enum
{
  PROP_ACL = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorFixedAclProvider, curator_fixed_acl_provider, CURATOR_TYPE_ACL_PROVIDER)

static GPtrArray *
copy_acl (GPtrArray *acl)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_acl_unref);

  for (guint i = 0; acl != NULL && i < acl->len; i++)
    g_ptr_array_add (copy, curator_acl_ref (g_ptr_array_index (acl, i)));
  return copy;
}

static GPtrArray *
curator_fixed_acl_provider_make_default_acl (CuratorAclProvider *provider)
{
  return copy_acl (CURATOR_FIXED_ACL_PROVIDER (provider)->acl);
}

static void
curator_fixed_acl_provider_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorFixedAclProvider *self = CURATOR_FIXED_ACL_PROVIDER (object);

  switch (property_id)
    {
    case PROP_ACL:
      g_value_take_boxed (value, copy_acl (self->acl));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_fixed_acl_provider_set_property (GObject *object,
                                         guint property_id,
                                         const GValue *value,
                                         GParamSpec *pspec)
{
  CuratorFixedAclProvider *self = CURATOR_FIXED_ACL_PROVIDER (object);

  switch (property_id)
    {
    case PROP_ACL:
      self->acl = copy_acl (g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_fixed_acl_provider_finalize (GObject *object)
{
  CuratorFixedAclProvider *self = CURATOR_FIXED_ACL_PROVIDER (object);

  g_clear_pointer (&self->acl, g_ptr_array_unref);
  G_OBJECT_CLASS (curator_fixed_acl_provider_parent_class)->finalize (object);
}

static void
curator_fixed_acl_provider_class_init (CuratorFixedAclProviderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_fixed_acl_provider_get_property;
  object_class->set_property = curator_fixed_acl_provider_set_property;
  object_class->finalize = curator_fixed_acl_provider_finalize;
  CURATOR_ACL_PROVIDER_CLASS (klass)->make_default_acl = curator_fixed_acl_provider_make_default_acl;

  /**
   * CuratorFixedAclProvider:acl: (type GLib.PtrArray(Curator.Acl))
   *
   * The list for all nodes, as a copy. Without one the list is empty, which servers refuse.
   *
   * Since: 1.0
   */
  properties[PROP_ACL] = g_param_spec_boxed ("acl", NULL, NULL, G_TYPE_PTR_ARRAY,
                                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                 G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_fixed_acl_provider_init (CuratorFixedAclProvider *self)
{
}

/**
 * curator_fixed_acl_provider_new:
 * @acl: (transfer none) (element-type CuratorAcl): the list for all nodes; it is copied
 *
 * Creates a provider that gives one list for all nodes.
 *
 * Returns: (transfer full) (type CuratorFixedAclProvider): the provider
 *
 * Since: 1.0
 */
CuratorAclProvider *
curator_fixed_acl_provider_new (GPtrArray *acl)
{
  g_return_val_if_fail (acl != NULL, NULL);

  return g_object_new (CURATOR_TYPE_FIXED_ACL_PROVIDER, "acl", acl, NULL);
}
