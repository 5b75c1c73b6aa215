# SPDX-License-Identifier: Apache-2.0
"""Prints where packages under a prefix go, relative to it.

Debian's interpreter has schemes of its own: one for the distribution's packages and one for /usr/local.
"""

import sysconfig
import sys


def install_dir(prefix):
    """The folder for pure packages, without a leading slash."""
    schemes = sysconfig.get_scheme_names()
    scheme = sysconfig.get_default_scheme()
    if prefix == "/usr" and "deb_system" in schemes:
        scheme = "deb_system"
    path = sysconfig.get_path("purelib", scheme, vars={"base": "", "installed_base": ""})
    return path.lstrip("/").removeprefix("local/")


if __name__ == "__main__":
    print(install_dir(sys.argv[1]))
