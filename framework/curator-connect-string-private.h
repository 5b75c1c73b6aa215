/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-host-port-private.h"

G_BEGIN_DECLS

/* `host[:port],host[:port]…[/chroot]`, with IPv6 addresses in brackets. */

#define CURATOR_DEFAULT_PORT 2181

typedef struct
{
  GPtrArray *hosts; /* (element-type CuratorHostPort), at least one, in the order given */
  char *chroot;     /* a valid path, or NULL for none */
} CuratorConnectString;

/* NULL with G_IO_ERROR_INVALID_ARGUMENT that names the part at fault. */
CuratorConnectString *curator_connect_string_parse (const char *text, GError **error);
void curator_connect_string_free (CuratorConnectString *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorConnectString, curator_connect_string_free)

G_END_DECLS
