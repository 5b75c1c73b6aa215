/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What those who contend write down while they hold, each in a file of its own; README.md has the lines. */

#include <glib.h>

#include <string>
#include <vector>

namespace interop_test
{

/* One time that somebody held. */
struct Turn
{
  size_t holder = 0; /* whose file it is from */
  std::string what;  /* what was held: "lock", "read", "write", "lease", "leader" */
  std::string node;
  gint64 acquired_ns = 0;
  gint64 releasing_ns = 0; /* G_MAXINT64 where the holder was killed before */
  gint64 czxid = 0;
  long counter = 0;       /* when it was acquired */
  long counter_after = 0; /* when it was released; -1 where the holder was killed before */

  bool cut () const
  {
    return releasing_ns == G_MAXINT64;
  }

  bool alone () const
  {
    return what != "read" && what != "lease";
  }
};

/* All turns in the order in which they were acquired. A line that a kill left half-written does not count. */
std::vector<Turn> ReadHistories (const std::vector<std::string> &files);
/* The number at the end of a node's name; -1 where there is none. */
long SequenceOf (const std::string &node);

/* Fails the test where two held at once of whom one has to be alone, or where the counter shows that somebody
 * else wrote in between. */
void ExpectAlone (const std::vector<Turn> &turns);
/* Fails the test where more than @limit held at once. */
void ExpectAtMost (const std::vector<Turn> &turns, size_t limit);
/* Fails the test where one was granted before another that had come earlier: tokens grow, and with them the
 * numbers of the nodes, but for those below a container that was deleted in between. */
void ExpectInOrder (const std::vector<Turn> &turns);
/* The counter after all turns: at least and at most, as who is killed may have counted or not. */
void ExpectCounted (const std::vector<Turn> &turns, long counter);
/* How often each holder held. */
std::vector<size_t> CountTurns (const std::vector<Turn> &turns, size_t holders);

} // namespace interop_test
