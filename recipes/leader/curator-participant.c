/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-participant.h"

#include "curator-participant-private.h"

struct _CuratorParticipant
{
  gatomicrefcount ref_count;
  char *path;
  char *id;
  gboolean is_leader;
};

G_DEFINE_BOXED_TYPE (CuratorParticipant,
                     curator_participant,
                     curator_participant_ref,
                     curator_participant_unref)

CuratorParticipant *
curator_participant_new (const char *path, GBytes *data, gboolean is_leader)
{
  CuratorParticipant *self = g_new0 (CuratorParticipant, 1);
  gsize length;
  const char *text = g_bytes_get_data (data, &length);

  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_strdup (path);
  self->id = length > 0 ? g_utf8_make_valid (text, (gssize) length) : g_strdup ("");
  self->is_leader = is_leader;
  return self;
}

/**
 * curator_participant_ref:
 * @self: a participant
 *
 * Adds a reference.
 *
 * Returns: (transfer full): the participant
 *
 * Since: 1.0
 */
CuratorParticipant *
curator_participant_ref (CuratorParticipant *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * curator_participant_unref:
 * @self: (transfer full): a participant
 *
 * Drops a reference; the last one frees the participant.
 *
 * Since: 1.0
 */
void
curator_participant_unref (CuratorParticipant *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_free (self->id);
  g_free (self);
}

/**
 * curator_participant_get_id:
 * @self: a participant
 *
 * Gets the id that the participant gave itself; what is not UTF-8 in it is replaced.
 *
 * Returns: (transfer none): the id, which may be empty
 *
 * Since: 1.0
 */
const char *
curator_participant_get_id (CuratorParticipant *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/**
 * curator_participant_is_leader:
 * @self: a participant
 *
 * Tells whether the participant was the first in the order of the election when the server was asked. It may
 * not know so yet, and may not lead any more.
 *
 * Returns: %TRUE if it was the first
 *
 * Since: 1.0
 */
gboolean
curator_participant_is_leader (CuratorParticipant *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_leader;
}

/**
 * curator_participant_get_path:
 * @self: a participant
 *
 * Gets the path of the participant's node, relative to the client's namespace. While it leads, that is the
 * [property@Curator.Lease:path] of its lease.
 *
 * Returns: (transfer none): the path
 *
 * Since: 1.0
 */
const char *
curator_participant_get_path (CuratorParticipant *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}
