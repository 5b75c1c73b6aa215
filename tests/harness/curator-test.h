/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-test-client.h"
#include "curator-test-cluster.h"
#include "curator-test-error.h"
#include "curator-test-proxy.h"
#include "curator-test-server.h"
#include "curator-test-stat.h"
