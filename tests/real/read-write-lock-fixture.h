/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of CuratorReadWriteLock share. */

#include "mutex-fixture.h"

namespace read_write_lock_test
{

using namespace mutex_test;

class ReadWriteLockFixture : public ProxyFixture
{
public:
  Ref<CuratorReadWriteLock> NewLock (CuratorFramework *client, const char *path = "/lock")
  {
    Ref<CuratorReadWriteLock> lock (curator_read_write_lock_new (client, path));

    WatchFinalize (lock.get ());
    return lock;
  }

  Ref<CuratorLease> Keep (CuratorLease *lease, const Error &error)
  {
    Ref<CuratorLease> kept (lease);

    EXPECT_NE (nullptr, lease) << error.message ();
    if (lease != nullptr)
      WatchFinalize (lease);
    return kept;
  }

  Ref<CuratorLease> Read (CuratorReadWriteLock *lock, gint64 timeout_ms = 20000)
  {
    Error error;

    return Keep (curator_read_write_lock_acquire_read_sync (lock, timeout_ms, nullptr, error.out ()), error);
  }

  Ref<CuratorLease> Write (CuratorReadWriteLock *lock, gint64 timeout_ms = 20000)
  {
    Error error;

    return Keep (curator_read_write_lock_acquire_write_sync (lock, timeout_ms, nullptr, error.out ()), error);
  }

  Ref<CuratorLease> ReadUnder (CuratorReadWriteLock *lock, CuratorLease *write)
  {
    Error error;

    return Keep (
        curator_read_write_lock_acquire_covered_read_sync (lock, write, 20000, nullptr, error.out ()), error);
  }

  Acquisition *
  BeginRead (CuratorReadWriteLock *lock, gint64 timeout_ms = -1, GCancellable *cancellable = nullptr)
  {
    acquisitions_.push_back (std::make_unique<Acquisition> ());
    curator_read_write_lock_acquire_read_async (lock, timeout_ms, cancellable, OnRead,
                                                acquisitions_.back ().get ());
    return acquisitions_.back ().get ();
  }

  Acquisition *
  BeginWrite (CuratorReadWriteLock *lock, gint64 timeout_ms = -1, GCancellable *cancellable = nullptr)
  {
    acquisitions_.push_back (std::make_unique<Acquisition> ());
    curator_read_write_lock_acquire_write_async (lock, timeout_ms, cancellable, OnWritten,
                                                 acquisitions_.back ().get ());
    return acquisitions_.back ().get ();
  }

  Acquisition *
  BeginReadUnder (CuratorReadWriteLock *lock, CuratorLease *write, GCancellable *cancellable = nullptr)
  {
    acquisitions_.push_back (std::make_unique<Acquisition> ());
    curator_read_write_lock_acquire_covered_read_async (lock, write, -1, cancellable, OnCovered,
                                                        acquisitions_.back ().get ());
    return acquisitions_.back ().get ();
  }

  static void Take (Acquisition *acquisition, CuratorLease *lease)
  {
    EXPECT_FALSE (acquisition->done);
    EXPECT_NE (lease != nullptr, acquisition->error.get () != nullptr);
    acquisition->lease.reset (lease);
    acquisition->done = true;
  }

  static void OnRead (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *acquisition = static_cast<Acquisition *> (data);

    Take (acquisition, curator_read_write_lock_acquire_read_finish (CURATOR_READ_WRITE_LOCK (object), result,
                                                                    acquisition->error.out ()));
  }

  static void OnWritten (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *acquisition = static_cast<Acquisition *> (data);

    Take (acquisition, curator_read_write_lock_acquire_write_finish (CURATOR_READ_WRITE_LOCK (object), result,
                                                                     acquisition->error.out ()));
  }

  static void OnCovered (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *acquisition = static_cast<Acquisition *> (data);

    Take (acquisition, curator_read_write_lock_acquire_covered_read_finish (
                           CURATOR_READ_WRITE_LOCK (object), result, acquisition->error.out ()));
  }

  std::vector<std::string> ToVector (char **paths)
  {
    std::vector<std::string> list;

    for (char **path = paths; path != nullptr && *path != nullptr; path++)
      list.push_back (*path);
    return list;
  }

  std::vector<std::string> Readers (CuratorReadWriteLock *lock)
  {
    Error error;
    g_auto (GStrv) paths = curator_read_write_lock_get_reader_nodes_sync (lock, nullptr, error.out ());

    EXPECT_NE (nullptr, paths) << error.message ();
    return ToVector (paths);
  }

  std::vector<std::string> Writers (CuratorReadWriteLock *lock)
  {
    Error error;
    g_auto (GStrv) paths = curator_read_write_lock_get_writer_nodes_sync (lock, nullptr, error.out ());

    EXPECT_NE (nullptr, paths) << error.message ();
    return ToVector (paths);
  }

  bool UntilNodes (CuratorReadWriteLock *lock, size_t readers, size_t writers)
  {
    return Until ([&] { return Readers (lock).size () == readers && Writers (lock).size () == writers; },
                  20000);
  }

  /* What a client was told before, and what it asked then, comes before the answers. */
  void LetCatchUp (CuratorReadWriteLock *lock)
  {
    for (int i = 0; i < 4; i++)
      Writers (lock);
    Drain ();
  }

  /* Waiters have their watch on somebody before them, and on themselves. */
  bool UntilWatches (size_t count, const std::string &path = "/lock")
  {
    return Until ([&] { return CountWatches (path) >= count; }, 20000);
  }
};

} // namespace read_write_lock_test
