/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Hands results and events over from the loop to the main contexts of those who wait for them: in the order
 * in which they were posted, across all operations and watchers of a client, and with one source and one
 * wake-up for all that is posted before the context gets to it.
 *
 * Nothing is delivered under a lock, and a callback may iterate its context. */

typedef struct _CuratorDelivery CuratorDelivery;
typedef struct _CuratorDeliveryItem CuratorDeliveryItem;

/* Called once in the item's context; frees the item. */
typedef void (*CuratorDeliveryFunc) (CuratorDeliveryItem *item);

/* To be embedded as the first member of what is delivered. */
struct _CuratorDeliveryItem
{
  CuratorDeliveryItem *next;
  CuratorDeliveryFunc func;
};

CuratorDelivery *curator_delivery_new (void);
CuratorDelivery *curator_delivery_ref (CuratorDelivery *delivery);
void curator_delivery_unref (CuratorDelivery *delivery);

/* In the loop, whose own context is @loop_context: an item for that same context is called at once where nothing
 * was posted before it; else it is called from @context later. The item keeps a reference to its context. */
void curator_delivery_post (CuratorDelivery *delivery, GMainContext *loop_context, GMainContext *context,
                            CuratorDeliveryItem *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorDelivery, curator_delivery_unref)

G_END_DECLS
