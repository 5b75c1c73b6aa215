# SPDX-License-Identifier: Apache-2.0
"""Only the transport may reach the C client, the clocks, random numbers and the network.

Usage: calls.py NM ARCHIVE OBJECTS, where OBJECTS is a file that lists the library's objects.
"""

import re
import subprocess

import report

# What the environment provides instead. Timers count too: they read a clock of their own.
FORBIDDEN = re.compile(
    r"""
    (zoo|zookeeper|zk)_\w+ | zerror | is_unrecoverable | get_xid | curator_libc_\w+
    | g_get_(monotonic|real|current)_time | g_date_time_new_now\w* | g_timer_\w+
    | time | times | clock | clock_\w+ | gettimeofday | timerfd_\w+ | timer_\w+ | setitimer | alarm
    | g_usleep | usleep | sleep | nanosleep
    | g_timeout_\w+ | g_cond_wait_until | g_async_queue_timeout_pop\w*
    | g_random_\w+ | g_rand_\w+ | g_uuid_\w+ | s?rand\w* | [dejlmn]rand48 | s?random | getrandom | getentropy
    | socket | socketpair | connect | bind | listen | accept4? | poll | ppoll | select | epoll_\w+
    | send | sendto | sendmsg | recv | recvfrom | recvmsg | getaddrinfo | gethostby\w+
    | g_socket_\w+ | g_resolver_\w+ | g_network_\w+
    """,
    re.VERBOSE,
)


def read_symbols(nm, path, option):
    """The names that an object or archive defines or needs."""
    command = [nm, "--format=posix", "--extern-only", option, path]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    fields = (line.split() for line in output.splitlines())
    return {field[0].split("@")[0] for field in fields if len(field) > 1}


def is_transport(path):
    """Whether an object is of framework/transport/."""
    return "/framework/transport/" in path


def find_problems(objects, archive_symbols):
    """`objects` maps the path of each object to the names that it needs."""
    problems = []
    reached = False
    for path, needed in sorted(objects.items()):
        bad = {name for name in needed if name in archive_symbols or FORBIDDEN.fullmatch(name)}
        if is_transport(path):
            reached = reached or bool(bad & archive_symbols)
        else:
            problems += [f"{path}: {name} is for the transport only" for name in sorted(bad)]
    if not reached:
        problems.append("no object of the transport calls the C client: the check is blind")
    return problems


def main(nm, archive, objects_file):
    with open(objects_file, encoding="utf-8") as lines:
        paths = [line.strip() for line in lines if line.strip()]
    archive_symbols = read_symbols(nm, archive, "--defined-only")
    objects = {path: read_symbols(nm, path, "--undefined-only") for path in paths}
    return find_problems(objects, archive_symbols)


if __name__ == "__main__":
    report.run(main)
