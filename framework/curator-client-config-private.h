/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-acl-provider.h"
#include "curator-compression-provider.h"
#include "curator-connect-string-private.h"
#include "curator-delivery-private.h"
#include "curator-framework.h"
#include "curator-net-private.h"
#include "curator-retry-policy.h"

G_BEGIN_DECLS

/* Everything that a client is told when it is built: checked, complete, and not changed afterwards, so that
 * any thread may read it. */

#define CURATOR_DEFAULT_SESSION_TIMEOUT_MS    60000
#define CURATOR_DEFAULT_CONNECTION_TIMEOUT_MS 15000
#define CURATOR_DEFAULT_RETRY_BASE_MS         1000
#define CURATOR_DEFAULT_RETRY_COUNT           3
#define CURATOR_DEFAULT_MAX_CLOSE_WAIT_MS     1000
/* What an unconfigured server accepts (its jute.maxbuffer), less some room for what is around the payload. */
#define CURATOR_DEFAULT_MAX_PACKET_BYTES      1048000
#define CURATOR_DEFAULT_MAX_REPLY_BYTES       (64 * 1024 * 1024)

typedef struct
{
  char *scheme; /* without colon */
  GBytes *auth;
} CuratorAuthInfo;

CuratorAuthInfo *curator_auth_info_new (const char *scheme, GBytes *auth);
void curator_auth_info_free (CuratorAuthInfo *info);

typedef struct
{
  GPtrArray *hosts; /* (element-type CuratorHostPort), at least one */
  char *chroot;     /* a valid path other than "/", or NULL */
  char *namespace_; /* without slashes at its ends, or NULL */
  guint session_timeout_ms;
  guint connection_timeout_ms;
  guint max_close_wait_ms;
  CuratorRetryPolicy *retry_policy;
  GPtrArray *auths;     /* (element-type CuratorAuthInfo), may be empty */
  GBytes *default_data; /* of nodes created without data */
  CuratorAclProvider *acl_provider;
  CuratorCompressionProvider *compression_provider;
  gboolean compression_enabled; /* compress and decompress also where an operation does not ask for it */
  gboolean can_be_read_only;
  gboolean canonical_host_names;
  CuratorConnectionStateErrorPolicy error_policy;
  gsize max_packet_bytes;     /* larger requests are not sent */
  gsize max_reply_bytes;      /* larger replies are dropped */
  GMainContext *main_context; /* the application's; NULL for a worker thread */
  gboolean own_thread;        /* a worker thread of its own instead of the shared one */
  CuratorNet *net;            /* NULL for the real one; not owned */
  CuratorDelivery *delivery;  /* the way from the loop to the callers; the client's and its views' */
  gatomicrefcount ref_count;
} CuratorClientConfig;

/* With the defaults above, without hosts, retry policy, default data and providers. */
CuratorClientConfig *curator_client_config_new (void);
CuratorClientConfig *curator_client_config_copy (CuratorClientConfig *config);
CuratorClientConfig *curator_client_config_ref (CuratorClientConfig *config);
void curator_client_config_unref (CuratorClientConfig *config);

/* Implemented by the client: takes a reference of its own. */
CuratorFramework *curator_framework_new_from_config (CuratorClientConfig *config, GError **error);
/* Any thread. Borrowed, lives as long as the client; the namespace of a view is the view's, not the config's.
 */
CuratorClientConfig *curator_framework_get_client_config (CuratorFramework *client);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorClientConfig, curator_client_config_unref)

G_END_DECLS
