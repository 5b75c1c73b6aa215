/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <zookeeper.h>

G_BEGIN_DECLS

/* One session of the multi-threaded C client. */
typedef struct
{
  zhandle_t *zh;
  GMutex mutex;
  GCond changed;
  int state; /* guarded by mutex */
} RawSession;

/* Returns when it is connected. With @tuned it does not look its servers' names up before each time it waits,
 * as it does by default, which is most of what it costs under load. */
RawSession *raw_session_open (const char *connect, gboolean tuned, GError **error);
/* After it no callback runs any more. */
void raw_session_close (RawSession *session);

/* Blocking; never in a callback. */
gboolean
raw_session_create (RawSession *session, const char *path, const char *data, guint length, GError **error);
gboolean raw_session_delete (RawSession *session, const char *path, GError **error);

/* FALSE with an error, where @rc is not ZOK. */
gboolean raw_check (int rc, const char *operation, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawSession, raw_session_close)

G_END_DECLS
