/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "curator-atomic-operation-private.h"
#include "curator-change-judge-private.h"
#include "curator-change-machine-private.h"
#include "curator-error.h"
#include "curator-mirror-machine-private.h"
#include "curator-number-private.h"

namespace
{

template <typename State, typename Event> struct Row
{
  State state;
  std::vector<Event> events;
  State next;
  guint actions;
};

/* Compares a machine with what it is to do; the pairs that are missing in the rows are to change nothing. */
template <typename State,
          typename Event,
          guint n_states,
          guint n_events,
          auto Step,
          auto StateName,
          auto EventName>
void
Compare (const std::vector<Row<State, Event> > &rows)
{
  std::map<std::pair<State, Event>, std::pair<State, guint> > table;

  for (const auto &row : rows)
    for (Event event : row.events)
      EXPECT_TRUE (table.insert ({ { row.state, event }, { row.next, row.actions } }).second)
          << StateName (row.state) << " + " << EventName (event) << " twice";
  for (guint s = 1; s < n_states; s++)
    for (guint e = 0; e < n_events; e++)
      {
        State state = static_cast<State> (s);
        Event event = static_cast<Event> (e);
        auto found = table.find ({ state, event });
        State next = state;
        guint actions = Step (&next, event);

        SCOPED_TRACE (std::string (StateName (state)) + " + " + EventName (event));
        EXPECT_STREQ (StateName (next), StateName (found == table.end () ? state : found->second.first));
        EXPECT_EQ (actions, found == table.end () ? 0u : found->second.second);
      }
}

#define S(name) CURATOR_CHANGE_##name
#define E(name) CURATOR_CHANGE_EVENT_##name
#define A(name) CURATOR_CHANGE_ACTION_##name

TEST (ChangeMachine, DoesWhatIsWanted)
{
  std::vector<Row<CuratorChangeState, CuratorChangeEvent> > rows = {
    { S (IDLE), { E (START) }, S (READING), A (READ) },
    { S (IDLE), { E (START_KNOWN) }, S (WRITING), A (WRITE) },
    { S (IDLE), { E (START_FORCED) }, S (FORCING), A (WRITE) },
    { S (READING), { E (WANTED) }, S (WRITING), A (WRITE) },
    { S (READING), { E (SETTLED) }, S (DONE), A (DROP) | A (RETURN) },
    { S (READING), { E (UNSURE) }, S (READING), A (READ) },
    { S (READING), { E (READ_FAILED) }, S (DONE), A (DROP) | A (FAIL) },
    { S (WRITING), { E (WRITTEN) }, S (DONE), A (DROP) | A (SUCCEED) },
    { S (WRITING), { E (CONFLICT) }, S (BEATEN), A (DECIDE) },
    { S (WRITING), { E (LOST) }, S (CHECKING), A (CHECK) },
    { S (WRITING), { E (UNSENT) }, S (READING), A (READ) },
    { S (WRITING), { E (REFUSED) }, S (DONE), A (DROP) | A (FAIL) },
    { S (CHECKING), { E (UNTOUCHED) }, S (REWRITING), A (WRITE) },
    { S (CHECKING), { E (OVERTAKEN) }, S (BEATEN), A (DECIDE) },
    { S (CHECKING), { E (UNCLEAR), E (CHECK_FAILED) }, S (DONE), A (DROP) | A (FAIL_OPEN) },
    { S (REWRITING), { E (WRITTEN) }, S (DONE), A (DROP) | A (SUCCEED) },
    { S (REWRITING), { E (CONFLICT), E (LOST), E (UNSENT) }, S (CHECKING), A (CHECK) },
    { S (REWRITING), { E (REFUSED) }, S (DONE), A (DROP) | A (FAIL_OPEN) },
    { S (FORCING), { E (WRITTEN) }, S (DONE), A (DROP) | A (SUCCEED) },
    { S (FORCING), { E (CONFLICT), E (LOST), E (UNSENT), E (REFUSED) }, S (DONE), A (DROP) | A (FAIL) },
    { S (BEATEN), { E (RETRY) }, S (PAUSED), A (PAUSE) },
    { S (BEATEN), { E (PROMOTE) }, S (LOCKING), A (LOCK) },
    { S (BEATEN), { E (EXHAUSTED) }, S (DONE), A (DROP) | A (RETURN) },
    { S (PAUSED), { E (PAUSE_OVER) }, S (READING), A (READ) },
    { S (LOCKING), { E (LOCKED) }, S (READING), A (READ) },
    { S (LOCKING), { E (LOCK_TIMED_OUT) }, S (DONE), A (DROP) | A (RETURN) },
    { S (LOCKING), { E (LOCK_FAILED) }, S (DONE), A (DROP) | A (FAIL) },
  };

  for (guint state = S (IDLE); state < S (DONE); state++)
    rows.push_back ({ static_cast<CuratorChangeState> (state), { E (GIVE_UP) }, S (DONE), A (DROP) });
  Compare<CuratorChangeState, CuratorChangeEvent, CURATOR_CHANGE_N_STATES, CURATOR_CHANGE_N_EVENTS,
          curator_change_machine_step, curator_change_state_to_string, curator_change_event_to_string> (rows);
}

/* faults: 2 */
TEST (ChangeJudge, TellsWhatBecameOfAWriteOnlyWhereThatIsSure)
{
  struct Found
  {
    gint64 czxid, mzxid;
    gint32 version;
    const char *data;
  };
  const Found none = { 0, 0, 0, nullptr };
  const struct
  {
    const char *what;
    Found before, now; /* without data: there is no node */
    CuratorChangeEvent event;
  } rows[] = {
    { "nobody has written", { 5, 9, 3, "a" }, { 5, 9, 3, "a" }, E (UNTOUCHED) },
    { "a server lags behind", { 5, 9, 3, "a" }, { 5, 8, 2, "z" }, E (UNTOUCHED) },
    { "somebody else was faster", { 5, 9, 3, "a" }, { 5, 10, 4, "b" }, E (OVERTAKEN) },
    { "the version wraps", { 5, 9, G_MAXINT32, "a" }, { 5, 10, G_MININT32, "b" }, E (OVERTAKEN) },
    { "it was us, or the same by somebody else", { 5, 9, 3, "a" }, { 5, 10, 4, "ours" }, E (UNCLEAR) },
    { "one of those before was perhaps ours", { 5, 9, 3, "a" }, { 5, 11, 5, "b" }, E (UNCLEAR) },
    { "another node, whatever its version", { 5, 9, 3, "a" }, { 10, 14, 4, "b" }, E (UNCLEAR) },
    { "it was deleted", { 5, 9, 3, "a" }, none, E (UNCLEAR) },
    { "nobody has created it, or it was deleted", none, none, E (UNCLEAR) },
    { "somebody else has created it, perhaps again", none, { 10, 10, 0, "b" }, E (UNCLEAR) },
    { "we have, or somebody else the same", none, { 10, 10, 0, "ours" }, E (UNCLEAR) },
    { "it was created and written", none, { 10, 11, 1, "b" }, E (UNCLEAR) },
  };

  for (const auto &row : rows)
    {
      CuratorStat before = {}, now = {};
      g_autoptr (GBytes) after = g_bytes_new_static ("ours", 4);
      g_autoptr (GBytes) data =
          row.now.data != nullptr ? g_bytes_new_static (row.now.data, strlen (row.now.data)) : nullptr;

      before.czxid = row.before.czxid;
      before.mzxid = row.before.mzxid;
      before.version = row.before.version;
      now.czxid = row.now.czxid;
      now.mzxid = row.now.mzxid;
      now.version = row.now.version;
      EXPECT_EQ (row.event, curator_change_judge_check (row.before.data != nullptr ? &before : nullptr, after,
                                                        row.now.data != nullptr ? &now : nullptr, data))
          << row.what;
    }
}

#undef S
#undef E
#undef A
#define S(name) CURATOR_MIRROR_##name
#define E(name) CURATOR_MIRROR_EVENT_##name
#define A(name) CURATOR_MIRROR_ACTION_##name

TEST (MirrorMachine, DoesWhatIsWanted)
{
  std::vector<Row<CuratorMirrorState, CuratorMirrorEvent> > rows = {
    { S (IDLE), { E (START) }, S (SEEDING), A (SEED) },
    { S (SEEDING), { E (SEEDED) }, S (READING), A (READ) },
    { S (SEEDING), { E (SEED_FAILED) }, S (UNSEEDED), A (PAUSE) },
    { S (UNSEEDED), { E (RECONNECTED), E (PAUSE_OVER) }, S (SEEDING), A (SEED) },
    { S (READING), { E (READ) }, S (WATCHING), A (TAKE) },
    { S (READING), { E (ABSENT) }, S (LOOKING), A (LOOK) | A (STALE) },
    { S (LOOKING), { E (PRESENT) }, S (READING), A (READ) },
    { S (LOOKING), { E (ABSENT) }, S (MISSING), 0 },
    { S (PAUSED), { E (PAUSE_OVER) }, S (READING), A (READ) },
  };

  for (auto state : { S (READING), S (LOOKING) })
    rows.push_back ({ state, { E (READ_FAILED) }, S (PAUSED), A (STALE) | A (PAUSE) });
  for (auto state : { S (READING), S (LOOKING), S (WATCHING), S (MISSING), S (PAUSED) })
    rows.push_back ({ state, { E (TOUCHED), E (RECONNECTED) }, S (READING), A (READ) });
  for (guint n = S (IDLE); n < S (DONE); n++)
    {
      auto state = static_cast<CuratorMirrorState> (n);

      rows.push_back ({ state, { E (SUSPENDED) }, state, A (STALE) });
      rows.push_back ({ state, { E (CLOSE) }, S (DONE), A (STALE) | A (FINISH) });
    }
  Compare<CuratorMirrorState, CuratorMirrorEvent, CURATOR_MIRROR_N_STATES, CURATOR_MIRROR_N_EVENTS,
          curator_mirror_machine_step, curator_mirror_state_to_string, curator_mirror_event_to_string> (rows);
}

/* Numbers */

constexpr gsize kInt = CURATOR_NUMBER_INT_SIZE;
constexpr gsize kLong = CURATOR_NUMBER_LONG_SIZE;

std::string
ToText (GBytes *bytes)
{
  gsize length = 0;
  auto *data = static_cast<const char *> (g_bytes_get_data (bytes, &length));

  return std::string (data, length);
}

TEST (Number, IsWrittenAsJavaWritesIt)
{
  const struct
  {
    gint64 number;
    gsize size;
    std::string bytes;
  } rows[] = {
    { 0, kInt, std::string (4, '\0') },
    { 1, kInt, std::string ("\0\0\0\1", 4) },
    { -2, kInt, "\xff\xff\xff\xfe" },
    { G_MININT32, kInt, std::string ("\x80\0\0\0", 4) },
    { 0x0102030405060708, kLong, "\1\2\3\4\5\6\7\x8" },
    { -1, kLong, std::string (8, '\xff') },
    { G_MININT64, kLong, std::string ("\x80\0\0\0\0\0\0\0", 8) },
  };

  for (const auto &row : rows)
    {
      g_autoptr (GBytes) bytes = curator_number_to_bytes (row.number, row.size);
      gint64 number = 99;

      EXPECT_EQ (ToText (bytes), row.bytes) << row.number;
      EXPECT_TRUE (curator_number_from_bytes (bytes, row.size, &number));
      EXPECT_EQ (number, row.number);
      EXPECT_FALSE (curator_number_from_bytes (bytes, kInt + kLong - row.size, &number));
      EXPECT_EQ (number, row.number);
    }
}

TEST (Number, WrapsAsInJava)
{
  EXPECT_EQ (curator_number_add (G_MAXINT32, 1, kInt), G_MININT32);
  EXPECT_EQ (curator_number_subtract (G_MININT32, 1, kInt), G_MAXINT32);
  EXPECT_EQ (curator_number_add (G_MAXINT32, 1, kLong), G_GINT64_CONSTANT (2147483648));
  EXPECT_EQ (curator_number_add (G_MAXINT64, 1, kLong), G_MININT64);
  EXPECT_EQ (curator_number_subtract (0, G_MININT64, kLong), G_MININT64);
  EXPECT_EQ (curator_number_subtract (0, G_MININT32, kInt), G_MININT32);
  EXPECT_FALSE (curator_number_fits (G_GINT64_CONSTANT (2147483648), kInt));
  EXPECT_FALSE (curator_number_fits (G_GINT64_CONSTANT (-2147483649), kInt));
  EXPECT_TRUE (curator_number_fits (G_MININT64, kLong));
}

/* Operations */

constexpr gint64 kAbsent = G_MAXINT64;
constexpr gint64 kUnchanged = G_MAXINT64;

TEST (AtomicOperation, ComputesWhatIsToBeWritten)
{
  const struct
  {
    CuratorAtomicKind kind;
    gint64 a, b, current, wanted;
  } rows[] = {
    { CURATOR_ATOMIC_GET, 0, 0, 5, kUnchanged },
    { CURATOR_ATOMIC_GET, 0, 0, kAbsent, kUnchanged },
    { CURATOR_ATOMIC_INCREMENT, 1, 0, 5, 6 },
    { CURATOR_ATOMIC_INCREMENT, 1, 0, kAbsent, 1 },
    { CURATOR_ATOMIC_INCREMENT, 1, 0, G_MAXINT32, G_MININT32 },
    { CURATOR_ATOMIC_DECREMENT, -1, 0, 0, -1 },
    { CURATOR_ATOMIC_DECREMENT, -1, 0, G_MININT32, G_MAXINT32 },
    { CURATOR_ATOMIC_ADD, -3, 0, 5, 2 },
    { CURATOR_ATOMIC_SUBTRACT, 7, 0, kAbsent, -7 },
    { CURATOR_ATOMIC_SUBTRACT, G_MININT32, 0, 1, G_MININT32 + 1 },
    { CURATOR_ATOMIC_TRY_SET, 9, 0, 5, 9 },
    { CURATOR_ATOMIC_TRY_SET, 9, 0, kAbsent, 9 },
    { CURATOR_ATOMIC_COMPARE_AND_SET, 5, 6, 5, 6 },
    { CURATOR_ATOMIC_COMPARE_AND_SET, 5, 6, 4, kUnchanged },
    { CURATOR_ATOMIC_COMPARE_AND_SET, 0, 6, kAbsent, kUnchanged },
    { CURATOR_ATOMIC_INITIALIZE, 3, 0, kAbsent, 3 },
    { CURATOR_ATOMIC_INITIALIZE, 3, 0, 5, kUnchanged },
  };

  for (const auto &row : rows)
    {
      CuratorAtomicOperation operation = {
        .kind = row.kind, .a = row.a, .b = row.b, .size = kInt, .path = "/n"
      };
      g_autoptr (GBytes) current =
          row.current == kAbsent ? nullptr : curator_number_to_bytes (row.current, kInt);
      g_autoptr (GError) error = nullptr;
      g_autoptr (GBytes) wanted = curator_atomic_operation_compute (&operation, current, &error);
      gint64 number = kUnchanged;

      SCOPED_TRACE (std::to_string (row.kind) + " of " + std::to_string (row.current));
      EXPECT_EQ (error, nullptr);
      EXPECT_TRUE (wanted == nullptr || curator_number_from_bytes (wanted, kInt, &number));
      EXPECT_EQ (number, row.wanted);
    }
}

TEST (AtomicOperation, TakesEmptyDataForZero)
{
  CuratorAtomicOperation operation = {
    .kind = CURATOR_ATOMIC_COMPARE_AND_SET, .a = 0, .b = 6, .size = kInt, .path = "/n"
  };
  g_autoptr (GBytes) current = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) wanted = curator_atomic_operation_compute (&operation, current, nullptr);
  gint64 number = 0;

  ASSERT_NE (wanted, nullptr);
  EXPECT_TRUE (curator_number_from_bytes (wanted, kInt, &number));
  EXPECT_EQ (number, 6);
}

/* faults: 23 */
TEST (AtomicOperation, RefusesDataThatAreNoNumber)
{
  for (gsize length : { 1, 3, 5, 8 })
    {
      CuratorAtomicOperation operation = {
        .kind = CURATOR_ATOMIC_INCREMENT, .a = 1, .size = kInt, .path = "/n"
      };
      g_autoptr (GBytes) current = g_bytes_new ("12345678", length);
      g_autoptr (GError) error = nullptr;

      EXPECT_EQ (curator_atomic_operation_compute (&operation, current, &error), nullptr);
      EXPECT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY));
      EXPECT_NE (std::string (error->message).find ("increment \"/n\""), std::string::npos) << error->message;
    }
}

} // namespace
