#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The test harness, used from Python through introspection."""

import os
import unittest

import gi

gi.require_version("CuratorTest", "1.0")
from gi.repository import CuratorTest, Gio, GLib  # noqa: E402

OP_CREATE = 1


class HarnessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = CuratorTest.Server(tick_time_ms=50)
        cls.server.start_sync(None)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop_sync(None)

    def setUp(self):
        connect_string = self.server.create_chroot_sync(None)
        self.chroot = connect_string[connect_string.index("/"):]

    def connect(self, port, timeout_ms=30000):
        client = CuratorTest.Client.new(port)
        client.connect_sync(timeout_ms, None)
        return client

    def assert_error(self, domain, code, func, *args):
        with self.assertRaises(GLib.Error) as caught:
            func(*args)
        self.assertTrue(caught.exception.matches(domain, code), caught.exception.message)

    def test_server(self):
        self.assertEqual(self.server.props.tick_time_ms, 50)
        self.assertEqual(self.server.get_connect_string(), f"127.0.0.1:{self.server.props.port}")
        os.kill(self.server.get_pid(), 0)
        self.assertIn("Mode: standalone", self.server.four_letter_word_sync("srvr", None))
        self.assertTrue(self.server.dup_log(5).endswith("\n"))

    def test_operator(self):
        node = self.chroot + "/n"
        server = self.server
        made = server.operator_create_sync(node, GLib.Bytes.new(b"one"),
                                           CuratorTest.CreateMode.PERSISTENT, None)
        self.assertEqual(made, node)
        self.assertEqual(server.operator_get_data_sync(node, None).get_data(), b"one")
        server.operator_set_data_sync(node, GLib.Bytes.new(b"three"), None)
        stat = server.operator_stat_sync(node, None)
        self.assertEqual((stat.version, stat.data_length, stat.ephemeral_owner), (1, 5, 0))
        self.assertEqual(server.operator_get_children_sync(self.chroot, None), ["n"])
        server.operator_delete_sync(self.chroot, True, None)
        self.assert_error(CuratorTest.error_quark(), CuratorTest.Error.NO_NODE,
                          server.operator_stat_sync, node, None)

    def test_expiry(self):
        client = self.connect(self.server.get_port())
        node = client.create_sync(self.chroot + "/e-", None,
                                  CuratorTest.CreateMode.EPHEMERAL_SEQUENTIAL, None)
        self.assertEqual(self.server.list_ephemerals_sync(self.chroot, None), [node])
        stat = self.server.operator_stat_sync(node, None)
        self.assertEqual(stat.ephemeral_owner, client.get_session_id())
        self.server.expire_session_sync(client.get_session_id(), client.dup_password(), None)
        self.assertEqual(self.server.list_ephemerals_sync(self.chroot, None), [])
        self.assert_error(CuratorTest.error_quark(), CuratorTest.Error.SESSION_EXPIRED,
                          client.resume_sync, 1000, client.get_session_id(), client.dup_password(), None)

    def test_proxy(self):
        proxy = CuratorTest.Proxy.new(self.server.get_port())
        proxy.start()
        client = self.connect(proxy.get_port())
        proxy.cut_next(CuratorTest.ProxyCut.REPLY, OP_CREATE)
        with self.assertRaises(GLib.Error):
            client.create_sync(self.chroot + "/lost", None, CuratorTest.CreateMode.PERSISTENT, None)
        proxy.wait_cut_sync(10000)
        self.assertEqual(self.server.operator_get_children_sync(self.chroot, None), ["lost"])
        self.assertEqual(proxy.count_requests(OP_CREATE), 1)
        proxy.props.door = CuratorTest.ProxyDoor.REFUSED
        self.assert_error(Gio.io_error_quark(), Gio.IOErrorEnum.CONNECTION_REFUSED,
                          client.connect_sync, 1000, None)

    def test_cluster(self):
        cluster = CuratorTest.Cluster.new(3)
        cluster.start_sync(None)
        leader = cluster.get_leader_index_sync(None)
        cluster.kill_sync(leader, None)
        cluster.wait_for_quorum_sync(None)
        self.assertNotEqual(cluster.get_leader_index_sync(None), leader)
        self.assertEqual([s.is_running() for s in cluster.get_servers()].count(False), 1)
        cluster.stop_sync(None)


if __name__ == "__main__":
    unittest.main()
