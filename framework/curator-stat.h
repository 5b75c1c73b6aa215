/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-version.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_STAT (curator_stat_get_type ())

typedef struct _CuratorStat CuratorStat;

/**
 * CuratorStat:
 * @czxid: the transaction that created the node
 * @mzxid: the transaction that last changed its data
 * @pzxid: the transaction that last created or deleted a child
 * @ctime_ms: when it was created, in milliseconds since 1970 by the server's clock
 * @mtime_ms: when its data were last changed, likewise
 * @ephemeral_owner: the id of the session that owns it, or 0 for a node that is not ephemeral
 * @version: how often its data were changed
 * @cversion: how often its children changed
 * @aversion: how often its access control list changed
 * @data_length: the length of its data, in bytes
 * @num_children: how many children it has
 *
 * What the server keeps of a node beside its data.
 *
 * JavaScript keeps integers exactly only up to 2^53; there, read the 64-bit fields with
 * [method@Curator.Stat.dup_czxid_string] and its siblings.
 *
 * Since: 1.0
 */
struct _CuratorStat
{
  gint64 czxid;
  gint64 mzxid;
  gint64 pzxid;
  gint64 ctime_ms;
  gint64 mtime_ms;
  gint64 ephemeral_owner;
  gint32 version;
  gint32 cversion;
  gint32 aversion;
  gint32 data_length;
  gint32 num_children;
};

CURATOR_API GType curator_stat_get_type (void);
CURATOR_API CuratorStat *curator_stat_copy (const CuratorStat *self);
CURATOR_API void curator_stat_free (CuratorStat *self);
CURATOR_API char *curator_stat_dup_czxid_string (const CuratorStat *self);
CURATOR_API char *curator_stat_dup_mzxid_string (const CuratorStat *self);
CURATOR_API char *curator_stat_dup_ephemeral_owner_string (const CuratorStat *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorStat, curator_stat_free)

G_END_DECLS
