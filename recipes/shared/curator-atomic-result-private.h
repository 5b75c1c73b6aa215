/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-atomic-result.h"

G_BEGIN_DECLS

CuratorAtomicResult *curator_atomic_result_new (gboolean succeeded, gint64 pre_value, gint64 post_value);

G_END_DECLS
