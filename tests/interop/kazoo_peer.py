# SPDX-License-Identifier: Apache-2.0
"""kazoo's recipes for the tests: takes commands on standard input, answers on standard output, and ends with its
input. README.md beside this file has the commands.
"""

import os
import queue
import sys
import threading
import time
import urllib.parse

from kazoo.client import KazooClient
from kazoo.exceptions import LockTimeout
from kazoo.retry import KazooRetry

CONNECT_TIMEOUT_S = 15
END_TIMEOUT_S = 3
EMPTY = "%"

output_lock = threading.Lock()


def write_line(text):
    with output_lock:
        try:
            os.write(sys.stdout.fileno(), (text + "\n").encode())
        except OSError:  # nobody listens
            os._exit(1)


def encode(value):
    data = value if isinstance(value, bytes) else str(value).encode()
    return urllib.parse.quote_from_bytes(data, safe="-_./:,@+=*") or EMPTY


def decode(word):
    return b"" if word == EMPTY else urllib.parse.unquote_to_bytes(word)


def seconds(milliseconds):
    """A time-out as it stands in commands: negative for none."""
    return None if milliseconds < 0 else milliseconds / 1000


class Arguments:
    """The words of a command, taken one after the other."""

    def __init__(self, line):
        self.words = line.split()

    def data(self):
        if not self.words:
            raise ValueError("an argument is missing")
        return decode(self.words.pop(0))

    def text(self):
        return self.data().decode()

    def number(self):
        return int(self.text())

    def rest(self):
        return [self.text() for _ in range(len(self.words))]

    def end(self):
        if self.words:
            raise ValueError("more arguments than expected: " + self.words[0])


def answer(tag, does, *arguments):
    """Runs a verb, which returns True, False or a list of values after either, and answers."""
    try:
        result = does(*arguments)
        succeeded, *values = result if isinstance(result, list) else [result]
        words = ["ok" if succeeded else "no"] + [encode(value) for value in values]
    except BaseException as error:
        words = ["error", type(error).__name__, encode(str(error))]
    write_line(" ".join([tag] + words))


class Actor:
    """One recipe object under a name, with a thread of its own on which its commands run one after the other;
    but those that wait for what another command may bring run at once.
    """

    IN_ORDER = ()
    AT_ONCE = ("interrupt",)

    def __init__(self, client, name):
        self.client = client
        self.name = name
        self.ended = False
        self.commands = queue.SimpleQueue()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            command = self.commands.get()
            if command is None:
                break
            answer(*command)

    def run(self, tag, verb, arguments):
        does = getattr(self, verb.replace("-", "_"), None)
        if verb in self.AT_ONCE:
            threading.Thread(target=answer, args=(tag, does, arguments), daemon=True).start()
        elif verb in self.IN_ORDER:
            self.commands.put((tag, does, arguments))
        else:
            raise ValueError("unknown verb " + verb)

    def event(self, *words):
        """Nothing more after the end: the name may be somebody else's by then."""
        if not self.ended:
            write_line(" ".join(["event", self.name] + [encode(word) for word in words]))

    def interrupt(self, arguments):
        return False

    def end(self):
        self.ended = True
        self.commands.put(None)


class History:
    """What a holder writes down while it holds; as the Java peer does."""

    def __init__(self, client, arguments):
        self.client = client
        self.end = time.monotonic_ns() + arguments.number() * 1000000
        name = arguments.text()
        self.stop = os.path.join(os.path.dirname(name), "stop")
        self.fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.counter = arguments.text()
        self.turns = 0
        arguments.end()

    def goes_on(self):
        return time.monotonic_ns() < self.end and not os.path.exists(self.stop)

    def read(self):
        return int(self.client.get(self.counter)[0])

    def write(self, ns, event, what, node, czxid, value):
        os.write(self.fd, f"{ns} {event} {what} {node} {czxid} {value}\n".encode())

    def hold(self, what, node, alone):
        acquired = time.monotonic_ns()
        czxid = self.client.exists(node).czxid
        value = self.read()
        self.write(acquired, "acquired", what, node, czxid, value)
        if alone:
            self.client.set(self.counter, str(value + 1).encode())
        self.write(time.monotonic_ns(), "releasing", what, node, czxid, self.read())
        self.turns += 1

    def close(self):
        os.close(self.fd)


class LockActor(Actor):
    """A lock of kazoo's; the arguments after the path are the extra patterns that it respects."""

    IN_ORDER = ("acquire", "release", "churn")
    AT_ONCE = Actor.AT_ONCE + ("contenders",)
    KIND = "Lock"
    WHAT = "lock"

    def __init__(self, client, name, arguments):
        super().__init__(client, name)
        self.path = arguments.text()
        self.patterns = arguments.rest()
        self.lock = self.make()

    def make(self):
        return getattr(self.client, self.KIND)(self.path, self.name, extra_lock_patterns=self.patterns)

    def node(self):
        return self.path + "/" + self.lock.node

    def acquire(self, arguments):
        timeout = seconds(arguments.number())
        arguments.end()
        try:
            got = self.lock.acquire(timeout is None or timeout > 0, timeout or None)
        except LockTimeout:
            got = False
        if got:
            return [True, self.node()]
        self.lock = self.make()  # a lock that gave up once does not look for its place anew
        return False

    def release(self, arguments):
        arguments.end()
        return self.lock.release()

    def contenders(self, arguments):
        arguments.end()
        return [True] + self.lock.contenders()

    def churn(self, arguments):
        history = History(self.client, arguments)
        try:
            while history.goes_on():
                lock = self.lock = self.make()
                lock.acquire()
                history.hold(self.WHAT, self.node(), self.WHAT != "read")
                lock.release()
            return [True, history.turns]
        finally:
            history.close()

    def interrupt(self, arguments):
        self.lock.cancel()
        return True


class ReadLockActor(LockActor):
    KIND = "ReadLock"
    WHAT = "read"


class WriteLockActor(LockActor):
    KIND = "WriteLock"
    WHAT = "write"


class ElectionActor(Actor):
    """An election that leads until it is told to relinquish; arguments: PATH ID."""

    IN_ORDER = ("start",)
    AT_ONCE = Actor.AT_ONCE + ("relinquish", "contenders")

    def __init__(self, client, name, arguments):
        super().__init__(client, name)
        self.election = client.Election(arguments.text(), arguments.text())
        self.relinquished = threading.Semaphore(0)

    def start(self, arguments):
        arguments.end()
        threading.Thread(target=self.election.run, args=(self.lead,), daemon=True).start()
        return True

    def lead(self):
        self.event("gained", time.monotonic_ns())
        self.relinquished.acquire()
        self.event("lost", time.monotonic_ns())

    def relinquish(self, arguments):
        arguments.end()
        self.relinquished.release()
        return True

    def contenders(self, arguments):
        arguments.end()
        return [True] + self.election.contenders()

    def interrupt(self, arguments):
        self.election.cancel()
        return True


class CounterActor(Actor):
    """A counter in Curator's form; argument: PATH."""

    IN_ORDER = ("get", "add", "churn")

    def __init__(self, client, name, arguments):
        super().__init__(client, name)
        self.counter = client.Counter(arguments.text(), support_curator=True)
        # Meant for many writers: else it gives up after one try.
        client.retry = KazooRetry(max_tries=-1, delay=0.001, max_delay=0.01)

    def get(self, arguments):
        arguments.end()
        return [True, self.counter.value]

    def add(self, arguments):
        self.counter += arguments.number()
        return [True, self.counter.pre_value, self.counter.post_value]

    def churn(self, arguments):
        """Adds one, over and over; arguments: MILLISECONDS [FILE]. How often."""
        end = time.monotonic_ns() + arguments.number() * 1000000
        name = arguments.text() if arguments.words else os.devnull
        arguments.end()
        stop = os.path.join(os.path.dirname(name), "stop")
        count = 0
        with open(name, "ab", buffering=0) as file:
            while time.monotonic_ns() < end and not os.path.exists(stop):
                self.counter += 1
                file.write(b"%d\n" % self.counter.post_value)
                count += 1
        return [True, count, 0]


class BarrierActor(Actor):
    """A barrier; argument: PATH."""

    IN_ORDER = ("set", "remove")
    AT_ONCE = Actor.AT_ONCE + ("wait",)

    def __init__(self, client, name, arguments):
        super().__init__(client, name)
        self.barrier = client.Barrier(arguments.text())

    def set(self, arguments):
        arguments.end()
        self.barrier.create()
        return True

    def remove(self, arguments):
        arguments.end()
        return self.barrier.remove()

    def wait(self, arguments):
        timeout = seconds(arguments.number())
        arguments.end()
        return self.barrier.wait(timeout)


class DoubleBarrierActor(Actor):
    """A double barrier; arguments: PATH MEMBERS."""

    IN_ORDER = ("enter", "leave")

    def __init__(self, client, name, arguments):
        super().__init__(client, name)
        self.barrier = client.DoubleBarrier(arguments.text(), arguments.number())

    @staticmethod
    def check_timeout(arguments):
        if arguments.number() >= 0:
            raise ValueError("kazoo's double barriers have no time-outs")
        arguments.end()

    def enter(self, arguments):
        self.check_timeout(arguments)
        self.barrier.enter()
        return self.barrier.participating

    def leave(self, arguments):
        self.check_timeout(arguments)
        self.barrier.leave()
        return True


KINDS = {
    "lock": LockActor,
    "read-lock": ReadLockActor,
    "write-lock": WriteLockActor,
    "election": ElectionActor,
    "counter": CounterActor,
    "barrier": BarrierActor,
    "double-barrier": DoubleBarrierActor,
}


class Peer:
    def __init__(self):
        self.actors = {}
        self.client = None

    def take(self, line):
        try:
            arguments = Arguments(line)
            tag = encode(arguments.data())
        except ValueError as error:
            write_line(f"% error ValueError {encode(str(error))}")
            return
        try:
            name = arguments.text()
            verb = arguments.text()
            if name == "peer":
                answer(tag, self.run, verb, arguments)
            elif name in self.actors:
                self.actors[name].run(tag, verb, arguments)
            else:
                raise ValueError("nothing is named " + name)
        except ValueError as error:
            write_line(f"{tag} error ValueError {encode(str(error))}")

    def run(self, verb, arguments):
        verbs = {"connect": self.connect, "disconnect": self.disconnect, "session": self.session, "new": self.make,
                 "end": self.end_actor}
        if verb not in verbs:
            raise ValueError("unknown verb " + verb)
        result = verbs[verb](arguments)
        arguments.end()
        return result

    def connect(self, arguments):
        connect_string = arguments.text()
        timeout = int((arguments.rest() or ["10000"])[0]) / 1000
        self.disconnect(arguments)
        client = KazooClient(connect_string, timeout=timeout)
        client.add_listener(lambda state: write_line("event peer " + state.lower()))
        client.start(CONNECT_TIMEOUT_S)
        self.client = client
        return self.session(arguments)

    def session(self, arguments):
        if self.client is None:
            raise ValueError("not connected")
        session_id, password = self.client.client_id
        return [True, f"{session_id % 2**64:x}", password, self.client._session_timeout]

    def disconnect(self, arguments):
        for actor in self.actors.values():
            actor.end()
        self.actors.clear()
        if self.client is not None:
            self.client.stop()
            self.client.close()
        self.client = None
        return True

    def make(self, arguments):
        name = arguments.text()
        kind = arguments.text()
        if self.client is None:
            raise ValueError("not connected")
        if name == "peer" or name in self.actors:
            raise ValueError(name + " is taken")
        if kind not in KINDS:
            raise ValueError("unknown kind " + kind)
        self.actors[name] = KINDS[kind](self.client, name, arguments)
        return True

    def end_actor(self, arguments):
        name = arguments.text()
        if name not in self.actors:
            raise ValueError("nothing is named " + name)
        self.actors.pop(name).end()
        return True


def main():
    peer = Peer()
    for line in sys.stdin.buffer:
        peer.take(line.decode(errors="replace"))
    # Nothing that hangs keeps the process.
    last = threading.Thread(target=peer.disconnect, args=(None,), daemon=True)
    last.start()
    last.join(END_TIMEOUT_S)
    os._exit(0)


if __name__ == "__main__":
    main()
