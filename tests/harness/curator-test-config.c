/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-config-private.h"

#include <string.h>

#include "curator-test-server.h"

/* zookeeper.jar names the jars that it needs, except one that writes the log. */
#define DEFAULT_CLASS_PATH "/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar"
#define SERVER_CLASS       "org.apache.zookeeper.server.quorum.QuorumPeerMain"

enum
{
  /* In ticks: generous, because a loaded machine is not a broken ensemble. */
  INIT_LIMIT_MS = 5000,
  SYNC_LIMIT_MS = 3000,
  MAX_SESSION_TIMEOUT_MS = 600000,
};

static char *
config_dup_path (const CuratorTestConfig *config)
{
  return g_build_filename (config->dir, "zoo.cfg", NULL);
}

char *
curator_test_config_dup_log_path (const CuratorTestConfig *config)
{
  return g_build_filename (config->dir, "server.log", NULL);
}

static char *
config_dup_text (const CuratorTestConfig *config)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "tickTime=%u\n", config->tick_time_ms);
  g_string_append_printf (text, "initLimit=%u\n", MAX (INIT_LIMIT_MS / config->tick_time_ms, 5));
  g_string_append_printf (text, "syncLimit=%u\n", MAX (SYNC_LIMIT_MS / config->tick_time_ms, 5));
  g_string_append_printf (text, "maxSessionTimeout=%u\n", MAX_SESSION_TIMEOUT_MS);
  g_string_append_printf (text, "dataDir=%s/data\n", config->dir);
  g_string_append (text, "maxClientCnxns=0\n"
                         "admin.enableServer=false\n"
                         "4lw.commands.whitelist=*\n"
                         "extendedTypesEnabled=true\n"
                         "reconfigEnabled=true\n");
  for (guint i = 0; config->extra != NULL && config->extra[i] != NULL; i++)
    g_string_append_printf (text, "%s\n", config->extra[i]);
  if (config->members != NULL)
    g_string_append_printf (text, "standaloneEnabled=false\n%s", config->members);
  else
    g_string_append_printf (text, "clientPortAddress=127.0.0.1\nclientPort=%u\n", config->port);
  return g_string_free (text, FALSE);
}

gboolean
curator_test_config_write (const CuratorTestConfig *config, gboolean again, GError **error)
{
  g_autofree char *path = config_dup_path (config);
  g_autofree char *data_dir = g_build_filename (config->dir, "data", NULL);
  g_autofree char *id_path = g_build_filename (data_dir, "myid", NULL);
  g_autofree char *id = g_strdup_printf ("%u\n", config->id);
  g_autofree char *text = config_dup_text (config);

  /* A member of an ensemble moves the ensemble's part to a file of its own, and changes it by
   * reconfiguration. */
  if (!again && g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_mkdir_with_parents (data_dir, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be made", data_dir);
      return FALSE;
    }
  return g_file_set_contents (path, text, -1, error) &&
         (config->id == 0 || g_file_set_contents (id_path, id, -1, error));
}

static char *
dup_java (GError **error)
{
  const char *home = g_getenv ("JAVA_HOME");
  g_autofree char *of_home = home != NULL ? g_build_filename (home, "bin", "java", NULL) : NULL;
  char *java;

  if (of_home != NULL && g_file_test (of_home, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&of_home);
  java = g_find_program_in_path ("java");
  if (java == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "There is no Java runtime (java) on this machine");
  return java;
}

static const char *
get_class_path (GError **error)
{
  const char *class_path = g_getenv ("CURATOR_TEST_CLASS_PATH");
  g_auto (GStrv) parts = NULL;

  if (class_path == NULL || *class_path == '\0')
    class_path = DEFAULT_CLASS_PATH;
  parts = g_strsplit (class_path, ":", -1);
  if (g_file_test (parts[0], G_FILE_TEST_EXISTS))
    return class_path;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no ZooKeeper server (%s) on this machine",
               parts[0]);
  return NULL;
}

static char *
dup_super_digest (void)
{
  static const char credentials[] = CURATOR_TEST_SUPER_CREDENTIALS;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *user = g_strndup (credentials, strcspn (credentials, ":"));
  g_autofree char *base64 = NULL;
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) credentials, (gssize) strlen (credentials));
  g_checksum_get_digest (checksum, digest, &length);
  base64 = g_base64_encode (digest, length);
  return g_strconcat (user, ":", base64, NULL);
}

static void
add_take (GStrvBuilder *builder, char *argument)
{
  g_strv_builder_add (builder, argument);
  g_free (argument);
}

GStrv
curator_test_config_dup_argv (const CuratorTestConfig *config, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *java = dup_java (error);
  const char *class_path = java != NULL ? get_class_path (error) : NULL;
  g_autofree char *super_digest = dup_super_digest ();
  g_autofree char *path = config_dup_path (config);

  if (class_path == NULL)
    return NULL;
  g_strv_builder_add_many (builder, java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
                           "-Xmx256m", "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true",
                           "-Dorg.slf4j.simpleLogger.showDateTime=true",
                           "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS", "-Dzookeeper.forceSync=no",
                           "-Dzookeeper.preAllocSize=1024", "-Dreadonlymode.enabled=true", NULL);
  add_take (builder,
            g_strconcat ("-Dzookeeper.DigestAuthenticationProvider.superDigest=", super_digest, NULL));
  add_take (builder,
            g_strdup_printf ("-Dznode.container.checkIntervalMs=%u", config->container_check_interval_ms));
  if (config->enforce_quota)
    g_strv_builder_add (builder, "-Dzookeeper.enforceQuota=true");
  if (config->max_packet_size != 0)
    add_take (builder, g_strdup_printf ("-Djute.maxbuffer=%u", config->max_packet_size));
  g_strv_builder_add_many (builder, "-cp", class_path, SERVER_CLASS, path, NULL);
  return g_strv_builder_end (builder);
}

void
curator_test_config_clear (CuratorTestConfig *config)
{
  g_clear_pointer (&config->dir, g_free);
  g_clear_pointer (&config->extra, g_strfreev);
  g_clear_pointer (&config->members, g_free);
}
