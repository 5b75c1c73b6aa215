/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-atomic-number.h"
#include "curator-atomic-operation-private.h"

G_BEGIN_DECLS

/* FALSE for one that was made without its construct-only properties. */
gboolean curator_atomic_number_is_usable (CuratorAtomicNumber *self);
/* Good as long as the number is. */
CuratorAtomicOperation
curator_atomic_number_make_operation (CuratorAtomicNumber *self, CuratorAtomicKind kind, gint64 a, gint64 b);

G_END_DECLS
