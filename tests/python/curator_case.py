# SPDX-License-Identifier: Apache-2.0
"""One real server for a test program, and clients in a node of their own for each test."""

import unittest

import gi

gi.require_version("Curator", "1.0")
gi.require_version("CuratorTest", "1.0")

from gi.repository import Curator, CuratorTest, GLib  # noqa: E402

TIMEOUT_MS = 10000


def until(predicate, what):
    """Iterates the default main context until the predicate holds."""
    expired = []

    def on_timeout():
        expired.append(True)
        return GLib.SOURCE_REMOVE

    source = GLib.timeout_add(TIMEOUT_MS, on_timeout)
    while not predicate() and not expired:
        GLib.MainContext.default().iteration(True)
    if expired:
        raise AssertionError(f"in vain waited for {what}")
    GLib.source_remove(source)


class CuratorCase(unittest.TestCase):
    """A started client in `self.client`; more from `connect`."""

    @classmethod
    def setUpClass(cls):
        cls.server = CuratorTest.Server.new()
        cls.server.start_sync(None)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop_sync(None)

    def setUp(self):
        self.connect_string = self.server.create_chroot_sync(None)
        self.client = self.connect(self.builder())

    def builder(self, connect_string=None):
        """A builder that retries soon."""
        return Curator.FrameworkBuilder.new(connect_string or self.connect_string).with_retry_policy(
            Curator.RetryNTimes.new(3, 10)
        )

    def connect(self, builder):
        """Builds a client, and closes it when the test ends."""
        client = builder.build()
        client.start()
        client.await_connected_sync(TIMEOUT_MS, None)
        self.addCleanup(client.close_sync, None)
        return client

    def assert_error(self, domain, code, function, *args):
        """Calls the function, and returns the message of the error that it must raise."""
        with self.assertRaises(GLib.Error) as caught:
            function(*args)
        self.assertTrue(caught.exception.matches(domain, code), caught.exception)
        return caught.exception.message
