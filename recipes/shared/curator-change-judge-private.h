/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-change-machine-private.h"
#include "curator-request-private.h"

G_BEGIN_DECLS

/* What answers mean to a change. Pure; any thread. */

gboolean curator_change_request_is_error (CuratorRequest *request, CuratorError code);

CuratorChangeEvent curator_change_judge_write (CuratorRequest *request);

/* What has become of a write of @after over @before, NULL where there was no node, by what a later read
 * found:
 * @now and @data, NULL where there is none. */
CuratorChangeEvent
curator_change_judge_check (const CuratorStat *before, GBytes *after, const CuratorStat *now, GBytes *data);

G_END_DECLS
