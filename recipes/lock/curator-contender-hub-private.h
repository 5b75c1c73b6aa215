/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

/* Tells all contenders of a client about its connection, with one listener at the client however many they
 * are, and with joining and leaving at no cost that depends on their number. Loop only. */

typedef void (*CuratorContenderHubFunc) (CuratorConnectionState state, gpointer user_data);

/* To be embedded in whoever takes part; zero before. */
typedef struct
{
  GList link;
  struct _CuratorContenderHub *hub;
  CuratorContenderHubFunc func;
  GDestroyNotify unref;
  gpointer (*ref) (gpointer user_data);
} CuratorContenderHubMember;

/* @func is called with @user_data, which is kept alive meanwhile with @ref and @unref. */
void curator_contender_hub_join (CuratorFramework *client,
                                 CuratorContenderHubMember *member,
                                 CuratorContenderHubFunc func,
                                 gpointer user_data,
                                 gpointer (*ref) (gpointer),
                                 GDestroyNotify unref);
/* Without effect where it is no member. Legal inside the function too, for whomever. */
void curator_contender_hub_leave (CuratorContenderHubMember *member);

G_END_DECLS
