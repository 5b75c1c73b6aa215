/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One server of a connect string. */
typedef struct
{
  char *host; /* a host name or a numeric address, without brackets */
  guint16 port;
} CuratorHostPort;

G_END_DECLS
