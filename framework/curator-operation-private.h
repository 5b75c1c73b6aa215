/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-client-config-private.h"
#include "curator-framework-private.h"
#include "curator-request-private.h"
#include "curator-watcher-private.h"

G_BEGIN_DECLS

/* What the public operation classes share: remembered settings, the one way of a terminal call through
 * request, cancellation and delivery, and the results on the way back. */

/* --- settings of a builder --- */

typedef enum
{
  CURATOR_COMPRESSION_AS_CLIENT,
  CURATOR_COMPRESSION_ON,
  CURATOR_COMPRESSION_OFF,
} CuratorCompression;

/* The first value that was refused; reported by every terminal call. */
typedef struct
{
  char *text; /* NULL for none */
  GIOErrorEnum code;
} CuratorRefusal;

/* Keeps the first one only. */
void curator_refusal_set (CuratorRefusal *refusal, GIOErrorEnum code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void curator_refusal_clear (CuratorRefusal *refusal);

/* A copy that the caller's later changes do not reach; NULL with a refusal where it is empty. */
GPtrArray *curator_settings_copy_acl (GPtrArray *acl, CuratorRefusal *refusal);
gint32 curator_settings_check_version (gint32 version, CuratorRefusal *refusal);

/* --- an operation --- */

typedef enum
{
  CURATOR_OPERATION_NONE = 0,
  /* GET_DATA: the result is decompressed in the caller's thread. */
  CURATOR_OPERATION_DECOMPRESS = 1 << 0,
} CuratorOperationFlags;

/* One terminal call, on the caller's stack until it is started. */
typedef struct
{
  CuratorFramework *client; /* borrowed from the builder */
  CuratorRequest *request;  /* owned */
  CuratorOperationFlags flags;
  CuratorWatcher *watcher; /* owned; NULL for none */
  CuratorWatchUse *use;    /* while the request carries its watch */
  GError *error;           /* owned: why it cannot be submitted */
} CuratorOperation;

/* Begins with a request that is to be filled in. Where @refusal (NULL for none) holds one, the
 * operation has that error, and where @client is NULL too. */
void curator_operation_init (CuratorOperation *operation,
                             CuratorFramework *client,
                             CuratorRequestType type,
                             const char *path,
                             const CuratorRefusal *refusal);
G_GNUC_PRINTF (3, 4)
void curator_operation_refuse (CuratorOperation *operation, GIOErrorEnum code, const char *format, ...);
/* @data (NULL for the client's default), compressed if it is to be. */
void curator_operation_set_data (CuratorOperation *operation, GBytes *data, CuratorCompression compression);
/* The same for any other place: NULL with an error. */
GBytes *curator_operation_encode_data (CuratorOperation *operation,
                                       const char *path,
                                       GBytes *data,
                                       CuratorCompression compression);
void curator_operation_set_decompression (CuratorOperation *operation, CuratorCompression compression);
/* The request will carry a watch for @watcher, which may be NULL; or, with REMOVE_WATCHES, remove its
 * watches. */
void
curator_operation_set_watcher (CuratorOperation *operation, CuratorWatcher *watcher, CuratorWatchKind kind);

/* Both take over what the operation owns. The result is the ended request, with its results filled in (they
 * may be stolen), or NULL with an error. */
void curator_operation_run_async (CuratorOperation *operation,
                                  gpointer source_object,
                                  gpointer source_tag,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
CuratorRequest *curator_operation_run_finish (gpointer source_object,
                                              gpointer source_tag,
                                              GAsyncResult *result,
                                              GError **error);
CuratorRequest *
curator_operation_run_sync (CuratorOperation *operation, GCancellable *cancellable, GError **error);

/* The operation of an ended transaction that made it fail, or -1 where none of them did. */
int curator_operation_find_failed_part (CuratorRequest *request);
/* Takes over a result of which nothing but its being there is of interest. */
gboolean curator_operation_take_success (CuratorRequest *request);
/* A stat for the caller, where @stat is not NULL: the request's, or NULL without a request. */
void curator_operation_give_stat (CuratorRequest *request, CuratorStat **stat);

G_END_DECLS
