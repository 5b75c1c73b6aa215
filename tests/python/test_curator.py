# SPDX-License-Identifier: Apache-2.0
"""What a Python program sees of the library, against a real server."""

import threading
import unittest

from curator_case import TIMEOUT_MS, CuratorCase, until
from gi.repository import Curator, CuratorTest, Gio, GLib

OP_GET_DATA = 4


class SampleTest(CuratorCase):
    """The sample of the design document."""

    def test_sample(self):
        client = (
            Curator.FrameworkBuilder.new(self.connect_string)
            .with_namespace("app")
            .with_retry_policy(Curator.RetryExponentialBackoff.new(100, 5))
            .build()
        )
        client.start()
        client.await_connected_sync(5000, None)
        node = (
            client.create()
            .with_parents()
            .with_mode(Curator.CreateMode.EPHEMERAL_SEQUENTIAL)
            .with_protection()
            .for_path_sync("/queue/n-", GLib.Bytes.new(b"x"), None)
        )
        with Curator.Mutex.new(client, "/locks/printer").acquire_sync(5000, None) as lease:
            self.assertTrue(lease.is_valid())
            self.assertTrue(lease.get_path().startswith("/locks/printer/"))

        self.assertRegex(node, r"^/queue/_c_[0-9a-f-]{36}-n-[0-9]{10}$")
        self.assertEqual(client.get_data().for_path_sync(node, None).get_data(), b"x")
        self.assertEqual(lease.get_state(), Curator.LeaseState.RELEASED)
        client.close_sync(None)
        self.assertEqual(self.client.get_children().for_path_sync("/app/queue", None), [])


class LeaseTest(CuratorCase):
    """Leases as context managers."""

    def setUp(self):
        super().setUp()
        self.mutex = Curator.Mutex.new(self.client, "/lock")

    def test_leaving_the_block_releases(self):
        with self.mutex.acquire_sync(TIMEOUT_MS, None) as first:
            self.assertIsNone(self.mutex.try_acquire_sync(None))
            self.assertEqual(len(self.mutex.get_participant_nodes_sync(None)), 1)
        with self.mutex.acquire_sync(TIMEOUT_MS, None) as second:
            self.assertGreater(second.get_fencing_token(), first.get_fencing_token())
            self.assertEqual(second.dup_fencing_token_string(), str(second.get_fencing_token()))
        self.assertEqual(self.mutex.get_participant_nodes_sync(None), [])

    def test_an_exception_in_the_block_goes_on(self):
        with self.assertRaises(ZeroDivisionError):
            with self.mutex.acquire_sync(TIMEOUT_MS, None):
                raise ZeroDivisionError
        self.assertEqual(self.mutex.get_participant_nodes_sync(None), [])

    def test_a_failing_release_does_not_hide_an_exception(self):
        with self.assertRaises(ZeroDivisionError):
            with self.mutex.acquire_sync(TIMEOUT_MS, None) as lease:
                self.fail_release(lease)
                raise ZeroDivisionError

    def test_a_failing_release_is_raised(self):
        with self.assertRaises(GLib.Error):
            with self.mutex.acquire_sync(TIMEOUT_MS, None) as lease:
                self.fail_release(lease)

    @staticmethod
    def fail_release(lease):
        """Makes the release fail as it does after a connection loss."""

        def release_sync(_cancellable):
            raise GLib.Error.new_literal(Curator.Error.quark(), "lost", Curator.Error.CONNECTION_LOSS)

        lease.release_sync = release_sync

    def test_released_in_the_own_context(self):
        context = GLib.MainContext.default()
        client = self.builder().with_main_context(context).build()
        client.start()
        leases = []
        Curator.Mutex.new(client, "/own").acquire_async(
            TIMEOUT_MS, None, lambda mutex, result: leases.append(mutex.acquire_finish(result))
        )
        until(lambda: leases, "the lease")
        with leases[0] as lease:
            self.assertTrue(lease.is_valid())
        other = Curator.Mutex.new(self.client, "/own")
        until(lambda: other.get_participant_nodes_sync(None) == [], "the release")
        closed = []
        client.close_async(None, lambda client, result: closed.append(client.close_finish(result)))
        until(lambda: closed, "the end of the client")


class ErrorTest(CuratorCase):
    """Errors have domains, codes and messages that name operation and path."""

    def test_codes_of_the_server(self):
        quark = Curator.Error.quark()
        self.assertEqual(GLib.quark_to_string(quark), "curator-error-quark")
        message = self.assert_error(
            quark, Curator.Error.NO_NODE, self.client.get_data().for_path_sync, "/missing", None
        )
        self.assertIn("/missing", message)
        self.client.create().for_path_sync("/node", None, None)
        self.assert_error(
            quark, Curator.Error.NODE_EXISTS, self.client.create().for_path_sync, "/node", None, None
        )
        self.assert_error(
            quark,
            Curator.Error.BAD_VERSION,
            self.client.set_data().with_version(7).for_path_sync,
            "/node",
            None,
            None,
        )

    def test_codes_of_gio(self):
        domain = Gio.io_error_quark()
        for path in ("relative", "//", "/trailing/", "/a/../b"):
            message = self.assert_error(
                domain, Gio.IOErrorEnum.INVALID_ARGUMENT, self.client.get_data().for_path_sync, path, None
            )
            self.assertIn(path, message)
        self.assert_error(
            domain, Gio.IOErrorEnum.INVALID_ARGUMENT, Curator.FrameworkBuilder.new("host:x").build
        )
        cancellable = Gio.Cancellable()
        cancellable.cancel()
        self.assert_error(
            domain, Gio.IOErrorEnum.CANCELLED, self.client.get_data().for_path_sync, "/a", cancellable
        )
        client = self.connect(self.builder())
        client.close_sync(None)
        self.assert_error(domain, Gio.IOErrorEnum.CLOSED, client.get_data().for_path_sync, "/a", None)

    def test_time_out(self):
        with Curator.Mutex.new(self.client, "/lock").acquire_sync(TIMEOUT_MS, None):
            self.assert_error(
                Gio.io_error_quark(),
                Gio.IOErrorEnum.TIMED_OUT,
                Curator.Mutex.new(self.client, "/lock").acquire_sync,
                20,
                None,
            )


class AsyncTest(CuratorCase):
    """Callbacks, in the main context of the call."""

    def test_main_loop(self):
        loop = GLib.MainLoop()
        answers = []

        def on_created(builder, result, tag):
            answers.append((tag, threading.current_thread(), builder.for_path_finish(result)))
            self.client.get_data().for_path_async("/missing", None, on_read)

        def on_read(builder, result):
            try:
                builder.for_path_finish(result)
            except GLib.Error as error:
                answers.append(error)
            loop.quit()

        self.client.create().for_path_async("/node", GLib.Bytes.new(b"data"), None, on_created, "tag")
        loop.run()
        self.assertEqual(answers[0], ("tag", threading.current_thread(), "/node"))
        self.assertTrue(answers[1].matches(Curator.Error.quark(), Curator.Error.NO_NODE))

    def test_pipelined(self):
        names = []

        def on_created(builder, result):
            names.append(builder.for_path_finish(result))

        create = self.client.create().with_mode(Curator.CreateMode.PERSISTENT_SEQUENTIAL)
        for _ in range(100):
            create.for_path_async("/n-", None, None, on_created)
        until(lambda: len(names) == 100, "all answers")
        self.assertEqual(names, [f"/n-{i:010}" for i in range(100)])


class SignalTest(CuratorCase):
    """Signals arrive in the main context of construction, in order."""

    def test_connection_state(self):
        proxy = CuratorTest.Proxy.new(self.server.get_port())
        proxy.start()
        client = self.builder(proxy.get_connect_string()).build()
        states = []
        client.connect("connection-state-changed", lambda _client, state: states.append(state))
        client.start()
        client.await_connected_sync(TIMEOUT_MS, None)
        proxy.drop_connections(True)
        until(lambda: Curator.ConnectionState.RECONNECTED in states, "the next connection")
        client.close_sync(None)
        until(lambda: Curator.ConnectionState.CLOSED in states, "the end")
        state = Curator.ConnectionState
        self.assertEqual(states, [state.CONNECTED, state.SUSPENDED, state.RECONNECTED, state.CLOSED])

    def test_expired_session(self):
        client = self.connect(self.builder().with_session_timeout_ms(2000))
        states = []
        client.connect("connection-state-changed", lambda _client, state: states.append(state))
        lease = Curator.Mutex.new(client, "/lock").acquire_sync(TIMEOUT_MS, None)
        ends = []
        lease.connect("lost", ends.append)
        session_id = client.get_session_id()
        self.assertEqual(client.dup_session_id_string(), hex(session_id))
        self.server.expire_session_sync(session_id, client.dup_session_password(), None)
        until(lambda: Curator.ConnectionState.LOST in states and ends, "the loss")
        self.assertEqual(ends, [lease])
        self.assertFalse(lease.is_valid())
        until(lambda: states[-1] == Curator.ConnectionState.RECONNECTED, "the next session")
        self.assertNotEqual(client.get_session_id(), session_id)

    def test_read_write_lock(self):
        lock = Curator.ReadWriteLock.new(self.client, "/rw")
        with lock.acquire_read_sync(TIMEOUT_MS, None) as one, lock.acquire_read_sync(TIMEOUT_MS, None) as other:
            self.assertEqual(lock.get_reader_nodes_sync(None), [one.get_path(), other.get_path()])
            self.assertIsNone(lock.try_acquire_write_sync(None))
        write = lock.acquire_write_sync(TIMEOUT_MS, None)
        self.assertEqual(lock.get_writer_nodes_sync(None), [write.get_path()])
        self.assertIsNone(lock.try_acquire_read_sync(None))
        with lock.acquire_covered_read_sync(write, TIMEOUT_MS, None) as read:
            write.release_sync(None)
            self.assertIsNone(lock.try_acquire_write_sync(None))
            self.assertTrue(read.is_valid())

    def test_revocation_and_guard(self):
        mutex = Curator.Mutex.new(self.client, "/lock")
        lease = mutex.acquire_sync(TIMEOUT_MS, None)
        requests = []
        lease.connect("revocation-requested", requests.append)
        self.assertTrue(mutex.request_revocation_sync(None, None))
        until(lambda: requests == [lease], "the request")

        self.client.create().for_path_sync("/value", GLib.Bytes.new(b"old"), None)

        def put(value):
            transaction = self.client.transaction()
            lease.guard(transaction)
            transaction.set_data("/value", GLib.Bytes.new(value), -1)
            transaction.commit_sync(None)

        put(b"new")
        lease.release_sync(None)
        with self.assertRaises(GLib.Error) as caught:
            put(b"late")
        self.assertTrue(caught.exception.matches(Curator.Error.quark(), Curator.Error.NO_NODE))
        self.assertEqual(self.client.get_data().for_path_sync("/value", None).get_data(), b"new")

    def test_watcher(self):
        self.client.create().for_path_sync("/node", None, None)
        events = []
        watcher = Curator.Watcher.new_rearming()
        watcher.connect(
            "event", lambda _watcher, event: events.append((event.get_event_type(), event.get_path()))
        )
        self.client.get_data().using_watcher(watcher).for_path_sync("/node", None)
        self.client.set_data().for_path_sync("/node", GLib.Bytes.new(b"1"), None)
        until(lambda: len(events) == 1, "the first event")
        self.client.get_data().for_path_sync("/node", None)
        self.client.delete().for_path_sync("/node", None)
        until(lambda: len(events) == 2, "the second event")
        self.assertEqual(
            events,
            [
                (Curator.WatchedEventType.NODE_DATA_CHANGED, "/node"),
                (Curator.WatchedEventType.NODE_DELETED, "/node"),
            ],
        )

    def test_watcher_function(self):
        events = []
        watcher = Curator.Watcher.new_with_func(
            False, lambda _watcher, event, tag: events.append((tag, event.get_event_type())), "tag"
        )
        self.assertIsNone(self.client.check_exists().using_watcher(watcher).for_path_sync("/node", None))
        self.client.create().for_path_sync("/node", None, None)
        until(lambda: events, "the event")
        self.assertEqual(events, [("tag", Curator.WatchedEventType.NODE_CREATED)])


class ValueTest(CuratorCase):
    """Values in and out."""

    def test_bytes(self):
        for data in (b"x", b"\0\xff" * 500):
            self.client.create().or_set_data(-1).for_path_sync("/node", GLib.Bytes.new(data), None)
            read = self.client.get_data().for_path_sync("/node", None)
            self.assertIsInstance(read, GLib.Bytes)
            self.assertEqual(read.get_data(), data)

    def test_no_bytes(self):
        self.client.create().for_path_sync("/empty", GLib.Bytes.new(b""), None)
        self.assertEqual(self.client.get_data().for_path_sync("/empty", None).get_size(), 0)

    def test_stat(self):
        path, created = self.client.create().for_path_with_stat_sync("/node", GLib.Bytes.new(b"abc"), None)
        self.assertEqual(path, "/node")
        self.client.create().for_path_sync("/node/child", None, None)
        stat = self.client.check_exists().for_path_sync("/node", None)
        self.assertEqual(stat.czxid, created.czxid)
        self.assertGreater(stat.pzxid, stat.czxid)
        self.assertEqual((stat.version, stat.cversion, stat.aversion), (0, 1, 0))
        self.assertEqual((stat.data_length, stat.num_children, stat.ephemeral_owner), (3, 1, 0))
        self.assertEqual(stat.dup_czxid_string(), str(stat.czxid))
        seen = self.server.operator_stat_sync(self.chroot + "/node", None)
        for field in ("czxid", "mzxid", "pzxid", "ctime_ms", "mtime_ms"):
            self.assertEqual(getattr(stat, field), getattr(seen, field), field)

    @property
    def chroot(self):
        """The node that the test has to itself."""
        return self.connect_string[self.connect_string.index("/") :]

    def test_acl(self):
        acl = [Curator.Acl.new(Curator.Perms.READ | Curator.Perms.ADMIN, "world", "anyone")]
        self.client.create().with_acl(acl).for_path_sync("/node", None, None)
        read = self.client.get_acl().for_path_sync("/node", None)
        self.assertEqual([entry.get_perms() for entry in read], [Curator.Perms.READ | Curator.Perms.ADMIN])
        self.assertTrue(read[0].equal(acl[0]))
        for _ in range(100):
            self.assertEqual(len(Curator.Acl.open_unsafe()), 1)

    def test_namespaces(self):
        inner = self.client.using_namespace("inner")
        self.assertEqual(inner.get_namespace(), "inner")
        self.assertEqual(inner.create().for_path_sync("/a", None, None), "/a")
        self.assertEqual(self.client.get_children().for_path_sync("/inner", None), ["a"])
        self.assert_error(
            Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, self.client.using_namespace, "/x/"
        )

    def test_metrics(self):
        before = self.client.get_metrics().get_operations()
        self.client.check_exists().for_path_sync("/", None)
        self.assertGreater(self.client.get_metrics().get_operations(), before)


class TransactionTest(CuratorCase):
    """Several operations as one."""

    def test_results(self):
        results = (
            self.client.transaction()
            .create("/a-", GLib.Bytes.new(b"1"), Curator.CreateMode.PERSISTENT_SEQUENTIAL, None)
            .create_simple("/b", None)
            .set_data("/b", GLib.Bytes.new(b"2"), 0)
            .check("/b", 1)
            .delete("/b", -1)
            .commit_sync(None)
        )
        operation = Curator.TransactionOperation
        self.assertEqual(
            [result.get_operation() for result in results],
            [operation.CREATE, operation.CREATE, operation.SET_DATA, operation.CHECK, operation.DELETE],
        )
        self.assertEqual(results[0].get_path(), "/a-")
        self.assertEqual(results[0].get_result_path(), "/a-0000000000")
        self.assertEqual(results[2].get_stat().version, 1)
        self.assertIsNone(results[2].get_error())

    def test_failure(self):
        transaction = self.client.transaction().create_simple("/a", None).check("/missing", -1)
        self.assert_error(Curator.Error.quark(), Curator.Error.NO_NODE, transaction.commit_sync, None)
        errors = [result.get_error() for result in transaction.dup_results()]
        quark = Curator.Error.quark()
        self.assertTrue(errors[0].matches(quark, Curator.Error.ROLLED_BACK))
        self.assertTrue(errors[1].matches(quark, Curator.Error.NO_NODE))
        self.assertIsNone(self.client.check_exists().for_path_sync("/a", None))


class NodeTest(CuratorCase):
    """Persistent nodes, groups and barriers."""

    def test_a_persistent_node(self):
        node = Curator.PersistentNode.new_protected(
            self.client, "/n-", Curator.CreateMode.EPHEMERAL_SEQUENTIAL, GLib.Bytes.new(b"1")
        )
        created = []
        node.connect("created", lambda _node, path: created.append(path))
        node.start()
        node.await_created_sync(TIMEOUT_MS, None)
        node.set_data_sync(GLib.Bytes.new(b"2"), None)
        path = node.dup_actual_path()
        self.assertEqual(self.client.get_data().for_path_sync(path, None).get_data(), b"2")
        self.assertEqual(node.props.data.get_data(), b"2")
        until(lambda: created == [path], "the signal")
        node.close_sync(None)
        self.assertIsNone(self.client.check_exists().for_path_sync(path, None))

    def test_a_group(self):
        member = Curator.GroupMember.new(self.client, "/group", "a", GLib.Bytes.new(b"1"))
        other = Curator.GroupMember.new(self.connect(self.builder()), "/group", "b", None)
        for each in (member, other):
            each.start()
            each.await_joined_sync(TIMEOUT_MS, None)

        def members():
            return {name: data.get_data() for name, data in member.dup_members().items()}

        until(lambda: members() == {"a": b"1", "b": b""}, "the other one")
        other.close_sync(None)
        until(lambda: members() == {"a": b"1"}, "the end of the other one")
        member.close_sync(None)

    def test_barriers(self):
        barrier = Curator.Barrier.new(self.client, "/gate")
        barrier.set_barrier_sync(None)
        self.assert_error(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT, barrier.wait_on_barrier_sync, 0, None)
        barrier.remove_barrier_sync(None)
        self.assertTrue(barrier.wait_on_barrier_sync(0, None))
        double = Curator.DoubleBarrier.new(self.client, "/party", 1)
        self.assertTrue(double.enter_sync(TIMEOUT_MS, None))
        self.assertTrue(double.leave_sync(TIMEOUT_MS, None))


class LeaderTest(CuratorCase):
    """Latches and selectors."""

    def test_a_latch(self):
        latch = Curator.LeaderLatch.new(self.client, "/election", "one")
        other = Curator.LeaderLatch.new(self.connect(self.builder()), "/election", "two")
        told = []
        latch.connect("gained", lambda _latch: told.append("gained"))
        latch.connect("lost", lambda _latch: told.append("lost"))
        latch.start()
        self.assertTrue(latch.await_leadership_sync(TIMEOUT_MS, None))
        until(lambda: told == ["gained"], "the signal")
        other.start()
        until(lambda: len(latch.get_participants_sync(None)) == 2, "the other one")
        self.assertEqual(
            [(each.get_id(), each.is_leader()) for each in other.get_participants_sync(None)],
            [("one", True), ("two", False)],
        )
        self.assertTrue(latch.props.has_leadership)
        lease = latch.props.lease
        self.assertEqual(other.get_leader_sync(None).get_path(), lease.get_path())
        latch.close_sync(Curator.LeaderLatchCloseMode.NOTIFY_LEADER, None)
        self.assertEqual(latch.props.state, Curator.LeaderLatchState.CLOSED)
        until(lambda: told == ["gained", "lost"], "the other signal")
        self.assertTrue(other.await_leadership_sync(TIMEOUT_MS, None))
        self.assertGreater(other.dup_lease().get_fencing_token(), lease.get_fencing_token())
        other.close_sync(Curator.LeaderLatchCloseMode.SILENT, None)
        self.assertIsNone(other.get_leader_sync(None))

    def test_a_selector(self):
        selector = Curator.LeaderSelector.new(self.client, "/rota", "one")
        with selector.take_leadership_sync(TIMEOUT_MS, None) as lease:
            self.assertTrue(lease.is_valid())
            self.assertEqual(selector.get_leader_sync(None).get_id(), "one")
        leases = []
        selector.connect("leadership-taken", lambda _selector, lease: leases.append(lease))
        selector.set_auto_requeue(True)
        selector.start()
        until(lambda: leases, "the first turn")
        self.assertTrue(selector.props.has_leadership)
        leases[0].release_sync(None)
        until(lambda: len(leases) == 2, "the second turn")
        self.assertGreater(leases[1].get_fencing_token(), leases[0].get_fencing_token())
        selector.close_sync(None)
        self.assertEqual(leases[1].get_state(), Curator.LeaseState.RELEASED)
        self.assertEqual(selector.get_participants_sync(None), [])


class SharedTest(CuratorCase):
    """Values, counts and numbers."""

    def test_a_value(self):
        value = Curator.SharedValue.new(self.client, "/value", GLib.Bytes.new(b"seed"))
        told = []
        value.connect("changed", lambda _value, versioned: told.append(versioned.get_value().get_data()))
        value.start()
        self.assertTrue(value.await_value_sync(TIMEOUT_MS, None))
        until(lambda: told == [b"seed"], "the first value")
        first = value.dup_versioned_value()
        self.assertTrue(value.try_set_value_sync(first, GLib.Bytes.new(b"1"), None))
        self.assert_error(
            Curator.Error.quark(),
            Curator.Error.BAD_VERSION,
            value.try_set_value_sync,
            first,
            GLib.Bytes.new(b"2"),
            None,
        )
        done = []
        value.set_value_async(
            GLib.Bytes.new(b"3"), None, lambda value, result: done.append(value.set_value_finish(result))
        )
        until(lambda: told[-1] == b"3" and done == [True], "the last value")
        self.assertEqual(value.props.value.get_data(), b"3")
        until(lambda: value.props.current, "what the server says")
        value.close()

    def test_a_count_limits_a_semaphore(self):
        count = Curator.SharedCount.new(self.client, "/limit", 1)
        count.start()
        self.assertTrue(count.await_count_sync(TIMEOUT_MS, None))
        semaphore = Curator.Semaphore.new_with_count(self.client, "/semaphore", count)
        self.assertEqual(semaphore.props.count, count)
        with semaphore.acquire_sync(TIMEOUT_MS, None):
            self.assertIsNone(semaphore.try_acquire_sync(None))
            self.assertTrue(count.set_count_sync(2, None))
            with semaphore.acquire_sync(TIMEOUT_MS, None) as lease:
                self.assertTrue(lease.is_valid())
        self.assertEqual(count.props.count, 2)

    def test_numbers(self):
        number = Curator.AtomicLong.new(self.client, "/long", None)
        result = number.add_sync(2**62, None)
        self.assertTrue(result.get_succeeded())
        self.assertEqual((result.get_pre_value(), result.get_post_value()), (0, 2**62))
        result = number.add_sync(2**62, None)
        self.assertEqual(result.dup_post_value_string(), "-9223372036854775808")
        self.assertFalse(number.compare_and_set_sync(5, 6, None).get_succeeded())
        self.assertTrue(number.force_set_sync(7, None))
        results = []
        number.decrement_async(None, lambda number, result: results.append(number.decrement_finish(result)))
        until(lambda: results, "the result")
        self.assertEqual(results[0].get_post_value(), 6)
        small = Curator.AtomicInt.new_promoted(
            self.client, "/int", Curator.RetryNTimes.new(0, 0), "/lock", TIMEOUT_MS, None
        )
        self.assertEqual(small.subtract_sync(2**31 - 1, None).get_post_value(), 1 - 2**31)
        self.assertIsInstance(small, Curator.AtomicNumber)
        message = self.assert_error(
            Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, small.add_sync, 2**31, None
        )
        self.assertIn("/int", message)


class CountingPolicy(Curator.RetryPolicy):
    """Tries again at once, a limited number of times, and remembers what it was asked."""

    __gtype_name__ = "CountingPolicy"

    def __init__(self, limit):
        super().__init__()
        self.limit = limit
        self.asked = []

    def do_allow_retry(self, retry_count, elapsed_ms, session_lost, random):
        self.asked.append((retry_count, elapsed_ms, session_lost, random))
        return retry_count < self.limit, 0


class PrefixProvider(Curator.CompressionProvider):
    """"Compresses" by putting a mark in front."""

    __gtype_name__ = "PrefixProvider"

    def do_compress(self, path, data):
        return GLib.Bytes.new(b"marked:" + data.get_data())

    def do_decompress(self, path, data):
        raw = data.get_data()
        if not raw.startswith(b"marked:"):
            raise GLib.Error.new_literal(Curator.Error.quark(), path, Curator.Error.DATA_INCONSISTENCY)
        return GLib.Bytes.new(raw[len(b"marked:") :])


class ReadOnlyAcls(Curator.AclProvider):
    """Nodes that can be read and taken away only."""

    __gtype_name__ = "ReadOnlyAcls"

    def do_make_acl_for_path(self, path):
        return Curator.Acl.read_unsafe() if path.endswith("/fixed") else None


class SubclassTest(CuratorCase):
    """The extension points, filled in Python."""

    def lossy_read(self, policy):
        """Reads a node over a connection that is cut before the answer."""
        self.client.create().for_path_sync("/node", GLib.Bytes.new(b"x"), None)
        proxy = CuratorTest.Proxy.new(self.server.get_port())
        proxy.start()
        chroot = self.connect_string[self.connect_string.index("/") :]
        builder = Curator.FrameworkBuilder.new(proxy.get_connect_string() + chroot)
        client = self.connect(builder.with_retry_policy(policy))
        proxy.cut_next(CuratorTest.ProxyCut.REPLY, OP_GET_DATA)
        return client.get_data().for_path_sync("/node", None).get_data()

    def test_retry_policy(self):
        policy = CountingPolicy(5)
        self.assertEqual(self.lossy_read(policy), b"x")
        self.assertGreaterEqual(len(policy.asked), 1)
        retry_count, elapsed_ms, session_lost, random = policy.asked[0]
        self.assertEqual((retry_count, session_lost), (0, False))
        self.assertGreaterEqual(elapsed_ms, 0)
        self.assertTrue(0 <= random < 1)

    def test_retry_policy_gives_up(self):
        policy = CountingPolicy(0)
        self.assert_error(Curator.Error.quark(), Curator.Error.CONNECTION_LOSS, self.lossy_read, policy)
        self.assertEqual(len(policy.asked), 1)

    def test_compression_provider(self):
        client = self.connect(self.builder().with_compression_provider(PrefixProvider()))
        client.create().compressed().for_path_sync("/node", GLib.Bytes.new(b"x"), None)
        self.assertEqual(client.get_data().for_path_sync("/node", None).get_data(), b"marked:x")
        read = client.get_data().decompressed()
        self.assertEqual(read.for_path_sync("/node", None).get_data(), b"x")
        client.set_data().for_path_sync("/node", GLib.Bytes.new(b"plain"), None)
        self.assert_error(
            Curator.Error.quark(), Curator.Error.DATA_INCONSISTENCY, read.for_path_sync, "/node", None
        )

    def test_acl_provider(self):
        client = self.connect(self.builder().with_acl_provider(ReadOnlyAcls()))
        for path, perms in (("/fixed", Curator.Perms.READ), ("/free", Curator.Perms.ALL)):
            client.create().for_path_sync(path, None, None)
            acl = client.get_acl().for_path_sync(path, None)
            self.assertEqual([entry.get_perms() for entry in acl], [perms])


if __name__ == "__main__":
    unittest.main()
