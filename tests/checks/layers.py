# SPDX-License-Identifier: Apache-2.0
"""Includes point one way: recipes/ to framework/ to retry/, and recipes use the framework's public headers.

Recipes are private to one another, but for recipes/contender/, which those that contend are made of, and what is
made for other recipes.

Usage: layers.py SOURCE_DIR
"""

import pathlib
import re

import report

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)
BELOW = {
    "retry": {"retry"},
    "framework": {"retry", "framework"},
    "recipes": {"retry", "framework", "recipes"},
}

# What the framework lets recipes have beside its public headers: requests that may be pipelined, the loop's
# clock and timers, results that somebody waits for, the arithmetic of paths and names, and the marks of what a simulation may leave out.
FOR_RECIPES = {
    "curator-request-private.h",
    "curator-loop-private.h",
    "curator-path-private.h",
    "curator-pending-private.h",
    "curator-names-private.h",
    "curator-guard-private.h",
}

# What recipes let one another have.
FOR_OTHER_RECIPES = {"curator-shared-count-follow-private.h"}

CONTENDER = pathlib.PurePath("recipes/contender")


def find_headers(files):
    """Where each header of the library is, those that are made by the build included."""
    names = (name.removesuffix(".in") for name in files if name.endswith((".h", ".h.in")))
    return {pathlib.PurePath(name).name: pathlib.PurePath(name) for name in names}


def check_include(path, name, headers):
    """Why a file may not include a header; None where it may."""
    if name not in headers:
        return "is none of the library's" if "curator" in name else None
    header = headers[name]
    if header.parts[0] not in BELOW[path.parts[0]]:
        return f"is above, in {header.parent}/"
    if path.parts[0] != "recipes" or not name.endswith("-private.h"):
        return None
    if header.parts[0] != "recipes":
        return None if name in FOR_RECIPES else "is private to the framework"
    if name in FOR_OTHER_RECIPES:
        return None
    return None if header.parent in (path.parent, CONTENDER) else f"is private to {header.parent}/"


def find_problems(files):
    """`files` maps the path of each file, relative to the top, to its text."""
    headers = find_headers(files)
    problems = []
    for name, text in sorted(files.items()):
        for included in INCLUDE.findall(text):
            reason = check_include(pathlib.PurePath(name), included, headers)
            if reason is not None:
                problems.append(f"{name}: {included} {reason}")
    if not {pathlib.PurePath(name).parts[0] for name in files} >= set(BELOW):
        problems.append("a folder has no files: the check is blind")
    return problems


def main(source_dir):
    files = {}
    for folder in BELOW:
        for path in pathlib.Path(source_dir, folder).rglob("curator*"):
            if path.name.endswith((".c", ".h", ".c.in", ".h.in")):
                files[str(path.relative_to(source_dir))] = path.read_text(encoding="utf-8")
    return find_problems(files)


if __name__ == "__main__":
    report.run(main)
