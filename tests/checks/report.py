# SPDX-License-Identifier: Apache-2.0
"""What the checks share: a check is a function of the arguments that returns a list of problems."""

import sys


def run(check):
    """Runs a check as a program, which fails where there are problems."""
    problems = check(*sys.argv[1:])
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)
