/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-job.h"

#include <stddef.h>
#include <string.h>

#include "bench-json.h"

static const char *const workload_names[BENCH_N_WORKLOADS] = {
  [BENCH_WORKLOAD_GET] = "get",
  [BENCH_WORKLOAD_CREATE] = "create",
  [BENCH_WORKLOAD_CREATEPIPE] = "createpipe",
  [BENCH_WORKLOAD_LOCK_ACQUIRE] = "lock-acquire",
  [BENCH_WORKLOAD_LOCK_CYCLE] = "lock-cycle",
  [BENCH_WORKLOAD_LOCK_BACKGROUND] = "lock-background",
  [BENCH_WORKLOAD_LOCK_CONTENDED] = "lock-contended",
  [BENCH_WORKLOAD_LOCK_SHARED] = "lock-shared",
  [BENCH_WORKLOAD_LATCH_FAILOVER] = "latch-failover",
};

typedef struct
{
  const char *key;
  gsize offset;
  guint min;
  guint max;
} NumberField;

static const NumberField number_fields[] = {
  { "window", offsetof (BenchJob, window), 1, 100000 },
  { "clients", offsetof (BenchJob, clients), 1, 10000 },
  { "operations", offsetof (BenchJob, operations), 1, 100000000 },
  { "warmup", offsetof (BenchJob, warmup), 0, 100000000 },
  { "data-size", offsetof (BenchJob, data_size), 0, 1000000 },
};

static const struct
{
  const char *key;
  gsize offset;
} text_fields[] = {
  { "variant", offsetof (BenchJob, variant) },
  { "connect", offsetof (BenchJob, connect) },
  { "root", offsetof (BenchJob, root) },
};

void
bench_job_free (BenchJob *job)
{
  g_free (job->variant);
  g_free (job->connect);
  g_free (job->root);
  g_free (job);
}

const char *
bench_workload_to_string (BenchWorkload workload)
{
  return workload_names[workload];
}

char *
bench_job_to_line (const BenchJob *job)
{
  GString *line = g_string_new ("run");

  g_string_append_printf (line, " workload=%s", workload_names[job->workload]);
  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    g_string_append_printf (line, " %s=%s", text_fields[i].key,
                            G_STRUCT_MEMBER (char *, job, text_fields[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS (number_fields); i++)
    g_string_append_printf (line, " %s=%u", number_fields[i].key,
                            G_STRUCT_MEMBER (guint, job, number_fields[i].offset));
  return g_string_free (line, FALSE);
}

static const char *
find_field (char **fields, const char *key)
{
  for (guint i = 0; fields[i] != NULL; i++)
    {
      gsize length = strlen (key);

      if (strncmp (fields[i], key, length) == 0 && fields[i][length] == '=')
        return fields[i] + length + 1;
    }
  return NULL;
}

static gboolean
set_field_error (GError **error, const char *key, const char *value)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "field %s: %s%s", key,
               value == NULL ? "missing" : "bad value ", value == NULL ? "" : value);
  return FALSE;
}

static gboolean
parse_workload (BenchJob *job, char **fields, GError **error)
{
  const char *value = find_field (fields, "workload");

  for (guint i = 0; value != NULL && i < BENCH_N_WORKLOADS; i++)
    if (g_str_equal (value, workload_names[i]))
      {
        job->workload = (BenchWorkload) i;
        return TRUE;
      }
  return set_field_error (error, "workload", value);
}

static gboolean
parse_texts (BenchJob *job, char **fields, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    {
      const char *value = find_field (fields, text_fields[i].key);

      if (value == NULL || *value == '\0')
        return set_field_error (error, text_fields[i].key, value);
      G_STRUCT_MEMBER (char *, job, text_fields[i].offset) = g_strdup (value);
    }
  return TRUE;
}

static gboolean
parse_numbers (BenchJob *job, char **fields, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (number_fields); i++)
    {
      const NumberField *field = &number_fields[i];
      const char *value = find_field (fields, field->key);
      guint64 number = 0;

      if (value == NULL || !g_ascii_string_to_unsigned (value, 10, field->min, field->max, &number, NULL))
        return set_field_error (error, field->key, value);
      G_STRUCT_MEMBER (guint, job, field->offset) = (guint) number;
    }
  return TRUE;
}

BenchJob *
bench_job_from_line (const char *line, GError **error)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", -1);
  g_autoptr (BenchJob) job = g_new0 (BenchJob, 1);

  if (!g_str_equal (fields[0] != NULL ? fields[0] : "", "run"))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "not a run line");
      return NULL;
    }
  if (!parse_workload (job, fields, error) || !parse_texts (job, fields, error) ||
      !parse_numbers (job, fields, error))
    return NULL;
  return g_steal_pointer (&job);
}

char *
bench_answer_to_line (const BenchTally *tally)
{
  GString *json = g_string_new ("{\"status\":\"ok\",\"wall_us\":");

  bench_json_append_number (json, tally->meter.wall_us);
  g_string_append (json, ",\"cpu_us\":");
  bench_json_append_number (json, tally->meter.cpu_us);
  g_string_append_printf (json, ",\"switches\":%" G_GUINT64_FORMAT ",\"samples_us\":[",
                          tally->meter.switches);
  for (guint i = 0; i < tally->n_samples; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      bench_json_append_number (json, tally->samples_us[i]);
    }
  g_string_append (json, "]}\n");
  return g_string_free (json, FALSE);
}

char *
bench_error_to_line (const GError *error)
{
  gboolean unsupported = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"status\":\"%s\",\"message\":", unsupported ? "unsupported" : "error");
  bench_json_append_string (json, error->message);
  g_string_append (json, "}\n");
  return g_string_free (json, FALSE);
}

static gboolean
set_reported_error (GHashTable *answer, GError **error)
{
  const char *status = bench_json_get_string (answer, "status");
  const char *message = bench_json_get_string (answer, "message");
  gboolean unsupported = g_strcmp0 (status, "unsupported") == 0;

  g_set_error_literal (error, G_IO_ERROR, unsupported ? G_IO_ERROR_NOT_SUPPORTED : G_IO_ERROR_FAILED,
                       message != NULL ? message : "an answer without a message");
  return FALSE;
}

gboolean
bench_answer_from_line (const char *line, BenchMeasure *measure, GError **error)
{
  g_autoptr (GHashTable) answer = bench_json_read_object (line, error);
  GArray *samples;
  double switches;

  if (answer == NULL)
    return FALSE;
  if (g_strcmp0 (bench_json_get_string (answer, "status"), "ok") != 0)
    return set_reported_error (answer, error);
  samples = bench_json_get_numbers (answer, "samples_us");
  if (samples == NULL || samples->len == 0 || !bench_json_get_number (answer, "wall_us", &measure->wall_us) ||
      !bench_json_get_number (answer, "cpu_us", &measure->cpu_us) ||
      !bench_json_get_number (answer, "switches", &switches) || switches < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "an answer without its measurements");
      return FALSE;
    }
  measure->switches = (guint64) switches;
  measure->operations = samples->len;
  measure->latency_us = bench_summarise ((double *) (gpointer) samples->data, samples->len);
  return TRUE;
}
