# SPDX-License-Identifier: Apache-2.0
"""A shared library exports what its introspection data describe, no more and no less.

Usage: exports.py NM LIBRARY PREFIX [GIR]; without introspection data only the prefix is checked.
"""

import subprocess

import gir
import report


def read_exports(nm, library):
    """The names that the library defines for others."""
    command = [nm, "--format=posix", "--dynamic", "--defined-only", library]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {line.split()[0].split("@")[0] for line in output.splitlines()}


def read_described(namespace):
    """The names of the functions in introspection data."""
    described = set()
    for element in namespace.iter():
        described.add(element.get(gir.C + "identifier"))
        described.add(element.get(gir.GLIB + "get-type"))
    constants = (element.get(gir.C + "identifier") for element in namespace.iter(gir.CORE + "member"))
    return described - set(constants) - {None, "intern"}


def find_problems(exported, prefix, described=None):
    """Compares the exported names with the prefix and with those that are described, if known."""
    problems = [f"{name} is exported" for name in sorted(exported) if not name.startswith(prefix)]
    if not exported:
        problems.append("nothing is exported")
    if described is not None:
        problems += [f"{name} is exported, but not described" for name in sorted(exported - described)]
        problems += [f"{name} is described, but not exported" for name in sorted(described - exported)]
    return problems


def main(nm, library, prefix, gir_path=None):
    described = read_described(gir.load(gir_path)) if gir_path else None
    return find_problems(read_exports(nm, library), prefix, described)


if __name__ == "__main__":
    report.run(main)
