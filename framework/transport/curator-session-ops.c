/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-session-ops-private.h"

#include <string.h>

/* Lengths in a packet: the fixed part of any request with room to spare, and of each entry of a list. */
#define PACKET_FIXED 128
#define ENTRY_FIXED 32

/* --- results ----------------------------------------------------------------------------------------------- */

static void
take_stat (CuratorStat *stat, const struct Stat *from)
{
  if (from == NULL)
    return;
  stat->czxid = from->czxid;
  stat->mzxid = from->mzxid;
  stat->pzxid = from->pzxid;
  stat->ctime_ms = from->ctime;
  stat->mtime_ms = from->mtime;
  stat->ephemeral_owner = from->ephemeralOwner;
  stat->version = from->version;
  stat->cversion = from->cversion;
  stat->aversion = from->aversion;
  stat->data_length = from->dataLength;
  stat->num_children = from->numChildren;
}

/* A request that was given up keeps the results it was given up with. */
static gboolean
takes_result (CuratorRequest *request, int rc)
{
  return rc == ZOK && !request->abandoned;
}

static void
on_void (int rc, const void *data)
{
  curator_session_ops_completed ((CuratorRequest *) data, rc);
}

static void
on_string (int rc, const char *value, const void *data)
{
  curator_session_ops_completed ((CuratorRequest *) data, rc);
}

static void
on_created (int rc, const char *value, const struct Stat *stat, const void *data)
{
  CuratorRequest *request = (CuratorRequest *) data;

  if (takes_result (request, rc))
    {
      g_free (request->result_path);
      request->result_path = g_strdup (value);
      take_stat (&request->stat, stat);
    }
  curator_session_ops_completed (request, rc);
}

static void
on_stat (int rc, const struct Stat *stat, const void *data)
{
  CuratorRequest *request = (CuratorRequest *) data;

  if (takes_result (request, rc))
    take_stat (&request->stat, stat);
  curator_session_ops_completed (request, rc);
}

static void
on_acl_set (int rc, const void *data)
{
  CuratorRequest *request = (CuratorRequest *) data;

  request->reply_rc = rc;
}

/* The answer to the exists that follows in the same flight. */
static void
on_acl_stat (int rc, const struct Stat *stat, const void *data)
{
  CuratorRequest *request = (CuratorRequest *) data;

  on_stat (request->reply_rc != ZOK ? request->reply_rc : rc, stat, data);
}

static void
on_data (int rc, const char *value, int length, const struct Stat *stat, const void *data)
{
  CuratorRequest *request = (CuratorRequest *) data;

  if (takes_result (request, rc))
    {
      g_clear_pointer (&request->result_data, g_bytes_unref);
      request->result_data = g_bytes_new (value, MAX (length, 0));
      take_stat (&request->stat, stat);
    }
  curator_session_ops_completed (request, rc);
}

static void
on_children (int rc, const struct String_vector *strings, const struct Stat *stat, const void *data)
{
  CuratorRequest *request = (CuratorRequest *) data;

  if (takes_result (request, rc) && strings != NULL)
    {
      g_clear_pointer (&request->result_children, g_strfreev);
      request->result_children = g_new0 (char *, strings->count + 1);
      for (gint32 i = 0; i < strings->count; i++)
        request->result_children[i] = g_strdup (strings->data[i]);
      take_stat (&request->stat, stat);
    }
  curator_session_ops_completed (request, rc);
}

static void
on_acl (int rc, struct ACL_vector *acl, struct Stat *stat, const void *data)
{
  CuratorRequest *request = (CuratorRequest *) data;

  if (takes_result (request, rc) && acl != NULL)
    {
      g_clear_pointer (&request->result_acl, g_ptr_array_unref);
      request->result_acl = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_acl_unref);
      for (gint32 i = 0; i < acl->count; i++)
        g_ptr_array_add (request->result_acl,
                         curator_acl_new ((CuratorPerms) acl->data[i].perms, acl->data[i].id.scheme,
                                          acl->data[i].id.id));
      take_stat (&request->stat, stat);
    }
  curator_session_ops_completed (request, rc);
}

/* --- access control lists ----------------------------------------------------------------------------------- */

static struct ACL_vector
make_acl (GPtrArray *acl)
{
  struct ACL_vector vector = { 0, NULL };

  if (acl == NULL)
    return ZOO_OPEN_ACL_UNSAFE;
  vector.count = (gint32) acl->len;
  vector.data = g_new (struct ACL, acl->len);
  for (guint i = 0; i < acl->len; i++)
    {
      CuratorAcl *entry = acl->pdata[i];

      vector.data[i].perms = (gint32) curator_acl_get_perms (entry);
      vector.data[i].id.scheme = (char *) curator_acl_get_scheme (entry);
      vector.data[i].id.id = (char *) curator_acl_get_id (entry);
    }
  return vector;
}

static void
clear_acl (struct ACL_vector *vector)
{
  if (vector->data != ZOO_OPEN_ACL_UNSAFE.data)
    g_free (vector->data);
}

static gsize
measure_acl (GPtrArray *acl)
{
  gsize size = ENTRY_FIXED;

  for (guint i = 0; acl != NULL && i < acl->len; i++)
    size += ENTRY_FIXED + strlen (curator_acl_get_scheme (acl->pdata[i])) + strlen (curator_acl_get_id (acl->pdata[i]));
  return size;
}

/* --- transactions ------------------------------------------------------------------------------------------- */

/* What the C client writes the results of a transaction into; has to live until they are there. */
typedef struct
{
  CuratorRequest *request;
  zoo_op_t *ops;
  zoo_op_result_t *results;
  struct ACL_vector *acls;
  struct Stat *stats;
  char **paths;
} Multi;

static void
multi_free (Multi *multi)
{
  for (guint i = 0; i < multi->request->n_parts; i++)
    {
      clear_acl (&multi->acls[i]);
      g_free (multi->paths[i]);
    }
  g_free (multi->ops);
  g_free (multi->results);
  g_free (multi->acls);
  g_free (multi->stats);
  g_free (multi->paths);
  g_free (multi);
}

static void
on_multi (int rc, const void *data)
{
  Multi *multi = (Multi *) data;
  CuratorRequest *request = multi->request;

  for (guint i = 0; i < request->n_parts && !request->abandoned; i++)
    {
      CuratorMultiPart *part = &request->parts[i];

      part->rc = rc == ZOK ? ZOK : multi->results[i].err;
      if (rc != ZOK)
        continue;
      if (part->type == CURATOR_REQUEST_CREATE)
        {
          g_free (part->result_path);
          part->result_path = g_strdup (multi->paths[i]);
        }
      if (part->type == CURATOR_REQUEST_SET_DATA)
        take_stat (&part->stat, &multi->stats[i]);
    }
  multi_free (multi);
  curator_session_ops_completed (request, rc);
}

static void
init_multi_op (Multi *multi, guint i)
{
  CuratorMultiPart *part = &multi->request->parts[i];
  gsize length = 0;
  const char *data = part->data != NULL ? g_bytes_get_data (part->data, &length) : NULL;
  gsize path_size = strlen (part->server_path) + 16; /* the sequence and the NUL */

  switch (part->type)
    {
    case CURATOR_REQUEST_CREATE:
      multi->acls[i] = make_acl (part->acl);
      multi->paths[i] = g_malloc0 (path_size);
      zoo_create_op_init (&multi->ops[i], part->server_path, data != NULL ? data : "", (int) length, &multi->acls[i],
                          (int) part->mode, multi->paths[i], (int) path_size);
      break;
    case CURATOR_REQUEST_DELETE:
      zoo_delete_op_init (&multi->ops[i], part->server_path, part->version);
      break;
    case CURATOR_REQUEST_SET_DATA:
      zoo_set_op_init (&multi->ops[i], part->server_path, data != NULL ? data : "", (int) length, part->version,
                       &multi->stats[i]);
      break;
    default:
      zoo_check_op_init (&multi->ops[i], part->server_path, part->version);
      break;
    }
}

static int
send_multi (zhandle_t *handle, CuratorRequest *request)
{
  Multi *multi = g_new0 (Multi, 1);
  int rc;

  multi->request = request;
  multi->ops = g_new0 (zoo_op_t, request->n_parts);
  multi->results = g_new0 (zoo_op_result_t, request->n_parts);
  multi->acls = g_new0 (struct ACL_vector, request->n_parts);
  multi->stats = g_new0 (struct Stat, request->n_parts);
  multi->paths = g_new0 (char *, request->n_parts);
  for (guint i = 0; i < request->n_parts; i++)
    init_multi_op (multi, i);
  rc = zoo_amulti (handle, (int) request->n_parts, multi->ops, multi->results, on_multi, multi);
  if (rc != ZOK)
    multi_free (multi);
  return rc;
}

static gsize
measure_multi (CuratorRequest *request)
{
  gsize size = 0;

  for (guint i = 0; i < request->n_parts; i++)
    {
      CuratorMultiPart *part = &request->parts[i];

      size += ENTRY_FIXED + strlen (part->server_path) + measure_acl (part->acl);
      if (part->data != NULL)
        size += g_bytes_get_size (part->data);
    }
  return size;
}

/* --- requests ---------------------------------------------------------------------------------------------- */

static int
send_create (zhandle_t *handle, CuratorRequest *request)
{
  struct ACL_vector acl = make_acl (request->acl);
  gsize length = 0;
  const char *data = request->data != NULL ? g_bytes_get_data (request->data, &length) : NULL;
  gboolean has_ttl = request->mode == CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL
                     || request->mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL;
  int rc = zoo_acreate2_ttl (handle, request->server_path, data != NULL ? data : "", (int) length, &acl,
                             (int) request->mode, has_ttl ? request->ttl_ms : -1, on_created, request);

  clear_acl (&acl);
  return rc;
}

static int
send_set_data (zhandle_t *handle, CuratorRequest *request)
{
  gsize length = 0;
  const char *data = request->data != NULL ? g_bytes_get_data (request->data, &length) : NULL;

  return zoo_aset (handle, request->server_path, data != NULL ? data : "", (int) length, request->version, on_stat,
                   request);
}

/* The C client drops the stat that the server sends along. */
static int
send_set_acl (zhandle_t *handle, CuratorRequest *request)
{
  struct ACL_vector acl = make_acl (request->acl);
  int rc = zoo_aset_acl (handle, request->server_path, request->version, &acl, on_acl_set, request);

  clear_acl (&acl);
  return rc == ZOK ? zoo_awexists (handle, request->server_path, NULL, NULL, on_acl_stat, request) : rc;
}

static ZooWatcherType
to_watcher_type (CuratorWatchKind kind)
{
  switch (kind)
    {
    case CURATOR_WATCH_KIND_CHILDREN:
      return ZWATCHTYPE_CHILD;
    case CURATOR_WATCH_KIND_DATA:
      return ZWATCHTYPE_DATA;
    case CURATOR_WATCH_KIND_ANY:
    default:
      return ZWATCHTYPE_ANY;
    }
}

void
curator_session_ops_forget_watches (zhandle_t *handle, const char *path, CuratorWatchKind kind)
{
  zoo_aremove_all_watches (handle, path, to_watcher_type (kind), 1, NULL, NULL);
}

int
curator_session_ops_send (zhandle_t *handle, CuratorRequest *request, watcher_fn watcher, void *context)
{
  const char *path = request->server_path;
  watcher_fn armed = request->watch != NULL ? watcher : NULL;

  switch (request->type)
    {
    case CURATOR_REQUEST_CREATE:
      return send_create (handle, request);
    case CURATOR_REQUEST_DELETE:
      return zoo_adelete (handle, path, request->version, on_void, request);
    case CURATOR_REQUEST_EXISTS:
      return zoo_awexists (handle, path, armed, context, on_stat, request);
    case CURATOR_REQUEST_GET_DATA:
      return zoo_awget (handle, path, armed, context, on_data, request);
    case CURATOR_REQUEST_SET_DATA:
      return send_set_data (handle, request);
    case CURATOR_REQUEST_GET_CHILDREN:
      return zoo_awget_children2 (handle, path, armed, context, on_children, request);
    case CURATOR_REQUEST_GET_ACL:
      return zoo_aget_acl (handle, path, on_acl, request);
    case CURATOR_REQUEST_SET_ACL:
      return send_set_acl (handle, request);
    case CURATOR_REQUEST_SYNC:
      return zoo_async (handle, path, on_string, request);
    case CURATOR_REQUEST_GET_CONFIG:
      return zoo_awgetconfig (handle, armed, context, on_data, request);
    case CURATOR_REQUEST_RECONFIG:
      return zoo_areconfig (handle, request->joining, request->leaving, request->members, request->from_config,
                            on_data, request);
    case CURATOR_REQUEST_MULTI:
      return send_multi (handle, request);
    case CURATOR_REQUEST_REMOVE_WATCHES:
      return zoo_aremove_all_watches (handle, path, to_watcher_type (request->watch_kind), 0, (void_completion_t *) on_void,
                                      request);
    default:
      g_return_val_if_reached (ZBADARGUMENTS);
    }
}

static gsize
measure_string (const char *string)
{
  return string != NULL ? strlen (string) : 0;
}

gsize
curator_session_measure (CuratorRequest *request)
{
  gsize size = PACKET_FIXED + measure_string (request->server_path);

  switch (request->type)
    {
    case CURATOR_REQUEST_CREATE:
    case CURATOR_REQUEST_SET_DATA:
    case CURATOR_REQUEST_SET_ACL:
      if (request->data != NULL)
        size += g_bytes_get_size (request->data);
      return size + measure_acl (request->acl);
    case CURATOR_REQUEST_MULTI:
      return size + measure_multi (request);
    case CURATOR_REQUEST_RECONFIG:
      return size + measure_string (request->joining) + measure_string (request->leaving)
             + measure_string (request->members);
    default:
      return size;
    }
}
