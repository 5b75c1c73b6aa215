/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-connect-string-private.h"

#include <string.h>

#include "curator-path-private.h"

#define MAX_NAME_LENGTH  253
#define MAX_LABEL_LENGTH 63

static void
connect_host_free (gpointer data)
{
  CuratorHostPort *host = data;

  g_free (host->host);
  g_free (host);
}

static gboolean
fail (GError **error, const char *part, const char *fault)
{
  g_autofree char *quoted = curator_path_quote (part);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "connect string: %s %s", quoted, fault);
  return FALSE;
}

static gboolean
parse_port (const char *text, guint16 *port)
{
  guint64 value;

  /* The digits are checked here because strtoull takes blanks and signs too. */
  if (*text == '\0' || strspn (text, "0123456789") != strlen (text))
    return FALSE;
  value = g_ascii_strtoull (text, NULL, 10);
  if (value == 0 || value > G_MAXUINT16)
    return FALSE;
  *port = (guint16) value;
  return TRUE;
}

static gboolean
is_label (const char *label)
{
  gsize length = strlen (label);

  if (length == 0 || length > MAX_LABEL_LENGTH || label[0] == '-' || label[length - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (label[i]) && label[i] != '-' && label[i] != '_')
        return FALSE;
    }
  return TRUE;
}

/* A name of letters, digits, dashes and underscores between dots, or an IPv4 address; a name that is all
 * digits and dots can only be meant for an address. */
static gboolean
is_host_name (const char *name)
{
  g_auto (GStrv) labels = NULL;
  gsize length = strlen (name);
  guint n;

  if (length == 0 || length > MAX_NAME_LENGTH)
    return FALSE;
  if (strspn (name, "0123456789.") == length)
    return g_hostname_is_ip_address (name);
  labels = g_strsplit (name, ".", -1);
  n = g_strv_length (labels);
  /* A dot at the end says that the name is complete. */
  if (n > 1 && *labels[n - 1] == '\0')
    n--;
  for (guint i = 0; i < n; i++)
    {
      if (!is_label (labels[i]))
        return FALSE;
    }
  return TRUE;
}

/* The name of a network interface, or its number. */
static gboolean
is_zone (const char *zone)
{
  gsize length = strlen (zone);

  return length > 0 && length <= MAX_LABEL_LENGTH &&
         strspn (zone, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.") == length;
}

/* An IPv6 address, with or without a zone (`fe80::1%eth0`). */
static gboolean
is_ipv6_address (const char *text)
{
  const char *zone = strchr (text, '%');
  g_autofree char *plain = g_strndup (text, zone == NULL ? strlen (text) : (gsize) (zone - text));
  g_autoptr (GInetAddress) address = NULL;

  if (zone != NULL && !is_zone (zone + 1))
    return FALSE;
  address = g_inet_address_new_from_string (plain);
  return address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
}

/* Splits "[address]" and "[address]:port"; @port is "" for none, NULL for a bad one. */
static char *
split_bracketed (const char *entry, const char **port)
{
  const char *end = strchr (entry, ']');

  *port = NULL;
  if (end == NULL)
    return NULL;
  if (end[1] == '\0')
    *port = "";
  else if (end[1] == ':' && end[2] != '\0')
    *port = end + 2;
  return g_strndup (entry + 1, (gsize) (end - entry - 1));
}

static gboolean
parse_bracketed (CuratorHostPort *host, const char *entry, GError **error)
{
  const char *port;

  host->host = split_bracketed (entry, &port);
  if (host->host == NULL)
    return fail (error, entry, "has no closing bracket");
  if (!is_ipv6_address (host->host))
    return fail (error, entry, "has no IPv6 address in its brackets");
  if (port == NULL)
    return fail (error, entry, "has something other than a colon and a port after its bracket");
  if (*port != '\0' && !parse_port (port, &host->port))
    return fail (error, entry, "has a port that is not a number from 1 to 65535");
  return TRUE;
}

static gboolean
parse_plain (CuratorHostPort *host, const char *entry, GError **error)
{
  const char *colon = strchr (entry, ':');
  g_autofree char *name = NULL;

  if (colon != NULL && strchr (colon + 1, ':') != NULL)
    return fail (error, entry, "has more than one colon; an IPv6 address must be in brackets");
  if (colon != NULL && !parse_port (colon + 1, &host->port))
    return fail (error, entry, "has a port that is not a number from 1 to 65535");
  name = g_strndup (entry, colon == NULL ? strlen (entry) : (gsize) (colon - entry));
  host->host = g_hostname_is_non_ascii (name) ? g_hostname_to_ascii (name) : g_strdup (name);
  if (host->host == NULL || !is_host_name (host->host))
    return fail (error, entry, "has no valid host name or address");
  return TRUE;
}

static gboolean
has_blanks (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_unichar_isspace (g_utf8_get_char (p)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
parse_host (GPtrArray *hosts, const char *entry, GError **error)
{
  CuratorHostPort *host;

  if (has_blanks (entry))
    return fail (error, entry, "contains white space");
  host = g_new0 (CuratorHostPort, 1);
  host->port = CURATOR_DEFAULT_PORT;
  g_ptr_array_add (hosts, host);
  return *entry == '[' ? parse_bracketed (host, entry, error) : parse_plain (host, entry, error);
}

static gboolean
parse_chroot (CuratorConnectString *self, const char *chroot, GError **error)
{
  g_autofree char *reason = NULL;
  g_autofree char *fault = NULL;

  if (strcmp (chroot, "/") == 0)
    return TRUE;
  if (!curator_path_validate (chroot, FALSE, &reason))
    {
      fault = g_strdup_printf ("is not a valid path: %s", reason);
      return fail (error, chroot, fault);
    }
  self->chroot = g_strdup (chroot);
  return TRUE;
}

CuratorConnectString *
curator_connect_string_parse (const char *text, GError **error)
{
  g_autoptr (CuratorConnectString) self = g_new0 (CuratorConnectString, 1);
  g_autofree char *servers = NULL;
  g_auto (GStrv) entries = NULL;
  const char *slash;

  self->hosts = g_ptr_array_new_with_free_func (connect_host_free);
  if (text == NULL || *text == '\0')
    {
      fail (error, text, "names no server");
      return NULL;
    }
  if (!g_utf8_validate (text, -1, NULL))
    {
      fail (error, text, "is not valid UTF-8");
      return NULL;
    }
  slash = strchr (text, '/');
  if (slash != NULL && !parse_chroot (self, slash, error))
    return NULL;
  servers = g_strndup (text, slash == NULL ? strlen (text) : (gsize) (slash - text));
  if (*servers == '\0')
    {
      fail (error, text, "names no server");
      return NULL;
    }
  entries = g_strsplit (servers, ",", -1);
  for (guint i = 0; entries[i] != NULL; i++)
    {
      if (*entries[i] == '\0' ? !fail (error, text, "has an empty entry where a server should be")
                              : !parse_host (self->hosts, entries[i], error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
curator_connect_string_free (CuratorConnectString *self)
{
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->chroot, g_free);
  g_free (self);
}
