/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <limits>

#include "curator-retry-bounded-exponential-backoff.h"
#include "curator-retry-exponential-backoff.h"
#include "curator-retry-forever.h"
#include "curator-retry-n-times.h"
#include "curator-retry-one-time.h"
#include "curator-retry-session-failed.h"
#include "curator-retry-until-elapsed.h"

namespace
{

constexpr double BELOW_ONE = 0.99999999999999989;
constexpr gint64 REFUSED = -1;

/* What a policy answers: the delay, or REFUSED. Checks on the way that a refusal leaves no delay behind. */
gint64
Ask (CuratorRetryPolicy *policy,
     guint count,
     gint64 elapsed = 0,
     double random = 0.0,
     gboolean session_lost = FALSE)
{
  gint64 sleep = 4711;
  gboolean allowed = curator_retry_policy_allow_retry (policy, count, elapsed, session_lost, random, &sleep);

  EXPECT_EQ (allowed, curator_retry_policy_allow_retry (policy, count, elapsed, session_lost, random, NULL));
  if (allowed)
    return sleep;
  EXPECT_EQ (0, sleep);
  return REFUSED;
}

struct Policy
{
  explicit Policy (CuratorRetryPolicy *policy) : self (policy)
  {
  }
  ~Policy ()
  {
    g_object_unref (self);
  }
  operator CuratorRetryPolicy * () const
  {
    return self;
  }
  gint64 Int64 (const char *property) const
  {
    gint64 value;

    g_object_get (self, property, &value, NULL);
    return value;
  }
  int Int (const char *property) const
  {
    int value;

    g_object_get (self, property, &value, NULL);
    return value;
  }
  CuratorRetryPolicy *self;
};

TEST (RetryBackoff, DelayIsTheBaseTimesAWholeNumberBelowTheNextPowerOfTwo)
{
  struct Row
  {
    guint count;
    double random;
    gint64 factor;
  };
  const Row rows[] = {
    { 0, 0.0, 1 },        { 0, 0.49, 1 },  { 0, 0.5, 1 },
    { 0, BELOW_ONE, 1 },  { 1, 0.0, 1 },   { 1, 0.25, 1 },
    { 1, 0.5, 2 },        { 1, 0.75, 3 },  { 1, BELOW_ONE, 3 },
    { 2, 0.124, 1 },      { 2, 0.125, 1 }, { 2, 0.25, 2 },
    { 2, BELOW_ONE, 7 },  { 9, 0.5, 512 }, { 9, BELOW_ONE, 1023 },
    { 28, 0.5, 1 << 28 }, { 28, 0.0, 1 },  { 28, BELOW_ONE, (1 << 29) - 1 },
  };
  Policy plain (curator_retry_exponential_backoff_new (3, 29));
  Policy bounded (curator_retry_bounded_exponential_backoff_new (3, 1000, 29));
  Policy full (curator_retry_exponential_backoff_new_full (3, 29, 1000));

  for (const Row &row : rows)
    {
      SCOPED_TRACE (testing::Message () << row.count << " " << row.random);
      EXPECT_EQ (MIN (3 * row.factor, G_MAXINT), Ask (plain, row.count, 0, row.random));
      EXPECT_EQ (MIN (3 * row.factor, 1000), Ask (bounded, row.count, 0, row.random));
      EXPECT_EQ (MIN (3 * row.factor, 1000), Ask (full, row.count, 0, row.random));
    }
}

TEST (RetryBackoff, EndsAfterTheRetriesThatWereAskedFor)
{
  Policy plain (curator_retry_exponential_backoff_new (10, 3));
  Policy bounded (curator_retry_bounded_exponential_backoff_new (10, 20, 3));

  for (guint count : { 0u, 1u, 2u })
    {
      EXPECT_EQ (10, Ask (plain, count));
      EXPECT_EQ (10, Ask (bounded, count));
    }
  for (guint count : { 3u, 4u, 29u, 30u, 31u, 32u, 63u, 64u, G_MAXUINT })
    {
      EXPECT_EQ (REFUSED, Ask (plain, count));
      EXPECT_EQ (REFUSED, Ask (bounded, count));
    }
}

TEST (RetryBackoff, IgnoresTimeAndSession)
{
  Policy plain (curator_retry_exponential_backoff_new (10, 3));

  EXPECT_EQ (10, Ask (plain, 0, G_MAXINT64));
  EXPECT_EQ (10, Ask (plain, 0, G_MININT64));
  EXPECT_EQ (10, Ask (plain, 0, 0, 0.0, TRUE));
}

TEST (RetryBackoff, ClampsWhatItIsMadeWith)
{
  struct Row
  {
    gint64 base, max_sleep;
    int retries;
    gint64 want_base, want_max_sleep;
    int want_retries;
  };
  const Row rows[] = {
    { 1, 2, 3, 1, 2, 3 },
    { 0, 0, 0, 0, 0, 0 },
    { -1, -1, -1, 0, 0, 0 },
    { G_MININT64, G_MININT64, G_MININT, 0, 0, 0 },
    { G_MAXINT64, G_MAXINT64, G_MAXINT, G_MAXINT, G_MAXINT, 29 },
    { (gint64) G_MAXINT + 1, (gint64) G_MAXINT + 1, 30, G_MAXINT, G_MAXINT, 29 },
    { G_MAXINT, G_MAXINT, 29, G_MAXINT, G_MAXINT, 29 },
  };

  for (const Row &row : rows)
    {
      Policy full (curator_retry_exponential_backoff_new_full (row.base, row.retries, row.max_sleep));
      Policy bounded (curator_retry_bounded_exponential_backoff_new (row.base, row.max_sleep, row.retries));
      Policy plain (curator_retry_exponential_backoff_new (row.base, row.retries));

      for (const Policy *policy : { &full, &bounded })
        {
          EXPECT_EQ (row.want_base, policy->Int64 ("base-sleep-ms"));
          EXPECT_EQ (row.want_max_sleep, policy->Int64 ("max-sleep-ms"));
          EXPECT_EQ (row.want_retries, policy->Int ("max-retries"));
        }
      EXPECT_EQ (row.want_base, plain.Int64 ("base-sleep-ms"));
      EXPECT_EQ (G_MAXINT, plain.Int64 ("max-sleep-ms"));
      EXPECT_EQ (row.want_retries, plain.Int ("max-retries"));
    }
}

TEST (RetryBackoff, TheLargestNumbersDoNotOverflow)
{
  Policy plain (curator_retry_exponential_backoff_new (G_MAXINT64, G_MAXINT));

  EXPECT_EQ (G_MAXINT, Ask (plain, 0));
  EXPECT_EQ (G_MAXINT, Ask (plain, 28, G_MAXINT64, BELOW_ONE));
  EXPECT_EQ (REFUSED, Ask (plain, 29));
}

TEST (RetryPolicy, MovesRandomNumbersInside)
{
  struct Row
  {
    double random;
    gint64 factor;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN ();
  const double infinity = std::numeric_limits<double>::infinity ();
  const Row rows[] = { { nan, 1 },  { -infinity, 1 }, { -0.5, 1 },     { 1.0, 15 },
                       { 1.5, 15 }, { 1e300, 15 },    { infinity, 15 } };
  Policy plain (curator_retry_exponential_backoff_new (1, 10));

  for (const Row &row : rows)
    EXPECT_EQ (row.factor, Ask (plain, 3, 0, row.random)) << row.random;
}

TEST (RetryNTimes, TriesThatOften)
{
  struct Row
  {
    int n;
    gint64 sleep;
    guint count;
    gint64 want;
  };
  const Row rows[] = {
    { 0, 5, 0, REFUSED },
    { 1, 5, 0, 5 },
    { 1, 5, 1, REFUSED },
    { 3, 0, 2, 0 },
    { 3, 5, 3, REFUSED },
    { -1, 5, 0, REFUSED },
    { G_MININT, 5, 0, REFUSED },
    { 2, -5, 0, 0 },
    { 2, G_MININT64, 0, 0 },
    { 2, G_MAXINT64, 0, G_MAXINT },
    { G_MAXINT, 5, G_MAXINT - 1, 5 },
    { G_MAXINT, 5, G_MAXINT, REFUSED },
    { G_MAXINT, 5, G_MAXUINT, REFUSED },
  };

  for (const Row &row : rows)
    {
      Policy policy (curator_retry_n_times_new (row.n, row.sleep));

      EXPECT_EQ (row.want, Ask (policy, row.count, 7, 0.7)) << row.n << " " << row.sleep << " " << row.count;
    }
}

TEST (RetryNTimes, HasItsConfigurationAsProperties)
{
  Policy policy (curator_retry_n_times_new (7, 8));

  EXPECT_EQ (7, policy.Int ("n"));
  EXPECT_EQ (8, policy.Int64 ("sleep-between-ms"));
}

TEST (RetryOneTime, TriesOnce)
{
  Policy policy (curator_retry_one_time_new (12));
  Policy negative (curator_retry_one_time_new (G_MININT64));

  EXPECT_EQ (12, policy.Int64 ("sleep-ms"));
  EXPECT_EQ (12, Ask (policy, 0));
  EXPECT_EQ (REFUSED, Ask (policy, 1));
  EXPECT_EQ (REFUSED, Ask (policy, G_MAXUINT));
  EXPECT_EQ (0, Ask (negative, 0));
}

TEST (RetryUntilElapsed, LooksAtTheTime)
{
  struct Row
  {
    gint64 max, elapsed, want;
  };
  const Row rows[] = {
    { 100, 0, 9 },
    { 100, 99, 9 },
    { 100, 100, REFUSED },
    { 100, 101, REFUSED },
    { 100, G_MAXINT64, REFUSED },
    { 100, -1, 9 },
    { 100, G_MININT64, 9 },
    { 0, 0, REFUSED },
    { -1, 0, REFUSED },
    { -1, G_MININT64, REFUSED },
    { G_MININT64, 0, REFUSED },
    { G_MAXINT64, G_MAXINT64 - 1, 9 },
    { G_MAXINT64, G_MAXINT64, REFUSED },
  };

  for (const Row &row : rows)
    {
      Policy policy (curator_retry_until_elapsed_new (row.max, 9));

      EXPECT_EQ (MAX (row.max, 0), policy.Int64 ("max-elapsed-ms"));
      EXPECT_EQ (9, policy.Int64 ("sleep-between-ms"));
      for (guint count : { 0u, 1u, 1000000u, G_MAXUINT })
        EXPECT_EQ (row.want, Ask (policy, count, row.elapsed))
            << row.max << " " << row.elapsed << " " << count;
    }
}

TEST (RetryForever, NeverGivesUpAndNeverSpins)
{
  struct Row
  {
    gint64 sleep, want;
  };
  const Row rows[] = {
    { 1, 1 }, { 50, 50 }, { 0, 1 }, { -3, 1 }, { G_MININT64, 1 }, { G_MAXINT64, G_MAXINT }
  };

  for (const Row &row : rows)
    {
      Policy policy (curator_retry_forever_new (row.sleep));

      EXPECT_EQ (row.want, policy.Int64 ("sleep-ms"));
      EXPECT_EQ (row.want, Ask (policy, 0));
      EXPECT_EQ (row.want, Ask (policy, G_MAXUINT, G_MAXINT64, BELOW_ONE, TRUE));
    }
}

TEST (RetrySessionFailed, DelegatesUntilTheSessionIsGone)
{
  Policy policy (curator_retry_session_failed_new (curator_retry_n_times_new (2, 30)));

  EXPECT_EQ (30, Ask (policy, 0));
  EXPECT_EQ (30, Ask (policy, 1));
  EXPECT_EQ (REFUSED, Ask (policy, 2));
  EXPECT_EQ (REFUSED, Ask (policy, 0, 0, 0.0, TRUE));
}

TEST (RetrySessionFailed, PassesAllArgumentsOn)
{
  Policy of_elapsed (curator_retry_session_failed_new (curator_retry_until_elapsed_new (10, 1)));
  Policy of_backoff (curator_retry_session_failed_new (curator_retry_exponential_backoff_new (1, 29)));

  EXPECT_EQ (1, Ask (of_elapsed, 5, 9));
  EXPECT_EQ (REFUSED, Ask (of_elapsed, 5, 10));
  EXPECT_EQ (16, Ask (of_backoff, 4, 0, 0.5));
}

TEST (RetrySessionFailed, TakesItsDelegateOver)
{
  CuratorRetryPolicy *delegate = curator_retry_one_time_new (30);
  gpointer watched = delegate;
  CuratorRetryPolicy *policy = curator_retry_session_failed_new (delegate);

  g_object_add_weak_pointer (G_OBJECT (delegate), &watched);
  ASSERT_NE (nullptr, watched);
  EXPECT_EQ (30, Ask (policy, 0));
  g_object_unref (policy);
  EXPECT_EQ (nullptr, watched);
}

TEST (RetrySessionFailed, RefusesWithoutADelegate)
{
  Policy policy (CURATOR_RETRY_POLICY (g_object_new (CURATOR_TYPE_RETRY_SESSION_FAILED, NULL)));

  EXPECT_EQ (REFUSED, Ask (policy, 0));
}

/* A policy from outside of the library, which sees what is asked and answers what it likes. */
struct TestPolicy
{
  CuratorRetryPolicy parent_instance;
};
struct TestPolicyClass
{
  CuratorRetryPolicyClass parent_class;
};

struct Question
{
  guint count;
  gint64 elapsed;
  gboolean session_lost;
  double random;
};
Question asked;
gboolean answer;
gint64 answered_sleep;

GType test_policy_get_type (void);
G_DEFINE_TYPE (TestPolicy, test_policy, CURATOR_TYPE_RETRY_POLICY)

gboolean
test_policy_allow_retry (
    CuratorRetryPolicy *, guint count, gint64 elapsed, gboolean session_lost, double random, gint64 *sleep_ms)
{
  asked = { count, elapsed, session_lost, random };
  *sleep_ms = answered_sleep;
  return answer;
}

void
test_policy_class_init (TestPolicyClass *klass)
{
  CURATOR_RETRY_POLICY_CLASS (klass)->allow_retry = test_policy_allow_retry;
}

void
test_policy_init (TestPolicy *)
{
}

TEST (RetryPolicy, CanBeDerivedFrom)
{
  Policy policy (CURATOR_RETRY_POLICY (g_object_new (test_policy_get_type (), NULL)));

  answer = TRUE;
  answered_sleep = 77;
  EXPECT_EQ (77, Ask (policy, 3, 4, 0.5, TRUE));
  EXPECT_EQ (3u, asked.count);
  EXPECT_EQ (4, asked.elapsed);
  EXPECT_TRUE (asked.session_lost);
  EXPECT_DOUBLE_EQ (0.5, asked.random);
}

TEST (RetryPolicy, KeepsArgumentsAndAnswersInRange)
{
  Policy policy (CURATOR_RETRY_POLICY (g_object_new (test_policy_get_type (), NULL)));

  answer = TRUE;
  answered_sleep = G_MININT64;
  EXPECT_EQ (0, Ask (policy, 0, G_MININT64, 1.0));
  EXPECT_EQ (0, asked.elapsed);
  EXPECT_LT (asked.random, 1.0);
  EXPECT_GT (asked.random, 0.999);

  answer = FALSE;
  answered_sleep = 5;
  EXPECT_EQ (REFUSED, Ask (policy, 0, 0, -1.0));
  EXPECT_EQ (0.0, asked.random);
}

TEST (RetryPolicy, IsAbstract)
{
  EXPECT_TRUE (G_TYPE_IS_ABSTRACT (CURATOR_TYPE_RETRY_POLICY));
  EXPECT_TRUE (G_TYPE_IS_FINAL (CURATOR_TYPE_RETRY_EXPONENTIAL_BACKOFF));
}

} // namespace
