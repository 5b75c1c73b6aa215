/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "bench-stats.h"
#include "bench-tally.h"

G_BEGIN_DECLS

/* What the runner and the programs under test say to each other: one line there (`run` and fields of the form
 * `key=value`), one line back (a flat JSON object). README.md has the list. */

typedef enum
{
  BENCH_WORKLOAD_GET,    /* reads of one node, @window of them outstanding */
  BENCH_WORKLOAD_CREATE, /* creates of an ephemeral sequential node one by one, deleted again off the clock */
  BENCH_WORKLOAD_CREATEPIPE,     /* creates of distinct nodes, @window of them outstanding */
  BENCH_WORKLOAD_LOCK_ACQUIRE,   /* acquires of a free lock one by one, released again off the clock */
  BENCH_WORKLOAD_LOCK_CYCLE,     /* acquires and releases of a free lock */
  BENCH_WORKLOAD_LOCK_BACKGROUND, /* the same, not waiting for the release */
  BENCH_WORKLOAD_LOCK_CONTENDED, /* @clients sessions that acquire and release one lock; samples: from grant
                                    to grant */
  BENCH_WORKLOAD_LOCK_SHARED,    /* the same with @clients callers of one object in one session */
  BENCH_WORKLOAD_LATCH_FAILOVER, /* @clients sessions that elect a leader, who closes, again and again;
                                    samples: from the closing until the next one says that it leads */
} BenchWorkload;

#define BENCH_N_WORKLOADS (BENCH_WORKLOAD_LATCH_FAILOVER + 1)

typedef struct
{
  BenchWorkload workload;
  char *variant; /* how the program is to go about it; each program has its own */
  char *connect; /* host:port,... */
  char *root;    /* a node of this run alone: to be created, and deleted with all in it */
  guint window;
  guint clients;
  guint operations; /* on the clock */
  guint warmup;     /* before, off the clock */
  guint data_size;  /* bytes in each node */
} BenchJob;

void bench_job_free (BenchJob *job);
const char *bench_workload_to_string (BenchWorkload workload);

/* The whole line without its end. No value may be empty or have white space in it. */
char *bench_job_to_line (const BenchJob *job);
/* @line without its end. NULL with G_IO_ERROR_INVALID_ARGUMENT that names the field. */
BenchJob *bench_job_from_line (const char *line, GError **error);

/* The answers; lines with their end. An error of G_IO_ERROR_NOT_SUPPORTED says that the program cannot do it.
 */
char *bench_answer_to_line (const BenchTally *tally);
char *bench_error_to_line (const GError *error);
/* FALSE with the error that the answer carries, or G_IO_ERROR_INVALID_DATA. */
gboolean bench_answer_from_line (const char *line, BenchMeasure *measure, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchJob, bench_job_free)

G_END_DECLS
