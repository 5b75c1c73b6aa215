/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-report.h"

G_BEGIN_DECLS

/* Under what the results came about. */
typedef struct
{
  const char *server;
  const char *build_type;
} BenchConditions;

char *bench_render_text (const BenchReport *report, const BenchConditions *conditions);
char *bench_render_json (const BenchReport *report, const BenchConditions *conditions);

G_END_DECLS
