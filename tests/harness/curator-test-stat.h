/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-test-macros.h"

G_BEGIN_DECLS

/**
 * CuratorTestStat:
 * @czxid: the transaction that created the node
 * @mzxid: the transaction that last changed its data
 * @pzxid: the transaction that last changed its list of children
 * @ephemeral_owner: the session that owns the node, 0 where it is not ephemeral
 * @ctime_ms: when it was created, in ms since the epoch by the server's clock
 * @mtime_ms: when its data were last changed, in ms since the epoch by the server's clock
 * @version: how often its data were changed
 * @cversion: how often its list of children was changed
 * @aversion: how often its access control list was changed
 * @data_length: the length of its data in bytes
 * @num_children: the number of its children
 *
 * What the server says about a node.
 *
 * Threads: a plain value.
 *
 * Since: 1.0
 */
typedef struct
{
  gint64 czxid;
  gint64 mzxid;
  gint64 pzxid;
  gint64 ephemeral_owner;
  gint64 ctime_ms;
  gint64 mtime_ms;
  gint32 version;
  gint32 cversion;
  gint32 aversion;
  gint32 data_length;
  gint32 num_children;
} CuratorTestStat;

#define CURATOR_TEST_TYPE_STAT (curator_test_stat_get_type ())
CURATOR_TEST_API GType curator_test_stat_get_type (void);
CURATOR_TEST_API CuratorTestStat *curator_test_stat_copy (const CuratorTestStat *self);
CURATOR_TEST_API void curator_test_stat_free (CuratorTestStat *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorTestStat, curator_test_stat_free)

G_END_DECLS
