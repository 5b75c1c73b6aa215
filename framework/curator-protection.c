/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-protection-private.h"

#include <string.h>

#include <zookeeper.h>

#include "curator-guard-private.h"
#include "curator-names-private.h"
#include "curator-path-private.h"

/* The server gave up on the request; the C client's header does not have it. */
#define RC_REQUEST_TIMEOUT (-122)

gboolean
curator_protection_is_outcome_open (int rc)
{
  switch (rc)
    {
    case ZRUNTIMEINCONSISTENCY:
    case ZCONNECTIONLOSS:
    case ZMARSHALLINGERROR:
    case ZOPERATIONTIMEOUT:
    case ZINVALIDSTATE:
    case ZSESSIONEXPIRED:
    case ZCLOSING:
    case RC_REQUEST_TIMEOUT:
    case CURATOR_RC_CANCELLED:
    case CURATOR_RC_CLOSED:
    case CURATOR_RC_REPLY_TOO_LARGE:
      return TRUE;
    default:
      return FALSE;
    }
}

char *
curator_protection_dup_parent (const char *path)
{
  char *parent = curator_path_dup_parent (path);

  return parent == NULL ? g_strdup ("/") : parent;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
curator_protection_find (const char *const *children, const char *guid)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; children != NULL && children[i] != NULL; i++)
    {
      if (curator_names_has_guid (children[i], guid))
        g_ptr_array_add (names, g_strdup (children[i]));
    }
  /* They differ in their sequences only, which servers pad for just this comparison. */
  g_ptr_array_sort (names, compare_names);
  return names;
}

guint
curator_protection_choose (const CuratorProtectionCandidate *candidates,
                           guint n_candidates,
                           CuratorCreateMode mode,
                           gint64 session_id)
{
  gboolean ephemeral = curator_create_mode_is_ephemeral (mode);

  for (guint i = 0; i < n_candidates; i++)
    {
      gboolean is_own = candidates[i].ephemeral_owner == session_id || !CURATOR_GUARD (ADOPT_OWN_ONLY);

      if (candidates[i].exists && (!ephemeral || is_own))
        return i;
    }
  return CURATOR_PROTECTION_NO_CANDIDATE;
}
