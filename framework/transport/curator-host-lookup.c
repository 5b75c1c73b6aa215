/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-host-lookup-private.h"

#include <string.h>

/* Referenced by the caller until it ends, and by each question that the net has not answered yet: an answer
 * may come after the end. */
struct _CuratorHostLookup
{
  guint ref_count;
  CuratorLoop *loop;
  char *host;
  guint16 port;
  gboolean canonical;
  gboolean ended;
  GCancellable *cancellable;
  CuratorTimer *timer;
  GPtrArray *inet_addresses; /* (nullable): once the host is resolved */
  GPtrArray *names;          /* of the addresses, as far as they are known */
  guint n_unnamed;           /* questions for names under way */
  CuratorHostLookupFunc func;
  gpointer user_data;
};

typedef struct
{
  CuratorHostLookup *lookup;
  guint index;
} NameQuestion;

static void
server_address_free (gpointer data)
{
  CuratorServerAddress *address = data;

  g_free (address->label);
  g_free (address);
}

static CuratorServerAddress *
server_address_new (GSocketAddress *address, char *label)
{
  CuratorServerAddress *self = g_new0 (CuratorServerAddress, 1);

  self->length = (socklen_t) g_socket_address_get_native_size (address);
  self->label = label;
  g_socket_address_to_native (address, &self->sockaddr, sizeof self->sockaddr, NULL);
  return self;
}

/* Numeric IPv6 addresses are in brackets. */
static char *
make_label (const char *host, const char *address, guint16 port)
{
  gboolean is_ipv6 = strchr (address != NULL ? address : host, ':') != NULL;

  return g_strdup_printf ("%s%s%s%s%s:%u", address != NULL ? host : "", address != NULL ? "/" : "",
                          is_ipv6 ? "[" : "", address != NULL ? address : host, is_ipv6 ? "]" : "", port);
}

gboolean
curator_server_address_equal (const CuratorServerAddress *a, const CuratorServerAddress *b)
{
  return a->length == b->length && memcmp (&a->sockaddr, &b->sockaddr, a->length) == 0;
}

GPtrArray *
curator_host_lookup_numeric (const CuratorHostPort *host)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host->host, host->port);
  GPtrArray *addresses;

  if (address == NULL)
    return NULL;
  addresses = g_ptr_array_new_with_free_func (server_address_free);
  g_ptr_array_add (addresses, server_address_new (address, make_label (host->host, NULL, host->port)));
  return addresses;
}

static void
lookup_unref (CuratorHostLookup *self)
{
  if (--self->ref_count > 0)
    return;
  g_clear_pointer (&self->inet_addresses, g_ptr_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_object_unref (self->cancellable);
  g_free (self->host);
  curator_loop_unref (self->loop);
  g_free (self);
}

/* Drops the caller's reference; what the net still answers is ignored. */
static void
lookup_end (CuratorHostLookup *self)
{
  self->ended = TRUE;
  curator_loop_cancel_timer (self->loop, &self->timer);
  g_cancellable_cancel (self->cancellable);
  lookup_unref (self);
}

static GPtrArray *
lookup_make_addresses (CuratorHostLookup *self)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (server_address_free);
  guint n_addresses = self->inet_addresses->len;

  for (guint i = 0; i < n_addresses; i++)
    {
      GInetAddress *inet_address = g_ptr_array_index (self->inet_addresses, i);
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new (inet_address, self->port);
      g_autofree char *text = n_addresses > 1 ? g_inet_address_to_string (inet_address) : NULL;
      const char *name = g_ptr_array_index (self->names, i);

      g_ptr_array_add (addresses, server_address_new (address, make_label (name != NULL ? name : self->host,
                                                                           text, self->port)));
    }
  return addresses;
}

static void
lookup_finish (CuratorHostLookup *self, const GError *error)
{
  CuratorHostLookupFunc func = self->func;
  gpointer user_data = self->user_data;
  GPtrArray *addresses = error == NULL ? lookup_make_addresses (self) : NULL;

  lookup_end (self);
  func (addresses, error, user_data);
}

static void
on_timeout (gpointer user_data)
{
  CuratorHostLookup *self = user_data;
  g_autoptr (GError) error = NULL;

  self->timer = NULL;
  /* Addresses without their names are better than none. */
  if (self->inet_addresses == NULL)
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s: the name service did not answer in time",
                 self->host);
  lookup_finish (self, error);
}

static void
on_name (const char *name, const GError *error, gpointer user_data)
{
  g_autofree NameQuestion *question = user_data;
  CuratorHostLookup *self = question->lookup;

  if (!self->ended)
    {
      if (name != NULL)
        self->names->pdata[question->index] = g_strdup (name);
      if (--self->n_unnamed == 0)
        lookup_finish (self, NULL);
    }
  lookup_unref (self);
}

/* Answers have to arrive in the loop, also where the application iterates a context that it did not push. */
static void
lookup_ask_names (CuratorHostLookup *self)
{
  CuratorNet *net = curator_loop_get_net (self->loop);
  GMainContext *context = curator_loop_get_context (self->loop);

  self->n_unnamed = self->inet_addresses->len;
  g_main_context_push_thread_default (context);
  for (guint i = 0; i < self->inet_addresses->len; i++)
    {
      NameQuestion *question = g_new (NameQuestion, 1);

      *question = (NameQuestion){ self, i };
      self->ref_count++;
      net->reverse (net, g_ptr_array_index (self->inet_addresses, i), self->cancellable, on_name, question);
    }
  g_main_context_pop_thread_default (context);
}

static void
lookup_take_addresses (CuratorHostLookup *self, GList *addresses)
{
  self->inet_addresses = g_ptr_array_new_with_free_func (g_object_unref);
  for (GList *l = addresses; l != NULL; l = l->next)
    {
      gboolean is_known = FALSE;

      for (guint i = 0; i < self->inet_addresses->len && !is_known; i++)
        is_known = g_inet_address_equal (g_ptr_array_index (self->inet_addresses, i), l->data);
      if (!is_known)
        g_ptr_array_add (self->inet_addresses, g_object_ref (l->data));
    }
  self->names = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (self->names, (gint) self->inet_addresses->len);
}

static void
on_resolved (GList *addresses, const GError *error, gpointer user_data)
{
  CuratorHostLookup *self = user_data;
  g_autoptr (GError) empty = NULL;

  if (!self->ended && addresses != NULL)
    {
      lookup_take_addresses (self, addresses);
      if (self->canonical && curator_loop_get_net (self->loop)->reverse != NULL)
        lookup_ask_names (self);
      else
        lookup_finish (self, NULL);
    }
  else if (!self->ended)
    {
      if (error == NULL)
        g_set_error (&empty, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: the name has no addresses", self->host);
      lookup_finish (self, error != NULL ? error : empty);
    }
  g_resolver_free_addresses (addresses);
  lookup_unref (self);
}

CuratorHostLookup *
curator_host_lookup_start (CuratorLoop *loop,
                           const CuratorHostPort *host,
                           gboolean canonical,
                           gint64 timeout_ms,
                           CuratorHostLookupFunc func,
                           gpointer user_data)
{
  CuratorHostLookup *self = g_new0 (CuratorHostLookup, 1);
  CuratorNet *net = curator_loop_get_net (loop);
  GMainContext *context = curator_loop_get_context (loop);

  self->ref_count = 2; /* the caller's and the resolver's */
  self->loop = curator_loop_ref (loop);
  self->host = g_strdup (host->host);
  self->port = host->port;
  self->canonical = canonical;
  self->cancellable = g_cancellable_new ();
  self->func = func;
  self->user_data = user_data;
  self->timer = curator_loop_add_timer (loop, timeout_ms, on_timeout, self);
  g_main_context_push_thread_default (context);
  net->resolve (net, self->host, self->cancellable, on_resolved, self);
  g_main_context_pop_thread_default (context);
  return self;
}

void
curator_host_lookup_cancel (CuratorHostLookup *lookup)
{
  lookup_end (lookup);
}
