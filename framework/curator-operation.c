/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-operation-private.h"

#include <semaphore.h>
#include <zookeeper.h>

#include "curator-path-private.h"
#include "curator-watcher-private.h"

/* --- settings
 * ------------------------------------------------------------------------------------------------ */

void
curator_refusal_set (CuratorRefusal *refusal, GIOErrorEnum code, const char *format, ...)
{
  va_list args;

  if (refusal->text != NULL)
    return;
  va_start (args, format);
  refusal->text = g_strdup_vprintf (format, args);
  va_end (args);
  refusal->code = code;
}

void
curator_refusal_clear (CuratorRefusal *refusal)
{
  g_clear_pointer (&refusal->text, g_free);
}

GPtrArray *
curator_settings_copy_acl (GPtrArray *acl, CuratorRefusal *refusal)
{
  g_autoptr (GPtrArray) copy = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_acl_unref);

  if (acl->len == 0)
    {
      curator_refusal_set (refusal, G_IO_ERROR_INVALID_ARGUMENT, "the access control list is empty");
      return NULL;
    }
  for (guint i = 0; i < acl->len; i++)
    {
      CuratorAcl *entry = g_ptr_array_index (acl, i);

      if (entry == NULL)
        {
          curator_refusal_set (refusal, G_IO_ERROR_INVALID_ARGUMENT,
                               "entry %u of the access control list is NULL", i + 1);
          return NULL;
        }
      g_ptr_array_add (copy, curator_acl_ref (entry));
    }
  return g_steal_pointer (&copy);
}

gint32
curator_settings_check_version (gint32 version, CuratorRefusal *refusal)
{
  if (version >= -1)
    return version;
  curator_refusal_set (refusal, G_IO_ERROR_INVALID_ARGUMENT, "the version %d is less than -1", version);
  return -1;
}

/* --- making an operation
 * ------------------------------------------------------------------------------------- */

void
curator_operation_init (CuratorOperation *operation,
                        CuratorFramework *client,
                        CuratorRequestType type,
                        const char *path,
                        const CuratorRefusal *refusal)
{
  *operation = (CuratorOperation){ .client = client, .request = curator_request_new (type, path) };
  if (client == NULL)
    curator_operation_refuse (operation, G_IO_ERROR_INVALID_ARGUMENT, "the builder was not made by a client");
  if (refusal != NULL && refusal->text != NULL)
    curator_operation_refuse (operation, refusal->code, "%s", refusal->text);
}

void
curator_operation_refuse (CuratorOperation *operation, GIOErrorEnum code, const char *format, ...)
{
  CuratorRequest *request = operation->request;
  const char *name = curator_request_type_to_string (request->type);
  g_autofree char *quoted = NULL;
  g_autofree char *text = NULL;
  va_list args;

  if (operation->error != NULL)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  if (request->path != NULL)
    quoted = curator_path_quote (request->path);
  operation->error = g_error_new (G_IO_ERROR, (int) code, "%s%s%s: %s", name, quoted != NULL ? " " : "",
                                  quoted != NULL ? quoted : "", text);
}

static gboolean
wants_compression (CuratorClientConfig *config, CuratorCompression compression)
{
  return compression == CURATOR_COMPRESSION_ON ||
         (compression == CURATOR_COMPRESSION_AS_CLIENT && config->compression_enabled);
}

GBytes *
curator_operation_encode_data (CuratorOperation *operation,
                               const char *path,
                               GBytes *data,
                               CuratorCompression compression)
{
  CuratorClientConfig *config;

  if (operation->error != NULL)
    return NULL;
  config = curator_framework_get_client_config (operation->client);
  if (data == NULL)
    data = config->default_data;
  if (!wants_compression (config, compression))
    return g_bytes_ref (data);
  return curator_compression_provider_compress (config->compression_provider, path, data, &operation->error);
}

void
curator_operation_set_data (CuratorOperation *operation, GBytes *data, CuratorCompression compression)
{
  CuratorRequest *request = operation->request;

  request->data = curator_operation_encode_data (operation, request->path, data, compression);
}

void
curator_operation_set_decompression (CuratorOperation *operation, CuratorCompression compression)
{
  if (operation->error == NULL &&
      wants_compression (curator_framework_get_client_config (operation->client), compression))
    operation->flags |= CURATOR_OPERATION_DECOMPRESS;
}

void
curator_operation_set_watcher (CuratorOperation *operation, CuratorWatcher *watcher, CuratorWatchKind kind)
{
  if (watcher == NULL || operation->error != NULL)
    return;
  if (curator_watcher_is_cancelled (watcher))
    {
      curator_operation_refuse (operation, G_IO_ERROR_INVALID_ARGUMENT, "the watcher was cancelled");
      return;
    }
  operation->watcher = g_object_ref (watcher);
  operation->request->watch_kind = kind;
}

static void
operation_clear (CuratorOperation *operation)
{
  g_clear_pointer (&operation->request, curator_request_unref);
  g_clear_object (&operation->watcher);
  g_clear_error (&operation->error);
}

/* --- cancellation
 * -------------------------------------------------------------------------------------------- */

typedef struct
{
  CuratorFramework *client;
  CuratorRequest *request;
} Canceller;

static Canceller *
canceller_new (CuratorFramework *client, CuratorRequest *request)
{
  Canceller *canceller = g_new (Canceller, 1);

  canceller->client = g_object_ref (client);
  canceller->request = curator_request_ref (request);
  return canceller;
}

static void
canceller_free (gpointer data)
{
  Canceller *canceller = data;

  curator_request_unref (canceller->request);
  g_object_unref (canceller->client);
  g_free (canceller);
}

static void
cancel_in_loop (gpointer user_data)
{
  Canceller *canceller = user_data;

  curator_request_cancel (canceller->client, canceller->request);
  canceller_free (canceller);
}

/* In the thread that cancels, which may be the loop's: there the request would end, and its caller be told,
 * inside of g_cancellable_cancel (). */
static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Canceller *canceller = user_data;
  CuratorLoop *loop = curator_framework_get_loop (canceller->client);

  if (curator_loop_is_alive (loop))
    curator_loop_defer (loop, cancel_in_loop, canceller_new (canceller->client, canceller->request));
}

/* Undone with g_signal_handler_disconnect (), which unlike g_cancellable_disconnect () never waits for a
 * handler: so the loop can do it, whatever other handlers of the cancellable are doing meanwhile. A handler
 * that still runs has references of its own, and cancelling a request that has ended does nothing. */
static gulong
connect_cancellable (GCancellable *cancellable, CuratorFramework *client, CuratorRequest *request)
{
  return g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), canceller_new (client, request),
                                canceller_free);
}

/* --- results
 * ------------------------------------------------------------------------------------------------- */

/* Before anything is sent. */
static gboolean
is_ready (CuratorOperation *operation, GCancellable *cancellable, GError **error)
{
  CuratorRequest *request = operation->request;

  if (operation->error == NULL && g_cancellable_is_cancelled (cancellable))
    curator_error_set_from_rc (&operation->error, CURATOR_RC_CANCELLED,
                               curator_request_type_to_string (request->type), request->path);
  if (operation->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&operation->error));
  return FALSE;
}

static void
submit (CuratorOperation *operation, CuratorRequestFunc func, gpointer user_data)
{
  CuratorRequest *request = operation->request;
  CuratorWatchHub *hub = NULL;

  if (operation->watcher != NULL)
    hub = curator_watcher_get_hub (operation->watcher);
  if (hub != NULL && request->type == CURATOR_REQUEST_REMOVE_WATCHES)
    {
      curator_watch_hub_submit_removal (hub, operation->client, request, func, user_data);
      return;
    }
  if (hub != NULL)
    request->watch = curator_watch_hub_begin_watch (hub, operation->client, request->path, request->watch_kind,
                                                    &operation->use);
  curator_framework_submit (operation->client, request, func, user_data);
}

/* In the loop. */
static void
note_end (CuratorOperation *operation)
{
  if (operation->use != NULL)
    curator_watch_use_end_request (operation->use);
}

/* Where the whole of a transaction failed, the C client gives its parts all sorts of results. */
int
curator_operation_find_failed_part (CuratorRequest *request)
{
  if (request->rc == 0 || request->rc <= CURATOR_RC_CANCELLED || curator_rc_is_retryable (request->rc))
    return -1;
  for (guint i = 0; i < request->n_parts; i++)
    {
      if (request->parts[i].rc == request->rc)
        return (int) i;
    }
  return -1;
}

static gboolean
check_result (CuratorOperation *operation, GError **error)
{
  CuratorRequest *request = operation->request;

  if (request->type == CURATOR_REQUEST_EXISTS && request->rc == ZNONODE)
    return TRUE;
  if (request->type == CURATOR_REQUEST_REMOVE_WATCHES && request->rc == ZNOWATCHER
      && (request->flags & CURATOR_REQUEST_FLAG_QUIETLY) != 0)
    return TRUE;
  if (request->type == CURATOR_REQUEST_MULTI && curator_operation_find_failed_part (request) >= 0)
    return TRUE;
  return curator_request_check (request, error);
}

static CuratorRequest *
take_result (CuratorOperation *operation, GError **error)
{
  CuratorRequest *request = operation->request;
  GBytes *data;

  if ((operation->flags & CURATOR_OPERATION_DECOMPRESS) != 0)
    {
      CuratorClientConfig *config = curator_framework_get_client_config (operation->client);

      data = curator_compression_provider_decompress (config->compression_provider, request->path,
                                                      request->result_data, error);
      if (data == NULL)
        return NULL;
      g_bytes_unref (request->result_data);
      request->result_data = data;
      operation->flags &= ~(guint) CURATOR_OPERATION_DECOMPRESS;
    }
  return curator_request_ref (request);
}

gboolean
curator_operation_take_success (CuratorRequest *request)
{
  if (request == NULL)
    return FALSE;
  curator_request_unref (request);
  return TRUE;
}

void
curator_operation_give_stat (CuratorRequest *request, CuratorStat **stat)
{
  if (stat != NULL)
    *stat = request != NULL ? curator_stat_copy (&request->stat) : NULL;
}

/* --- asynchronous calls
 * -------------------------------------------------------------------------------------- */

enum
{
  CALL_SUBMITTED,
  CALL_CONNECTED,
  CALL_ENDED,
};

/* The task's data; while the request is under way it holds the task. */
typedef struct
{
  CuratorDeliveryItem item;
  CuratorOperation operation;
  GTask *task;
  gulong cancel_id;
  int state; /* atomic; whoever comes second to it disconnects the cancellable */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  operation_clear (&call->operation);
  g_free (call);
}

/* In the caller's context. */
static void
deliver (CuratorDeliveryItem *item)
{
  Call *call = (Call *) item;
  g_autoptr (GTask) task = g_steal_pointer (&call->task);
  GError *error = NULL;

  if (check_result (&call->operation, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_call_ended (CuratorRequest *request, gpointer user_data)
{
  Call *call = user_data;
  CuratorClientConfig *config = curator_framework_get_client_config (call->operation.client);

  note_end (&call->operation);
  if (__atomic_exchange_n (&call->state, CALL_ENDED, __ATOMIC_ACQ_REL) == CALL_CONNECTED)
    g_clear_signal_handler (&call->cancel_id, g_task_get_cancellable (call->task));
  curator_delivery_post (config->delivery,
                         curator_loop_get_context (curator_framework_get_loop (call->operation.client)),
                         g_task_get_context (call->task), &call->item);
}

/* The request is under way already, and may end at any moment. */
static void
make_cancellable (Call *call, GCancellable *cancellable)
{
  int submitted = CALL_SUBMITTED;

  call->cancel_id = connect_cancellable (cancellable, call->operation.client, call->operation.request);
  if (call->cancel_id == 0)
    return;
  if (!__atomic_compare_exchange_n (&call->state, &submitted, CALL_CONNECTED, FALSE, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
    g_clear_signal_handler (&call->cancel_id, cancellable);
}

void
curator_operation_run_async (CuratorOperation *operation,
                             gpointer source_object,
                             gpointer source_tag,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source_object, cancellable, callback, user_data);
  GError *error = NULL;
  Call *call;

  g_task_set_source_tag (task, source_tag);
  /* What the server did is reported even to a caller that has lost interest; cancelling acts on the request.
   */
  g_task_set_check_cancellable (task, FALSE);
  if (!is_ready (operation, cancellable, &error))
    {
      operation_clear (operation);
      g_task_return_error (task, error);
      return;
    }
  call = g_new0 (Call, 1);
  call->item.func = deliver;
  call->operation = *operation;
  call->task = g_object_ref (task);
  g_task_set_task_data (task, call, call_free);
  submit (&call->operation, on_call_ended, call);
  if (cancellable != NULL)
    make_cancellable (call, cancellable);
}

CuratorRequest *
curator_operation_run_finish (gpointer source_object,
                              gpointer source_tag,
                              GAsyncResult *result,
                              GError **error)
{
  Call *call;

  g_return_val_if_fail (g_task_is_valid (result, source_object), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  call = g_task_get_task_data (G_TASK (result));
  return take_result (&call->operation, error);
}

/* --- synchronous calls
 * --------------------------------------------------------------------------------------- */

typedef struct
{
  CuratorOperation *operation;
  sem_t ended; /* unlike a condition it never wakes a thread up to wait for a lock */
} Waiter;

static void
on_wait_ended (CuratorRequest *request, gpointer user_data)
{
  Waiter *waiter = user_data;

  note_end (waiter->operation);
  sem_post (&waiter->ended);
}

static void
submit_and_wait (CuratorOperation *operation, GCancellable *cancellable)
{
  CuratorLoop *loop = curator_framework_get_loop (operation->client);
  Waiter waiter = { .operation = operation };
  gulong cancel_id = 0;
  gboolean is_visit;

  sem_init (&waiter.ended, 0, 0);
  is_visit = curator_loop_try_enter (loop);
  submit (operation, on_wait_ended, &waiter);
  if (is_visit)
    curator_loop_leave (loop);
  if (cancellable != NULL)
    cancel_id = connect_cancellable (cancellable, operation->client, operation->request);

  while (sem_wait (&waiter.ended) != 0)
    ;

  g_clear_signal_handler (&cancel_id, cancellable);
  sem_destroy (&waiter.ended);
}

/* The path is put into words only where it is needed. */
static void
check_may_block (CuratorOperation *operation)
{
  CuratorLoop *loop = curator_framework_get_loop (operation->client);
  CuratorRequest *request = operation->request;
  const char *name = curator_request_type_to_string (request->type);
  g_autofree char *quoted = NULL;

  if (curator_loop_check_may_block (loop, name, NULL, NULL))
    return;
  if (request->path != NULL)
    quoted = curator_path_quote (request->path);
  curator_loop_check_may_block (loop, name, quoted, &operation->error);
}

CuratorRequest *
curator_operation_run_sync (CuratorOperation *operation, GCancellable *cancellable, GError **error)
{
  CuratorRequest *result = NULL;

  if (operation->error == NULL)
    check_may_block (operation);
  if (is_ready (operation, cancellable, error))
    {
      submit_and_wait (operation, cancellable);
      if (check_result (operation, error))
        result = take_result (operation, error);
    }
  operation_clear (operation);
  return result;
}
