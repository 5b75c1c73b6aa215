/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-stat.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_VERSIONED_VALUE (curator_versioned_value_get_type ())

typedef struct _CuratorVersionedValue CuratorVersionedValue;

CURATOR_API GType curator_versioned_value_get_type (void);
CURATOR_API CuratorVersionedValue *curator_versioned_value_ref (CuratorVersionedValue *self);
CURATOR_API void curator_versioned_value_unref (CuratorVersionedValue *self);
CURATOR_API GBytes *curator_versioned_value_get_value (CuratorVersionedValue *self);
CURATOR_API gint32 curator_versioned_value_get_count (CuratorVersionedValue *self);
CURATOR_API gint32 curator_versioned_value_get_version (CuratorVersionedValue *self);
CURATOR_API const CuratorStat *curator_versioned_value_get_stat (CuratorVersionedValue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorVersionedValue, curator_versioned_value_unref)

G_END_DECLS
