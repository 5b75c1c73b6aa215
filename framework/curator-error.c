/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-error.h"

#include <zookeeper.h>

#include "curator-core-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

/* What servers can answer that the header of the C client does not have. */
#define RC_REQUEST_TIMEOUT (-122)
#define RC_QUOTA_EXCEEDED  (-125)

/**
 * curator_error_quark:
 *
 * Gets the domain of the errors that a server or the connection to it reports.
 *
 * Returns: the domain
 *
 * Since: 1.0
 */
GQuark
curator_error_quark (void)
{
  return g_quark_from_static_string ("curator-error-quark");
}

typedef enum
{
  DOMAIN_CURATOR,
  DOMAIN_IO,
} Domain;

/* How a result is reported. */
typedef struct
{
  int rc;
  Domain domain;
  int code;
  const char *text;
} Report;

static const Report reports[] = {
  { ZSYSTEMERROR, DOMAIN_CURATOR, CURATOR_ERROR_SYSTEM, "the server reported a system error" },
  { ZRUNTIMEINCONSISTENCY, DOMAIN_CURATOR, CURATOR_ERROR_CONNECTION_LOSS, "the connection was lost" },
  { ZDATAINCONSISTENCY, DOMAIN_CURATOR, CURATOR_ERROR_DATA_INCONSISTENCY,
    "the server reported inconsistent data" },
  { ZCONNECTIONLOSS, DOMAIN_CURATOR, CURATOR_ERROR_CONNECTION_LOSS, "the connection was lost" },
  { ZMARSHALLINGERROR, DOMAIN_CURATOR, CURATOR_ERROR_DATA_INCONSISTENCY,
    "a request or reply could not be understood" },
  { ZUNIMPLEMENTED, DOMAIN_CURATOR, CURATOR_ERROR_UNIMPLEMENTED, "the server does not know the operation" },
  { ZOPERATIONTIMEOUT, DOMAIN_CURATOR, CURATOR_ERROR_OPERATION_TIMEOUT, "the server did not answer in time" },
  { ZBADARGUMENTS, DOMAIN_CURATOR, CURATOR_ERROR_BAD_ARGUMENTS, "the server refused the arguments" },
  { ZINVALIDSTATE, DOMAIN_CURATOR, CURATOR_ERROR_SESSION_EXPIRED, "the session is gone" },
  { ZNEWCONFIGNOQUORUM, DOMAIN_CURATOR, CURATOR_ERROR_NEW_CONFIG_NO_QUORUM,
    "the new configuration has no quorum that is connected and in sync" },
  { ZRECONFIGINPROGRESS, DOMAIN_CURATOR, CURATOR_ERROR_RECONFIG_IN_PROGRESS,
    "another reconfiguration is under way" },
  { ZNONODE, DOMAIN_CURATOR, CURATOR_ERROR_NO_NODE, "the node does not exist" },
  { ZNOAUTH, DOMAIN_CURATOR, CURATOR_ERROR_NO_AUTH, "the client may not do that" },
  { ZBADVERSION, DOMAIN_CURATOR, CURATOR_ERROR_BAD_VERSION, "the node has another version" },
  { ZNOCHILDRENFOREPHEMERALS, DOMAIN_CURATOR, CURATOR_ERROR_NO_CHILDREN_FOR_EPHEMERALS,
    "an ephemeral node cannot have children" },
  { ZNODEEXISTS, DOMAIN_CURATOR, CURATOR_ERROR_NODE_EXISTS, "the node exists already" },
  { ZNOTEMPTY, DOMAIN_CURATOR, CURATOR_ERROR_NOT_EMPTY, "the node has children" },
  { ZSESSIONEXPIRED, DOMAIN_CURATOR, CURATOR_ERROR_SESSION_EXPIRED, "the session is gone" },
  { ZINVALIDCALLBACK, DOMAIN_CURATOR, CURATOR_ERROR_BAD_ARGUMENTS, "the callback was refused" },
  { ZINVALIDACL, DOMAIN_CURATOR, CURATOR_ERROR_INVALID_ACL, "the server refused the access control list" },
  { ZAUTHFAILED, DOMAIN_CURATOR, CURATOR_ERROR_AUTH_FAILED, "the server refused the client's credentials" },
  { ZCLOSING, DOMAIN_IO, G_IO_ERROR_CLOSED, "the client was closed" },
  { ZSESSIONMOVED, DOMAIN_CURATOR, CURATOR_ERROR_SESSION_MOVED, "the session moved to another server" },
  { ZNOTREADONLY, DOMAIN_CURATOR, CURATOR_ERROR_NOT_READ_ONLY, "the server is read-only" },
  { ZEPHEMERALONLOCALSESSION, DOMAIN_CURATOR, CURATOR_ERROR_EPHEMERAL_ON_LOCAL_SESSION,
    "a local session cannot own ephemeral nodes" },
  { ZNOWATCHER, DOMAIN_CURATOR, CURATOR_ERROR_NO_WATCHER, "no watch is set there" },
  { RC_REQUEST_TIMEOUT, DOMAIN_CURATOR, CURATOR_ERROR_OPERATION_TIMEOUT,
    "the server did not finish the operation in time" },
  { ZRECONFIGDISABLED, DOMAIN_CURATOR, CURATOR_ERROR_RECONFIG_DISABLED,
    "the server does not allow reconfiguration" },
  { ZSESSIONCLOSEDREQUIRESASLAUTH, DOMAIN_CURATOR, CURATOR_ERROR_AUTH_FAILED,
    "the server wants clients to authenticate and closed the session" },
  { RC_QUOTA_EXCEEDED, DOMAIN_CURATOR, CURATOR_ERROR_QUOTA_EXCEEDED, "a quota was exceeded" },
  { ZTHROTTLEDOP, DOMAIN_CURATOR, CURATOR_ERROR_THROTTLED, "the server is too busy" },
  { CURATOR_RC_CANCELLED, DOMAIN_IO, G_IO_ERROR_CANCELLED, "the operation was cancelled" },
  { CURATOR_RC_CLOSED, DOMAIN_IO, G_IO_ERROR_CLOSED, "the client was closed" },
  { CURATOR_RC_REQUEST_TOO_LARGE, DOMAIN_CURATOR, CURATOR_ERROR_REQUEST_TOO_LARGE,
    "the request is larger than a server accepts" },
  { CURATOR_RC_REPLY_TOO_LARGE, DOMAIN_CURATOR, CURATOR_ERROR_REPLY_TOO_LARGE,
    "the reply is larger than the client accepts" },
  { CURATOR_RC_INVALID_PATH, DOMAIN_IO, G_IO_ERROR_INVALID_ARGUMENT, "the path is not valid" },
  { CURATOR_RC_FORKED, DOMAIN_IO, G_IO_ERROR_CLOSED,
    "the client belongs to the process that this one was forked from" },
  { CURATOR_RC_NOT_SUPPORTED, DOMAIN_IO, G_IO_ERROR_NOT_SUPPORTED, "the operation is not supported" },
  { CURATOR_RC_NOT_STARTED, DOMAIN_IO, G_IO_ERROR_CLOSED, "the client has not been started" },
};

static const Report *
find_report (int rc)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reports); i++)
    {
      if (reports[i].rc == rc)
        return &reports[i];
    }
  return NULL;
}

/* Whether the path was that of a sequential node is not known here; what is wrong for one is wrong for the
 * other. */
static char *
explain_path (const char *path)
{
  char *reason = NULL;

  if (curator_path_validate (path, TRUE, &reason))
    curator_path_validate (path, FALSE, &reason);
  return reason;
}

static char *
describe (int rc, const Report *report, const char *operation, const char *path)
{
  g_autofree char *reason = NULL;

  if (report == NULL)
    return g_strdup_printf ("the server reported the error %d", rc);
  if (report->code == CURATOR_ERROR_SYSTEM && report->domain == DOMAIN_CURATOR)
    return g_strdup_printf ("%s (%d)", report->text, rc);
  if (rc == ZNONODE && g_str_equal (operation, "create"))
    return g_strdup ("the parent does not exist");
  if (rc == CURATOR_RC_INVALID_PATH)
    reason = explain_path (path);
  return reason == NULL ? g_strdup (report->text) : g_strdup_printf ("%s: %s", report->text, reason);
}

/* Any thread. @path may be anything, or NULL where the operation has none. */
void
curator_error_set_from_rc (GError **error, int rc, const char *operation, const char *path)
{
  const Report *report = find_report (rc);
  g_autofree char *quoted = path == NULL ? NULL : curator_path_quote (path);
  g_autofree char *text = NULL;
  GQuark domain = CURATOR_ERROR;
  int code = CURATOR_ERROR_SYSTEM;

  g_return_if_fail (rc != 0);
  g_return_if_fail (operation != NULL);

  text = describe (rc, report, operation, path);
  if (report != NULL)
    {
      domain = report->domain == DOMAIN_IO ? G_IO_ERROR : CURATOR_ERROR;
      code = report->code;
    }
  if (quoted == NULL)
    g_set_error (error, domain, code, "%s: %s", operation, text);
  else
    g_set_error (error, domain, code, "%s %s: %s", operation, quoted, text);
}

gboolean
curator_rc_is_retryable (int rc)
{
  const Report *report = find_report (rc);

  if (report == NULL || report->domain != DOMAIN_CURATOR)
    return FALSE;
  return report->code == CURATOR_ERROR_CONNECTION_LOSS || report->code == CURATOR_ERROR_OPERATION_TIMEOUT ||
         report->code == CURATOR_ERROR_SESSION_MOVED || report->code == CURATOR_ERROR_SESSION_EXPIRED ||
         report->code == CURATOR_ERROR_THROTTLED;
}
