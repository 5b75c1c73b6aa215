/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-touch-private.h"

#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

#define CHILD_NAME "touch"

struct _CuratorTouch
{
  gatomicrefcount ref_count;
  CuratorKeeper *keeper; /* NULL once stopped */
  CuratorFramework *client;
  gint64 ttl_ms;
  CuratorTimer *timer;
  CuratorRequest *request; /* one at a time */
};

static void touch_schedule (CuratorTouch *touch);

static CuratorTouch *
touch_ref (CuratorTouch *touch)
{
  g_atomic_ref_count_inc (&touch->ref_count);
  return touch;
}

static void
touch_unref (CuratorTouch *touch)
{
  if (!g_atomic_ref_count_dec (&touch->ref_count))
    return;
  g_object_unref (touch->client);
  g_free (touch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorTouch, touch_unref)

static void
touch_submit (CuratorTouch *touch, CuratorRequest *request, CuratorRequestFunc func)
{
  touch->request = request;
  curator_framework_submit (touch->client, request, func, touch_ref (touch));
}

/* What failed is made good by the next time. */
static void
touch_on_created (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorTouch) touch = user_data;

  g_clear_pointer (&touch->request, curator_request_unref);
}

static void
touch_on_written (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorTouch) touch = user_data;
  g_autoptr (CuratorRequest) written = g_steal_pointer (&touch->request);
  g_autoptr (GError) error = NULL;
  CuratorRequest *create;

  if (touch->keeper == NULL || curator_request_check (request, &error) ||
      !g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    return;
  create = curator_request_new (CURATOR_REQUEST_CREATE, written->path);
  create->flags = CURATOR_REQUEST_FLAG_OR_SET_DATA;
  create->mode = CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL;
  create->ttl_ms = touch->ttl_ms;
  touch_submit (touch, create, touch_on_created);
}

static void
touch_on_due (gpointer user_data)
{
  CuratorTouch *touch = user_data;
  g_autofree char *path = curator_keeper_dup_path (touch->keeper);
  g_autofree char *child = NULL;
  CuratorRequest *request;

  touch->timer = NULL;
  touch_schedule (touch);
  if (path == NULL || touch->request != NULL)
    return;
  child = curator_path_make (path, CHILD_NAME);
  request = curator_request_new (CURATOR_REQUEST_SET_DATA, child);
  touch_submit (touch, request, touch_on_written);
}

static void
touch_schedule (CuratorTouch *touch)
{
  touch->timer = curator_loop_add_timer (curator_framework_get_loop (touch->client),
                                         MAX (touch->ttl_ms / 2, 1), touch_on_due, touch);
}

CuratorTouch *
curator_touch_start (CuratorKeeper *keeper, gint64 ttl_ms)
{
  CuratorTouch *touch = g_new0 (CuratorTouch, 1);

  g_atomic_ref_count_init (&touch->ref_count);
  touch->keeper = keeper;
  touch->client = g_object_ref (curator_keeper_get_client (keeper));
  touch->ttl_ms = ttl_ms;
  touch_schedule (touch);
  return touch;
}

void
curator_touch_stop (CuratorTouch *touch)
{
  touch->keeper = NULL;
  curator_loop_cancel_timer (curator_framework_get_loop (touch->client), &touch->timer);
  touch_unref (touch);
}
