/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The little JSON that the benchmark needs: to write any of it, and to read a flat object, which is what the
 * programs under test answer. */

typedef enum
{
  BENCH_JSON_STRING,
  BENCH_JSON_NUMBER,
  BENCH_JSON_NUMBERS, /* an array of numbers */
} BenchJsonType;

typedef struct
{
  BenchJsonType type;
  char *string;
  double number;
  GArray *numbers; /* (element-type double) */
} BenchJsonValue;

/* Reads one object whose values are strings, numbers, booleans (numbers 0 and 1) or arrays of numbers:
 * (element-type utf8 BenchJsonValue). NULL with G_IO_ERROR_INVALID_DATA for anything else. */
GHashTable *bench_json_read_object (const char *text, GError **error);
/* NULL where @object has no such string. */
const char *bench_json_get_string (GHashTable *object, const char *key);
/* FALSE where @object has no such number. */
gboolean bench_json_get_number (GHashTable *object, const char *key, double *number);
/* NULL where @object has no such array. */
GArray *bench_json_get_numbers (GHashTable *object, const char *key);

/* With quotes and escapes. */
void bench_json_append_string (GString *json, const char *string);
/* With three decimals; null for what is not finite. */
void bench_json_append_number (GString *json, double number);

G_END_DECLS
