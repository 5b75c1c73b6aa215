/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-test-macros.h"

G_BEGIN_DECLS

/**
 * CuratorTestProxyFlow:
 * @CURATOR_TEST_PROXY_FLOW_NONE: everything passes
 * @CURATOR_TEST_PROXY_FLOW_HOLD_TO_SERVER: what clients send is taken and not passed on
 * @CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT: what the server sends is taken and not passed on
 * @CURATOR_TEST_PROXY_FLOW_HOLD: both, a black hole
 *
 * What a proxy holds back on all of its connections, old and new.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_TEST_PROXY_FLOW_NONE = 0,
  CURATOR_TEST_PROXY_FLOW_HOLD_TO_SERVER = 1 << 0,
  CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT = 1 << 1,
  CURATOR_TEST_PROXY_FLOW_HOLD = 3,
} CuratorTestProxyFlow;

/**
 * CuratorTestProxyDoor:
 * @CURATOR_TEST_PROXY_DOOR_OPEN: new connections are served
 * @CURATOR_TEST_PROXY_DOOR_REFUSED: new connections are refused, as where no server runs
 * @CURATOR_TEST_PROXY_DOOR_IGNORED: new connections are established by the kernel and served by nobody, until
 * the door opens again
 *
 * What a proxy does with new connections.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_TEST_PROXY_DOOR_OPEN,
  CURATOR_TEST_PROXY_DOOR_REFUSED,
  CURATOR_TEST_PROXY_DOOR_IGNORED,
} CuratorTestProxyDoor;

/**
 * CuratorTestProxyCut:
 * @CURATOR_TEST_PROXY_CUT_NONE: nothing happens
 * @CURATOR_TEST_PROXY_CUT_REQUEST: the connection is reset and the request lost before the server has seen it
 * @CURATOR_TEST_PROXY_CUT_REPLY: the request reaches the server; when the server has answered it, the reply
 * is lost and the connection reset
 *
 * How a proxy meets a request that was chosen.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_TEST_PROXY_CUT_NONE,
  CURATOR_TEST_PROXY_CUT_REQUEST,
  CURATOR_TEST_PROXY_CUT_REPLY,
} CuratorTestProxyCut;

/**
 * CURATOR_TEST_PROXY_ANY_OP:
 *
 * In place of the type of a request: any that an application makes, thus no pings, authentications or watches
 * set anew after a reconnect.
 *
 * Since: 1.0
 */
#define CURATOR_TEST_PROXY_ANY_OP 0

#define CURATOR_TEST_TYPE_PROXY_FLOW (curator_test_proxy_flow_get_type ())
CURATOR_TEST_API GType curator_test_proxy_flow_get_type (void);
#define CURATOR_TEST_TYPE_PROXY_DOOR (curator_test_proxy_door_get_type ())
CURATOR_TEST_API GType curator_test_proxy_door_get_type (void);
#define CURATOR_TEST_TYPE_PROXY_CUT (curator_test_proxy_cut_get_type ())
CURATOR_TEST_API GType curator_test_proxy_cut_get_type (void);

#define CURATOR_TEST_TYPE_PROXY (curator_test_proxy_get_type ())
CURATOR_TEST_API
G_DECLARE_FINAL_TYPE (CuratorTestProxy, curator_test_proxy, CURATOR_TEST, PROXY, GObject)

CURATOR_TEST_API CuratorTestProxy *curator_test_proxy_new (guint target_port);
CURATOR_TEST_API gboolean curator_test_proxy_start (CuratorTestProxy *self, GError **error);

CURATOR_TEST_API guint curator_test_proxy_get_target_port (CuratorTestProxy *self);
CURATOR_TEST_API guint curator_test_proxy_get_port (CuratorTestProxy *self);
CURATOR_TEST_API const char *curator_test_proxy_get_connect_string (CuratorTestProxy *self);

CURATOR_TEST_API CuratorTestProxyFlow curator_test_proxy_get_flow (CuratorTestProxy *self);
CURATOR_TEST_API void curator_test_proxy_set_flow (CuratorTestProxy *self, CuratorTestProxyFlow flow);
CURATOR_TEST_API CuratorTestProxyDoor curator_test_proxy_get_door (CuratorTestProxy *self);
CURATOR_TEST_API void curator_test_proxy_set_door (CuratorTestProxy *self, CuratorTestProxyDoor door);
CURATOR_TEST_API guint curator_test_proxy_get_delay_ms (CuratorTestProxy *self);
CURATOR_TEST_API void curator_test_proxy_set_delay_ms (CuratorTestProxy *self, guint delay_ms);

CURATOR_TEST_API void curator_test_proxy_drop_connections (CuratorTestProxy *self, gboolean reset);
CURATOR_TEST_API void curator_test_proxy_cut_next (CuratorTestProxy *self, CuratorTestProxyCut cut, int op);
CURATOR_TEST_API gboolean curator_test_proxy_wait_cut_sync (CuratorTestProxy *self,
                                                            guint timeout_ms,
                                                            GError **error);

CURATOR_TEST_API guint curator_test_proxy_count_connections (CuratorTestProxy *self);
CURATOR_TEST_API guint curator_test_proxy_count_open_connections (CuratorTestProxy *self);
CURATOR_TEST_API guint curator_test_proxy_count_requests (CuratorTestProxy *self, int op);

G_END_DECLS
