/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-shared-private.h"

#include "curator-change-private.h"
#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

void
curator_shared_init (CuratorShared *self, GObject *object, GBytes *seed, const CuratorMirrorOwner *owner)
{
  if (self->client == NULL || self->path == NULL)
    return;
  self->emitter = curator_emitter_new (object);
  self->mirror =
      curator_mirror_new (self->client, self->path, seed, owner, curator_emitter_ref (self->emitter),
                          (GDestroyNotify) curator_emitter_unref);
}

void
curator_shared_clear (CuratorShared *self)
{
  g_clear_pointer (&self->mirror, curator_mirror_unref);
  g_clear_pointer (&self->emitter, curator_emitter_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->client);
}

static void
set_closed_error (CuratorShared *self, const char *operation, GError **error)
{
  g_autofree char *path = curator_path_quote (self->path);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "%s %s: it was closed", operation, path);
}

gboolean
curator_shared_start (CuratorShared *self, GError **error)
{
  g_autofree char *path = curator_path_quote (self->path);

  if (!curator_path_validate (self->path, FALSE, NULL))
    curator_error_set_from_rc (error, CURATOR_RC_INVALID_PATH, "start", self->path);
  else if (!curator_loop_is_alive (curator_framework_get_loop (self->client)))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, "start", self->path);
  else if (g_atomic_int_get (&self->closed))
    set_closed_error (self, "start", error);
  else if (!g_atomic_int_compare_and_exchange (&self->started, FALSE, TRUE))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "start %s: it was started already", path);
  else
    {
      curator_mirror_start (self->mirror);
      return TRUE;
    }
  return FALSE;
}

void
curator_shared_close (CuratorShared *self)
{
  if (self->mirror != NULL && g_atomic_int_compare_and_exchange (&self->closed, FALSE, TRUE))
    curator_mirror_close (self->mirror);
}

static const char *
get_operation (CuratorVersionedValue *expected)
{
  return expected != NULL ? "try to set" : "set";
}

static void
on_applied (const CuratorChangeOutcome *outcome, gpointer data)
{
  curator_mirror_take (data, outcome->after, &outcome->stat);
}

static CuratorChangeOptions
make_options (CuratorShared *self, CuratorVersionedValue *expected, GBytes *value)
{
  return (CuratorChangeOptions){ .client = self->client,
                                 .operation = get_operation (expected),
                                 .path = self->path,
                                 .type = expected != NULL ? CURATOR_CHANGE_KNOWN : CURATOR_CHANGE_FORCED,
                                 .expected = expected,
                                 .wanted = value,
                                 .applied = on_applied,
                                 .data = curator_mirror_ref (self->mirror),
                                 .free_data = (GDestroyNotify) curator_mirror_unref };
}

void
curator_shared_set_async (CuratorShared *self,
                          gpointer source_object,
                          gpointer source_tag,
                          CuratorVersionedValue *expected,
                          GBytes *value,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  CuratorChangeOptions options;
  GError *error = NULL;

  if (g_atomic_int_get (&self->closed))
    {
      set_closed_error (self, get_operation (expected), &error);
      g_task_report_error (source_object, callback, user_data, source_tag, error);
      return;
    }
  options = make_options (self, expected, value);
  curator_change_async (&options, source_object, source_tag, cancellable, callback, user_data);
}

/* Takes the outcome. */
static gboolean
check_outcome (CuratorShared *self, CuratorChangeOutcome *outcome, GError **error)
{
  g_autoptr (CuratorChangeOutcome) owned = outcome;
  g_autofree char *path = NULL;

  if (owned == NULL)
    return FALSE;
  if (owned->applied)
    return TRUE;
  path = curator_path_quote (self->path);
  g_set_error (error, CURATOR_ERROR, CURATOR_ERROR_BAD_VERSION,
               "try to set %s: somebody else has set it meanwhile", path);
  return FALSE;
}

gboolean
curator_shared_set_finish (
    CuratorShared *self, gpointer source_object, gpointer source_tag, GAsyncResult *result, GError **error)
{
  return check_outcome (self, curator_change_finish (source_object, source_tag, result, error), error);
}

gboolean
curator_shared_set_sync (CuratorShared *self,
                         CuratorVersionedValue *expected,
                         GBytes *value,
                         GCancellable *cancellable,
                         GError **error)
{
  CuratorChangeOptions options;

  if (g_atomic_int_get (&self->closed))
    {
      set_closed_error (self, get_operation (expected), error);
      return FALSE;
    }
  options = make_options (self, expected, value);
  return check_outcome (self, curator_change_sync (&options, cancellable, error), error);
}
