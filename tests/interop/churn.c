/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "curator.h"

/* Acquires and releases, or adds one, as fast as it goes, and writes a history of it, as the peers do
 * (README.md): churn CONNECT-STRING SESSION-TIMEOUT-MS KIND PATH MILLISECONDS FILE COUNTER. Prints how often.
 */

enum
{
  READS_PER_WRITE = 3
};

typedef struct
{
  CuratorFramework *client;
  const char *path;
  const char *counter;
  int fd;
  CuratorLeaderLatch *latch; /* whose turn it is */
} Churn;

typedef struct
{
  const char *name;
  const char *what;
  gboolean alone;
  CuratorLease *(*acquire) (Churn *churn, GError **error);
  gboolean (*end) (Churn *churn, GError **error); /* instead of releasing the lease */
  gboolean (*add) (Churn *churn, GError **error); /* instead of all that */
} Kind;

static CuratorLease *
acquire_mutex (Churn *churn, GError **error)
{
  g_autoptr (CuratorMutex) mutex = curator_mutex_new (churn->client, churn->path);

  return curator_mutex_acquire_sync (mutex, -1, NULL, error);
}

static CuratorLease *
acquire_semaphore_mutex (Churn *churn, GError **error)
{
  g_autoptr (CuratorSemaphoreMutex) mutex = curator_semaphore_mutex_new (churn->client, churn->path);

  return curator_semaphore_mutex_acquire_sync (mutex, -1, NULL, error);
}

/* PATH is "LIMIT:PATH". */
static CuratorLease *
acquire_semaphore (Churn *churn, GError **error)
{
  const char *path = strchr (churn->path, ':') + 1;
  g_autoptr (CuratorSemaphore) semaphore =
      curator_semaphore_new (churn->client, path, (guint) g_ascii_strtoull (churn->path, NULL, 10));

  return curator_semaphore_acquire_sync (semaphore, -1, NULL, error);
}

static CuratorLease *
acquire_read (Churn *churn, GError **error)
{
  g_autoptr (CuratorReadWriteLock) lock = curator_read_write_lock_new (churn->client, churn->path);

  return curator_read_write_lock_acquire_read_sync (lock, -1, NULL, error);
}

static CuratorLease *
acquire_write (Churn *churn, GError **error)
{
  g_autoptr (CuratorReadWriteLock) lock = curator_read_write_lock_new (churn->client, churn->path);

  return curator_read_write_lock_acquire_write_sync (lock, -1, NULL, error);
}

/* A leadership may be over before anybody hears of it. */
static CuratorLease *
acquire_latch (Churn *churn, GError **error)
{
  CuratorLease *lease = NULL;

  churn->latch = curator_leader_latch_new (churn->client, churn->path, "ours");
  if (!curator_leader_latch_start (churn->latch, error))
    return NULL;
  while (lease == NULL && curator_leader_latch_await_leadership_sync (churn->latch, -1, NULL, error))
    lease = curator_leader_latch_dup_lease (churn->latch);
  return lease;
}

static gboolean
end_latch (Churn *churn, GError **error)
{
  g_autoptr (CuratorLeaderLatch) latch = g_steal_pointer (&churn->latch);

  return curator_leader_latch_close_sync (latch, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, NULL, error);
}

static CuratorLease *
acquire_selector (Churn *churn, GError **error)
{
  g_autoptr (CuratorLeaderSelector) selector =
      curator_leader_selector_new (churn->client, churn->path, "ours");

  return curator_leader_selector_take_leadership_sync (selector, -1, NULL, error);
}

/* In one go, so that a kill leaves it whole or not at all. */
static gboolean
append (Churn *churn, const char *line, GError **error)
{
  if (write (churn->fd, line, strlen (line)) == (gssize) strlen (line))
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "The history: %s", g_strerror (errno));
  return FALSE;
}

/* Takes the number. */
static gboolean
add_to (Churn *churn, CuratorAtomicNumber *number, GError **error)
{
  g_autoptr (CuratorAtomicNumber) owned = number;
  g_autoptr (CuratorAtomicResult) result = curator_atomic_number_increment_sync (owned, NULL, error);
  g_autofree char *line = NULL;

  if (result == NULL)
    return FALSE;
  line = g_strdup_printf ("%" G_GINT64_FORMAT "\n", curator_atomic_result_get_post_value (result));
  return !curator_atomic_result_get_succeeded (result) || append (churn, line, error);
}

/* Others are as fast; pauses that grew would leave the number to whoever came first. */
static CuratorRetryPolicy *
new_policy (void)
{
  return curator_retry_n_times_new (30, 2);
}

static gboolean
add_to_int (Churn *churn, GError **error)
{
  g_autoptr (CuratorRetryPolicy) policy = new_policy ();

  return add_to (churn, curator_atomic_int_new (churn->client, churn->path, policy), error);
}

/* PATH is "LOCK-PATH:PATH". */
static gboolean
add_to_long (Churn *churn, GError **error)
{
  const char *path = strchr (churn->path, ':') + 1;
  g_autofree char *lock_path = g_strndup (churn->path, (gsize) (path - churn->path) - 1);
  g_autoptr (CuratorRetryPolicy) policy = new_policy ();
  g_autoptr (CuratorRetryPolicy) never = curator_retry_n_times_new (0, 0);

  return add_to (churn, curator_atomic_long_new_promoted (churn->client, path, never, lock_path, -1, policy),
                 error);
}

static const Kind kinds[] = {
  { "mutex", "lock", TRUE, acquire_mutex, NULL, NULL },
  { "semaphore-mutex", "lock", TRUE, acquire_semaphore_mutex, NULL, NULL },
  { "semaphore", "lease", FALSE, acquire_semaphore, NULL, NULL },
  { "read", "read", FALSE, acquire_read, NULL, NULL },
  { "write", "write", TRUE, acquire_write, NULL, NULL },
  { "latch", "leader", TRUE, acquire_latch, end_latch, NULL },
  { "selector", "leader", TRUE, acquire_selector, NULL, NULL },
  { "atomic-int", NULL, FALSE, NULL, NULL, add_to_int },
  { "atomic-long", NULL, FALSE, NULL, NULL, add_to_long },
};

static gint64
get_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static gboolean
read_counter (Churn *churn, gint64 *value, GError **error)
{
  g_autoptr (CuratorGetDataBuilder) get = curator_framework_get_data (churn->client);
  g_autoptr (GBytes) data = curator_get_data_builder_for_path_sync (get, churn->counter, NULL, error);
  g_autofree char *text = NULL;

  if (data == NULL)
    return FALSE;
  text = g_strndup (g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  return g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, value, error);
}

static gboolean
write_counter (Churn *churn, gint64 value, GError **error)
{
  g_autoptr (CuratorSetDataBuilder) set = curator_framework_set_data (churn->client);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  g_autoptr (GBytes) data = g_bytes_new (text, strlen (text));
  g_autoptr (CuratorStat) stat =
      curator_set_data_builder_for_path_sync (set, churn->counter, data, NULL, error);

  return stat != NULL;
}

static gboolean
write_line (Churn *churn,
            const Kind *kind,
            CuratorLease *lease,
            gint64 ns,
            const char *event,
            gint64 value,
            GError **error)
{
  g_autofree char *line = g_strdup_printf (
      "%" G_GINT64_FORMAT " %s %s %s %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT "\n", ns, event, kind->what,
      curator_lease_get_path (lease), curator_lease_get_fencing_token (lease), value);

  return append (churn, line, error);
}

static gboolean
do_turn (Churn *churn, const Kind *kind, GError **error)
{
  g_autoptr (CuratorLease) lease = kind->acquire (churn, error);
  gint64 acquired_ns = get_ns ();
  gint64 value = 0;

  return lease != NULL && read_counter (churn, &value, error) &&
         write_line (churn, kind, lease, acquired_ns, "acquired", value, error) &&
         (!kind->alone || write_counter (churn, value + 1, error)) && read_counter (churn, &value, error) &&
         write_line (churn, kind, lease, get_ns (), "releasing", value, error) &&
         (kind->end != NULL ? kind->end (churn, error) : curator_lease_release_sync (lease, NULL, error));
}

/* "read-write" is one or the other of them at each turn. */
static const Kind *
find_kind (const char *name)
{
  if (g_str_equal (name, "read-write"))
    name = g_random_int_range (0, READS_PER_WRITE + 1) == 0 ? "write" : "read";
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, name))
      return &kinds[i];
  return NULL;
}

static gboolean
run (Churn *churn, const char *name, gint64 duration_ms, const char *stop, GError **error)
{
  gint64 end_ns = get_ns () + duration_ms * 1000000;
  guint n_turns = 0;

  if (find_kind (name) == NULL || churn->fd < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "No kind %s, or no such file", name);
      return FALSE;
    }
  while (get_ns () < end_ns && !g_file_test (stop, G_FILE_TEST_EXISTS))
    {
      const Kind *kind = find_kind (name);

      if (kind->add != NULL ? !kind->add (churn, error) : !do_turn (churn, kind, error))
        return FALSE;
      n_turns++;
    }
  printf ("turns %u\n", n_turns);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (CuratorFrameworkBuilder) builder = NULL;
  g_autoptr (CuratorFramework) client = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *stop = NULL;
  g_autoptr (GError) error = NULL;
  Churn churn = { .fd = -1 };
  gboolean ok;

  if (argc != 8)
    return 2;
  folder = g_path_get_dirname (argv[6]);
  stop = g_build_filename (folder, "stop", NULL);
  builder = curator_framework_builder_new (argv[1]);
  curator_framework_builder_with_session_timeout_ms (builder, (int) g_ascii_strtoll (argv[2], NULL, 10));
  client = curator_framework_builder_build (builder, &error);
  if (client == NULL || !curator_framework_start (client, &error))
    {
      g_printerr ("churn: %s\n", error->message);
      return 1;
    }
  churn.client = client;
  churn.path = argv[4];
  churn.counter = argv[7];
  churn.fd = open (argv[6], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ok = run (&churn, argv[3], g_ascii_strtoll (argv[5], NULL, 10), stop, &error);
  if (!ok)
    g_printerr ("churn: %s\n", error->message);
  g_clear_object (&churn.latch);
  curator_framework_close_sync (client, NULL, NULL);
  if (churn.fd >= 0)
    close (churn.fd);
  return ok ? 0 : 1;
}
