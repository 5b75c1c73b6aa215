/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-call-private.h"
#include "curator-request-private.h"

G_BEGIN_DECLS

/* What the passages of one member through a double barrier share: its node, of which there is one at most.
 * Lives in the client's loop; all is to be called and touched there, except where it says otherwise. */
typedef struct _CuratorDoor CuratorDoor;
typedef struct _CuratorPassage CuratorPassage;

struct _CuratorDoor
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  char *path;
  char *ready_path;
  char *own_path;
  guint n_members;

  gboolean is_inside;
  gboolean may_have_node;  /* also when an attempt to create it was given up */
  CuratorPassage *passage; /* under way */
  CuratorRequest *clean;
  struct _CuratorTimer *clean_timer;
};

/* Any thread. */
CuratorDoor *curator_door_new (CuratorFramework *client, const char *path, guint n_members);
CuratorDoor *curator_door_ref (CuratorDoor *door);
void curator_door_unref (CuratorDoor *door);

/* The name of the next node. Another one each time: who still leaves must not take who comes again for who was
 * inside with him. */
void curator_door_take_name (CuratorDoor *door);
/* Deletes our node until it has gone for certain, and tells the passage. */
void curator_door_clean (CuratorDoor *door);

/* Any thread: calls that pass. */
CuratorCallOptions curator_door_get_enter_call (CuratorDoor *door, gint64 timeout_ms);
CuratorCallOptions curator_door_get_leave_call (CuratorDoor *door, gint64 timeout_ms);

/* The passage hears that the node has gone; what keeps it from going, where that is final. */
void curator_passage_on_clean (CuratorPassage *passage, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorDoor, curator_door_unref)

G_END_DECLS
