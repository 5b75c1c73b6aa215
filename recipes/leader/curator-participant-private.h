/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-participant.h"

G_BEGIN_DECLS

/* @data are those of the node. */
CuratorParticipant *curator_participant_new (const char *path, GBytes *data, gboolean is_leader);

G_END_DECLS
