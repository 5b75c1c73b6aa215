/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-semaphore-private.h"

#include "curator-contender-rank-private.h"
#include "curator-participants-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"
#include "curator-shared-count-follow-private.h"

/**
 * CuratorSemaphore:
 *
 * Lets a limited number of all processes of a cluster in at a time.
 *
 * What is acquired is one [class@Curator.Lease] or several; each is given back on its own. How many there may
 * be is agreed among all who use the path, and who comes with a larger number gets more: nothing on the
 * server says so, unless all of them follow the same [class@Curator.SharedCount], which can be changed at any
 * time. A larger number lets those in who wait; a smaller one takes nothing from those who are in. Leases are
 * handed out in the order in which they were asked for; who asks for several waits until there are as many,
 * and those behind him wait with him, so that nobody starves.
 *
 * The nodes are those of Apache Curator's `InterProcessSemaphoreV2`, so that Java programs take part in the
 * same semaphore: a mutex in `locks` below the path, which whoever asks holds until he has been served, and
 * the leases in `leases`. Both are containers, which the server removes some time after the last one has
 * left.
 *
 * Who waits goes on waiting over suspensions of the connection, and begins anew at the end of the queue when
 * the session ends. Leases are only handed out together: where one of several is lost before the last is
 * there, the call begins anew.
 *
 * Threads: all functions may be called from any thread, and any number of calls may be under way. Results are
 * returned in the thread-default main context of the call.
 *
 * Since: 1.0
 */
struct _CuratorSemaphore
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
  guint max_leases;
  CuratorSharedCount *count; /* NULL where the number is what it is */
  CuratorSemaphoreLimit *limit;
  CuratorContenderQueue *queue;
};

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  PROP_MAX_LEASES,
  PROP_COUNT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const patterns[] = { "lease-", NULL };
static const CuratorContenderKind lease_kind = {
  .operation = "acquire",
  .name = "lease-",
  .patterns = patterns,
  .counted = TRUE,
};

G_DEFINE_FINAL_TYPE (CuratorSemaphore, curator_semaphore, G_TYPE_OBJECT)

gboolean
curator_semaphore_is_usable (CuratorSemaphore *self)
{
  return CURATOR_IS_SEMAPHORE (self) && self->limit != NULL && self->path != NULL;
}

CuratorSemaphoreOptions
curator_semaphore_get_options (CuratorSemaphore *self, guint n_leases, gint64 timeout_ms)
{
  return (CuratorSemaphoreOptions){
    .client = self->client,
    .path = self->path,
    .limit = self->limit,
    .queue = self->queue,
    .n_leases = n_leases,
    .timeout_ms = timeout_ms,
    .is_limit_set = self->count == NULL,
  };
}

/* An invalid path stays one, to be reported by whoever uses it. */
static char *
semaphore_make_leases_path (CuratorSemaphore *self)
{
  return curator_path_validate (self->path, FALSE, NULL) ? curator_path_make (self->path, "leases")
                                                         : g_strdup (self->path);
}

void
curator_semaphore_list_async (CuratorSemaphore *self,
                              gpointer source_object,
                              gpointer source_tag,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autofree char *path = semaphore_make_leases_path (self);

  curator_participants_list_async (self->client, &lease_kind, path, source_object, source_tag, cancellable,
                                   callback, user_data);
}

GStrv
curator_semaphore_list_sync (CuratorSemaphore *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = semaphore_make_leases_path (self);

  return curator_participants_list_sync (self->client, &lease_kind, path, cancellable, error);
}

/* Class */

static void
curator_semaphore_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorSemaphore *self = CURATOR_SEMAPHORE (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_MAX_LEASES:
      g_value_set_uint (value, curator_semaphore_get_max_leases (self));
      break;
    case PROP_COUNT:
      g_value_set_object (value, self->count);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_semaphore_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  CuratorSemaphore *self = CURATOR_SEMAPHORE (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      if (curator_framework_is_built (g_value_get_object (value)))
        self->client = g_value_dup_object (value);
      break;
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;
    case PROP_MAX_LEASES:
      self->max_leases = g_value_get_uint (value);
      break;
    case PROP_COUNT:
      if (curator_shared_count_is_usable (g_value_get_object (value)))
        self->count = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_semaphore_constructed (GObject *object)
{
  CuratorSemaphore *self = CURATOR_SEMAPHORE (object);

  G_OBJECT_CLASS (curator_semaphore_parent_class)->constructed (object);

  if (self->client == NULL)
    return;
  self->limit = curator_semaphore_limit_new (curator_framework_get_loop (self->client),
                                             self->count != NULL ? 0 : self->max_leases);
  if (self->count != NULL)
    curator_semaphore_limit_follow (self->limit, self->count);
}

static void
curator_semaphore_finalize (GObject *object)
{
  CuratorSemaphore *self = CURATOR_SEMAPHORE (object);

  if (self->limit != NULL && self->count != NULL)
    curator_semaphore_limit_unfollow (self->limit, self->count);
  g_clear_object (&self->count);
  g_clear_pointer (&self->limit, curator_semaphore_limit_unref);
  g_clear_pointer (&self->queue, curator_contender_queue_unref);
  g_clear_object (&self->client);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (curator_semaphore_parent_class)->finalize (object);
}

static void
curator_semaphore_class_init (CuratorSemaphoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = curator_semaphore_get_property;
  object_class->set_property = curator_semaphore_set_property;
  object_class->constructed = curator_semaphore_constructed;
  object_class->finalize = curator_semaphore_finalize;

  /**
   * CuratorSemaphore:client: (getter get_client)
   *
   * The client through which leases are acquired.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorSemaphore:path: (getter get_path)
   *
   * The path that all who use the semaphore agree on, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, "", flags);
  /**
   * CuratorSemaphore:max-leases: (getter get_max_leases)
   *
   * How many leases there may be at a time. With [property@Curator.Semaphore:count] it is what
   * that was last, and 0 before that is known; then changes are not notified here.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_LEASES] = g_param_spec_uint ("max-leases", NULL, NULL, 0, G_MAXUINT, 1, flags);
  /**
   * CuratorSemaphore:count: (getter get_count)
   *
   * The count that says how many leases there may be at a time; %NULL where that does not change.
   *
   * Since: 1.0
   */
  properties[PROP_COUNT] = g_param_spec_object ("count", NULL, NULL, CURATOR_TYPE_SHARED_COUNT, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_semaphore_init (CuratorSemaphore *self)
{
  self->queue = curator_contender_queue_new ();
}

/**
 * curator_semaphore_new:
 * @client: a client
 * @path: the path that all who use the semaphore agree on, relative to the client's namespace; an invalid one
 * is reported by the calls that use it
 * @max_leases: how many leases there may be at a time; all have to say the same. With 0 acquiring is an error
 *
 * Creates a semaphore. Nothing is sent before it is acquired.
 *
 * Returns: (transfer full): the semaphore
 *
 * Since: 1.0
 */
CuratorSemaphore *
curator_semaphore_new (CuratorFramework *client, const char *path, guint max_leases)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_SEMAPHORE, "client", client, "path", path, "max-leases", max_leases,
                       NULL);
}

/**
 * curator_semaphore_new_with_count:
 * @client: a client
 * @path: the path that all who use the semaphore agree on, relative to the client's namespace; an invalid one
 * is reported by the calls that use it
 * @count: how many leases there may be at a time; it has to be started by the caller, and may belong to
 * another client
 *
 * Creates a semaphore for as many leases as @count says at any time. Before the count is known, and while it
 * is 0 or less, nobody is let in: calls wait.
 *
 * Returns: (transfer full): the semaphore
 *
 * Since: 1.0
 */
CuratorSemaphore *
curator_semaphore_new_with_count (CuratorFramework *client, const char *path, CuratorSharedCount *count)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (curator_shared_count_is_usable (count), NULL);

  return g_object_new (CURATOR_TYPE_SEMAPHORE, "client", client, "path", path, "count", count, NULL);
}

/**
 * curator_semaphore_get_client: (get-property client)
 * @self: a semaphore
 *
 * Gets the client through which leases are acquired.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_semaphore_get_client (CuratorSemaphore *self)
{
  g_return_val_if_fail (CURATOR_IS_SEMAPHORE (self), NULL);

  return self->client;
}

/**
 * curator_semaphore_get_path: (get-property path)
 * @self: a semaphore
 *
 * Gets the path that all who use the semaphore agree on.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_semaphore_get_path (CuratorSemaphore *self)
{
  g_return_val_if_fail (CURATOR_IS_SEMAPHORE (self), NULL);

  return self->path;
}

/**
 * curator_semaphore_get_max_leases: (get-property max-leases)
 * @self: a semaphore
 *
 * Gets how many leases there may be at a time.
 *
 * Returns: the number; of a semaphore with a count 0 before that is known
 *
 * Since: 1.0
 */
guint
curator_semaphore_get_max_leases (CuratorSemaphore *self)
{
  g_return_val_if_fail (CURATOR_IS_SEMAPHORE (self), 0);

  if (self->count == NULL || self->limit == NULL)
    return self->max_leases;
  return curator_semaphore_limit_get (self->limit);
}

/**
 * curator_semaphore_get_count: (get-property count)
 * @self: a semaphore
 *
 * Gets the count that says how many leases there may be at a time.
 *
 * Returns: (transfer none) (nullable): the count; %NULL where the number does not change
 *
 * Since: 1.0
 */
CuratorSharedCount *
curator_semaphore_get_count (CuratorSemaphore *self)
{
  g_return_val_if_fail (CURATOR_IS_SEMAPHORE (self), NULL);

  return self->count;
}
