/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-version.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_ATOMIC_RESULT (curator_atomic_result_get_type ())

typedef struct _CuratorAtomicResult CuratorAtomicResult;

CURATOR_API GType curator_atomic_result_get_type (void);
CURATOR_API CuratorAtomicResult *curator_atomic_result_ref (CuratorAtomicResult *self);
CURATOR_API void curator_atomic_result_unref (CuratorAtomicResult *self);
CURATOR_API gboolean curator_atomic_result_get_succeeded (CuratorAtomicResult *self);
CURATOR_API gint64 curator_atomic_result_get_pre_value (CuratorAtomicResult *self);
CURATOR_API gint64 curator_atomic_result_get_post_value (CuratorAtomicResult *self);
CURATOR_API char *curator_atomic_result_dup_pre_value_string (CuratorAtomicResult *self);
CURATOR_API char *curator_atomic_result_dup_post_value_string (CuratorAtomicResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorAtomicResult, curator_atomic_result_unref)

G_END_DECLS
