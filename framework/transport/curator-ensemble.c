/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-ensemble-private.h"

#include <string.h>

#include "curator-host-lookup-private.h"

/* How long the first lookups of a list may keep its order; then whichever host is known is taken. */
#define GRACE_US (200 * 1000)

typedef struct
{
  CuratorEnsemble *ensemble;
  CuratorHostPort host;
  gboolean is_fixed;         /* a numeric address that needs no name: there is nothing to look up */
  GPtrArray *addresses;      /* (nullable): NULL before the first successful lookup */
  CuratorHostLookup *lookup; /* (nullable) */
} Server;

typedef struct
{
  CuratorEnsembleFunc func;
  gpointer user_data;
} Request;

struct _CuratorEnsemble
{
  CuratorLoop *loop;
  CuratorEnsembleOptions options;
  GPtrArray *servers; /* (element-type Server), in the order of the passes */
  GQueue requests;    /* (element-type Request) */
  CuratorTimer *timer;
  gboolean is_delayed; /* the timer ends the delay between two passes */

  gboolean in_pass;
  gboolean offered;      /* something, in this pass */
  guint cursor;          /* the server to look at first */
  gint64 grace_until_us; /* of this list; -1 before its first pass */
  guint failures;        /* passes in a row without a connection */
  gint64 succeeded_us;   /* when the last connection came about, or -1 */
  GError *error;         /* of the last lookup that failed in this pass */

  CuratorServerAddress current;   /* given last, without a label; length 0 where its fate is known */
  Server *current_server;         /* (nullable): where it came from */
  gpointer current_data;          /* who asked for it */
  CuratorServerAddress connected; /* the one that was connected last, likewise */
  gpointer connected_data;
  gboolean is_connected;
  CuratorServerAddress left; /* the one to try last in this pass */
  char *preferred;
};

static void ensemble_schedule (CuratorEnsemble *self, gint64 due_us);

static void
server_free (gpointer data)
{
  Server *server = data;

  g_clear_pointer (&server->lookup, curator_host_lookup_cancel);
  g_clear_pointer (&server->addresses, g_ptr_array_unref);
  g_free (server->host.host);
  g_free (server);
}

static Server *
server_new (CuratorEnsemble *ensemble, const CuratorHostPort *host)
{
  Server *server = g_new0 (Server, 1);

  server->ensemble = ensemble;
  server->host = (CuratorHostPort){ g_strdup (host->host), host->port };
  server->addresses = ensemble->options.canonical_host_names ? NULL : curator_host_lookup_numeric (host);
  server->is_fixed = server->addresses != NULL;
  return server;
}

static CuratorServerAddress *
server_find (Server *server, const CuratorServerAddress *address)
{
  for (guint i = 0; server->addresses != NULL && i < server->addresses->len; i++)
    {
      CuratorServerAddress *candidate = g_ptr_array_index (server->addresses, i);

      if (curator_server_address_equal (candidate, address))
        return candidate;
    }
  return NULL;
}

static void
shuffle (CuratorLoop *loop, GPtrArray *array)
{
  for (guint i = array->len; i > 1; i--)
    {
      guint j = (guint) (curator_loop_random (loop) % i);
      gpointer last = array->pdata[i - 1];

      array->pdata[i - 1] = array->pdata[j];
      array->pdata[j] = last;
    }
}

/* What was tried in this pass stays tried. */
static void
server_take_addresses (Server *server, GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      CuratorServerAddress *address = g_ptr_array_index (addresses, i);
      const CuratorServerAddress *known = server_find (server, address);

      address->tried = known != NULL && known->tried;
    }
  shuffle (server->ensemble->loop, addresses);
  g_clear_pointer (&server->addresses, g_ptr_array_unref);
  server->addresses = addresses;
}

static void
on_looked_up (GPtrArray *addresses, const GError *error, gpointer user_data)
{
  Server *server = user_data;
  CuratorEnsemble *self = server->ensemble;

  server->lookup = NULL;
  if (addresses != NULL)
    {
      server_take_addresses (server, addresses);
    }
  else
    {
      g_clear_error (&self->error);
      self->error = g_error_copy (error);
    }
  if (!self->is_delayed)
    ensemble_schedule (self, 0);
}

static void
server_look_up (Server *server)
{
  CuratorEnsemble *self = server->ensemble;

  if (!server->is_fixed && server->lookup == NULL)
    server->lookup = curator_host_lookup_start (self->loop, &server->host, self->options.canonical_host_names,
                                                self->options.lookup_timeout_ms, on_looked_up, server);
}

static gboolean
ensemble_is_looking_up (CuratorEnsemble *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    if (((Server *) g_ptr_array_index (self->servers, i))->lookup != NULL)
      return TRUE;
  return FALSE;
}

static CuratorServerAddress *
server_pick (Server *server, const CuratorServerAddress *except)
{
  for (guint i = 0; server->addresses != NULL && i < server->addresses->len; i++)
    {
      CuratorServerAddress *address = g_ptr_array_index (server->addresses, i);

      if (!address->tried && !curator_server_address_equal (address, except))
        return address;
    }
  return NULL;
}

static CuratorServerAddress *
ensemble_pick_preferred (CuratorEnsemble *self, Server **server)
{
  g_autofree char *label = g_steal_pointer (&self->preferred);

  for (guint i = 0; label != NULL && i < self->servers->len; i++)
    {
      *server = g_ptr_array_index (self->servers, i);
      for (guint j = 0; (*server)->addresses != NULL && j < (*server)->addresses->len; j++)
        {
          CuratorServerAddress *address = g_ptr_array_index ((*server)->addresses, j);

          if (g_str_equal (address->label, label))
            return address;
        }
    }
  return NULL;
}

/* The next address of this pass, or NULL: then there is none, or the order asks to wait for a lookup. */
static CuratorServerAddress *
ensemble_pick (CuratorEnsemble *self, Server **server)
{
  gboolean in_grace = curator_loop_now_us (self->loop) < self->grace_until_us;
  CuratorServerAddress *address = ensemble_pick_preferred (self, server);
  guint n_servers = self->servers->len;

  for (guint i = 0; address == NULL && i < n_servers; i++)
    {
      guint index = (self->cursor + i) % n_servers;

      *server = g_ptr_array_index (self->servers, index);
      if ((*server)->addresses == NULL && (*server)->lookup != NULL && in_grace)
        return NULL;
      address = server_pick (*server, &self->left);
      if (address != NULL)
        self->cursor = index + 1;
    }
  for (guint i = 0; address == NULL && self->left.length > 0 && i < n_servers; i++)
    {
      *server = g_ptr_array_index (self->servers, i);
      address = server_find (*server, &self->left);
      if (address != NULL && address->tried)
        address = NULL;
    }
  return address;
}

static void
ensemble_answer (CuratorEnsemble *self, const CuratorServerAddress *address, const GError *error)
{
  g_autofree Request *request = g_queue_pop_head (&self->requests);
  g_autofree char *label = address != NULL ? g_strdup (address->label) : NULL;
  CuratorServerAddress copy = { 0 };

  if (!g_queue_is_empty (&self->requests))
    ensemble_schedule (self, 0);
  /* The function may replace the list, or free all of this. */
  if (address != NULL)
    copy = *address;
  request->func (address != NULL ? (struct sockaddr *) &copy.sockaddr : NULL, copy.length, label, error,
                 request->user_data);
}

static void
ensemble_offer (CuratorEnsemble *self, Server *server, CuratorServerAddress *address)
{
  address->tried = TRUE;
  self->offered = TRUE;
  self->current = *address;
  self->current.label = NULL;
  self->current_server = server;
  self->current_data = ((Request *) g_queue_peek_head (&self->requests))->user_data;
  ensemble_answer (self, address, NULL);
}

static void
ensemble_begin_pass (CuratorEnsemble *self)
{
  self->in_pass = TRUE;
  self->offered = FALSE;
  if (self->grace_until_us < 0)
    self->grace_until_us = curator_loop_now_us (self->loop) + GRACE_US;
  g_clear_error (&self->error);
  for (guint i = 0; i < self->servers->len; i++)
    {
      Server *server = g_ptr_array_index (self->servers, i);

      for (guint j = 0; server->addresses != NULL && j < server->addresses->len; j++)
        ((CuratorServerAddress *) g_ptr_array_index (server->addresses, j))->tried = FALSE;
      server_look_up (server);
    }
}

/* 0 for the first pass, and after a connection that held for a while. */
static gint64
ensemble_get_delay_us (CuratorEnsemble *self)
{
  gint64 base_us = self->options.base_delay_ms * 1000;
  gint64 delay_us = base_us;
  gint64 max_us = self->options.max_delay_ms * 1000;
  gboolean is_flapping =
      self->succeeded_us >= 0 && curator_loop_now_us (self->loop) - self->succeeded_us < base_us;

  if (self->failures == 0 && !is_flapping)
    return 0;
  for (guint i = 1; i < self->failures && delay_us < max_us; i++)
    delay_us *= 2;
  delay_us = MIN (delay_us, max_us);
  return delay_us - (gint64) (curator_loop_random (self->loop) % (guint64) (delay_us / 2 + 1));
}

/* Nothing is left to offer: the next request begins a new pass, after a delay. Where there was nothing at
 * all, this one hears why. */
static void
ensemble_end_pass (CuratorEnsemble *self)
{
  g_autoptr (GError) error = g_steal_pointer (&self->error);

  self->in_pass = FALSE;
  self->left.length = 0;
  self->failures = MIN (self->failures, G_MAXUINT - 1) + 1;
  if (self->offered)
    {
      ensemble_schedule (self, 0);
      return;
    }
  if (error == NULL)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the list of servers is empty");
  ensemble_answer (self, NULL, error);
}

/* One step towards an answer to the first request. Nothing may follow that touches @self. */
static void
ensemble_pump (CuratorEnsemble *self)
{
  CuratorServerAddress *address;
  Server *server = NULL;
  gboolean in_grace;

  if (!self->in_pass)
    ensemble_begin_pass (self);
  address = ensemble_pick (self, &server);
  in_grace = curator_loop_now_us (self->loop) < self->grace_until_us;
  if (address != NULL)
    ensemble_offer (self, server, address);
  else if (!ensemble_is_looking_up (self) || (self->offered && !in_grace))
    ensemble_end_pass (self);
  else if (in_grace)
    ensemble_schedule (self, self->grace_until_us);
}

static void
on_timer (gpointer user_data)
{
  CuratorEnsemble *self = user_data;
  gboolean was_delayed = self->is_delayed;
  gint64 delay_us;

  self->timer = NULL;
  self->is_delayed = FALSE;
  if (g_queue_is_empty (&self->requests))
    return;
  delay_us = self->in_pass || was_delayed ? 0 : ensemble_get_delay_us (self);
  if (delay_us > 0)
    {
      ensemble_schedule (self, curator_loop_now_us (self->loop) + delay_us);
      self->is_delayed = TRUE;
      return;
    }
  ensemble_pump (self);
}

/* 0 for as soon as possible. */
static void
ensemble_schedule (CuratorEnsemble *self, gint64 due_us)
{
  self->is_delayed = FALSE;
  curator_loop_cancel_timer (self->loop, &self->timer);
  self->timer = curator_loop_add_timer_at (self->loop, due_us, on_timer, self);
}

static gboolean
host_equal (const CuratorHostPort *a, const CuratorHostPort *b)
{
  return a->port == b->port && g_ascii_strcasecmp (a->host, b->host) == 0;
}

static gboolean
find_host (GPtrArray *servers, const CuratorHostPort *host, guint *index)
{
  for (*index = 0; *index < servers->len; (*index)++)
    if (host_equal (&((Server *) g_ptr_array_index (servers, *index))->host, host))
      return TRUE;
  return FALSE;
}

/* TRUE where @hosts are the present ones, in whatever order. */
static gboolean
ensemble_has_hosts (CuratorEnsemble *self, GPtrArray *hosts)
{
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  guint index;

  for (guint i = 0; i < hosts->len; i++)
    {
      if (!find_host (self->servers, g_ptr_array_index (hosts, i), &index))
        return FALSE;
      g_hash_table_add (found, GUINT_TO_POINTER (index));
    }
  return g_hash_table_size (found) == self->servers->len;
}

/* Takes over from the old list what is in both. */
static void
ensemble_take_hosts (CuratorEnsemble *self, GPtrArray *hosts)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->servers);
  guint index;

  self->servers = g_ptr_array_new_with_free_func (server_free);
  for (guint i = 0; i < hosts->len; i++)
    {
      const CuratorHostPort *host = g_ptr_array_index (hosts, i);

      if (find_host (self->servers, host, &index))
        continue;
      if (old != NULL && find_host (old, host, &index))
        g_ptr_array_add (self->servers, g_ptr_array_steal_index_fast (old, index));
      else
        g_ptr_array_add (self->servers, server_new (self, host));
    }
  shuffle (self->loop, self->servers);
  self->cursor = 0;
  self->grace_until_us = -1;
}

CuratorEnsemble *
curator_ensemble_new (CuratorLoop *loop, GPtrArray *hosts, const CuratorEnsembleOptions *options)
{
  static const CuratorEnsembleOptions defaults = CURATOR_ENSEMBLE_OPTIONS_DEFAULT;
  CuratorEnsemble *self = g_new0 (CuratorEnsemble, 1);

  self->loop = curator_loop_ref (loop);
  self->options = options != NULL ? *options : defaults;
  /* Without any delay a list of dead servers would be tried in a tight loop. */
  self->options.base_delay_ms = CLAMP (self->options.base_delay_ms, 1, G_MAXINT);
  self->options.max_delay_ms = CLAMP (self->options.max_delay_ms, self->options.base_delay_ms, G_MAXINT);
  self->succeeded_us = -1;
  g_queue_init (&self->requests);
  ensemble_take_hosts (self, hosts);
  return self;
}

void
curator_ensemble_free (CuratorEnsemble *ensemble)
{
  curator_loop_cancel_timer (ensemble->loop, &ensemble->timer);
  g_queue_clear_full (&ensemble->requests, g_free);
  g_ptr_array_unref (ensemble->servers);
  g_clear_error (&ensemble->error);
  g_free (ensemble->preferred);
  curator_loop_unref (ensemble->loop);
  g_free (ensemble);
}

/* Others may have looked around while there was a connection; what they found does not count. */
static void
ensemble_note_loss (CuratorEnsemble *self)
{
  self->is_connected = FALSE;
  self->is_delayed = FALSE;
  self->in_pass = FALSE;
  self->failures = 0;
  self->left = self->connected;
}

void
curator_ensemble_next (CuratorEnsemble *ensemble, CuratorEnsembleFunc func, gpointer user_data)
{
  Request *request = g_new (Request, 1);

  *request = (Request){ func, user_data };
  if (ensemble->is_connected && user_data == ensemble->connected_data)
    ensemble_note_loss (ensemble);
  g_queue_push_tail (&ensemble->requests, request);
  if (!ensemble->is_delayed)
    ensemble_schedule (ensemble, 0);
}

void
curator_ensemble_cancel_next (CuratorEnsemble *ensemble, gpointer user_data)
{
  GList *next;

  for (GList *l = ensemble->requests.head; l != NULL; l = next)
    {
      Request *request = l->data;

      next = l->next;
      if (request->user_data != user_data)
        continue;
      g_queue_delete_link (&ensemble->requests, l);
      g_free (request);
    }
}

void
curator_ensemble_succeeded (CuratorEnsemble *ensemble)
{
  ensemble->connected = ensemble->left = ensemble->current;
  ensemble->connected_data = ensemble->current_data;
  ensemble->is_connected = TRUE;
  ensemble->current.length = 0;
  ensemble->current_server = NULL;
  ensemble->in_pass = FALSE;
  ensemble->failures = 0;
  ensemble->succeeded_us = curator_loop_now_us (ensemble->loop);
}

void
curator_ensemble_failed (CuratorEnsemble *ensemble)
{
  /* Perhaps it has moved. */
  if (ensemble->current_server != NULL)
    server_look_up (ensemble->current_server);
  ensemble->current.length = 0;
  ensemble->current_server = NULL;
}

void
curator_ensemble_prefer (CuratorEnsemble *ensemble, const char *label)
{
  g_free (ensemble->preferred);
  ensemble->preferred = g_strdup (label);
}

void
curator_ensemble_set_hosts (CuratorEnsemble *ensemble, GPtrArray *hosts)
{
  if (ensemble_has_hosts (ensemble, hosts))
    return;
  ensemble_take_hosts (ensemble, hosts);
  ensemble->current_server = NULL;
  ensemble->in_pass = FALSE;
  ensemble->failures = 0;
  ensemble_schedule (ensemble, 0);
}

guint
curator_ensemble_get_count (CuratorEnsemble *ensemble)
{
  return ensemble->servers->len;
}
