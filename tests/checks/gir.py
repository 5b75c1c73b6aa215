# SPDX-License-Identifier: Apache-2.0
"""Reading introspection data."""

import xml.etree.ElementTree as ElementTree

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"


def load(path):
    """The namespace element of a file."""
    return ElementTree.parse(path).getroot().find(CORE + "namespace")


def kind(element):
    """The tag without its XML namespace."""
    return element.tag.split("}")[1]


def text_of(element):
    """The description of a symbol, "" where there is none."""
    doc = element.find(CORE + "doc")
    return doc.text if doc is not None else ""
