/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-acl-provider.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_FIXED_ACL_PROVIDER (curator_fixed_acl_provider_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (
    CuratorFixedAclProvider, curator_fixed_acl_provider, CURATOR, FIXED_ACL_PROVIDER, CuratorAclProvider)

CURATOR_API CuratorAclProvider *curator_fixed_acl_provider_new (GPtrArray *acl);

G_END_DECLS
