/* SPDX-License-Identifier: Apache-2.0 */
#include "interop-history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace interop_test
{

namespace
{

constexpr size_t sequence_digits = 10;

struct Line
{
  gint64 ns = 0;
  std::string event;
  Turn turn;
  long counter = 0;
};

bool
Parse (const std::string &text, Line *line)
{
  std::istringstream stream (text);

  return static_cast<bool> (stream >> line->ns >> line->event >> line->turn.what >> line->turn.node >>
                            line->turn.czxid >> line->counter);
}

void
ReadHistory (const std::string &file, size_t holder, std::vector<Turn> *turns)
{
  std::ifstream stream (file);
  std::string text;

  while (std::getline (stream, text) && !stream.eof ())
    {
      Line line;

      ASSERT_TRUE (Parse (text, &line)) << file << ": " << text;
      if (line.event == "acquired")
        {
          line.turn.holder = holder;
          line.turn.acquired_ns = line.ns;
          line.turn.releasing_ns = G_MAXINT64;
          line.turn.counter = line.counter;
          line.turn.counter_after = -1;
          turns->push_back (line.turn);
          continue;
        }
      ASSERT_EQ ("releasing", line.event) << file;
      ASSERT_FALSE (turns->empty ()) << file;
      ASSERT_EQ (holder, turns->back ().holder) << file;
      ASSERT_EQ (line.turn.node, turns->back ().node) << file;
      turns->back ().releasing_ns = line.ns;
      turns->back ().counter_after = line.counter;
    }
}

std::string
Describe (const Turn &turn)
{
  std::ostringstream text;

  text << "holder " << turn.holder << ": " << turn.what << " " << turn.node << " from " << turn.acquired_ns
       << " to " << turn.releasing_ns << ", counter " << turn.counter << " to " << turn.counter_after;
  return text.str ();
}

/* Whether a killed holder's turn may have gone on until @later, which nobody wrote down. */
bool
MayOverlap (const Turn &earlier, const Turn &later)
{
  return (!earlier.alone () && !later.alone ()) || earlier.releasing_ns <= later.acquired_ns ||
         earlier.cut ();
}

/* What the counter may be after @turn. */
bool
MayFollow (const Turn &turn, long counter)
{
  if (!turn.alone ())
    return counter == turn.counter;
  return counter == turn.counter + 1 || (turn.cut () && counter == turn.counter);
}

} // namespace

std::vector<Turn>
ReadHistories (const std::vector<std::string> &files)
{
  std::vector<Turn> turns;

  for (size_t i = 0; i < files.size (); i++)
    ReadHistory (files[i], i, &turns);
  std::stable_sort (turns.begin (), turns.end (),
                    [] (const Turn &a, const Turn &b) { return a.acquired_ns < b.acquired_ns; });
  return turns;
}

long
SequenceOf (const std::string &node)
{
  if (node.size () < sequence_digits)
    return -1;
  std::string digits = node.substr (node.size () - sequence_digits);
  return digits.find_first_not_of ("0123456789") == std::string::npos ? std::stol (digits) : -1;
}

void
ExpectAlone (const std::vector<Turn> &turns)
{
  std::vector<const Turn *> holding;

  for (const Turn &turn : turns)
    {
      for (const Turn *earlier : holding)
        EXPECT_TRUE (MayOverlap (*earlier, turn)) << Describe (*earlier) << "\n" << Describe (turn);
      holding.erase (std::remove_if (holding.begin (), holding.end (),
                                     [&turn] (const Turn *earlier) {
                                       return earlier->cut () || earlier->releasing_ns <= turn.acquired_ns;
                                     }),
                     holding.end ());
      holding.push_back (&turn);
      EXPECT_TRUE (turn.cut () || MayFollow (turn, turn.counter_after)) << Describe (turn);
    }
  for (size_t i = 1; i < turns.size (); i++)
    EXPECT_TRUE (MayFollow (turns[i - 1], turns[i].counter)) << Describe (turns[i - 1]) << "\n"
                                                             << Describe (turns[i]);
}

void
ExpectAtMost (const std::vector<Turn> &turns, size_t limit)
{
  std::vector<const Turn *> holding;

  for (const Turn &turn : turns)
    {
      holding.erase (std::remove_if (holding.begin (), holding.end (),
                                     [&turn] (const Turn *earlier) {
                                       return earlier->cut () || earlier->releasing_ns <= turn.acquired_ns;
                                     }),
                     holding.end ());
      holding.push_back (&turn);
      EXPECT_LE (holding.size (), limit) << Describe (turn);
    }
}

void
ExpectInOrder (const std::vector<Turn> &turns)
{
  for (size_t i = 1; i < turns.size (); i++)
    EXPECT_GT (turns[i].czxid, turns[i - 1].czxid) << Describe (turns[i - 1]) << "\n" << Describe (turns[i]);
}

void
ExpectCounted (const std::vector<Turn> &turns, long counter)
{
  long sure = std::count_if (turns.begin (), turns.end (),
                             [] (const Turn &turn) { return turn.alone () && !turn.cut (); });
  long unsure = std::count_if (turns.begin (), turns.end (),
                               [] (const Turn &turn) { return turn.alone () && turn.cut (); });

  EXPECT_GE (counter, sure);
  EXPECT_LE (counter, sure + unsure);
}

std::vector<size_t>
CountTurns (const std::vector<Turn> &turns, size_t holders)
{
  std::vector<size_t> counts (holders);

  for (const Turn &turn : turns)
    counts[turn.holder]++;
  return counts;
}

} // namespace interop_test
