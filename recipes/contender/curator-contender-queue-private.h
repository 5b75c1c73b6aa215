/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-private.h"

G_BEGIN_DECLS

/* The contenders of one object of this process, one of which waits on the server at a time: thousands that
 * wait in the process cost the server no more than one, and are served in their order. Those who hold are not
 * in it. */

/* Loop only. TRUE where @contender is the one that may go to the server now. */
gboolean
curator_contender_queue_enter (CuratorContenderQueue *self, CuratorContender *contender, GList *link);
/* The contender waits no longer: it holds, or failed. With @error, for a reason that concerns all that are
 * behind it, they give up as well; otherwise the next one has its turn. */
void curator_contender_queue_leave (CuratorContenderQueue *self, GList *link, const GError *error);

G_END_DECLS
