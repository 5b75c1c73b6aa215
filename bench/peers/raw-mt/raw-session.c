/* SPDX-License-Identifier: Apache-2.0 */
#include "raw-session.h"

#include <errno.h>

#define SESSION_TIMEOUT_MS 30000
#define CONNECT_TIMEOUT_US ((gint64) 15 * G_USEC_PER_SEC)

static void
on_event (zhandle_t *zh, int type, int state, const char *path, void *context)
{
  RawSession *session = context;

  if (type != ZOO_SESSION_EVENT)
    return;
  g_mutex_lock (&session->mutex);
  session->state = state;
  g_cond_broadcast (&session->changed);
  g_mutex_unlock (&session->mutex);
}

static gboolean
wait_until_connected (RawSession *session)
{
  gint64 deadline = g_get_monotonic_time () + CONNECT_TIMEOUT_US;
  gboolean in_time = TRUE;
  gboolean connected;

  g_mutex_lock (&session->mutex);
  while (session->state != ZOO_CONNECTED_STATE && in_time)
    in_time = g_cond_wait_until (&session->changed, &session->mutex, deadline);
  connected = session->state == ZOO_CONNECTED_STATE;
  g_mutex_unlock (&session->mutex);
  return connected;
}

RawSession *
raw_session_open (const char *connect, gboolean tuned, GError **error)
{
  g_autoptr (RawSession) session = g_new0 (RawSession, 1);

  g_mutex_init (&session->mutex);
  g_cond_init (&session->changed);
  /* Nothing: what goes wrong is in the answer. */
  zoo_set_debug_level ((ZooLogLevel) 0);
  session->zh = zookeeper_init (connect, on_event, SESSION_TIMEOUT_MS, NULL, session, ZOO_NO_LOG_CLIENTENV);
  if (session->zh == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "zookeeper_init %s: %s", connect,
                   g_strerror (errno));
      return NULL;
    }
  if (tuned)
    zoo_set_servers_resolution_delay (session->zh, -1);
  if (!wait_until_connected (session))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no connection to %s", connect);
      return NULL;
    }
  return g_steal_pointer (&session);
}

void
raw_session_close (RawSession *session)
{
  if (session->zh != NULL)
    zookeeper_close (session->zh);
  g_cond_clear (&session->changed);
  g_mutex_clear (&session->mutex);
  g_free (session);
}

gboolean
raw_session_create (RawSession *session, const char *path, const char *data, guint length, GError **error)
{
  int rc = zoo_create (session->zh, path, data, (int) length, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, NULL, 0);

  return raw_check (rc, "create", path, error);
}

gboolean
raw_session_delete (RawSession *session, const char *path, GError **error)
{
  return raw_check (zoo_delete (session->zh, path, -1), "delete", path, error);
}

gboolean
raw_check (int rc, const char *operation, const char *path, GError **error)
{
  if (rc == ZOK)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s %s: %s", operation, path, zerror (rc));
  return FALSE;
}
