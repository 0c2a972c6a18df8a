# SPDX-License-Identifier: MIT
"""wheel.py: pip makes a wheel of the source tree, and what is installed from it works on its own."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.dont_write_bytecode = True
import tap  # noqa: E402

ROOT = pathlib.Path(os.environ["PPAR_TEST_SOURCE"])
FILES = {"__init__.py", "__main__.py", "_arrays.py", "_bodies.py", "_functions.py", "_kernels.so", "_library.py",
         "_loops.py", "_map.py", "_options.py", "_pictures.py", "_random.py", "libppar.so.0", "numba.py",
         "py.typed"}  # fmt: skip

PROGRAM = """
import array, ppar
assert ppar.sum(array.array("d", range(100))) == 4950
assert ppar.parallel_reduce(100, lambda i: i) == 4950
print(ppar.__file__)
print([line.split()[-1] for line in open("/proc/self/maps") if "libppar" in line][0])
"""


def is_left_out(folder, names):
    """What is not of the project: build folders, and what begins with a point."""
    return [n for n in names if n.startswith(".") or (folder == str(ROOT) and n.startswith(("build", "install")))]


def run(*command, **variables):
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PPAR_LIBRARY_PATH")}
    done = subprocess.run(
        command, env={**environment, **variables}, capture_output=True, text=True, timeout=550, check=False
    )
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.folder.name)
        # A copy: builders leave files in the tree that they build.
        source = folder / "source"
        shutil.copytree(ROOT, source, ignore=is_left_out)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        run(*pip, "wheel", str(source), "--no-build-isolation", "--no-deps", "--no-index", "-w", str(folder))
        cls.wheels = list(folder.glob("*.whl"))
        cls.environment = folder / "env"
        run(sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", str(cls.environment))
        cls.python = str(cls.environment / "bin" / "python")
        run(*pip, "--python", cls.python, "install", "--no-index", "--no-deps", *map(str, cls.wheels))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_it_is_for_every_python_3(self):
        self.assertEqual(len(self.wheels), 1)
        self.assertRegex(self.wheels[0].name, r"^ppar-[0-9.]+-py3-none-linux_\w+\.whl$")

    def test_it_holds_the_package_and_the_library(self):
        names = [pathlib.PurePath(name) for name in zipfile.ZipFile(self.wheels[0]).namelist()]
        self.assertEqual({p.name for p in names if p.parts[0] == "ppar"}, FILES)
        self.assertEqual({p.parts[0].split("-")[0] for p in names}, {"ppar"})

    def test_the_library_needs_what_every_system_has(self):
        for name in ("libppar.so.0", "_kernels.so"):
            path = next(self.environment.rglob(name))
            needed = [line.split()[0] for line in run("ldd", str(path)).splitlines()]
            usual = ("libc.", "libm.", "libpthread.", "linux-vdso", "/", "libppar")
            others = [n for n in needed if not n.startswith(usual)]
            self.assertEqual(others, [])

    def test_it_brings_its_own_library(self):
        for line in run(self.python, "-c", PROGRAM).splitlines():
            self.assertTrue(line.startswith(str(self.environment)), line)

    def test_it_runs_as_a_program(self):
        self.assertRegex(run(self.python, "-m", "ppar", PPAR_NUM_THREADS="3"), r"^ppar [0-9.]+\nthreads: 3\nmachine: ")

    def test_numpy_and_numba(self):
        if not (tap.has("numpy") and tap.has("numba")):
            self.skipTest("no NumPy, or no Numba")
        text = "import ppar.numba, numba\nnumba.get_num_threads()\nprint(ppar.numba.active())"
        self.assertEqual(run(self.python, "-c", text), "True\n")

    def test_another_python_takes_it_as_it_is(self):
        other = next((p for p in map(shutil.which, ("python3", "python3.13", "python3.12", "python3.10")) if p), None)
        if other is None or os.path.realpath(other) == os.path.realpath(sys.executable):
            self.skipTest("there is no other Python")
        packages = next(self.environment.rglob("ppar/__init__.py")).parents[1]
        self.assertIn(str(packages), run(other, "-c", PROGRAM, PYTHONPATH=str(packages)))


if __name__ == "__main__":
    tap.main()
