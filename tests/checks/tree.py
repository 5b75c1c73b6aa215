# SPDX-License-Identifier: Apache-2.0
"""The tree has the folders that it should have, and files that are tidy.

Usage: tree.py SOURCE_DIR
"""

import os
import pathlib
import re

import report

FOLDERS = {"retry", "framework", "recipes", "tests", "bench", "docs", "tools", ".ci"}
FILES = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "CONTRIBUTING.md"}
DOT_FILES = {".clang-format", ".clang-tidy", ".editorconfig", ".gitattributes", ".gitignore"}
IGNORED = {".git", "__pycache__", ".cache", "build", "compile_commands.json"}
BYTES = "tests/fuzz/corpus"  # inputs of fuzzers: some are text by chance
MAX_LINES = 900
SOURCE = re.compile(r".*\.(c|h|cc|hpp|py|java|vala|js|sh)(\.in)?")


def is_source(path, text):
    """Whether a file has to name its licence."""
    return SOURCE.fullmatch(path) is not None or text.startswith("#!")


def find_top_level_problems(names):
    """Checks the names of what is at the top, where folders end with a slash."""
    allowed = {folder + "/" for folder in FOLDERS} | FILES | DOT_FILES
    return [f"{name}: does not belong at the top" for name in sorted(set(names) - allowed)]


def find_file_problems(path, text):
    """Checks one file."""
    lines = text.split("\n")
    untidy = [number for number, line in enumerate(lines, 1) if line != line.rstrip()]
    problems = [f"{path}:{number}: has white space at its end" for number in untidy]
    if len(lines) > MAX_LINES + 1 and path != "LICENSE":
        problems.append(f"{path}: has more than {MAX_LINES} lines")
    if text and not text.endswith("\n"):
        problems.append(f"{path}: does not end with a new line")
    if is_source(path, text) and "SPDX-License-Identifier: Apache-2.0" not in "\n".join(lines[:3]):
        problems.append(f"{path}: does not name its licence")
    return problems


def read_text(path):
    """The text of a file; None where it is not text."""
    data = path.read_bytes()
    return None if b"\0" in data else data.decode("utf-8")


def is_foreign(path):
    """Whether a folder is not of the project: a build, or what tools leave."""
    return path.name in IGNORED or (path / "CMakeCache.txt").exists()


def main(source_dir):
    problems = []
    top = pathlib.Path(source_dir)
    for folder, folders, files in os.walk(top):
        path = pathlib.Path(folder)
        folders[:] = sorted(name for name in folders if not is_foreign(path / name))
        if path.relative_to(top).as_posix() == BYTES:
            folders[:] = files = []
        if path == top:
            files = [name for name in files if name not in IGNORED]  # a work tree's .git may be a file
            problems += find_top_level_problems([name + "/" for name in folders] + files)
        for name in sorted(files):
            text = read_text(path / name)
            if text is not None:
                problems += find_file_problems(str((path / name).relative_to(top)), text)
    return problems


if __name__ == "__main__":
    report.run(main)
