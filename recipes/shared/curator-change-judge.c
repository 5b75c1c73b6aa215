/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-change-judge-private.h"

gboolean
curator_change_request_is_error (CuratorRequest *request, CuratorError code)
{
  g_autoptr (GError) error = NULL;

  return !curator_request_check (request, &error) && g_error_matches (error, CURATOR_ERROR, (int) code);
}

static gboolean
is_conflict (CuratorRequest *request)
{
  return curator_change_request_is_error (request, CURATOR_ERROR_BAD_VERSION) ||
         curator_change_request_is_error (request, CURATOR_ERROR_NODE_EXISTS) ||
         curator_change_request_is_error (request, CURATOR_ERROR_NO_NODE);
}

static gboolean
is_lost (CuratorRequest *request)
{
  return curator_change_request_is_error (request, CURATOR_ERROR_CONNECTION_LOSS) ||
         curator_change_request_is_error (request, CURATOR_ERROR_OPERATION_TIMEOUT) ||
         curator_change_request_is_error (request, CURATOR_ERROR_SESSION_EXPIRED) ||
         curator_change_request_is_error (request, CURATOR_ERROR_REPLY_TOO_LARGE);
}

static gboolean
is_passing (CuratorRequest *request)
{
  return curator_change_request_is_error (request, CURATOR_ERROR_SESSION_MOVED) ||
         curator_change_request_is_error (request, CURATOR_ERROR_THROTTLED);
}

CuratorChangeEvent
curator_change_judge_write (CuratorRequest *request)
{
  if (request->rc == 0)
    return CURATOR_CHANGE_EVENT_WRITTEN;
  if (is_conflict (request))
    return CURATOR_CHANGE_EVENT_CONFLICT;
  if (is_passing (request) || (is_lost (request) && request->attempts == 0))
    return CURATOR_CHANGE_EVENT_UNSENT;
  return is_lost (request) ? CURATOR_CHANGE_EVENT_LOST : CURATOR_CHANGE_EVENT_REFUSED;
}

/* A state of the node is known by the transaction that brought it about; a server that lags behind may show
 * an older one, which then is of no use to the next write either. */

static CuratorChangeEvent
judge_set (const CuratorStat *before, GBytes *after, const CuratorStat *now, GBytes *data)
{
  if (now == NULL)
    return CURATOR_CHANGE_EVENT_UNCLEAR;
  if (now->mzxid <= before->mzxid)
    return CURATOR_CHANGE_EVENT_UNTOUCHED;
  if (now->czxid == before->czxid && (guint32) now->version == (guint32) before->version + 1 &&
      !g_bytes_equal (data, after))
    return CURATOR_CHANGE_EVENT_OVERTAKEN;
  return CURATOR_CHANGE_EVENT_UNCLEAR;
}

CuratorChangeEvent
curator_change_judge_check (const CuratorStat *before, GBytes *after, const CuratorStat *now, GBytes *data)
{
  /* Whatever is there now, ours may have been there and been deleted. */
  if (before == NULL)
    return CURATOR_CHANGE_EVENT_UNCLEAR;
  return judge_set (before, after, now, data);
}
