/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework-builder.h"
#include "curator-net-private.h"

G_BEGIN_DECLS

/* For tests: @net is the world of the clients that are built, and outlives them. */
void curator_framework_builder_set_net (CuratorFrameworkBuilder *self, CuratorNet *net);

G_END_DECLS
