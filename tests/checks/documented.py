# SPDX-License-Identifier: Apache-2.0
"""Every public symbol says what it is and since when it exists, every class from which threads to use it.

Usage: documented.py GIR
"""

import re

import gir
import report

CONTAINERS = {"class", "interface", "record", "union", "enumeration", "bitfield"}
CALLABLES = {"function", "method", "constructor", "virtual-method", "callback", "signal"}
DATED = CONTAINERS | CALLABLES | {"property", "constant"}
PARTS = {"member", "field"}
THREADS = re.compile(r"^(#+ )?Threads\b", re.MULTILINE)


def is_made_by_macro(element):
    """Whether it is the class structure of a type that nobody can derive from."""
    fields = [field.get("name") for field in element.iter(gir.CORE + "field")]
    return element.get(gir.GLIB + "is-gtype-struct-for") is not None and fields == ["parent_class"]


def is_described(element):
    """Whether there is a text. Where something is returned, what that is may be all there is to say."""
    returned = element.find(gir.CORE + "return-value")
    return bool(gir.text_of(element)) or (returned is not None and bool(gir.text_of(returned)))


def check(element, name, problems):
    """Checks an element and what is in it."""
    kind = gir.kind(element)
    if not is_described(element):
        problems.append(f"{name}: has no description")
    if kind in DATED and element.get("version") is None:
        problems.append(f'{name}: has no "Since:"')
    if kind == "class" and not THREADS.search(gir.text_of(element)):
        problems.append(f'{name}: has no "Threads:" paragraph')
    if kind in CONTAINERS:
        # The parts of structures that are not plain values are private, or described as virtual functions.
        is_plain = kind != "class" and element.get(gir.GLIB + "is-gtype-struct-for") is None
        check_all(element, name, DATED | PARTS if is_plain else DATED, problems)


def check_all(parent, parent_name, kinds, problems):
    """Checks all elements of some kinds in an element."""
    for element in parent:
        if gir.kind(element) in kinds and not is_made_by_macro(element):
            check(element, f"{parent_name}.{element.get('name')}", problems)


def find_problems(namespace):
    """Checks a namespace."""
    problems = []
    check_all(namespace, namespace.get("name"), DATED, problems)
    if namespace.find(gir.CORE + "class") is None:
        problems.append("there is no class: the check is blind")
    return problems


def main(gir_path):
    return find_problems(gir.load(gir_path))


if __name__ == "__main__":
    report.run(main)
