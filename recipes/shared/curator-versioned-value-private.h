/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-versioned-value.h"

G_BEGIN_DECLS

CuratorVersionedValue *curator_versioned_value_new (GBytes *value, const CuratorStat *stat);

G_END_DECLS
