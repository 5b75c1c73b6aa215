/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-server.h"

#ifdef BENCH_WITH_HARNESS

#include <curator-test.h>

/* Tests want short ticks and containers that go away at once; here both would only disturb. */
#define TICK_TIME_MS                2000
#define CONTAINER_CHECK_INTERVAL_MS 600000

struct _BenchServer
{
  CuratorTestServer *server;
};

BenchServer *
bench_server_start (GError **error)
{
  g_autoptr (CuratorTestServer) server =
      g_object_new (CURATOR_TEST_TYPE_SERVER, "tick-time-ms", TICK_TIME_MS, "container-check-interval-ms",
                    CONTAINER_CHECK_INTERVAL_MS, NULL);
  BenchServer *self;

  if (!curator_test_server_start_sync (server, NULL, error))
    return NULL;
  self = g_new0 (BenchServer, 1);
  self->server = g_steal_pointer (&server);
  return self;
}

void
bench_server_free (BenchServer *server)
{
  curator_test_server_stop_sync (server->server, NULL, NULL);
  g_object_unref (server->server);
  g_free (server);
}

const char *
bench_server_get_connect_string (BenchServer *server)
{
  return curator_test_server_get_connect_string (server->server);
}

#else

BenchServer *
bench_server_start (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "built without the test harness that could start a server: give --connect");
  return NULL;
}

void
bench_server_free (BenchServer *server)
{
}

const char *
bench_server_get_connect_string (BenchServer *server)
{
  return "";
}

#endif
