#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The last column of reliability.md's tables is what the tests themselves say that they show.

A test says so in the comment before it, with a line such as `faults: 1, 8` or `bugs: CURATOR-45`; what is no
GoogleTest has the same line anywhere in its file, after its own name: `faults(simulate lock): 1, 8`.

Usage: reliability.py [--write] SOURCE_DIR
"""

import argparse
import pathlib
import re
import sys

COMMENT_AND_TEST = re.compile(r"/\*((?:(?!\*/).)*)\*/\s*TEST(?:_F|_P)? \((\w+),\s*(\w+)\)", re.DOTALL)
# What ends with a comma goes on in the next line of the comment.
KEYS = r"((?:[^*\n]|(?<=,)\n[ \t]*\*?[ \t]+)+)"
TAG = re.compile(r"(?:faults|bugs): " + KEYS)
NAMED_TAG = re.compile(r"(?:faults|bugs)\(([^)]+)\): " + KEYS)
ROW = re.compile(r"^\| ([\w-]+) \|(.*)\| ([^|]*) \|$")
SOURCES = {".cc", ".py", ".txt", ".pml"}


def split(keys):
    """The rows that a tag names."""
    return re.findall(r"[A-Z]+-\d+|#?\d+|[\w#-]+", keys)


def collect(top):
    """Row to the tests that show it, in the order of their names."""
    shown = {}
    for path in sorted(path for path in (top / "tests").rglob("*") if path.suffix in SOURCES):
        text = path.read_text(encoding="utf-8")
        for comment, group, name in COMMENT_AND_TEST.findall(text):
            for keys in TAG.findall(comment):
                for key in split(keys):
                    shown.setdefault(key, set()).add(f"`{group}.{name}`")
        for name, keys in NAMED_TAG.findall(text):
            for key in split(keys):
                shown.setdefault(key, set()).add(f"`{name}`")
    return {key: ", ".join(sorted(names)) for key, names in shown.items()}


def fill_in(text, shown):
    """The document with its last columns, and the keys that it has a row for."""
    lines, keys = [], set()
    for line in text.split("\n"):
        row = ROW.match(line)
        if row is not None and set(row[1]) != {"-"} and row[1] != "#" and row[1] != "bug":
            keys.add(row[1])
            line = f"| {row[1]} |{row[2]}| {shown.get(row[1], '—')} |"
        lines.append(line)
    return "\n".join(lines), keys


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="bring the document up to date")
    parser.add_argument("source_dir", type=pathlib.Path)
    arguments = parser.parse_args()
    document = arguments.source_dir / "docs" / "reliability.md"
    before = document.read_text(encoding="utf-8")
    shown = collect(arguments.source_dir)
    after, keys = fill_in(before, shown)
    for key in sorted(set(shown) - keys):
        print(f"docs/reliability.md: has no row for {key}, which tests are tagged with: {shown[key]}")
    if arguments.write:
        document.write_text(after, encoding="utf-8")
    elif before != after:
        print("docs/reliability.md: is not what the tests say; run docs/reliability.py --write .")
    return 1 if set(shown) - keys or (before != after and not arguments.write) else 0


if __name__ == "__main__":
    sys.exit(main())
