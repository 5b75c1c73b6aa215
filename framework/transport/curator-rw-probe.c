/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-rw-probe-private.h"

#include <errno.h>
#include <string.h>

#define FIRST_INTERVAL_MS 200
#define MAX_INTERVAL_MS 60000
#define POLL_INTERVAL_MS 20
#define ANSWER_TIMEOUT_MS 1000
#define QUESTION "isro"
#define ANSWER_LENGTH 2

struct _CuratorRwProbe
{
  CuratorLoop *loop;
  CuratorEnsemble *ensemble;
  CuratorRwProbeFunc func;
  gpointer user_data;
  CuratorTimer *timer;
  CuratorNetStream *stream;
  gint64 give_up_us;
  gint64 interval_ms;
  gboolean asked;
  char *label;
  char answer[ANSWER_LENGTH];
  gsize answered;
};

static void on_interval (gpointer user_data);

static void
close_stream (CuratorRwProbe *probe)
{
  CuratorNetStream *stream = g_steal_pointer (&probe->stream);

  if (stream != NULL)
    stream->klass->close (stream);
  g_clear_pointer (&probe->label, g_free);
}

static void
schedule (CuratorRwProbe *probe)
{
  close_stream (probe);
  probe->timer = curator_loop_add_timer (probe->loop, probe->interval_ms, on_interval, probe);
  probe->interval_ms = MIN (probe->interval_ms * 2, MAX_INTERVAL_MS);
}

/* Sends the question once the stream is up, and reads the answer: TRUE once it is complete. */
static gboolean
converse (CuratorRwProbe *probe)
{
  CuratorNetStream *stream = probe->stream;
  gssize n;

  if (!probe->asked)
    probe->asked = stream->klass->send (stream, QUESTION, strlen (QUESTION)) == (gssize) strlen (QUESTION);
  if (!probe->asked)
    return FALSE;
  n = stream->klass->recv (stream, probe->answer + probe->answered, ANSWER_LENGTH - probe->answered);
  if (n > 0)
    probe->answered += (gsize) n;
  return probe->answered == ANSWER_LENGTH;
}

static void
on_poll (gpointer user_data)
{
  CuratorRwProbe *probe = user_data;
  int status = probe->stream->klass->status (probe->stream);

  probe->timer = NULL;
  if (status == 0 && converse (probe))
    {
      if (memcmp (probe->answer, "rw", ANSWER_LENGTH) == 0)
        {
          g_autofree char *label = g_steal_pointer (&probe->label);

          close_stream (probe);
          probe->func (label, probe->user_data);
          return;
        }
      schedule (probe);
    }
  else if ((status != 0 && status != EINPROGRESS) || curator_loop_now_us (probe->loop) >= probe->give_up_us)
    {
      schedule (probe);
    }
  else
    {
      probe->timer = curator_loop_add_timer (probe->loop, POLL_INTERVAL_MS, on_poll, probe);
    }
}

static void
on_endpoint (const struct sockaddr *address, socklen_t length, const char *label, const GError *error,
             gpointer user_data)
{
  CuratorRwProbe *probe = user_data;
  CuratorNet *net = curator_loop_get_net (probe->loop);

  if (error != NULL)
    {
      schedule (probe);
      return;
    }
  probe->label = g_strdup (label);
  probe->asked = FALSE;
  probe->answered = 0;
  probe->give_up_us = curator_loop_now_us (probe->loop) + ANSWER_TIMEOUT_MS * (gint64) 1000;
  probe->stream = net->connect (net, address, length);
  probe->timer = curator_loop_add_timer (probe->loop, POLL_INTERVAL_MS, on_poll, probe);
}

static void
on_interval (gpointer user_data)
{
  CuratorRwProbe *probe = user_data;

  probe->timer = NULL;
  curator_ensemble_next (probe->ensemble, on_endpoint, probe);
}

CuratorRwProbe *
curator_rw_probe_new (CuratorLoop *loop, CuratorEnsemble *ensemble, CuratorRwProbeFunc func, gpointer user_data)
{
  CuratorRwProbe *probe = g_new0 (CuratorRwProbe, 1);

  probe->loop = loop;
  probe->ensemble = ensemble;
  probe->func = func;
  probe->user_data = user_data;
  probe->interval_ms = FIRST_INTERVAL_MS;
  schedule (probe);
  return probe;
}

void
curator_rw_probe_free (CuratorRwProbe *probe)
{
  curator_loop_cancel_timer (probe->loop, &probe->timer);
  curator_ensemble_cancel_next (probe->ensemble, probe);
  close_stream (probe);
  g_free (probe);
}
