/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-test-error.h"
#include "curator-test-stat.h"

G_BEGIN_DECLS

/* ZooKeeper's serialisation: big-endian numbers, and strings, buffers and lists with a 32-bit length before
 * them. */

enum
{
  CURATOR_TEST_XID_AUTH = -4,
  CURATOR_TEST_XID_PING = -2,
  CURATOR_TEST_XID_EVENT = -1,
};

enum
{
  CURATOR_TEST_OP_CREATE = 1,
  CURATOR_TEST_OP_DELETE = 2,
  CURATOR_TEST_OP_EXISTS = 3,
  CURATOR_TEST_OP_GET_DATA = 4,
  CURATOR_TEST_OP_SET_DATA = 5,
  CURATOR_TEST_OP_GET_CHILDREN = 8,
  CURATOR_TEST_OP_PING = 11,
  CURATOR_TEST_OP_CREATE_CONTAINER = 19,
  CURATOR_TEST_OP_AUTH = 100,
  CURATOR_TEST_OP_CLOSE = -11,
};

void curator_test_wire_put_int (GByteArray *out, gint32 value);
void curator_test_wire_put_long (GByteArray *out, gint64 value);
void curator_test_wire_put_string (GByteArray *out, const char *value);
/* NULL goes out as ZooKeeper's "no buffer". */
void curator_test_wire_put_bytes (GByteArray *out, GBytes *value);

/* Reading past the end yields zeroes and empty values, and sets @bad for good. */
typedef struct
{
  const guint8 *data;
  gsize left;
  gboolean bad;
} CuratorTestReader;

void curator_test_reader_init (CuratorTestReader *reader, GBytes *bytes);
gint32 curator_test_reader_get_int (CuratorTestReader *reader);
gint64 curator_test_reader_get_long (CuratorTestReader *reader);
char *curator_test_reader_get_string (CuratorTestReader *reader);
GBytes *curator_test_reader_get_bytes (CuratorTestReader *reader);
GStrv curator_test_reader_get_strings (CuratorTestReader *reader);
void curator_test_reader_get_stat (CuratorTestReader *reader, CuratorTestStat *stat);

/* Of an error number in a reply. */
void curator_test_error_set (GError **error, gint32 number, const char *operation, const char *path);

G_END_DECLS
