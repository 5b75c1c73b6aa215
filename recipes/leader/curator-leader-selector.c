/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-leader-selector-private.h"
#include "curator-request-private.h"

/**
 * CuratorLeaderSelector:
 *
 * Elects one leader among all processes of a cluster, who leads for a while and then hands over to the next
 * one.
 *
 * There are two ways to use it. [method@Curator.LeaderSelector.take_leadership_async] and its siblings wait
 * for a turn to lead and return a [class@Curator.Lease]; the turn ends when that is released or lost.
 *
 * The other way is a selector that is started: [signal@Curator.LeaderSelector::leadership-taken] comes with
 * the lease when it is its turn. Whoever handles the signal keeps a reference for as long as he leads, and
 * releases the lease or drops the reference when he is done; without a reference the turn ends with the
 * signal. A turn is followed by another one, behind the others, where [method@Curator.LeaderSelector.requeue]
 * asked for that or [property@Curator.LeaderSelector:auto-requeue] is set. A selector needs no connection to
 * be started, and waits on over suspensions and lost sessions; after it could not take part it tries again.
 *
 * ```c
 * static void
 * on_leadership_taken (CuratorLeaderSelector *selector, CuratorLease *lease, gpointer user_data)
 * {
 *   g_autoptr (GTask) task = g_task_new (selector, NULL, on_work_done, NULL);
 *
 *   g_task_set_task_data (task, g_object_ref (lease), g_object_unref);
 *   g_task_run_in_thread (task, work_while_lease_is_valid);
 * }
 * ```
 *
 * The nodes are those of Apache Curator's `LeaderSelector`, which are those of a [class@Curator.Mutex] with
 * the id as their data. kazoo's `Election` is respected as kazoo's `Lock` is.
 *
 * Dropping the last reference closes in the background. In a process that was forked from the one that
 * started it the object is inert.
 *
 * Threads: all functions may be called from any thread; reading values never blocks. Results are returned in
 * the thread-default main context of the call. Signals and notifications, also those of the leases that come
 * with a signal, are emitted in the thread-default main context of the construction, in order.
 *
 * Since: 1.0
 */

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  PROP_ID,
  PROP_AUTO_REQUEUE,
  PROP_HAS_LEADERSHIP,
  N_PROPS
};

enum
{
  SIGNAL_LEADERSHIP_TAKEN,
  SIGNAL_ERROR,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const patterns[] = { "lock-", "__lock__", NULL };
const CuratorContenderKind curator_leader_selector_kind = {
  .operation = "take the leadership of",
  .name = "lock-",
  .patterns = patterns,
};

G_DEFINE_FINAL_TYPE (CuratorLeaderSelector, curator_leader_selector, G_TYPE_OBJECT)

gboolean
curator_leader_selector_is_usable (CuratorLeaderSelector *self)
{
  return CURATOR_IS_LEADER_SELECTOR (self) && self->candidate != NULL;
}

/* What the candidate has to say, in the context of the construction. */

/* Where nobody keeps the lease it is given back after this. A turn that was over before anybody heard of it
 * does not count. */
static void
emit_taken (GObject *object, gpointer lease)
{
  CuratorLeaderSelector *self = CURATOR_LEADER_SELECTOR (object);

  if (!g_atomic_int_get (&self->closed) && curator_candidate_hear_of (self->candidate, lease))
    g_signal_emit (object, signals[SIGNAL_LEADERSHIP_TAKEN], 0, lease);
}

static void
emit_turned (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_HAS_LEADERSHIP]);
}

static void
emit_failed (GObject *object, gpointer data)
{
  CuratorLeaderSelector *self = CURATOR_LEADER_SELECTOR (object);

  if (!g_atomic_int_get (&self->closed))
    g_signal_emit (object, signals[SIGNAL_ERROR], 0, data);
}

static void
emit_nothing (GObject *object, gpointer data)
{
}

static const CuratorCandidateOwner candidate_owner = {
  .taken = emit_taken,
  .turned = emit_turned,
  .failed = emit_failed,
  .over = emit_nothing,
};

static void
emit_auto_requeue (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_AUTO_REQUEUE]);
}

void
curator_leader_selector_notify_auto_requeue (CuratorLeaderSelector *self)
{
  curator_emitter_post (self->emitter, emit_auto_requeue, NULL, NULL);
}

/* Class */

static void
curator_leader_selector_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorLeaderSelector *self = CURATOR_LEADER_SELECTOR (object);

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
    case PROP_AUTO_REQUEUE:
      g_value_set_boolean (value, curator_leader_selector_get_auto_requeue (self));
      break;
    case PROP_HAS_LEADERSHIP:
      g_value_set_boolean (value, curator_leader_selector_get_has_leadership (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_leader_selector_set_property (GObject *object,
                                      guint property_id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  CuratorLeaderSelector *self = CURATOR_LEADER_SELECTOR (object);

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
    case PROP_AUTO_REQUEUE:
      if (self->candidate != NULL)
        curator_leader_selector_set_auto_requeue (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_leader_selector_constructed (GObject *object)
{
  CuratorLeaderSelector *self = CURATOR_LEADER_SELECTOR (object);

  G_OBJECT_CLASS (curator_leader_selector_parent_class)->constructed (object);

  if (self->id == NULL)
    self->id = g_strdup ("");
  if (self->client == NULL || self->path == NULL)
    return;
  self->queue = curator_contender_queue_new ();
  self->emitter = curator_emitter_new (object);
  self->candidate = curator_candidate_new (
      &(CuratorCandidateOptions){
          .client = self->client, .kind = &curator_leader_selector_kind, .path = self->path, .id = self->id },
      &candidate_owner, self->emitter);
}

static void
curator_leader_selector_dispose (GObject *object)
{
  CuratorLeaderSelector *self = CURATOR_LEADER_SELECTOR (object);

  if (self->candidate != NULL)
    curator_leader_selector_begin_close (self);

  G_OBJECT_CLASS (curator_leader_selector_parent_class)->dispose (object);
}

static void
curator_leader_selector_finalize (GObject *object)
{
  CuratorLeaderSelector *self = CURATOR_LEADER_SELECTOR (object);

  g_clear_pointer (&self->candidate, curator_candidate_unref);
  g_clear_pointer (&self->emitter, curator_emitter_unref);
  g_clear_pointer (&self->queue, curator_contender_queue_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (curator_leader_selector_parent_class)->finalize (object);
}

static void
install_configuration (void)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * CuratorLeaderSelector:client: (getter get_client)
   *
   * The client through which the selector takes part.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorLeaderSelector:path: (getter get_path)
   *
   * The path that all who take part agree on, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorLeaderSelector:id: (getter get_id)
   *
   * What the selector is called among those who take part.
   *
   * Since: 1.0
   */
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
}

static void
install_values (void)
{
  /**
   * CuratorLeaderSelector:auto-requeue: (getter get_auto_requeue) (setter set_auto_requeue)
   *
   * Whether a turn of a started selector is always followed by another one.
   *
   * Since: 1.0
   */
  properties[PROP_AUTO_REQUEUE] =
      g_param_spec_boolean ("auto-requeue", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * CuratorLeaderSelector:has-leadership: (getter get_has_leadership)
   *
   * Whether a started selector leads. The value is that of the moment it is read; notifications follow in the
   * main context of the construction.
   *
   * Since: 1.0
   */
  properties[PROP_HAS_LEADERSHIP] =
      g_param_spec_boolean ("has-leadership", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
install_signals (void)
{
  /**
   * CuratorLeaderSelector::leadership-taken:
   * @self: the selector
   * @lease: what it leads with
   *
   * The selector leads, until the lease is released, its last reference is dropped, or it is lost. Left out
   * where the turn is over by the time the signal would be emitted; such a turn does not count, and the
   * selector waits for another one.
   *
   * Since: 1.0
   */
  signals[SIGNAL_LEADERSHIP_TAKEN] =
      g_signal_new ("leadership-taken", CURATOR_TYPE_LEADER_SELECTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, CURATOR_TYPE_LEASE);
  /**
   * CuratorLeaderSelector::error:
   * @self: the selector
   * @error: what went wrong
   *
   * The server does not let the selector take part, for %CURATOR_ERROR_NO_AUTH for instance. It tries again
   * after some seconds.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", CURATOR_TYPE_LEADER_SELECTOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
curator_leader_selector_class_init (CuratorLeaderSelectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_leader_selector_get_property;
  object_class->set_property = curator_leader_selector_set_property;
  object_class->constructed = curator_leader_selector_constructed;
  object_class->dispose = curator_leader_selector_dispose;
  object_class->finalize = curator_leader_selector_finalize;

  install_configuration ();
  install_values ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals ();
}

static void
curator_leader_selector_init (CuratorLeaderSelector *self)
{
}

/**
 * curator_leader_selector_new:
 * @client: a client
 * @path: the path that all who take part agree on, relative to the client's namespace; an invalid one is
 * reported by the calls that use it
 * @id: (nullable): what the selector is called among those who take part; %NULL for an empty id
 *
 * Makes a selector. Nothing is sent before it takes part.
 *
 * Returns: (transfer full): the selector
 *
 * Since: 1.0
 */
CuratorLeaderSelector *
curator_leader_selector_new (CuratorFramework *client, const char *path, const char *id)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_LEADER_SELECTOR, "client", client, "path", path, "id", id, NULL);
}

/**
 * curator_leader_selector_get_client: (get-property client)
 * @self: a selector
 *
 * Gets the client through which the selector takes part.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_leader_selector_get_client (CuratorLeaderSelector *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_SELECTOR (self), NULL);

  return self->client;
}

/**
 * curator_leader_selector_get_path: (get-property path)
 * @self: a selector
 *
 * Gets the path that all who take part agree on.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_leader_selector_get_path (CuratorLeaderSelector *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_SELECTOR (self), NULL);

  return self->path;
}

/**
 * curator_leader_selector_get_id: (get-property id)
 * @self: a selector
 *
 * Gets what the selector is called among those who take part.
 *
 * Returns: (transfer none): the id, which may be empty
 *
 * Since: 1.0
 */
const char *
curator_leader_selector_get_id (CuratorLeaderSelector *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_SELECTOR (self), NULL);

  return self->id;
}
