#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The documents say what is so: listings are those of the files, links lead somewhere, names exist.

Usage: check_docs.py SOURCE_DIR
"""

import pathlib
import re
import sys

LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
LISTING = re.compile(r"\[([\w/.-]+)\]\(\1\):\n\n```\w*\n(.*?)```", re.DOTALL)
FUNCTION = re.compile(r"\b(curator_(?:test_)?[a-z_]+) \(")
MACRO = re.compile(r"\b(CURATOR_[A-Z_]+)\b")
# Introspected names look like tests.
TEST = re.compile(r"`((?!GLib\.|Gio\.|Curator\.)[A-Z]\w+\.[A-Z]\w+)`")
TEST_DEFINITION = re.compile(r"^TEST(?:_F|_P)? \((\w+), (\w+)\)", re.MULTILINE)


def read(top, folders, suffixes):
    """The text of all sources."""
    paths = (path for folder in folders for path in (top / folder).rglob("*") if path.suffix in suffixes)
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(paths))


def find_problems(text, folder, known_words, known_tests):
    """Checks one document, which is in that folder."""
    for target in LINK.findall(text):
        if not (folder / target).exists():
            yield f"leads nowhere: {target}"
    for target, listing in LISTING.findall(text):
        if listing != (folder / target).read_text(encoding="utf-8"):
            yield f"is not what {target} is"
    for name in sorted(set(FUNCTION.findall(text) + MACRO.findall(text)) - known_words):
        yield f"does not exist: {name}"
    for name in sorted(set(TEST.findall(text)) - known_tests):
        yield f"no such test: {name}"


def main(source_dir):
    top = pathlib.Path(source_dir)
    words = set(re.findall(r"\w+", read(top, ["retry", "framework", "recipes", "tests", "tools"], {".c", ".h", ".cmake", ".txt"})
                           + (top / "CMakeLists.txt").read_text(encoding="utf-8")))
    tests = {".".join(name) for name in TEST_DEFINITION.findall(read(top, ["tests"], {".cc"}))}
    documents = [top / "README.md", top / "CONTRIBUTING.md", *sorted((top / "docs").glob("*.md"))]
    problems = [f"{path.relative_to(top)}: {problem}" for path in documents
                for problem in find_problems(path.read_text(encoding="utf-8"), path.parent, words, tests)]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
