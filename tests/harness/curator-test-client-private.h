/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-test-client.h"
#include "curator-test-wire-private.h"

G_BEGIN_DECLS

/* One request of type @op and its reply; an error names the operation and the path. */
GBytes *curator_test_client_request (CuratorTestClient *self,
                                     gint32 op,
                                     const char *name,
                                     const char *path,
                                     GByteArray *arguments,
                                     GCancellable *cancellable,
                                     GError **error);
/* Whether the reply had all that was read from it. */
gboolean
curator_test_client_check (CuratorTestReader *reader, const char *name, const char *path, GError **error);

G_END_DECLS
