# SPDX-License-Identifier: Apache-2.0
"""Installs the build into a folder of its own, and uses it from outside of both trees.

The environment says what was built, and where: see CMakeLists.txt.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BUILD_DIR = os.environ["BUILD_DIR"]
LIBDIR = os.environ["LIBDIR"]
INTROSPECTION = os.environ["INTROSPECTION"] == "1"
VALA = os.environ["VALA"] == "1"
ERROR = 'connect string: "not a host:port" contains white space'


def install(prefix, destdir=""):
    """Installs; returns the files below the prefix."""
    environment = {**os.environ, "DESTDIR": destdir}
    command = [os.environ["CMAKE"], "--install", BUILD_DIR, "--prefix", prefix]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    root = pathlib.Path(destdir + prefix)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


class InstallTest(unittest.TestCase):
    """The installed files, used."""

    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="curator-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.dir)
        cls.prefix = cls.dir / "prefix"
        cls.files = install(str(cls.prefix))
        libdir = cls.prefix / LIBDIR
        cls.environment = {
            **os.environ,
            "PKG_CONFIG_PATH": str(libdir / "pkgconfig"),
            "LIBRARY_PATH": "",
            "LD_LIBRARY_PATH": str(libdir),
            "GI_TYPELIB_PATH": str(libdir / "girepository-1.0"),
            "PYTHONPATH": str(cls.prefix / os.environ.get("PYTHONDIR", "")),
            "G_DEBUG": "fatal-warnings",
        }
        if os.environ["SANITIZE"]:
            cls.environment["CFLAGS"] = "-fsanitize=" + os.environ["SANITIZE"]

    def setUp(self):
        self.work = self.dir / self.id()
        self.work.mkdir()

    def run_command(self, *command):
        """Runs in a folder of the test's own; returns the lines of the output."""
        process = subprocess.run(
            command, cwd=self.work, env=self.environment, capture_output=True, text=True, check=False
        )
        self.assertEqual(process.returncode, 0, f"{command}\n{process.stdout}{process.stderr}")
        return process.stdout.splitlines()

    def make(self, program):
        """Builds a C program with the Makefile."""
        for name in (f"{program}.c", "Makefile"):
            shutil.copy(HERE / name, self.work)
        self.run_command("make", f"CC={os.environ['CC']}", program)
        return str(self.work / program)

    def make_vala(self, program):
        """Builds a Vala program."""
        shutil.copy(HERE / f"{program}.vala", self.work)
        vapis = str(self.prefix / "share" / "vala" / "vapi")
        packages = ["--pkg", "curator-glib-1.0", "--pkg", "curator-test-1.0"]
        self.run_command("valac", "--fatal-warnings", "--vapidir", vapis, *packages, f"{program}.vala")
        return str(self.work / program)

    def test_files(self):
        expected = {
            "include/curator-glib-1.0/curator-glib/curator.h",
            "include/curator-glib-1.0/curator-glib/curator-version.h",
            "include/curator-glib-1.0/curator-glib/curator-enum-types.h",
            "include/curator-glib-1.0/curator-glib/curator-framework.h",
            "include/curator-glib-1.0/curator-glib/curator-mutex.h",
            "include/curator-test-1.0/curator-test.h",
            f"{LIBDIR}/libcurator-glib-1.0.so",
            f"{LIBDIR}/libcurator-glib-1.0.so.0",
            f"{LIBDIR}/libcurator-test-1.0.so",
            f"{LIBDIR}/pkgconfig/curator-glib-1.0.pc",
            f"{LIBDIR}/pkgconfig/curator-test-1.0.pc",
        }
        if INTROSPECTION:
            for name in ("Curator-1.0", "CuratorTest-1.0"):
                expected |= {f"share/gir-1.0/{name}.gir", f"{LIBDIR}/girepository-1.0/{name}.typelib"}
            expected.add(f"{os.environ['PYTHONDIR']}/gi/overrides/Curator.py")
        if VALA:
            for name in ("curator-glib-1.0", "curator-test-1.0"):
                expected |= {f"share/vala/vapi/{name}.vapi", f"share/vala/vapi/{name}.deps"}
        self.assertEqual(expected - set(self.files), set())
        for path in self.files:
            self.assertNotRegex(path, r"private|\.a$|static", "not for installation")

    def test_destdir(self):
        self.assertEqual(install("/opt/curator", str(self.work)), self.files)

    def test_moved(self):
        """The packages are found where they are, wherever that is."""
        moved = self.work / "elsewhere"
        shutil.copytree(self.prefix, moved, symlinks=True)
        environment = {**self.environment, "PKG_CONFIG_PATH": str(moved / LIBDIR / "pkgconfig")}
        for package in ("curator-glib-1.0", "curator-test-1.0"):
            for variable in ("libdir", "includedir"):
                command = ["pkg-config", f"--variable={variable}", package]
                folder = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
                path = pathlib.Path(folder.stdout.strip()).resolve()
                self.assertTrue(path.is_relative_to(moved), path)

    def test_pkg_config(self):
        for package in ("curator-glib-1.0", "curator-test-1.0"):
            version = self.run_command("pkg-config", "--modversion", package)
            self.assertEqual(version, [os.environ["VERSION"]])
            self.run_command("pkg-config", "--validate", package)

    def test_headers_alone(self):
        flags = self.run_command("pkg-config", "--cflags", "curator-glib-1.0", "curator-test-1.0")[0].split()
        flags += ["-fsyntax-only", "-Wall", "-Wextra", "-Werror"]
        compilers = ([os.environ["CC"], "-std=c11"], [os.environ["CXX"], "-std=c++17"])
        commands = []
        for path in self.files:
            if path.endswith(".h"):
                header = re.sub(r"^include/curator-(glib|test)-1.0/", "", path)
                for compiler, suffix in zip(compilers, (".c", ".cc")):
                    source = self.work / (header.replace("/", "_") + suffix)
                    source.write_text(f"#include <{header}>\n")
                    commands.append([*compiler, *flags, str(source)])
        self.assertGreater(len(commands), 80)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(lambda command: self.run_command(*command), commands):
                pass

    def test_c(self):
        self.assertEqual(self.run_command(self.make("first")), [os.environ["VERSION"], ERROR])

    def test_c_with_a_server(self):
        self.assertEqual(self.run_command(self.make("sample")), ["held: yes", "released"])

    if VALA:

        def test_vala(self):
            self.assertEqual(self.run_command(self.make_vala("first")), [os.environ["VERSION"], ERROR])

        def test_vala_with_a_server(self):
            self.assertEqual(
                self.run_command(self.make_vala("sample")),
                ["/queue/n-0000000000: same", "length: 1", "missing", "held: yes", "states: heard"],
            )

    if INTROSPECTION:

        def test_python(self):
            program = """
import gi
gi.require_version("Curator", "1.0")
from gi.repository import Curator, GLib
import gi.overrides.Curator
print(gi.overrides.Curator.__file__)
print("%d.%d.%d" % (Curator.MAJOR_VERSION, Curator.MINOR_VERSION, Curator.MICRO_VERSION))
print(hasattr(Curator.Lease, "__exit__"))
try:
    Curator.FrameworkBuilder.new("not a host:port").build()
except GLib.Error as error:
    print(error.message)
"""
            override = self.prefix / os.environ["PYTHONDIR"] / "gi" / "overrides" / "Curator.py"
            lines = self.run_command(sys.executable, "-c", program)
            self.assertEqual(lines, [str(override), os.environ["VERSION"], "True", ERROR])


if __name__ == "__main__":
    unittest.main()
