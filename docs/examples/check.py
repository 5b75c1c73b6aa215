#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program, and checks that it succeeds and prints what it should.

    check.py PATTERN... -- COMMAND...

Each pattern is a regular expression; they are looked for one after the other.
"""

import re
import subprocess
import sys


def main(arguments):
    end = arguments.index("--")
    patterns, command = arguments[:end], arguments[end + 1:]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    print(run.stdout, end="")
    if run.returncode != 0:
        return f"exit status {run.returncode}"
    position = 0
    for pattern in patterns:
        match = re.compile(pattern, re.MULTILINE).search(run.stdout, position)
        if match is None:
            return f"not found, at least not where it should be: {pattern}"
        position = match.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
