/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-acl.h"
#include "curator-enums.h"
#include "curator-error.h"
#include "curator-framework.h"
#include "curator-stat.h"

G_BEGIN_DECLS

/* The inside of every operation: a plain, reference-counted record that is filled in by whoever asks, submitted
 * once, and called back exactly once in the client's loop. The public builders, the caches and the recipes are
 * all made of these; a request costs no GObject, no GTask and no thread hop of its own.
 *
 * Requests submitted while connected reach the server in the order of their submission, so that they can be
 * pipelined. A request that fails with a retryable error is tried again as the client's retry policy says. */

typedef enum
{
  CURATOR_REQUEST_CREATE,
  CURATOR_REQUEST_DELETE,
  CURATOR_REQUEST_EXISTS,
  CURATOR_REQUEST_GET_DATA,
  CURATOR_REQUEST_SET_DATA,
  CURATOR_REQUEST_GET_CHILDREN,
  CURATOR_REQUEST_GET_ACL,
  CURATOR_REQUEST_SET_ACL,
  CURATOR_REQUEST_SYNC,
  CURATOR_REQUEST_GET_CONFIG,
  CURATOR_REQUEST_RECONFIG,
  CURATOR_REQUEST_MULTI,
  CURATOR_REQUEST_REMOVE_WATCHES,
} CuratorRequestType;

/* Which watches of a path REMOVE_WATCHES removes. */
typedef enum
{
  CURATOR_WATCH_KIND_CHILDREN = 1,
  CURATOR_WATCH_KIND_DATA = 2,
  CURATOR_WATCH_KIND_ANY = 3,
} CuratorWatchKind;

typedef enum
{
  CURATOR_REQUEST_FLAG_NONE = 0,
  /* CREATE: missing parents are created, as containers with CONTAINER_PARENTS. */
  CURATOR_REQUEST_FLAG_PARENTS = 1 << 0,
  CURATOR_REQUEST_FLAG_CONTAINER_PARENTS = 1 << 1,
  /* CREATE: the name carries a GUID, by which the node is found again after a lost reply. */
  CURATOR_REQUEST_FLAG_PROTECTED = 1 << 2,
  /* CREATE: where the node exists already, its data are set instead. */
  CURATOR_REQUEST_FLAG_OR_SET_DATA = 1 << 3,
  /* CREATE, DELETE, SET_DATA: after a retry, finding the wanted outcome already there is success. */
  CURATOR_REQUEST_FLAG_IDEMPOTENT = 1 << 4,
  /* DELETE: after a failure the node is deleted in the background, until it is gone or the client closed. */
  CURATOR_REQUEST_FLAG_GUARANTEED = 1 << 5,
  /* DELETE: the node's children are deleted too. */
  CURATOR_REQUEST_FLAG_CHILDREN = 1 << 6,
  /* DELETE, REMOVE_WATCHES: nothing to remove is success. */
  CURATOR_REQUEST_FLAG_QUIETLY = 1 << 7,
  /* The path is the server's: no namespace and no chroot is put before it. */
  CURATOR_REQUEST_FLAG_ABSOLUTE = 1 << 8,
  /* Fails at once with a connection loss while not connected, and is never tried again. */
  CURATOR_REQUEST_FLAG_NO_RETRY = 1 << 9,
  /* Only for the session that is current at the submission: once that is over, SESSION_EXPIRED. */
  CURATOR_REQUEST_FLAG_THIS_SESSION = 1 << 10,
} CuratorRequestFlags;

/* A part of a MULTI request. */
typedef struct
{
  CuratorRequestType type; /* CREATE, DELETE, SET_DATA, EXISTS (a version check) */
  char *path;        /* as the caller wrote it */
  char *server_path; /* filled in at the submission */
  GBytes *data;
  GPtrArray *acl;
  gint32 version;
  CuratorCreateMode mode;
  /* results */
  int rc;
  char *result_path;
  CuratorStat stat;
} CuratorMultiPart;

typedef struct _CuratorRequest CuratorRequest;
typedef struct _CuratorWatch CuratorWatch;
typedef void (*CuratorRequestFunc) (CuratorRequest *request, gpointer user_data);

struct _CuratorRequest
{
  /* What to do; set between curator_request_new () and the submission, not changed afterwards. */
  CuratorRequestType type;
  CuratorRequestFlags flags;
  char *path;              /* as the caller wrote it, relative to the client's namespace */
  char *server_path;       /* filled in at the submission; what transport, core and procedures work with */
  char *watch_prefix;      /* likewise: what comes before the paths that the watch is to see */
  GBytes *data;            /* CREATE: NULL for the client's default; SET_DATA: NULL for none */
  GPtrArray *acl;          /* CREATE, SET_ACL: NULL for the ACL provider's */
  gint32 version;          /* DELETE, SET_DATA, SET_ACL: -1 for any */
  CuratorCreateMode mode;  /* CREATE */
  gint64 ttl_ms;           /* CREATE with a TTL mode */
  CuratorWatch *watch;     /* EXISTS, GET_DATA, GET_CHILDREN, GET_CONFIG: owned reference, or NULL */
  CuratorWatchKind watch_kind; /* REMOVE_WATCHES */
  CuratorMultiPart *parts; /* MULTI: owned, with n_parts */
  guint n_parts;
  char *joining, *leaving, *members; /* RECONFIG */
  gint64 from_config;                /* RECONFIG: -1 for any */
  char guid[40];           /* CREATE protected: filled in at the first submission, changes with the session */

  /* What came of it; valid in the callback and after it. */
  int rc;                  /* 0, a ZooKeeper error number (negative), or one of CURATOR_RC_* */
  char *result_path;       /* CREATE: relative to the client's namespace */
  GBytes *result_data;     /* GET_DATA, GET_CONFIG, RECONFIG; never NULL on success */
  GStrv result_children;   /* GET_CHILDREN */
  GPtrArray *result_acl;   /* GET_ACL */
  CuratorStat stat;        /* CREATE, EXISTS, GET_DATA, SET_DATA, GET_CHILDREN, GET_ACL, SET_ACL */
  gint64 session_id;       /* the session in which the last attempt was answered */
  guint attempts;          /* how often it was sent */

  /* Private to the framework: the submitter's callback, the core's, the procedure's state, the session's. */
  CuratorRequestFunc client_func;
  gpointer client_data;
  struct _CuratorFramework *client;
  CuratorRequestFunc core_func;
  gpointer core_data;
  gpointer procedure;
  struct _CuratorCore *core;
  struct _CuratorSession *session;
  struct _CuratorTimer *retry_timer;
  GList link; /* in the core's waiting queue or list of active requests */
  gint64 started_us, deadline_us, bound_session_id;
  guint retries;
  guint8 phase;
  int reply_rc;       /* what the session was answered last, also after the request was abandoned */
  gboolean abandoned; /* called back while the server may still answer */
  gboolean held;      /* until the client's namespace is there */
  gboolean started;   /* the loop has seen it */
  gboolean renewed_namespace; /* a create that found no parent, for the second time under way */
  gatomicrefcount ref_count;
};

/* Results beside ZooKeeper's numbers. */
#define CURATOR_RC_CANCELLED (-9001)
#define CURATOR_RC_CLOSED (-9002)
#define CURATOR_RC_REQUEST_TOO_LARGE (-9003)
#define CURATOR_RC_REPLY_TOO_LARGE (-9004)
#define CURATOR_RC_INVALID_PATH (-9005)
#define CURATOR_RC_FORKED (-9006)
#define CURATOR_RC_NOT_SUPPORTED (-9007)
#define CURATOR_RC_NOT_STARTED (-9008)

CuratorRequest *curator_request_new (CuratorRequestType type, const char *path);
CuratorRequest *curator_request_ref (CuratorRequest *request);
void curator_request_unref (CuratorRequest *request);

/* Any thread. @func is called exactly once, in the client's loop, never from inside this call when that is made
 * outside the loop; inside the loop neither (a failure that is known at once is deferred). Takes no reference of
 * the caller's: the framework holds its own until after the callback. */
void curator_framework_submit (CuratorFramework *client, CuratorRequest *request, CuratorRequestFunc func,
                               gpointer user_data);
/* Any thread. The callback comes at once (in the loop) with CURATOR_RC_CANCELLED unless it has come already. What
 * the server may still do is undone where it can be: a protected create's node is found and deleted, a
 * guaranteed delete goes on. */
void curator_request_cancel (CuratorFramework *client, CuratorRequest *request);

/* FALSE with an error that names the operation and the path, where request->rc is not 0. */
gboolean curator_request_check (CuratorRequest *request, GError **error);
/* The same for an rc of another source. */
void curator_error_set_from_rc (GError **error, int rc, const char *operation, const char *path);
const char *curator_request_type_to_string (CuratorRequestType type);
gboolean curator_create_mode_is_ephemeral (CuratorCreateMode mode);
/* The server appends a number to the name, which may be empty. */
gboolean curator_create_mode_is_sequential (CuratorCreateMode mode);

/* Watches. A watch is armed by the request that carries it, and fires in the loop. A one-shot watch fires once; an
 * armed one that the session's end takes away fires with CURATOR_WATCHED_EVENT_TYPE_NONE. The framework carries
 * watches over reconnects within the session. @path is relative to the namespace of the client. */
typedef void (*CuratorWatchFunc) (CuratorWatch *watch, CuratorWatchedEventType type, const char *path,
                                  gpointer user_data);
/* With @rearm the framework arms it again after each event and in each new session (with a read of its own). */
CuratorWatch *curator_watch_new (gboolean rearm, CuratorWatchFunc func, gpointer user_data, GDestroyNotify destroy);
CuratorWatch *curator_watch_ref (CuratorWatch *watch);
void curator_watch_unref (CuratorWatch *watch);
/* Loop only: never fires again; where it was the last on its path, the server's watch is removed as well. */
void curator_watch_cancel (CuratorWatch *watch);
gboolean curator_watch_is_armed (CuratorWatch *watch);

/* FALSE for what is no client, or one that no builder made: nothing can be done with it. Any thread. */
gboolean curator_framework_is_built (CuratorFramework *self);

/* Loop only, after a reconnection: nothing that is submitted from now on is answered by a member that has not heard of
 * what happened before, as it might where the client was with another one then. Costs one request in each connection,
 * however often it is asked for; is waited for by the requests behind it, and not by the caller. */
void curator_framework_catch_up (CuratorFramework *client);

/* How long an operation waits for a connection before the retry policy is asked. */
gint64 curator_framework_get_connection_timeout_ms (CuratorFramework *client);

/* Loop services for recipes; see transport/curator-loop-private.h. */
struct _CuratorLoop *curator_framework_get_loop (CuratorFramework *client);

/* Loop only: called at once and in order, before any request of the new state is answered. The state when the
 * listener is added is not reported. Returns an id for the removal, never 0. */
typedef void (*CuratorStateFunc) (CuratorConnectionState state, gpointer user_data);
guint curator_framework_add_state_listener (CuratorFramework *client, CuratorStateFunc func, gpointer user_data);
void curator_framework_remove_state_listener (CuratorFramework *client, guint id);

/* Any thread, lock-free: until when (curator_loop_now_us) the session is sure to live; 0 without one. */
gint64 curator_framework_get_lease_deadline_us (CuratorFramework *client);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorRequest, curator_request_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorWatch, curator_watch_unref)

G_END_DECLS
