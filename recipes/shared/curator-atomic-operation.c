/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-atomic-operation-private.h"

#include "curator-atomic-result-private.h"
#include "curator-change-private.h"
#include "curator-number-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

static const char *
get_name (CuratorAtomicKind kind)
{
  static const char *const names[] = {
    [CURATOR_ATOMIC_GET] = "get",
    [CURATOR_ATOMIC_INCREMENT] = "increment",
    [CURATOR_ATOMIC_DECREMENT] = "decrement",
    [CURATOR_ATOMIC_ADD] = "add to",
    [CURATOR_ATOMIC_SUBTRACT] = "subtract from",
    [CURATOR_ATOMIC_TRY_SET] = "try to set",
    [CURATOR_ATOMIC_COMPARE_AND_SET] = "compare and set",
    [CURATOR_ATOMIC_INITIALIZE] = "initialize",
    [CURATOR_ATOMIC_FORCE_SET] = "set",
  };

  return names[kind];
}

/* As in Java, no data are 0. */
static gboolean
read_number (const CuratorAtomicOperation *self, GBytes *data, gint64 *number, GError **error)
{
  g_autofree char *path = NULL;

  *number = 0;
  if (data == NULL || g_bytes_get_size (data) == 0 || curator_number_from_bytes (data, self->size, number))
    return TRUE;
  path = curator_path_quote (self->path);
  g_set_error (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY,
               "%s %s: there are %" G_GSIZE_FORMAT " bytes of data instead of %" G_GSIZE_FORMAT,
               get_name (self->kind), path, g_bytes_get_size (data), self->size);
  return FALSE;
}

GBytes *
curator_atomic_operation_compute (const CuratorAtomicOperation *self, GBytes *current, GError **error)
{
  gint64 number;

  if (!read_number (self, current, &number, error))
    return NULL;
  switch (self->kind)
    {
    case CURATOR_ATOMIC_INCREMENT:
    case CURATOR_ATOMIC_DECREMENT:
    case CURATOR_ATOMIC_ADD:
      return curator_number_to_bytes (curator_number_add (number, self->a, self->size), self->size);
    case CURATOR_ATOMIC_SUBTRACT:
      return curator_number_to_bytes (curator_number_subtract (number, self->a, self->size), self->size);
    case CURATOR_ATOMIC_TRY_SET:
      return curator_number_to_bytes (self->a, self->size);
    case CURATOR_ATOMIC_COMPARE_AND_SET:
      return current != NULL && number == self->a ? curator_number_to_bytes (self->b, self->size) : NULL;
    case CURATOR_ATOMIC_INITIALIZE:
      return current == NULL ? curator_number_to_bytes (self->a, self->size) : NULL;
    case CURATOR_ATOMIC_GET:
    case CURATOR_ATOMIC_FORCE_SET:
    default:
      return NULL;
    }
}

/* As a change */

static GBytes *
compute (GBytes *current, gpointer data, GError **error)
{
  return curator_atomic_operation_compute (data, current, error);
}

static void
operation_free (gpointer data)
{
  CuratorAtomicOperation *operation = data;

  g_free ((char *) operation->path);
  g_free (operation);
}

/* The copy is for computing alone. */
static CuratorAtomicOperation *
operation_copy (const CuratorAtomicOperation *self)
{
  CuratorAtomicOperation *copy = g_memdup2 (self, sizeof *self);

  copy->path = g_strdup (self->path);
  return copy;
}

static gboolean
check (const CuratorAtomicOperation *self, GError **error)
{
  g_autofree char *path = curator_path_quote (self->path);

  if (!curator_number_fits (self->a, self->size) || !curator_number_fits (self->b, self->size))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s %s: the number does not fit in %" G_GSIZE_FORMAT " bytes", get_name (self->kind), path,
                 self->size);
  else if (self->lock_path != NULL && !curator_path_validate (self->lock_path, FALSE, NULL))
    curator_error_set_from_rc (error, CURATOR_RC_INVALID_PATH, "acquire", self->lock_path);
  else if (self->lock_timeout_ms < -1)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s %s: the time-out of the lock is %" G_GINT64_FORMAT " ms", get_name (self->kind), path,
                 self->lock_timeout_ms);
  else
    return TRUE;
  return FALSE;
}

/* Frees nothing of @self. What others have written is overlooked neither by who asks nor by who compares. */
static CuratorChangeOptions
make_options (const CuratorAtomicOperation *self, GBytes *wanted)
{
  gboolean is_forced = self->kind == CURATOR_ATOMIC_FORCE_SET;

  return (CuratorChangeOptions){
    .client = self->client,
    .operation = get_name (self->kind),
    .path = self->path,
    .type = is_forced ? CURATOR_CHANGE_FORCED_OR_CREATED : CURATOR_CHANGE_COMPUTED,
    .is_fresh = self->kind == CURATOR_ATOMIC_GET || self->kind == CURATOR_ATOMIC_COMPARE_AND_SET,
    .compute = compute,
    .wanted = is_forced ? wanted : NULL,
    .policy = self->policy,
    .lock_path = self->lock_path,
    .lock_timeout_ms = self->lock_timeout_ms,
    .lock_policy = self->lock_policy,
    .data = operation_copy (self),
    .free_data = operation_free
  };
}

/* Takes the outcome. */
static CuratorAtomicResult *
make_result (const CuratorAtomicOperation *self, CuratorChangeOutcome *outcome, GError **error)
{
  g_autoptr (CuratorChangeOutcome) owned = outcome;
  gint64 before, after;

  if (owned == NULL || !read_number (self, owned->before, &before, error))
    return NULL;
  if (!owned->applied)
    return curator_atomic_result_new (self->kind == CURATOR_ATOMIC_GET, before, before);
  if (!read_number (self, owned->after, &after, error))
    return NULL;
  return curator_atomic_result_new (TRUE, before, after);
}

void
curator_atomic_operation_async (const CuratorAtomicOperation *self,
                                gpointer source_object,
                                gpointer source_tag,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GBytes) wanted = curator_number_to_bytes (self->a, self->size);
  CuratorChangeOptions options;
  GError *error = NULL;

  if (!check (self, &error))
    {
      g_task_report_error (source_object, callback, user_data, source_tag, error);
      return;
    }
  options = make_options (self, wanted);
  curator_change_async (&options, source_object, source_tag, cancellable, callback, user_data);
}

CuratorAtomicResult *
curator_atomic_operation_finish (const CuratorAtomicOperation *self,
                                 gpointer source_object,
                                 gpointer source_tag,
                                 GAsyncResult *result,
                                 GError **error)
{
  return make_result (self, curator_change_finish (source_object, source_tag, result, error), error);
}

static CuratorChangeOutcome *
run_sync (const CuratorAtomicOperation *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) wanted = curator_number_to_bytes (self->a, self->size);
  CuratorChangeOptions options;

  if (!check (self, error))
    return NULL;
  options = make_options (self, wanted);
  return curator_change_sync (&options, cancellable, error);
}

CuratorAtomicResult *
curator_atomic_operation_sync (const CuratorAtomicOperation *self, GCancellable *cancellable, GError **error)
{
  return make_result (self, run_sync (self, cancellable, error), error);
}

gboolean
curator_atomic_operation_finish_forced (const CuratorAtomicOperation *self,
                                        gpointer source_object,
                                        gpointer source_tag,
                                        GAsyncResult *result,
                                        GError **error)
{
  g_autoptr (CuratorChangeOutcome) outcome = curator_change_finish (source_object, source_tag, result, error);

  return outcome != NULL;
}

gboolean
curator_atomic_operation_sync_forced (const CuratorAtomicOperation *self,
                                      GCancellable *cancellable,
                                      GError **error)
{
  g_autoptr (CuratorChangeOutcome) outcome = run_sync (self, cancellable, error);

  return outcome != NULL;
}
