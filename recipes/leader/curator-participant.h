/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-enums.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_PARTICIPANT (curator_participant_get_type ())

/**
 * CuratorParticipant:
 *
 * Somebody who takes part in an election. Immutable and reference counted.
 *
 * Threads: may be used from any thread.
 *
 * Since: 1.0
 */
typedef struct _CuratorParticipant CuratorParticipant;

CURATOR_API GType curator_participant_get_type (void);
CURATOR_API CuratorParticipant *curator_participant_ref (CuratorParticipant *self);
CURATOR_API void curator_participant_unref (CuratorParticipant *self);
CURATOR_API const char *curator_participant_get_id (CuratorParticipant *self);
CURATOR_API gboolean curator_participant_is_leader (CuratorParticipant *self);
CURATOR_API const char *curator_participant_get_path (CuratorParticipant *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorParticipant, curator_participant_unref)

G_END_DECLS
