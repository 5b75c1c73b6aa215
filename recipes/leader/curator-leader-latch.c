/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-leader-latch-private.h"

#include "curator-request-private.h"

/**
 * CuratorLeaderLatch:
 *
 * Takes part in the election of one leader among all processes of a cluster, for as long as it is not closed.
 *
 * From [method@Curator.LeaderLatch.start] to [method@Curator.LeaderLatch.close_async] the latch has a node in
 * the election; who came first leads. It needs no connection to be started. Where the session ends, or
 * somebody deletes its node, the latch takes part anew, behind the others; and after it could not take part,
 * it tries again.
 *
 * What it leads with is a [class@Curator.Lease], which has a fencing token and guards transactions; see
 * [method@Curator.LeaderLatch.dup_lease]. Releasing that lease gives the leadership to the next one, and the
 * latch takes part again behind the others.
 *
 * While the connection is suspended nobody can tell who leads. With
 * %CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD the latch then does not lead, and leads again when it turns
 * out that it did all the time. With %CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION it leads until its
 * session is over.
 *
 * The nodes are those of Apache Curator's `LeaderLatch`, so that Java programs take part in the same
 * election. Other nodes under the path are ignored by this library, but not by Java. The path itself is a
 * container, which the server removes some time after the last one has left.
 *
 * Dropping the last reference closes in the background. In a process that was forked from the one that
 * started it the object is inert.
 *
 * Threads: all functions may be called from any thread; reading values never blocks. Results are returned in
 * the thread-default main context of the call. Signals and notifications, also those of the leases, are
 * emitted in the thread-default main context of the construction, in order.
 *
 * Since: 1.0
 */

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  PROP_ID,
  PROP_STATE,
  PROP_HAS_LEADERSHIP,
  PROP_LEASE,
  N_PROPS
};

enum
{
  SIGNAL_GAINED,
  SIGNAL_LOST,
  SIGNAL_ERROR,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const patterns[] = { "latch-", NULL };
static const CuratorContenderKind latch_kind = {
  .operation = "take part in",
  .name = "latch-",
  .patterns = patterns,
};

G_DEFINE_FINAL_TYPE (CuratorLeaderLatch, curator_leader_latch, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (CuratorLeaderLatchState,
                    curator_leader_latch_state,
                    G_DEFINE_ENUM_VALUE (CURATOR_LEADER_LATCH_STATE_LATENT, "latent"),
                    G_DEFINE_ENUM_VALUE (CURATOR_LEADER_LATCH_STATE_STARTED, "started"),
                    G_DEFINE_ENUM_VALUE (CURATOR_LEADER_LATCH_STATE_CLOSED, "closed"))

G_DEFINE_ENUM_TYPE (CuratorLeaderLatchCloseMode,
                    curator_leader_latch_close_mode,
                    G_DEFINE_ENUM_VALUE (CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, "silent"),
                    G_DEFINE_ENUM_VALUE (CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER, "notify-leader"))

gboolean
curator_leader_latch_is_usable (CuratorLeaderLatch *self)
{
  return CURATOR_IS_LEADER_LATCH (self) && self->candidate != NULL;
}

CuratorElectorateOptions
curator_leader_latch_make_question (CuratorLeaderLatch *self, gboolean first_only)
{
  return (CuratorElectorateOptions){ self->client, &latch_kind, self->path, first_only };
}

/* What the candidate has to say, in the context of the construction. */

/* A leadership that is over already is not told of at all. */
static void
emit_turned (GObject *object, gpointer data)
{
  CuratorLeaderLatch *self = CURATOR_LEADER_LATCH (object);
  guint turn = GPOINTER_TO_UINT (data);
  gboolean leads = (turn & 1) != 0;
  gboolean is_current = curator_candidate_get_turn (self->candidate) == turn;

  g_object_notify_by_pspec (object, properties[PROP_HAS_LEADERSHIP]);
  g_object_notify_by_pspec (object, properties[PROP_LEASE]);
  if (self->is_told == leads || (leads && (!is_current || g_atomic_int_get (&self->closed))))
    return;
  self->is_told = leads;
  if (!g_atomic_int_get (&self->silent))
    g_signal_emit (object, signals[leads ? SIGNAL_GAINED : SIGNAL_LOST], 0);
}

static void
emit_failed (GObject *object, gpointer data)
{
  CuratorLeaderLatch *self = CURATOR_LEADER_LATCH (object);

  if (!g_atomic_int_get (&self->closed))
    g_signal_emit (object, signals[SIGNAL_ERROR], 0, data);
}

static void
emit_state (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_STATE]);
}

void
curator_leader_latch_notify_state (CuratorLeaderLatch *self)
{
  curator_emitter_post (self->emitter, emit_state, NULL, NULL);
}

static const CuratorCandidateOwner candidate_owner = {
  .turned = emit_turned,
  .failed = emit_failed,
  .over = emit_state,
};

/* Class */

static void
curator_leader_latch_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorLeaderLatch *self = CURATOR_LEADER_LATCH (object);

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
    case PROP_STATE:
      g_value_set_enum (value, (int) curator_leader_latch_get_state (self));
      break;
    case PROP_HAS_LEADERSHIP:
      g_value_set_boolean (value, curator_leader_latch_get_has_leadership (self));
      break;
    case PROP_LEASE:
      g_value_take_object (value, curator_leader_latch_dup_lease (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_leader_latch_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  CuratorLeaderLatch *self = CURATOR_LEADER_LATCH (object);

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
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_leader_latch_constructed (GObject *object)
{
  CuratorLeaderLatch *self = CURATOR_LEADER_LATCH (object);

  G_OBJECT_CLASS (curator_leader_latch_parent_class)->constructed (object);

  if (self->id == NULL)
    self->id = g_strdup ("");
  if (self->client == NULL || self->path == NULL)
    return;
  self->emitter = curator_emitter_new (object);
  self->candidate = curator_candidate_new (&(CuratorCandidateOptions){ .client = self->client,
                                                                       .kind = &latch_kind,
                                                                       .path = self->path,
                                                                       .id = self->id,
                                                                       .keeps_lease = TRUE,
                                                                       .enters_again = TRUE },
                                           &candidate_owner, self->emitter);
}

static void
curator_leader_latch_dispose (GObject *object)
{
  CuratorLeaderLatch *self = CURATOR_LEADER_LATCH (object);

  if (self->candidate != NULL)
    curator_leader_latch_begin_close (self, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT);

  G_OBJECT_CLASS (curator_leader_latch_parent_class)->dispose (object);
}

static void
curator_leader_latch_finalize (GObject *object)
{
  CuratorLeaderLatch *self = CURATOR_LEADER_LATCH (object);

  g_clear_pointer (&self->candidate, curator_candidate_unref);
  g_clear_pointer (&self->emitter, curator_emitter_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (curator_leader_latch_parent_class)->finalize (object);
}

static void
install_configuration (void)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * CuratorLeaderLatch:client: (getter get_client)
   *
   * The client through which the latch takes part.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorLeaderLatch:path: (getter get_path)
   *
   * The path that all who take part agree on, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorLeaderLatch:id: (getter get_id)
   *
   * What the latch is called among those who take part.
   *
   * Since: 1.0
   */
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
}

static void
install_values (void)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * CuratorLeaderLatch:state: (getter get_state)
   *
   * Whether the latch takes part.
   *
   * Since: 1.0
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, CURATOR_TYPE_LEADER_LATCH_STATE,
                                              CURATOR_LEADER_LATCH_STATE_LATENT, flags);
  /**
   * CuratorLeaderLatch:has-leadership: (getter get_has_leadership)
   *
   * Whether the latch leads. The value is that of the moment it is read; notifications follow in the main
   * context of the construction.
   *
   * Since: 1.0
   */
  properties[PROP_HAS_LEADERSHIP] = g_param_spec_boolean ("has-leadership", NULL, NULL, FALSE, flags);
  /**
   * CuratorLeaderLatch:lease: (getter dup_lease)
   *
   * What the latch leads with; %NULL where it does not.
   *
   * Since: 1.0
   */
  properties[PROP_LEASE] = g_param_spec_object ("lease", NULL, NULL, CURATOR_TYPE_LEASE, flags);
}

static void
install_signals (void)
{
  /**
   * CuratorLeaderLatch::gained:
   * @self: the latch
   *
   * The latch leads. Always followed by [signal@Curator.LeaderLatch::lost] before it is emitted again. Left
   * out, together with that, where the leadership is over by the time the signal would be emitted.
   *
   * Since: 1.0
   */
  signals[SIGNAL_GAINED] = g_signal_new ("gained", CURATOR_TYPE_LEADER_LATCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  /**
   * CuratorLeaderLatch::lost:
   * @self: the latch
   *
   * The latch does not lead any more.
   *
   * Since: 1.0
   */
  signals[SIGNAL_LOST] = g_signal_new ("lost", CURATOR_TYPE_LEADER_LATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  /**
   * CuratorLeaderLatch::error:
   * @self: the latch
   * @error: what went wrong
   *
   * The server does not let the latch take part, for %CURATOR_ERROR_NO_AUTH for instance. The latch tries
   * again after some seconds.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", CURATOR_TYPE_LEADER_LATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
curator_leader_latch_class_init (CuratorLeaderLatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_leader_latch_get_property;
  object_class->set_property = curator_leader_latch_set_property;
  object_class->constructed = curator_leader_latch_constructed;
  object_class->dispose = curator_leader_latch_dispose;
  object_class->finalize = curator_leader_latch_finalize;

  install_configuration ();
  install_values ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals ();
}

static void
curator_leader_latch_init (CuratorLeaderLatch *self)
{
}

/**
 * curator_leader_latch_new:
 * @client: a client
 * @path: the path that all who take part agree on, relative to the client's namespace; an invalid one is
 * reported by [method@Curator.LeaderLatch.start]
 * @id: (nullable): what the latch is called among those who take part; %NULL for an empty id
 *
 * Makes a latch. Nothing is sent before it is started.
 *
 * Returns: (transfer full): the latch
 *
 * Since: 1.0
 */
CuratorLeaderLatch *
curator_leader_latch_new (CuratorFramework *client, const char *path, const char *id)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_LEADER_LATCH, "client", client, "path", path, "id", id, NULL);
}

/**
 * curator_leader_latch_get_client: (get-property client)
 * @self: a latch
 *
 * Gets the client through which the latch takes part.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_leader_latch_get_client (CuratorLeaderLatch *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_LATCH (self), NULL);

  return self->client;
}

/**
 * curator_leader_latch_get_path: (get-property path)
 * @self: a latch
 *
 * Gets the path that all who take part agree on.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_leader_latch_get_path (CuratorLeaderLatch *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_LATCH (self), NULL);

  return self->path;
}

/**
 * curator_leader_latch_get_id: (get-property id)
 * @self: a latch
 *
 * Gets what the latch is called among those who take part.
 *
 * Returns: (transfer none): the id, which may be empty
 *
 * Since: 1.0
 */
const char *
curator_leader_latch_get_id (CuratorLeaderLatch *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_LATCH (self), NULL);

  return self->id;
}

/**
 * curator_leader_latch_get_state: (get-property state)
 * @self: a latch
 *
 * Tells whether the latch takes part. It is closed by [method@Curator.LeaderLatch.close_async], and by the
 * closing of the client.
 *
 * Returns: the state
 *
 * Since: 1.0
 */
CuratorLeaderLatchState
curator_leader_latch_get_state (CuratorLeaderLatch *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_LATCH (self), CURATOR_LEADER_LATCH_STATE_CLOSED);

  if (g_atomic_int_get (&self->closed) ||
      (self->candidate != NULL && curator_candidate_is_over (self->candidate)))
    return CURATOR_LEADER_LATCH_STATE_CLOSED;
  return g_atomic_int_get (&self->started) ? CURATOR_LEADER_LATCH_STATE_STARTED
                                           : CURATOR_LEADER_LATCH_STATE_LATENT;
}

/**
 * curator_leader_latch_get_has_leadership: (get-property has-leadership)
 * @self: a latch
 *
 * Tells whether the latch leads, without blocking: right before each step that matters. It does not where its
 * session may have expired, as far as the clock of this machine tells; also where the process was stopped and
 * has not heard of anything since.
 *
 * Returns: %TRUE if the latch leads now
 *
 * Since: 1.0
 */
gboolean
curator_leader_latch_get_has_leadership (CuratorLeaderLatch *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_LATCH (self), FALSE);

  return self->candidate != NULL && curator_candidate_is_leading (self->candidate);
}

/**
 * curator_leader_latch_dup_lease: (get-property lease)
 * @self: a latch
 *
 * Gets what the latch leads with. Its fencing token is larger than that of every earlier leader. Where a
 * leadership is suspended and restored the lease is the same; each other one has a lease of its own.
 *
 * Returns: (transfer full) (nullable): the lease; %NULL where the latch does not lead
 *
 * Since: 1.0
 */
CuratorLease *
curator_leader_latch_dup_lease (CuratorLeaderLatch *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_LATCH (self), NULL);

  return self->candidate != NULL ? curator_candidate_dup_lease (self->candidate) : NULL;
}
