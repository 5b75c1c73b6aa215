# SPDX-License-Identifier: Apache-2.0
"""Each check finds what it is there for, and nothing in a good example."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import calls
import documented
import exports
import layers
import tree

CC = os.environ["CC"]
NM = os.environ["NM"]


def compile_c(folder, name, text, *options):
    """Compiles a C file; returns the path of the result."""
    source = pathlib.Path(folder, name + ".c")
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    output = str(source.with_suffix(".o"))
    subprocess.run([CC, "-w", *options, "-o", output, str(source)], check=True)
    return output


class CallsTest(unittest.TestCase):
    """Of calls.py, on objects that are really compiled."""

    def check(self, recipe):
        """Checks a transport that is as it should be, and a recipe with that body."""
        with tempfile.TemporaryDirectory() as folder:
            client = "int zoo_get (void) { return 0; } int deep (void) { return 0; }"
            archive = compile_c(folder, "zookeeper", client, "-c")
            transport = "int zoo_get (void); int time (int *); int f (void) { return zoo_get () + time (0); }"
            paths = [
                compile_c(folder, "x/framework/transport/session", transport, "-c"),
                compile_c(folder, "x/recipes/recipe", recipe, "-c"),
            ]
            listing = pathlib.Path(folder, "objects.txt")
            listing.write_text("\n".join(paths) + "\n", encoding="utf-8")
            return calls.main(NM, archive, str(listing))

    def test_good(self):
        self.assertEqual(self.check("int g (void); int f (void) { return g (); }"), [])

    def test_bad(self):
        for name in (
            "zoo_get",
            "deep",
            "zoo_of_another_version",
            "zookeeper_init",
            "curator_libc_send",
            "g_get_monotonic_time",
            "g_get_real_time",
            "g_random_int",
            "g_random_double_range",
            "g_uuid_string_random",
            "g_timeout_add",
            "g_timeout_add_seconds_full",
            "g_usleep",
            "time",
            "clock_gettime",
            "gettimeofday",
            "nanosleep",
            "rand",
            "drand48",
            "random",
            "socket",
            "poll",
            "getaddrinfo",
            "g_cond_wait_until",
        ):
            problems = self.check(f"int {name} (void); int f (void) {{ return {name} (); }}")
            self.assertEqual(len(problems), 1, name)
            self.assertIn(f"recipe.o: {name} is for the transport", problems[0])

    def test_blind(self):
        self.assertEqual(len(calls.find_problems({"/recipes/a.o": {"malloc"}}, {"zoo_get"})), 1)
        self.assertEqual(calls.find_problems({"/framework/transport/a.o": {"zoo_get"}}, {"zoo_get"}), [])


class LayersTest(unittest.TestCase):
    """Of layers.py."""

    GOOD = {
        "retry/curator-retry.h": '#include "curator-version.h"\n#include <glib.h>\n',
        "retry/curator-version.h.in": "",
        "framework/curator-core.c": '#include "curator-core-private.h"\n#include "curator-loop-private.h"\n',
        "framework/curator-core-private.h": '#include "curator-retry.h"\n',
        "framework/curator-framework.h": "",
        "framework/curator-request-private.h": "",
        "framework/transport/curator-loop-private.h": "",
        "recipes/lock/curator-mutex.h": '#include "curator-framework.h"\n',
        "recipes/contender/curator-contender-private.h": "",
        "recipes/contender/curator-contender.c": '#include "curator-request-private.h"\n',
        "recipes/lock/curator-mutex-private.h": "",
        "recipes/lock/curator-mutex.c": '#include "curator-contender-private.h"\n',
        "recipes/lock/curator-semaphore.c": '#include "curator-shared-count-follow-private.h"\n',
        "recipes/shared/curator-shared-count-follow-private.h": "",
        "recipes/leader/curator-latch.c": '#include "curator-mutex.h"\n#include "curator-contender-private.h"\n',
    }

    def test_good(self):
        self.assertEqual(layers.find_problems(self.GOOD), [])

    def test_bad(self):
        for path, header, reason in (
            ("retry/curator-retry.c", "curator-framework.h", "is above"),
            ("framework/curator-core.c", "curator-mutex.h", "is above"),
            ("framework/transport/curator-loop.c", "curator-contender-private.h", "is above"),
            ("recipes/lock/curator-mutex.c", "curator-core-private.h", "is private to the framework"),
            ("recipes/leader/curator-latch.c", "curator-mutex-private.h", "is private to recipes/lock/"),
            ("recipes/lock/curator-mutex.c", "curator-test.h", "is none"),
            ("recipes/lock/curator-mutex.c", "curator-glib/curator.h", "is none"),
            ("recipes/lock/curator-mutex.c", "../framework/curator-core-private.h", "is none"),
        ):
            for include in (f'#include "{header}"\n', f"# include <{header}>\n"):
                problems = layers.find_problems({**self.GOOD, path: include})
                self.assertEqual(len(problems), 1, problems)
                self.assertTrue(problems[0].startswith(f"{path}: {header} {reason}"), problems[0])

    def test_blind(self):
        self.assertEqual(len(layers.find_problems({"retry/a.c": ""})), 1)


GIR = """
<repository xmlns="http://www.gtk.org/introspection/core/1.0" xmlns:c="http://www.gtk.org/introspection/c/1.0"
            xmlns:glib="http://www.gtk.org/introspection/glib/1.0">
  <namespace name="Toy">
    <class name="Thing" version="1.0" glib:get-type="toy_thing_get_type">
      <doc>A thing.\n\nThreads: any.</doc>
      <field name="parent_instance"/>
      <constructor name="new" c:identifier="toy_thing_new" version="1.0">
        <return-value><doc>a thing</doc></return-value>
      </constructor>
      <method name="run" c:identifier="toy_thing_run" version="1.0"><doc>Runs.</doc></method>
      <property name="size" version="1.0"><doc>The size.</doc></property>
      <glib:signal name="done" version="1.0"><doc>Emitted at the end.</doc></glib:signal>
    </class>
    <record name="ThingClass" glib:is-gtype-struct-for="Thing"><field name="parent_class"/></record>
    <record name="Value" version="1.0"><doc>A value.</doc><field name="x"><doc>X.</doc></field></record>
    <enumeration name="Kind" version="1.0" glib:get-type="toy_kind_get_type">
      <doc>Kinds.</doc>
      <member name="one" c:identifier="TOY_KIND_ONE"><doc>the first</doc></member>
    </enumeration>
  </namespace>
</repository>
"""
FUNCTIONS = {"toy_thing_get_type", "toy_thing_new", "toy_thing_run", "toy_kind_get_type"}


def parse(text):
    """The namespace element of the example above, or of a variation."""
    return ElementTree.fromstring(text)[0]


class DocumentedTest(unittest.TestCase):
    """Of documented.py."""

    def test_good(self):
        self.assertEqual(documented.find_problems(parse(GIR)), [])

    def test_bad(self):
        for old, new, problem in (
            ("\n\nThreads: any.", "", 'Toy.Thing: has no "Threads:" paragraph'),
            ("<doc>Runs.</doc>", "", "Toy.Thing.run: has no description"),
            ("<doc>a thing</doc>", "", "Toy.Thing.new: has no description"),
            ('"toy_thing_run" version="1.0"', '"toy_thing_run"', 'Toy.Thing.run: has no "Since:"'),
            ("<doc>The size.</doc>", "", "Toy.Thing.size: has no description"),
            ('"done" version="1.0"', '"done"', 'Toy.Thing.done: has no "Since:"'),
            ("<doc>X.</doc>", "", "Toy.Value.x: has no description"),
            ("<doc>Kinds.</doc>", "", "Toy.Kind: has no description"),
            ("<doc>the first</doc>", "", "Toy.Kind.one: has no description"),
            ('="parent_class"/>', '="parent_class"/><field name="x"/>', "Toy.ThingClass: has no description"),
        ):
            self.assertIn(old, GIR)
            self.assertIn(problem, documented.find_problems(parse(GIR.replace(old, new))))

    def test_blind(self):
        empty = ElementTree.fromstring('<namespace name="Toy"/>')
        self.assertEqual(len(documented.find_problems(empty)), 1)


class ExportsTest(unittest.TestCase):
    """Of exports.py, on a library that is really linked."""

    def check(self, names):
        """Checks a library that exports those functions."""
        with tempfile.TemporaryDirectory() as folder:
            text = "".join(f"int {name} (void) {{ return 0; }}\n" for name in sorted(names))
            hidden = '__attribute__ ((visibility ("hidden"))) int zoo_hidden (void) { return 0; }\n'
            library = compile_c(folder, "toy", text + hidden, "-shared", "-fPIC")
            gir_path = pathlib.Path(folder, "Toy.gir")
            gir_path.write_text(GIR, encoding="utf-8")
            self.assertEqual(
                bool(exports.main(NM, library, "toy_")), any(not name.startswith("toy_") for name in names)
            )
            return exports.main(NM, library, "toy_", str(gir_path))

    def test_good(self):
        self.assertEqual(self.check(FUNCTIONS), [])

    def test_bad(self):
        missing = self.check(FUNCTIONS - {"toy_thing_run"})
        self.assertEqual(missing, ["toy_thing_run is described, but not exported"])
        self.assertEqual(self.check(FUNCTIONS | {"toy_more"}), ["toy_more is exported, but not described"])
        self.assertIn("zoo_get is exported", self.check(FUNCTIONS | {"zoo_get"}))

    def test_blind(self):
        self.assertEqual(exports.find_problems(set(), "toy_"), ["nothing is exported"])


class TreeTest(unittest.TestCase):
    """Of tree.py, on a folder that is really there."""

    GOOD = "/* SPDX-License-Identifier: Apache-2.0 */\nint x;\n"

    def check(self, files):
        """Checks a tree of those files beside some that are as they should be."""
        with tempfile.TemporaryDirectory() as folder:
            good = {"retry/a.c": self.GOOD, "README.md": "Text.\n", ".git/x": "a \n", "build/b.c": "x \n"}
            good |= {"out/CMakeCache.txt": "", "out/x.c": "", "docs/picture.png": "\0 \n"}
            for name, text in {**good, **files}.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return tree.main(folder)

    def test_good(self):
        self.assertEqual(self.check({"tests/long.c": self.GOOD + "\n" * (tree.MAX_LINES - 2)}), [])

    def test_bad(self):
        licence = "# SPDX-License-Identifier: Apache-2.0\n"
        for name, text, problem in (
            ("extra/a.md", "", "extra/: does not belong at the top"),
            ("notes.md", "", "notes.md: does not belong at the top"),
            ("retry/b.c", self.GOOD + "int y; \n", "retry/b.c:3: has white space at its end"),
            ("docs/a.md", "text\t\n", "docs/a.md:1: has white space at its end"),
            ("docs/a.md", "text\r\n", "docs/a.md:1: has white space at its end"),
            ("tests/a.c", self.GOOD + "\n" * (tree.MAX_LINES - 1), "tests/a.c: has more than 900 lines"),
            ("tools/a.py", licence + "x", "tools/a.py: does not end with a new line"),
            ("tools/a.py", "x\n", "tools/a.py: does not name its licence"),
            ("tools/run", "#!/bin/sh\n", "tools/run: does not name its licence"),
            ("retry/v.h.in", "\n", "retry/v.h.in: does not name its licence"),
        ):
            self.assertEqual(self.check({name: text}), [problem])


class ReportTest(unittest.TestCase):
    """A problem makes the program fail."""

    def test_exit_status(self):
        program = pathlib.Path(__file__).with_name("tree.py")
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(subprocess.run([sys.executable, program, folder], check=False).returncode, 0)
            pathlib.Path(folder, "notes.md").write_text("", encoding="utf-8")
            process = subprocess.run(
                [sys.executable, program, folder], check=False, stderr=subprocess.PIPE, text=True
            )
            self.assertEqual(process.returncode, 1)
            self.assertEqual(process.stderr, "notes.md: does not belong at the top\n")


if __name__ == "__main__":
    unittest.main()
