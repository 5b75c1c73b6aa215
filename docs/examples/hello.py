#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Does something that only one process of the cluster may do at a time."""

import sys

import gi

gi.require_version("Curator", "1.0")
from gi.repository import Curator  # noqa: E402

hosts = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:2181"
client = (Curator.FrameworkBuilder.new(hosts)
          .with_retry_policy(Curator.RetryExponentialBackoff.new(100, 5))
          .build())
client.start()
try:
    mutex = Curator.Mutex.new(client, "/locks/printer")
    with mutex.acquire_sync(5000, None) as lease:
        print("I alone hold /locks/printer, with fencing token", lease.get_fencing_token())
finally:
    client.close_sync(None)
