# SPDX-License-Identifier: Apache-2.0
"""kazoo, for comparison: does the jobs that come on standard input, and ends with it."""

import json
import os
import queue
import resource
import sys
import threading
import time

from kazoo.client import KazooClient

SESSION_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 15
NUMBERS = {"window": 1, "clients": 1, "operations": 1, "warmup": 0, "data-size": 0}  # and their minima


class UnsupportedJob(Exception):
    """This program does not do it."""


class Job:
    """A line of the runner's."""

    def __init__(self, line):
        words = line.split()
        fields = dict(word.split("=", 1) for word in words[1:] if "=" in word)
        if words[:1] != ["run"]:
            raise ValueError("not a run line")
        self.workload, self.variant, self.connect, self.root = (
            self.text(fields, key) for key in ("workload", "variant", "connect", "root"))
        self.window, self.clients, self.operations, self.warmup, size = (
            self.number(fields, key, least) for key, least in NUMBERS.items())
        self.data = b"x" * size

    @staticmethod
    def text(fields, key):
        if not fields.get(key):
            raise ValueError(f"field {key}: missing")
        return fields[key]

    @staticmethod
    def number(fields, key, least):
        value = int(Job.text(fields, key))
        if value < least:
            raise ValueError(f"field {key}: bad value {value}")
        return value


class Tally:
    """The samples of a run: those of the warm-up are dropped, and those after the last that was asked for."""

    def __init__(self, job):
        self.job = job
        self.samples_us = []
        self.seen = 0
        self.end = None
        self.start = self.read() if job.warmup == 0 else None

    @staticmethod
    def read():
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return (time.monotonic() * 1e6, (usage.ru_utime + usage.ru_stime) * 1e6, usage.ru_nvcsw + usage.ru_nivcsw)

    def add(self, seconds):
        self.seen += 1
        if self.seen > self.job.warmup and self.end is None:
            self.samples_us.append(round(seconds * 1e6, 3))
            if len(self.samples_us) == self.job.operations:
                self.end = self.read()
        elif self.seen == self.job.warmup:
            self.start = self.read()

    def answer(self):
        if self.end is None:
            raise RuntimeError(f"{len(self.samples_us)} of {self.job.operations} operations were done")
        spent = [round(after - before, 3) for before, after in zip(self.start, self.end)]
        return {"status": "ok", "wall_us": spent[0], "cpu_us": spent[1], "switches": spent[2],
                "samples_us": self.samples_us}


class Clients:
    """Sessions, closed together."""

    def __init__(self, connect, count):
        self.list = [KazooClient(connect, timeout=SESSION_TIMEOUT_S) for _ in range(count)]

    def __enter__(self):
        for client in self.list:
            client.start(CONNECT_TIMEOUT_S)
        return self.list

    def __exit__(self, *unused):
        for client in self.list:
            client.stop()
            client.close()


def do_get(client, job, tally):
    for _ in range(job.warmup + job.operations):
        sent = time.monotonic()
        client.get(job.root)
        tally.add(time.monotonic() - sent)


def do_create(client, job, tally):
    for _ in range(job.warmup + job.operations):
        sent = time.monotonic()
        path = client.create(job.root + "/n-", job.data, ephemeral=True, sequence=True)
        tally.add(time.monotonic() - sent)
        client.delete(path)


class LockRun:
    """The lock workloads, on Lock: each client is a session and a thread of its own."""

    def __init__(self, job, tally):
        self.job = job
        self.tally = tally
        self.path = job.root + "/lock"
        # As many turns more as there are clients keep the lock contended until the last one that is measured.
        self.left = job.warmup + job.operations + (job.clients if job.clients > 1 else 0)
        self.guard = threading.Lock()
        self.holders = 0
        self.granted = time.monotonic()

    def run(self):
        ended = queue.SimpleQueue()
        with Clients(self.job.connect, self.job.clients) as clients:
            for client in clients:
                threading.Thread(target=self.work, args=(client, ended), daemon=True).start()
            # Who waits hears nothing of another one's failure, so that the first one ends the run.
            for _ in clients:
                error = ended.get()
                if error is not None:
                    raise error

    def work(self, client, ended):
        try:
            self.take_turns(client.Lock(self.path))
            ended.put(None)
        except Exception as error:
            ended.put(error)

    def take_turn(self):
        with self.guard:
            self.left -= 1
            return self.left >= 0

    def take_turns(self, lock):
        while self.take_turn():
            asked = time.monotonic()
            lock.acquire()
            self.count_grant(asked)
            lock.release()
            if self.job.workload == "lock-cycle":
                self.tally.add(time.monotonic() - asked)

    def count_grant(self, asked):
        now = time.monotonic()
        with self.guard:
            self.holders += 1
            if self.holders != 1:
                raise RuntimeError(self.path + " was granted twice")
            if self.job.workload == "lock-acquire":
                self.tally.add(now - asked)
            elif self.job.workload == "lock-contended":
                self.tally.add(now - self.granted)
            self.granted = now
            self.holders -= 1


def do_lock(client, job, tally):
    LockRun(job, tally).run()


WORKLOADS = {"get": do_get, "create": do_create, "lock-acquire": do_lock, "lock-cycle": do_lock,
             "lock-contended": do_lock}


def do_job(line):
    job = Job(line)
    if job.variant != "sync" or job.window != 1 or job.workload not in WORKLOADS:
        raise UnsupportedJob(f"{job.variant} has no workload {job.workload} with window {job.window}")
    tally = Tally(job)
    with Clients(job.connect, 1) as (client,):
        client.create(job.root, job.data)
        WORKLOADS[job.workload](client, job, tally)
        client.delete(job.root, recursive=True)
    return tally.answer()


def answer(line):
    try:
        return do_job(line)
    except UnsupportedJob as error:
        return {"status": "unsupported", "message": str(error)}
    except Exception as error:
        return {"status": "error", "message": f"{type(error).__name__}: {error}"}


def read_lines(lines):
    """A runner that ends or dies while a job runs must not leave it running."""
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)


def main():
    lines = queue.SimpleQueue()
    threading.Thread(target=read_lines, args=(lines,), daemon=True).start()
    while True:
        print(json.dumps(answer(lines.get())), flush=True)


if __name__ == "__main__":
    main()
