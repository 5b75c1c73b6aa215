#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the program does with seeds and scripts.

Usage: test_simulate.py SIMULATE
"""

import re
import subprocess
import sys
import tempfile
import unittest

SIMULATE = sys.argv.pop(1)
# One that is missed at once.
GUARD = ["--without", "relist-when-behind"]


def simulate(*arguments):
    """The exit status and what was printed."""
    done = subprocess.run([SIMULATE, *arguments], capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stderr + done.stdout


class Simulate(unittest.TestCase):
    """A failure on the way from its seed to a script."""

    def setUp(self):
        status, text = simulate(*GUARD, "--expect-failure", "--jobs", "1")
        self.assertEqual(0, status, text)
        self.seed = re.search(r"^seed (\d+): ", text, re.MULTILINE)[1]

    def test_a_seed_is_the_same_run_each_time(self):
        runs = {simulate("--seed", "4711", "--trace")[1] for _ in range(3)}
        self.assertEqual(1, len(runs))
        self.assertNotEqual(runs.pop(), simulate("--seed", "4712", "--trace")[1])

    def test_a_failure_is_told(self):
        status, text = simulate(*GUARD, "--seed", self.seed, "--trace")
        self.assertEqual(1, status)
        self.assertIn("VIOLATION: ", text)
        self.assertEqual(0, simulate("--seed", self.seed)[0])

    def test_a_script_shows_the_failure_again(self):
        _, text = simulate(*GUARD, "--seed", self.seed, "--shrink")
        script = text.split("\n# ")[-1].split("\n", maxsplit=1)[1]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(f"# found without a guard\n{script}")
            file.flush()
            status, replayed = simulate(*GUARD, "--script", file.name)
            self.assertEqual(1, status, replayed)
            self.assertEqual(re.search(r"^FAILED: (\D+)", replayed, re.MULTILINE)[1],
                             re.search(r"^FAILED: (\D+)", text, re.MULTILINE)[1])
            self.assertEqual(0, simulate("--script", file.name)[0], "nothing is wrong with the guard")

    def test_many_runs_have_to_do_something(self):
        status, text = simulate("--workload", "create", "--reach", "search-after-loss", "--coverage")
        self.assertEqual(0, status, text)
        for row in ("cut before replies", "answers lost", "search-after-loss"):
            self.assertRegex(text, rf"(?m)^{row} .*[1-9]\d*$")
        status, text = simulate("--workload", "create", "--reach", "search-after-loss,watch-own-node")
        self.assertEqual(1, status)
        self.assertIn("create: in 1000 runs a guard was never reached: watch-own-node\n", text)
        self.assertNotIn("reached: search-after-loss", text)

    def test_bad_arguments_are_refused(self):
        for arguments in (["--workload", "none"], ["--without", "none"], ["--reach", "none"],
                          ["--script", "/none"], ["--count", "0"], ["--none"], ["left over"]):
            status, text = simulate(*arguments)
            self.assertEqual(2, status, arguments)
            self.assertTrue(text.startswith("simulate: "), text)


if __name__ == "__main__":
    unittest.main()
