/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <string>

#include "curator-acl.h"
#include "curator-fixed-acl-provider.h"
#include "curator-stat.h"
#include "curator-watched-event.h"

namespace
{

std::string
Take (char *text)
{
  std::string copy = text;

  g_free (text);
  return copy;
}

std::string
Show (CuratorAcl *acl)
{
  return std::string (curator_acl_get_scheme (acl)) + ":" + curator_acl_get_id (acl) + ":" +
         std::to_string (curator_acl_get_perms (acl));
}

/* Takes the list. */
std::string
Show (GPtrArray *list)
{
  std::string result;

  if (list == NULL)
    return "(null)";
  for (guint i = 0; i < list->len; i++)
    result += Show ((CuratorAcl *) g_ptr_array_index (list, i)) + ";";
  g_ptr_array_unref (list);
  return result;
}

TEST (Stat, IsCopiedWhole)
{
  CuratorStat stat = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
  CuratorStat *copy = (CuratorStat *) g_boxed_copy (CURATOR_TYPE_STAT, &stat);

  ASSERT_NE (&stat, copy);
  EXPECT_EQ (1, copy->czxid);
  EXPECT_EQ (2, copy->mzxid);
  EXPECT_EQ (3, copy->pzxid);
  EXPECT_EQ (4, copy->ctime_ms);
  EXPECT_EQ (5, copy->mtime_ms);
  EXPECT_EQ (6, copy->ephemeral_owner);
  EXPECT_EQ (7, copy->version);
  EXPECT_EQ (8, copy->cversion);
  EXPECT_EQ (9, copy->aversion);
  EXPECT_EQ (10, copy->data_length);
  EXPECT_EQ (11, copy->num_children);
  g_boxed_free (CURATOR_TYPE_STAT, copy);
}

TEST (Stat, HasStringsForIds)
{
  CuratorStat stat = {};

  stat.czxid = G_MAXINT64;
  stat.mzxid = (G_GINT64_CONSTANT (1) << 53) + 1;
  stat.ephemeral_owner = G_MININT64;
  EXPECT_EQ ("9223372036854775807", Take (curator_stat_dup_czxid_string (&stat)));
  EXPECT_EQ ("9007199254740993", Take (curator_stat_dup_mzxid_string (&stat)));
  EXPECT_EQ ("0x8000000000000000", Take (curator_stat_dup_ephemeral_owner_string (&stat)));
}

TEST (Acl, HasWhatItWasMadeWith)
{
  g_autoptr (CuratorAcl) acl = curator_acl_new (CURATOR_PERMS_READ, "ip", "10.0.0.0/8");
  CuratorAcl *boxed = (CuratorAcl *) g_boxed_copy (CURATOR_TYPE_ACL, acl);

  EXPECT_EQ ("ip:10.0.0.0/8:1", Show (acl));
  EXPECT_EQ (acl, boxed);
  g_boxed_free (CURATOR_TYPE_ACL, boxed);
  EXPECT_EQ ("ip:10.0.0.0/8:1", Show (acl));
}

TEST (Acl, IsEqualInAllParts)
{
  g_autoptr (CuratorAcl) acl = curator_acl_new (CURATOR_PERMS_READ, "ip", "10.0.0.1");
  g_autoptr (CuratorAcl) same = curator_acl_new (CURATOR_PERMS_READ, "ip", "10.0.0.1");
  g_autoptr (CuratorAcl) perms = curator_acl_new (CURATOR_PERMS_WRITE, "ip", "10.0.0.1");
  g_autoptr (CuratorAcl) scheme = curator_acl_new (CURATOR_PERMS_READ, "x509", "10.0.0.1");
  g_autoptr (CuratorAcl) id = curator_acl_new (CURATOR_PERMS_READ, "ip", "10.0.0.2");

  EXPECT_TRUE (curator_acl_equal (acl, acl));
  EXPECT_TRUE (curator_acl_equal (acl, same));
  EXPECT_FALSE (curator_acl_equal (acl, perms));
  EXPECT_FALSE (curator_acl_equal (acl, scheme));
  EXPECT_FALSE (curator_acl_equal (acl, id));
}

TEST (Acl, HasTheUsualLists)
{
  EXPECT_EQ ("world:anyone:31;", Show (curator_acl_open_unsafe ()));
  EXPECT_EQ ("world:anyone:1;", Show (curator_acl_read_unsafe ()));
  EXPECT_EQ ("auth::31;", Show (curator_acl_creator_all ()));
}

TEST (AclProvider, OpensEverything)
{
  g_autoptr (CuratorAclProvider) provider = curator_acl_provider_new ();

  EXPECT_EQ ("world:anyone:31;", Show (curator_acl_provider_get_default_acl (provider)));
  EXPECT_EQ ("(null)", Show (curator_acl_provider_get_acl_for_path (provider, "/a")));
}

TEST (FixedAclProvider, GivesItsListAndKeepsItsOwnCopy)
{
  GPtrArray *list = curator_acl_creator_all ();
  GPtrArray *property = NULL, *given;
  g_autoptr (CuratorAclProvider) provider = curator_fixed_acl_provider_new (list);

  g_ptr_array_add (list, curator_acl_new (CURATOR_PERMS_READ, "world", "anyone"));
  EXPECT_EQ ("auth::31;world:anyone:1;", Show (list));
  given = curator_acl_provider_get_default_acl (provider);
  g_ptr_array_set_size (given, 0);
  g_ptr_array_unref (given);
  EXPECT_EQ ("auth::31;", Show (curator_acl_provider_get_default_acl (provider)));
  EXPECT_EQ ("(null)", Show (curator_acl_provider_get_acl_for_path (provider, "/a")));
  g_object_get (provider, "acl", &property, NULL);
  EXPECT_EQ ("auth::31;", Show (property));
}

TEST (FixedAclProvider, IsEmptyWithoutAList)
{
  g_autoptr (CuratorAclProvider) provider =
      CURATOR_ACL_PROVIDER (g_object_new (CURATOR_TYPE_FIXED_ACL_PROVIDER, NULL));

  EXPECT_EQ ("", Show (curator_acl_provider_get_default_acl (provider)));
}

/* A provider from outside of the library, which makes arrays as bindings do: with nobody to free the
 * elements. */
struct TestProvider
{
  CuratorAclProvider parent_instance;
};
struct TestProviderClass
{
  CuratorAclProviderClass parent_class;
};

gboolean provider_fails;

GType test_provider_get_type (void);
G_DEFINE_TYPE (TestProvider, test_provider, CURATOR_TYPE_ACL_PROVIDER)

GPtrArray *
test_provider_make_default_acl (CuratorAclProvider *)
{
  GPtrArray *list = g_ptr_array_new ();

  if (provider_fails)
    {
      g_ptr_array_unref (list);
      return NULL;
    }
  g_ptr_array_add (list, curator_acl_new (CURATOR_PERMS_READ, "world", "anyone"));
  return list;
}

GPtrArray *
test_provider_make_acl_for_path (CuratorAclProvider *, const char *path)
{
  GPtrArray *list = NULL;

  if (g_str_equal (path, "/secret"))
    {
      list = g_ptr_array_new ();
      g_ptr_array_add (list, curator_acl_new (CURATOR_PERMS_ALL, "auth", ""));
    }
  return list;
}

void
test_provider_class_init (TestProviderClass *klass)
{
  CURATOR_ACL_PROVIDER_CLASS (klass)->make_default_acl = test_provider_make_default_acl;
  CURATOR_ACL_PROVIDER_CLASS (klass)->make_acl_for_path = test_provider_make_acl_for_path;
}

void
test_provider_init (TestProvider *)
{
}

TEST (AclProvider, CanBeDerivedFrom)
{
  g_autoptr (CuratorAclProvider) provider =
      CURATOR_ACL_PROVIDER (g_object_new (test_provider_get_type (), NULL));

  EXPECT_EQ ("world:anyone:1;", Show (curator_acl_provider_get_default_acl (provider)));
  EXPECT_EQ ("auth::31;", Show (curator_acl_provider_get_acl_for_path (provider, "/secret")));
  EXPECT_EQ ("(null)", Show (curator_acl_provider_get_acl_for_path (provider, "/public")));
}

TEST (AclProvider, FailsClosed)
{
  g_autoptr (CuratorAclProvider) provider =
      CURATOR_ACL_PROVIDER (g_object_new (test_provider_get_type (), NULL));

  provider_fails = TRUE;
  EXPECT_EQ ("", Show (curator_acl_provider_get_default_acl (provider)));
  provider_fails = FALSE;
}

TEST (WatchedEvent, HasWhatItWasMadeWith)
{
  g_autofree char *path = g_strdup ("/a/b");
  g_autoptr (CuratorWatchedEvent) event = curator_watched_event_new (
      CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, path, CURATOR_CONNECTION_STATE_RECONNECTED);
  CuratorWatchedEvent *boxed = (CuratorWatchedEvent *) g_boxed_copy (CURATOR_TYPE_WATCHED_EVENT, event);

  path[1] = 'x';
  EXPECT_EQ (event, boxed);
  g_boxed_free (CURATOR_TYPE_WATCHED_EVENT, boxed);
  EXPECT_EQ (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, curator_watched_event_get_event_type (event));
  EXPECT_STREQ ("/a/b", curator_watched_event_get_path (event));
  EXPECT_EQ (CURATOR_CONNECTION_STATE_RECONNECTED, curator_watched_event_get_connection_state (event));
}

} // namespace
