# SPDX-License-Identifier: Apache-2.0
"""What Python adds to the introspected Curator namespace."""

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import Gio, GLib

Curator = get_introspection_module("Curator")

__all__ = []


class Lease(Curator.Lease):
    """A lease is given back at the end of a `with` block, however the block ends.

    Where the block has raised, its exception goes on even if the release fails too. In the client's own main
    context nobody can wait for the release: there it goes on in the background.
    """

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        try:
            self.release_sync(None)
        except GLib.Error as error:
            in_background = error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.WOULD_BLOCK)
            if exc_type is None and not in_background:
                raise
        return False


Lease = override(Lease)
__all__.append("Lease")
