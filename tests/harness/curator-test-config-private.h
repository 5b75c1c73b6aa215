/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a server is started with. */
typedef struct
{
  char *dir;
  guint16 port;
  guint tick_time_ms;
  guint max_packet_size; /* 0 for the server's default */
  guint container_check_interval_ms;
  gboolean enforce_quota;
  GStrv extra;   /* lines of the configuration file, or NULL */
  guint id;      /* in the ensemble, 0 for a server that stands alone */
  char *members; /* the ensemble's lines of the configuration, or NULL */
} CuratorTestConfig;

/* Writes the files that the server reads, except those that it has rewritten since. */
gboolean curator_test_config_write (const CuratorTestConfig *config, gboolean again, GError **error);
char *curator_test_config_dup_log_path (const CuratorTestConfig *config);
GStrv curator_test_config_dup_argv (const CuratorTestConfig *config, GError **error);
void curator_test_config_clear (CuratorTestConfig *config);

G_END_DECLS
