/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-lease-private.h"

#include "curator-lease-link-private.h"
#include "curator-request-private.h"

/**
 * CuratorLease:
 *
 * The right to be alone, as long as it lasts: what a lock hands over.
 *
 * A lease is [enum@Curator.LeaseState.HELD] from the beginning. While the connection is suspended it is
 * [enum@Curator.LeaseState.SUSPECT], whatever the client's [enum@Curator.ConnectionStateErrorPolicy]: the
 * session, and with it the lease, may be over already on the server. After a reconnection the node of the
 * lease is looked at before the lease is held again. It is [enum@Curator.LeaseState.LOST] for good when the
 * session ended, when somebody deleted the node, and when the client was closed. Nothing of this needs the
 * holder's consent; a resource that must not be touched by two is to be protected with the
 * [property@Curator.Lease:fencing-token].
 *
 * A lease is given back by [method@Curator.Lease.release_async] and its siblings. Dropping the last reference
 * does the same in the background. In a process that was forked from the holder's the object is inert: there
 * it is not valid, and dropping it gives nothing back.
 *
 * Threads: all functions may be called from any thread; reading values never blocks. Signals and
 * notifications are emitted in the thread-default main context of the call that acquired the lease, in order,
 * and none of the signals after the release.
 *
 * Since: 1.0
 */
struct _CuratorLease
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorContender *contender;
  CuratorLeaseLink *link;
  char *path;
  guint64 fencing_token;
  gint64 session_id;
  int state;                 /* atomic; a CuratorLeaseState */
  CuratorLeaseState emitted; /* as far as signals have got */
  gboolean is_asked_for;     /* likewise */
};

typedef struct
{
  CuratorPending *pending; /* borrowed: belongs to it */
  char *path;
} ReleaseWait;

enum
{
  PROP_PATH = 1,
  PROP_FENCING_TOKEN,
  PROP_SESSION_ID,
  PROP_STATE,
  N_PROPS
};

enum
{
  SIGNAL_SUSPENDED,
  SIGNAL_RESTORED,
  SIGNAL_LOST,
  SIGNAL_REVOCATION_REQUESTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CuratorLease, curator_lease, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (CuratorLeaseState,
                    curator_lease_state,
                    G_DEFINE_ENUM_VALUE (CURATOR_LEASE_STATE_HELD, "held"),
                    G_DEFINE_ENUM_VALUE (CURATOR_LEASE_STATE_SUSPECT, "suspect"),
                    G_DEFINE_ENUM_VALUE (CURATOR_LEASE_STATE_LOST, "lost"),
                    G_DEFINE_ENUM_VALUE (CURATOR_LEASE_STATE_RELEASED, "released"))

static gboolean
is_final (int state)
{
  return state == CURATOR_LEASE_STATE_LOST || state == CURATOR_LEASE_STATE_RELEASED;
}

void
curator_lease_deliver (CuratorLease *self, CuratorLeaseState state)
{
  CuratorLeaseState now = curator_lease_get_state (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (now == CURATOR_LEASE_STATE_RELEASED || state == self->emitted)
    return;
  /* Good news that is not true any more is worse than none. */
  if (state == CURATOR_LEASE_STATE_HELD && now != CURATOR_LEASE_STATE_HELD)
    return;
  self->emitted = state;
  if (state == CURATOR_LEASE_STATE_SUSPECT)
    g_signal_emit (self, signals[SIGNAL_SUSPENDED], 0);
  else if (state == CURATOR_LEASE_STATE_HELD)
    g_signal_emit (self, signals[SIGNAL_RESTORED], 0);
  else if (state == CURATOR_LEASE_STATE_LOST)
    g_signal_emit (self, signals[SIGNAL_LOST], 0);
}

void
curator_lease_deliver_revocation (CuratorLease *self)
{
  CuratorLeaseState now = curator_lease_get_state (self);

  if (self->is_asked_for || is_final (now))
    return;
  self->is_asked_for = TRUE;
  g_signal_emit (self, signals[SIGNAL_REVOCATION_REQUESTED], 0);
}

void
curator_lease_ask_for (CuratorLease *self)
{
  curator_lease_link_post_revocation (self->link);
}

static gboolean
has_notify_handler (CuratorLease *self)
{
  guint notify = g_signal_lookup ("notify", G_TYPE_OBJECT);

  return g_signal_has_handler_pending (self, notify, 0, TRUE) ||
         g_signal_has_handler_pending (self, notify, g_param_spec_get_name_quark (properties[PROP_STATE]),
                                       TRUE);
}

void
curator_lease_set_state (CuratorLease *self, CuratorLeaseState state)
{
  int before = g_atomic_int_get (&self->state);

  do
    {
      if (is_final (before))
        return;
    }
  while (!g_atomic_int_compare_and_exchange_full (&self->state, before, (int) state, &before));
  /* Of a release there is no signal but the notification; programs without a main loop would pile these up.
   */
  if (state != CURATOR_LEASE_STATE_RELEASED || has_notify_handler (self))
    curator_lease_link_post (self->link, state);
}

CuratorLease *
curator_lease_new_for_contender (CuratorFramework *client, CuratorContender *contender, GMainContext *context)
{
  CuratorLease *self = g_object_new (CURATOR_TYPE_LEASE, NULL);

  self->state = CURATOR_LEASE_STATE_HELD;
  self->client = g_object_ref (client);
  self->contender = curator_contender_ref (contender);
  self->path = g_strdup (curator_contender_get_path (contender));
  self->fencing_token = curator_contender_get_fencing_token (contender);
  self->session_id = curator_contender_get_session_id (contender);
  self->link = curator_lease_link_new (self, context);
  curator_lease_link_attach (self->link, contender);
  return self;
}

/* Release; @pending may be NULL. */

static void
lease_begin_release (CuratorLease *self, CuratorPending *pending)
{
  curator_lease_set_state (self, CURATOR_LEASE_STATE_RELEASED);
  curator_lease_link_release (self->link, self->contender, curator_framework_get_loop (self->client),
                              pending);
}

static void
release_wait_free (gpointer data)
{
  ReleaseWait *wait = data;

  g_free (wait->path);
  g_free (wait);
}

static void
on_release_cancelled (gpointer user_data)
{
  ReleaseWait *wait = user_data;
  GError *error = NULL;

  curator_error_set_from_rc (&error, CURATOR_RC_CANCELLED, "release", wait->path);
  curator_pending_complete (wait->pending, NULL, error);
}

static void
lease_wait_for_release (CuratorLease *self, CuratorPending *pending, GCancellable *cancellable)
{
  ReleaseWait *wait = g_new (ReleaseWait, 1);

  *wait = (ReleaseWait){ pending, g_strdup (self->path) };
  curator_pending_set_cancel (pending, cancellable, on_release_cancelled, wait, release_wait_free);
  lease_begin_release (self, pending);
}

static gboolean
lease_is_alive (CuratorLease *self, GError **error)
{
  if (self->contender == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "release: the lease was never acquired");
      return FALSE;
    }
  if (curator_loop_is_alive (curator_framework_get_loop (self->client)))
    return TRUE;
  curator_error_set_from_rc (error, CURATOR_RC_FORKED, "release", self->path);
  return FALSE;
}

/* Class */

static void
curator_lease_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorLease *self = CURATOR_LEASE (object);

  switch (property_id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_FENCING_TOKEN:
      g_value_set_uint64 (value, self->fencing_token);
      break;
    case PROP_SESSION_ID:
      g_value_set_int64 (value, self->session_id);
      break;
    case PROP_STATE:
      g_value_set_enum (value, (int) curator_lease_get_state (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

/* In a forked process there is no loop that could release, and the session is the parent's. */
static void
curator_lease_dispose (GObject *object)
{
  CuratorLease *self = CURATOR_LEASE (object);

  if (!is_final (curator_lease_get_state (self)) && lease_is_alive (self, NULL))
    lease_begin_release (self, NULL);

  G_OBJECT_CLASS (curator_lease_parent_class)->dispose (object);
}

static void
curator_lease_finalize (GObject *object)
{
  CuratorLease *self = CURATOR_LEASE (object);

  g_clear_pointer (&self->contender, curator_contender_unref);
  g_clear_pointer (&self->link, curator_lease_link_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (curator_lease_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * CuratorLease:path: (getter get_path)
   *
   * The path of the node that stands for the lease, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorLease:fencing-token: (getter get_fencing_token)
   *
   * A number that is larger than that of every earlier holder. A resource that remembers the largest one it
   * was shown can refuse those who do not know yet that they have lost.
   *
   * Since: 1.0
   */
  properties[PROP_FENCING_TOKEN] =
      g_param_spec_uint64 ("fencing-token", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /**
   * CuratorLease:session-id: (getter get_session_id)
   *
   * The id of the session that the lease belongs to.
   *
   * Since: 1.0
   */
  properties[PROP_SESSION_ID] =
      g_param_spec_int64 ("session-id", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  /**
   * CuratorLease:state: (getter get_state)
   *
   * What the lease is worth now. The value is that of the moment it is read; notifications follow in the main
   * context of the acquiring call.
   *
   * Since: 1.0
   */
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, CURATOR_TYPE_LEASE_STATE, CURATOR_LEASE_STATE_HELD, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static guint
install_signal (const char *name)
{
  return g_signal_new (name, CURATOR_TYPE_LEASE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
curator_lease_class_init (CuratorLeaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_lease_get_property;
  object_class->dispose = curator_lease_dispose;
  object_class->finalize = curator_lease_finalize;
  install_properties (object_class);

  /**
   * CuratorLease::suspended:
   * @self: the lease
   *
   * The connection is suspended: others may hold already. Followed by [signal@Curator.Lease::restored] or
   * [signal@Curator.Lease::lost].
   *
   * Since: 1.0
   */
  signals[SIGNAL_SUSPENDED] = install_signal ("suspended");
  /**
   * CuratorLease::restored:
   * @self: the lease
   *
   * The lease was held all the time of the suspension, and is held again. Left out where that is over by the
   * time the signal would be emitted.
   *
   * Since: 1.0
   */
  signals[SIGNAL_RESTORED] = install_signal ("restored");
  /**
   * CuratorLease::lost:
   * @self: the lease
   *
   * The lease is lost; emitted once at most.
   *
   * Since: 1.0
   */
  signals[SIGNAL_LOST] = install_signal ("lost");
  /**
   * CuratorLease::revocation-requested:
   * @self: the lease
   *
   * Somebody asks the holder to give the lease back soon, by `__REVOKE__` in the data of its node. Nothing
   * happens by itself: the lease stays what it is. Emitted once at most, and not for what is no longer held.
   * Where a lease is acquired by a call that blocks while another thread runs its main context, the signal may
   * come before anybody has connected to it: see [method@Curator.Lease.is_revocation_requested].
   *
   * Since: 1.0
   */
  signals[SIGNAL_REVOCATION_REQUESTED] = install_signal ("revocation-requested");
}

static void
curator_lease_init (CuratorLease *self)
{
  self->state = CURATOR_LEASE_STATE_LOST; /* until there is something to hold */
}

/**
 * curator_lease_get_path: (get-property path)
 * @self: a lease
 *
 * Gets the path of the node that stands for the lease, relative to the client's namespace. The path never
 * names the node of another lease.
 *
 * Returns: (transfer none): the path
 *
 * Since: 1.0
 */
const char *
curator_lease_get_path (CuratorLease *self)
{
  g_return_val_if_fail (CURATOR_IS_LEASE (self), NULL);

  return self->path;
}

/**
 * curator_lease_get_fencing_token: (get-property fencing-token)
 * @self: a lease
 *
 * Gets the transaction that created the node of the lease: a number that grows from holder to holder, over
 * the deletion of the node that the lock is made of too.
 *
 * Returns: the token
 *
 * Since: 1.0
 */
guint64
curator_lease_get_fencing_token (CuratorLease *self)
{
  g_return_val_if_fail (CURATOR_IS_LEASE (self), 0);

  return self->fencing_token;
}

/**
 * curator_lease_dup_fencing_token_string:
 * @self: a lease
 *
 * Gets the fencing token as decimal digits, for languages without 64-bit integers.
 *
 * Returns: (transfer full): the token
 *
 * Since: 1.0
 */
char *
curator_lease_dup_fencing_token_string (CuratorLease *self)
{
  g_return_val_if_fail (CURATOR_IS_LEASE (self), NULL);

  return g_strdup_printf ("%" G_GUINT64_FORMAT, self->fencing_token);
}

/**
 * curator_lease_get_session_id: (get-property session-id)
 * @self: a lease
 *
 * Gets the id of the session that the lease belongs to.
 *
 * Returns: the id
 *
 * Since: 1.0
 */
gint64
curator_lease_get_session_id (CuratorLease *self)
{
  g_return_val_if_fail (CURATOR_IS_LEASE (self), 0);

  return self->session_id;
}

/**
 * curator_lease_dup_session_id_string:
 * @self: a lease
 *
 * Gets the id of the session as servers and their tools write it: in hexadecimal with a leading `0x`.
 *
 * Returns: (transfer full): the id
 *
 * Since: 1.0
 */
char *
curator_lease_dup_session_id_string (CuratorLease *self)
{
  g_return_val_if_fail (CURATOR_IS_LEASE (self), NULL);

  return g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", (guint64) self->session_id);
}

/**
 * curator_lease_get_state: (get-property state)
 * @self: a lease
 *
 * Gets what is known of the lease, without blocking. See [method@Curator.Lease.is_valid] for what to base
 * decisions on.
 *
 * Returns: the state
 *
 * Since: 1.0
 */
CuratorLeaseState
curator_lease_get_state (CuratorLease *self)
{
  g_return_val_if_fail (CURATOR_IS_LEASE (self), CURATOR_LEASE_STATE_LOST);

  return (CuratorLeaseState) g_atomic_int_get (&self->state);
}

/**
 * curator_lease_is_valid:
 * @self: a lease
 *
 * Tells whether the lease is held for sure, without blocking: it is [enum@Curator.LeaseState.HELD], and the
 * session cannot have expired on the server, as far as the clock of this machine tells. That is so even where
 * the process was stopped and has not heard of anything since.
 *
 * Returns: %TRUE if the lease is held now
 *
 * Since: 1.0
 */
gboolean
curator_lease_is_valid (CuratorLease *self)
{
  CuratorLoop *loop;
  gint64 deadline_us;

  g_return_val_if_fail (CURATOR_IS_LEASE (self), FALSE);

  if (self->client == NULL)
    return FALSE;
  loop = curator_framework_get_loop (self->client);
  /* The deadline before the state: the deadline of another session is not published before this one's lease
   * is LOST. */
  deadline_us = curator_framework_get_lease_deadline_us (self->client);
  return curator_lease_get_state (self) == CURATOR_LEASE_STATE_HELD && curator_loop_is_alive (loop) &&
         curator_loop_now_us (loop) < deadline_us;
}

/**
 * curator_lease_is_revocation_requested:
 * @self: a lease
 *
 * Tells whether somebody has asked for the lease, without blocking; also where
 * [signal@Curator.Lease::revocation-requested] was emitted before anybody could connect to it, or is about to
 * be. It stays so after the lease is over.
 *
 * Returns: %TRUE if the lease was asked for
 *
 * Since: 1.0
 */
gboolean
curator_lease_is_revocation_requested (CuratorLease *self)
{
  g_return_val_if_fail (CURATOR_IS_LEASE (self), FALSE);

  return self->link != NULL && curator_lease_link_is_asked_for (self->link);
}

/**
 * curator_lease_guard:
 * @self: a lease
 * @transaction: a transaction of the client that the lease was acquired through
 *
 * Adds the condition that the lease still exists on the server, by [method@Curator.Transaction.check] of its
 * node. What whoever lost the lease writes in such a transaction fails with %CURATOR_ERROR_NO_NODE, even
 * before he knows of the loss. This is the fence for what is written to ZooKeeper itself; for everything else
 * there is the [property@Curator.Lease:fencing-token].
 *
 * Since: 1.0
 */
void
curator_lease_guard (CuratorLease *self, CuratorTransaction *transaction)
{
  g_return_if_fail (CURATOR_IS_LEASE (self));
  g_return_if_fail (self->path != NULL);
  g_return_if_fail (CURATOR_IS_TRANSACTION (transaction));

  curator_transaction_check (transaction, self->path, -1);
}

/**
 * curator_lease_release_async:
 * @self: a lease
 * @cancellable: (nullable): a #GCancellable; cancelling ends the wait, not the release
 * @callback: (scope async) (nullable): called when the node of the lease has gone
 * @user_data: for @callback
 *
 * Gives the lease back. From the call on it is [enum@Curator.LeaseState.RELEASED], unless it was lost before:
 * then there is nothing to give back, and the release succeeds at once. So does releasing once more.
 *
 * Since: 1.0
 */
void
curator_lease_release_async (CuratorLease *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (CuratorPending) pending = NULL;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (CURATOR_IS_LEASE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, curator_lease_release_async);
  g_task_set_check_cancellable (task, FALSE);
  if (!lease_is_alive (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  pending =
      curator_pending_new_for_task (curator_framework_get_loop (self->client), g_steal_pointer (&task), NULL);
  lease_wait_for_release (self, pending, cancellable);
}

/**
 * curator_lease_release_finish:
 * @self: a lease
 * @result: the result of [method@Curator.Lease.release_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Lease.release_async].
 *
 * An error does not bring the lease back. After a `CURATOR_ERROR_CONNECTION_LOSS` and the like the node is
 * deleted as soon as the client is connected again, and goes with the session at the latest. A wait that was
 * cancelled is a `G_IO_ERROR_CANCELLED`; in a forked process nothing can be released, which is a
 * `G_IO_ERROR_CLOSED`.
 *
 * Returns: %TRUE if the node has gone, so that somebody else may hold
 *
 * Since: 1.0
 */
gboolean
curator_lease_release_finish (CuratorLease *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_lease_release_async), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

/**
 * curator_lease_release_sync:
 * @self: a lease
 * @cancellable: (nullable): a #GCancellable; cancelling ends the wait, not the release
 * @error: (nullable): where to put the reason for a failure
 *
 * Gives the lease back and waits until its node has gone; see [method@Curator.Lease.release_async] and, for
 * the errors, [method@Curator.Lease.release_finish]. In the client's own main context that would be waiting
 * for oneself: there the lease is given back in the background and the error is `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE if the node has gone
 *
 * Since: 1.0
 */
gboolean
curator_lease_release_sync (CuratorLease *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (CuratorPending) pending = NULL;
  CuratorLoop *loop;

  g_return_val_if_fail (CURATOR_IS_LEASE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!lease_is_alive (self, error))
    return FALSE;
  loop = curator_framework_get_loop (self->client);
  if (!curator_loop_check_may_block (loop, "release", self->path, error))
    {
      lease_begin_release (self, NULL);
      return FALSE;
    }
  pending = curator_pending_new_for_thread (loop, NULL);
  lease_wait_for_release (self, pending, cancellable);
  return curator_pending_wait (pending, error) != NULL;
}

/**
 * curator_lease_release_in_background:
 * @self: a lease
 *
 * Gives the lease back without waiting for it, as [method@Curator.Lease.release_async] does.
 *
 * Since: 1.0
 */
void
curator_lease_release_in_background (CuratorLease *self)
{
  g_return_if_fail (CURATOR_IS_LEASE (self));

  if (lease_is_alive (self, NULL))
    lease_begin_release (self, NULL);
}
