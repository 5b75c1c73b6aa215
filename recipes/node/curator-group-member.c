/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-group-member.h"

#include <string.h>

#include "curator-emitter-private.h"
#include "curator-keeper-private.h"
#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"
#include "curator-roster-private.h"

/**
 * CuratorGroupMember:
 *
 * One member of a group, and his view of all others.
 *
 * From [method@Curator.GroupMember.start] to [method@Curator.GroupMember.close_async] there is an ephemeral
 * node with the member's id below the group's path, kept as a [class@Curator.PersistentNode] is: over lost
 * connections and sessions. Its data are the member's. [method@Curator.GroupMember.dup_members] tells who is
 * in the group now, as far as is known here; [signal@Curator.GroupMember::members-changed] when that changes.
 * Changes in quick succession can make one signal. While there is no connection the view stays as it was.
 *
 * The nodes are those of Apache Curator's `GroupMember`, so that Java programs can be in the same group. An
 * id has to be unique in the group: two members with the same one share its node.
 *
 * Dropping the last reference closes in the background. In a process that was forked from the one that
 * started it the object is inert.
 *
 * Threads: all functions may be called from any thread; reading values never blocks. Results are returned in
 * the thread-default main context of the call. Signals and notifications are emitted in the thread-default
 * main context of the construction, in order.
 *
 * Since: 1.0
 */
struct _CuratorGroupMember
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
  char *id;
  GBytes *initial_data;

  CuratorEmitter *emitter;
  CuratorKeeper *keeper; /* NULL where something is missing */
  CuratorRoster *roster; /* likewise */
  int started;           /* atomic */
  int closed;            /* atomic */
};

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  PROP_ID,
  PROP_DATA,
  N_PROPS
};

enum
{
  SIGNAL_MEMBERS_CHANGED,
  SIGNAL_ERROR,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CuratorGroupMember, curator_group_member, G_TYPE_OBJECT)

/* One that was made without its construct-only properties is not. */
static gboolean
member_is_usable (CuratorGroupMember *self)
{
  return CURATOR_IS_GROUP_MEMBER (self) && self->keeper != NULL;
}

/* Of the keeper, in the loop; what follows is in the context of the construction. */

typedef struct
{
  CuratorEmitter *emitter;
  CuratorRoster *roster;
} Owner;

static void
owner_free (gpointer data)
{
  Owner *owner = data;

  curator_emitter_unref (owner->emitter);
  curator_roster_unref (owner->roster);
  g_free (owner);
}

/* The group may not have been there before. */
static void
on_created (gpointer user_data, const char *path)
{
  curator_roster_prompt (((Owner *) user_data)->roster);
}

static void
emit_error (GObject *object, gpointer data)
{
  if (!g_atomic_int_get (&CURATOR_GROUP_MEMBER (object)->closed))
    g_signal_emit (object, signals[SIGNAL_ERROR], 0, data);
}

static void
on_failed (gpointer user_data, const GError *error)
{
  curator_emitter_post (((Owner *) user_data)->emitter, emit_error, g_error_copy (error),
                        (GDestroyNotify) g_error_free);
}

static void
emit_members_changed (GObject *object, gpointer data)
{
  if (!g_atomic_int_get (&CURATOR_GROUP_MEMBER (object)->closed))
    g_signal_emit (object, signals[SIGNAL_MEMBERS_CHANGED], 0);
}

static void
on_members_changed (gpointer roster, gpointer user_data)
{
  curator_emitter_post_newest (user_data, emit_members_changed, NULL, NULL);
}

static void
emit_data (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_DATA]);
}

static const CuratorKeeperOwner keeper_owner = {
  .created = on_created,
  .failed = on_failed,
};

static void
start_roster (gpointer user_data)
{
  g_autoptr (CuratorRoster) roster = user_data;

  curator_roster_start (roster);
}

static void
close_roster (gpointer user_data)
{
  g_autoptr (CuratorRoster) roster = user_data;

  curator_roster_close (roster);
}

/* Class */

static void
curator_group_member_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorGroupMember *self = CURATOR_GROUP_MEMBER (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_DATA:
      g_value_take_boxed (value, curator_group_member_dup_data (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_group_member_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  CuratorGroupMember *self = CURATOR_GROUP_MEMBER (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      if (curator_framework_is_built (g_value_get_object (value)))
        self->client = g_value_dup_object (value);
      break;
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;
    case PROP_ID:
      self->id = g_value_dup_string (value);
      break;
    case PROP_DATA:
      self->initial_data = g_value_dup_boxed (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static CuratorKeeper *
member_new_keeper (CuratorGroupMember *self)
{
  g_autofree char *path = curator_path_make (self->path, self->id);
  CuratorKeeperOptions options = {
    .client = self->client, .path = path, .mode = CURATOR_CREATE_MODE_EPHEMERAL, .parents = TRUE
  };
  Owner *owner = g_new (Owner, 1);

  *owner = (Owner){ curator_emitter_ref (self->emitter), curator_roster_ref (self->roster) };
  return curator_keeper_new (&options, self->initial_data, &keeper_owner, owner, owner_free);
}

static void
curator_group_member_constructed (GObject *object)
{
  CuratorGroupMember *self = CURATOR_GROUP_MEMBER (object);

  G_OBJECT_CLASS (curator_group_member_parent_class)->constructed (object);

  if (self->client == NULL || self->path == NULL || self->id == NULL)
    return;
  self->emitter = curator_emitter_new (object);
  self->roster =
      curator_roster_new (self->client, self->path, on_members_changed, curator_emitter_ref (self->emitter),
                          (GDestroyNotify) curator_emitter_unref);
  self->keeper = member_new_keeper (self);
}

/* In a forked process the session, and with it the node, is the parent's. */
static void
member_close (CuratorGroupMember *self)
{
  CuratorLoop *loop = curator_framework_get_loop (self->client);

  if (!g_atomic_int_compare_and_exchange (&self->closed, FALSE, TRUE) || !curator_loop_is_alive (loop))
    return;
  curator_loop_invoke (loop, close_roster, curator_roster_ref (self->roster));
  curator_keeper_begin_close (self->keeper);
}

static void
curator_group_member_dispose (GObject *object)
{
  CuratorGroupMember *self = CURATOR_GROUP_MEMBER (object);

  if (self->keeper != NULL)
    member_close (self);

  G_OBJECT_CLASS (curator_group_member_parent_class)->dispose (object);
}

static void
curator_group_member_finalize (GObject *object)
{
  CuratorGroupMember *self = CURATOR_GROUP_MEMBER (object);

  g_clear_pointer (&self->keeper, curator_keeper_unref);
  g_clear_pointer (&self->roster, curator_roster_unref);
  g_clear_pointer (&self->emitter, curator_emitter_unref);
  g_clear_pointer (&self->initial_data, g_bytes_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (curator_group_member_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * CuratorGroupMember:client: (getter get_client)
   *
   * The client through which the member takes part.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorGroupMember:path: (getter get_path)
   *
   * The path that all members of the group agree on, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorGroupMember:id: (getter get_id)
   *
   * What the member is called; the name of its node.
   *
   * Since: 1.0
   */
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  /**
   * CuratorGroupMember:data: (getter dup_data)
   *
   * The member's data that were set last, which need not be written yet. At the construction: the first ones.
   *
   * Since: 1.0
   */
  properties[PROP_DATA] = g_param_spec_boxed ("data", NULL, NULL, G_TYPE_BYTES, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_group_member_class_init (CuratorGroupMemberClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_group_member_get_property;
  object_class->set_property = curator_group_member_set_property;
  object_class->constructed = curator_group_member_constructed;
  object_class->dispose = curator_group_member_dispose;
  object_class->finalize = curator_group_member_finalize;
  install_properties (object_class);

  /**
   * CuratorGroupMember::members-changed:
   * @self: the member
   *
   * Somebody came, went, or has other data.
   *
   * Since: 1.0
   */
  signals[SIGNAL_MEMBERS_CHANGED] = g_signal_new ("members-changed", CURATOR_TYPE_GROUP_MEMBER,
                                                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * CuratorGroupMember::error:
   * @self: the member
   * @error: what went wrong
   *
   * The server does not want the member's node; see [signal@Curator.PersistentNode::error].
   *
   * Since: 1.0
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", CURATOR_TYPE_GROUP_MEMBER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
curator_group_member_init (CuratorGroupMember *self)
{
}

/**
 * curator_group_member_new:
 * @client: a client
 * @path: the path that all members of the group agree on, relative to the client's namespace; an invalid one
 * is reported by [method@Curator.GroupMember.start]
 * @id: what the member is called: the name of a node, without slashes; an invalid one is reported likewise
 * @data: (nullable): its first data; %NULL for empty ones
 *
 * Makes a member. Nothing is sent before it is started.
 *
 * Returns: (transfer full): the member
 *
 * Since: 1.0
 */
CuratorGroupMember *
curator_group_member_new (CuratorFramework *client, const char *path, const char *id, GBytes *data)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return g_object_new (CURATOR_TYPE_GROUP_MEMBER, "client", client, "path", path, "id", id, "data", data,
                       NULL);
}

/**
 * curator_group_member_get_client: (get-property client)
 * @self: a member
 *
 * Gets the client through which the member takes part.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_group_member_get_client (CuratorGroupMember *self)
{
  g_return_val_if_fail (CURATOR_IS_GROUP_MEMBER (self), NULL);

  return self->client;
}

/**
 * curator_group_member_get_path: (get-property path)
 * @self: a member
 *
 * Gets the path that all members of the group agree on.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_group_member_get_path (CuratorGroupMember *self)
{
  g_return_val_if_fail (CURATOR_IS_GROUP_MEMBER (self), NULL);

  return self->path;
}

/**
 * curator_group_member_get_id: (get-property id)
 * @self: a member
 *
 * Gets what the member is called.
 *
 * Returns: (transfer none): the id
 *
 * Since: 1.0
 */
const char *
curator_group_member_get_id (CuratorGroupMember *self)
{
  g_return_val_if_fail (CURATOR_IS_GROUP_MEMBER (self), NULL);

  return self->id;
}

/**
 * curator_group_member_dup_data: (get-property data)
 * @self: a member
 *
 * Gets the member's data that were set last.
 *
 * Returns: (transfer full) (nullable): the data, which need not be written yet; %NULL for an object that no
 * constructor made
 *
 * Since: 1.0
 */
GBytes *
curator_group_member_dup_data (CuratorGroupMember *self)
{
  g_return_val_if_fail (CURATOR_IS_GROUP_MEMBER (self), NULL);

  return self->keeper != NULL ? curator_keeper_dup_data (self->keeper) : NULL;
}

/**
 * curator_group_member_dup_members:
 * @self: a member
 *
 * Gets who is in the group, as far as is known here. Between start and close the member itself always is, as
 * in Curator: while its node is being created with the data that were set last.
 *
 * Returns: (transfer container) (element-type utf8 GLib.Bytes): the data of each member, by its id; a table
 * of the caller's own
 *
 * Since: 1.0
 */
GHashTable *
curator_group_member_dup_members (CuratorGroupMember *self)
{
  GHashTable *members;

  g_return_val_if_fail (member_is_usable (self), NULL);

  members = curator_roster_dup_members (self->roster);
  if (g_atomic_int_get (&self->started) && !g_atomic_int_get (&self->closed) &&
      !g_hash_table_contains (members, self->id))
    g_hash_table_insert (members, g_strdup (self->id), curator_keeper_dup_data (self->keeper));
  return members;
}

static void
set_argument_error (CuratorGroupMember *self, GError **error, const char *reason)
{
  g_autofree char *path = curator_path_quote (self->path);
  g_autofree char *id = curator_path_quote (self->id);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "join %s as %s: %s", path, id, reason);
}

static gboolean
member_check_id (CuratorGroupMember *self, GError **error)
{
  g_autofree char *path = g_strconcat ("/", self->id, NULL);

  if (*self->id != '\0' && strchr (self->id, '/') == NULL && curator_path_validate (path, FALSE, NULL))
    return TRUE;
  set_argument_error (self, error, "the id is not the name of a node");
  return FALSE;
}

/**
 * curator_group_member_start:
 * @self: a member
 * @error: (nullable): where to put the reason for a failure
 *
 * Begins to take part. That goes on in the background; see [method@Curator.GroupMember.await_joined_async].
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or id, or for a member that was started already,
 * and `G_IO_ERROR_CLOSED` after [method@Curator.GroupMember.close_async] or in a forked process.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_group_member_start (CuratorGroupMember *self, GError **error)
{
  CuratorLoop *loop;

  g_return_val_if_fail (member_is_usable (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  loop = curator_framework_get_loop (self->client);
  if (!curator_path_validate (self->path, FALSE, NULL))
    curator_error_set_from_rc (error, CURATOR_RC_INVALID_PATH, "join", self->path);
  else if (!member_check_id (self, error))
    return FALSE;
  else if (!curator_loop_is_alive (loop))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, "join", self->path);
  else if (g_atomic_int_get (&self->closed))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "join: the member was closed");
  else if (!g_atomic_int_compare_and_exchange (&self->started, FALSE, TRUE))
    set_argument_error (self, error, "it was started already");
  else
    {
      curator_keeper_begin_start (self->keeper);
      curator_loop_invoke (loop, start_roster, curator_roster_ref (self->roster));
      return TRUE;
    }
  return FALSE;
}

/**
 * curator_group_member_await_joined_async:
 * @self: a member
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async) (nullable): called when the member's node is there, or when the wait failed
 * @user_data: for @callback
 *
 * Waits until the member's node is there. Where it has gone and is being created again, waits for that.
 *
 * Since: 1.0
 */
void
curator_group_member_await_joined_async (CuratorGroupMember *self,
                                         gint64 timeout_ms,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (member_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_keeper_get_created_call (self->keeper, timeout_ms);
  curator_call_async (&options, self, curator_group_member_await_joined_async, cancellable, callback,
                      user_data);
}

/**
 * curator_group_member_await_joined_finish:
 * @self: a member
 * @result: the result of [method@Curator.GroupMember.await_joined_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.GroupMember.await_joined_async]. For the errors see
 * [method@Curator.PersistentNode.await_created_finish].
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_group_member_await_joined_finish (CuratorGroupMember *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_group_member_await_joined_async, result, error);
}

/**
 * curator_group_member_await_joined_sync:
 * @self: a member
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever
 * @cancellable: (nullable): ends the wait
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits until the member's node is there, and blocks meanwhile. For the errors see
 * [method@Curator.PersistentNode.await_created_sync].
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_group_member_await_joined_sync (CuratorGroupMember *self,
                                        gint64 timeout_ms,
                                        GCancellable *cancellable,
                                        GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (member_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_keeper_get_created_call (self->keeper, timeout_ms);
  return curator_call_sync (&options, cancellable, error);
}

static guint64
member_take_data (CuratorGroupMember *self, GBytes *data)
{
  guint64 number = curator_keeper_begin_write (self->keeper, data);

  if (number > 0)
    curator_emitter_post_newest (self->emitter, emit_data, NULL, NULL);
  return number;
}

/**
 * curator_group_member_set_data_async:
 * @self: a member
 * @data: the data
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async) (nullable): called when the data, or newer ones, were written, or when that failed
 * @user_data: for @callback
 *
 * Sets the member's data; see [method@Curator.PersistentNode.set_data_async].
 *
 * Since: 1.0
 */
void
curator_group_member_set_data_async (CuratorGroupMember *self,
                                     GBytes *data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (member_is_usable (self));
  g_return_if_fail (data != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_keeper_get_written_call (self->keeper, member_take_data (self, data));
  curator_call_async (&options, self, curator_group_member_set_data_async, cancellable, callback, user_data);
}

/**
 * curator_group_member_set_data_finish:
 * @self: a member
 * @result: the result of [method@Curator.GroupMember.set_data_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.GroupMember.set_data_async]. For the errors see
 * [method@Curator.PersistentNode.set_data_finish].
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_group_member_set_data_finish (CuratorGroupMember *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_group_member_set_data_async, result, error);
}

/**
 * curator_group_member_set_data_sync:
 * @self: a member
 * @data: the data
 * @cancellable: (nullable): ends the wait
 * @error: (nullable): where to put the reason for a failure
 *
 * Sets the member's data, and blocks until they were written; see
 * [method@Curator.PersistentNode.set_data_async]. For the errors see
 * [method@Curator.PersistentNode.set_data_sync].
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_group_member_set_data_sync (CuratorGroupMember *self,
                                    GBytes *data,
                                    GCancellable *cancellable,
                                    GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (member_is_usable (self), FALSE);
  g_return_val_if_fail (data != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_keeper_get_written_call (self->keeper, member_take_data (self, data));
  return curator_call_sync (&options, cancellable, error);
}

/**
 * curator_group_member_close_async:
 * @self: a member
 * @cancellable: (nullable): ends the wait, not the closing
 * @callback: (scope async) (nullable): called when the member's node has gone
 * @user_data: for @callback
 *
 * Leaves the group, and looks at it no longer. Closing again waits for the same.
 *
 * Since: 1.0
 */
void
curator_group_member_close_async (CuratorGroupMember *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (member_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  member_close (self);
  options = curator_keeper_get_closed_call (self->keeper);
  curator_call_async (&options, self, curator_group_member_close_async, cancellable, callback, user_data);
}

/**
 * curator_group_member_close_finish:
 * @self: a member
 * @result: the result of [method@Curator.GroupMember.close_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.GroupMember.close_async]. For the errors see
 * [method@Curator.PersistentNode.close_finish].
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_group_member_close_finish (CuratorGroupMember *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_group_member_close_async, result, error);
}

/**
 * curator_group_member_close_sync:
 * @self: a member
 * @cancellable: (nullable): ends the wait, not the closing
 * @error: (nullable): where to put the reason for a failure
 *
 * Leaves the group, and blocks until the member's node has gone. For the errors see
 * [method@Curator.PersistentNode.close_sync].
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_group_member_close_sync (CuratorGroupMember *self, GCancellable *cancellable, GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (member_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  member_close (self);
  options = curator_keeper_get_closed_call (self->keeper);
  return curator_call_sync (&options, cancellable, error);
}
