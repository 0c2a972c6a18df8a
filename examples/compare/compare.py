#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compare.py: the same integral in several languages and parallel tools, compiled and run here, as a table of times.

    compare.py [--n N] [--rounds R] [--build FOLDER] [--tap=FILE]

The programs take turns, ROUNDS times each, and the table has the median of each one's times. What is not installed is
left out, with a word. --build is where Meson has built ppar (default build-release, which scripts/bench makes; without
it, an installed ppar). --tap: as a test, which looks at the values and at no time.
"""

import argparse
import functools
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIMIT = 600  # seconds for one program


class Missing(Exception):
    """What a program needs is not installed; the text says what."""


def command(name, package):
    """The path of a command, or Missing with the Debian package that has it."""
    found = shutil.which(name)
    if not found:
        raise Missing(f"{name} is not installed (Debian: {package})")
    return found


def chosen(variable, default, package):
    """The compiler that the environment names, as Meson does for a test; empty: there is none for this machine."""
    words = os.environ.get(variable, default).split()
    if not words:
        raise Missing(f"there is no {default} for this machine (Debian: {package})")
    return [command(words[0], package), *words[1:]]


@functools.lru_cache(maxsize=None)
def python(modules, package):
    """A Python that has the modules: the one in PATH, or the system's, whose modules are Debian's packages."""
    modules = (modules,) if isinstance(modules, str) else modules
    for candidate in (sys.executable, shutil.which("python3"), "/usr/bin/python3"):
        if candidate and all(has(candidate, module) for module in modules):
            return candidate
    raise Missing(f"Python has no {' and '.join(modules)} (Debian: {package})")


@functools.lru_cache(maxsize=None)
def has(interpreter, module):
    return subprocess.run([interpreter, "-c", f"import {module}"], capture_output=True).returncode == 0


def build(*arguments, cwd=None):
    """Runs a compiler; what it says is shown only if it fails."""
    done = subprocess.run([str(argument) for argument in arguments], cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")


class Programs:
    """Builds the programs. Each method returns the command that runs one of them."""

    def __init__(self, folder, ppar_build):
        self.folder, self.ppar_build = folder, ppar_build
        self.cc = os.environ.get("CC", "gcc").split()
        self.ranks = len(os.sched_getaffinity(0))

    def serial(self):
        program = self.folder / "integral_serial"
        build(*self.cc, "-O2", HERE / "integral_serial.c", "-o", program, "-lm")
        return [program]

    def openmp(self):
        program = self.folder / "integral_openmp"
        build(command("gcc", "gcc"), "-O2", "-fopenmp", HERE / "integral_openmp.c", "-o", program, "-lm")
        return [program]

    def ppar_flags(self):
        """What a compiler is told to build with ppar; also where headers are."""
        library = self.ppar_build / "lib"
        if (library / "libppar.so").exists():
            return [f"-I{ROOT}/include", f"-I{self.ppar_build}/include", f"-L{library}", "-lppar",
                    f"-Wl,-rpath,{library}"]
        asked = subprocess.run([command("pkg-config", "pkg-config"), "--cflags", "--libs", "ppar"],
                               capture_output=True, text=True)
        if asked.returncode != 0:
            raise Missing("ppar is neither in build-release (scripts/bench builds it) nor installed")
        return asked.stdout.split()

    def ppar(self):
        program = self.folder / "integral_ppar"
        build(*self.cc, "-O2", HERE / "integral_ppar.c", "-o", program, *self.ppar_flags(), "-lm")
        return [program]

    def ppar_cxx(self):
        compiler = chosen("CXX", "g++", "g++")
        program = self.folder / "integral_ppar_cxx"
        build(*compiler, "-O2", "-std=c++17", HERE / "integral_ppar.cpp", "-o", program, *self.ppar_flags(), "-lm")
        return [program]

    def ppar_fortran(self):
        compiler = chosen("FC", "gfortran", "gfortran")
        module = ROOT / "bindings/fortran/ppar.f90"
        if not module.exists():  # this folder is among the installed examples
            asked = subprocess.run([command("pkg-config", "pkg-config"), "--variable=includedir", "ppar"],
                                   capture_output=True, text=True)
            module = pathlib.Path(asked.stdout.strip() or "/usr/include", "ppar/ppar.f90")
        if not module.exists():
            raise Missing("ppar's Fortran module is not installed (Debian: libppar-dev)")
        program = self.folder / "integral_ppar_fortran"
        build(*compiler, "-O2", "-frecursive", module, HERE / "integral_ppar.f90", "-o", program, *self.ppar_flags(),
              cwd=self.folder)
        return [program]

    def ppar_python(self, program, *others):
        interpreter = python(("ppar", *others), "python3-ppar, " + ", ".join(f"python3-{name}" for name in others))
        return [interpreter, HERE / program]

    def ppar_numba(self):
        return self.ppar_python("integral_ppar_numba.py", "numba")

    def ppar_cfunc(self):
        return self.ppar_python("integral_ppar_cfunc.py", "numba")

    def ppar_numpy(self):
        return self.ppar_python("integral_ppar_numpy.py", "numpy")

    def fortran(self):
        program = self.folder / "integral_openmp_fortran"
        build(command("gfortran", "gfortran"), "-O2", "-fopenmp", HERE / "integral_openmp.f90", "-o", program)
        return [program]

    def mpi(self):
        program = self.folder / "integral_mpi"
        build(command("mpicc", "libopenmpi-dev"), "-O2", HERE / "integral_mpi.c", "-o", program, "-lm")
        return [*self.mpirun(), program]

    def mpirun(self):
        return [command("mpirun", "openmpi-bin"), "--oversubscribe", "-n", str(self.ranks)]

    def cython(self):
        interpreter = python("sysconfig", "python3")
        for candidate in (interpreter, "/usr/bin/python3"):
            asked = "import sysconfig; print(sysconfig.get_path('include'), sysconfig.get_config_var('EXT_SUFFIX'))"
            include, suffix = subprocess.run([candidate, "-c", asked], capture_output=True, text=True).stdout.split()
            if pathlib.Path(include, "Python.h").exists():
                break
        else:
            raise Missing("Python.h is not installed (Debian: python3-dev)")
        source = self.folder / "integral_cython.c"
        build(command("cython3", "cython3"), HERE / "integral_cython.pyx", "-o", source)
        build(command("gcc", "gcc"), "-O2", "-fopenmp", "-fPIC", "-shared", f"-I{include}", source, "-o",
              self.folder / f"integral_cython{suffix}", "-lm")
        return [candidate, HERE / "integral_cython_main.py"]

    def numba(self):
        return [python("numba", "python3-numba"), HERE / "integral_numba.py"]

    def numpy(self):
        return [python("numpy", "python3-numpy"), HERE / "integral_numpy.py"]

    def plain_python(self):
        return [python("math", "python3"), HERE / "integral_python.py"]

    def multiprocessing(self):
        return [python("multiprocessing", "python3"), HERE / "integral_multiprocessing.py"]

    def mpi4py(self):
        return [*self.mpirun(), python("mpi4py", "python3-mpi4py"), HERE / "integral_mpi4py.py"]


TOOLS = [
    ("C, one thread", Programs.serial),
    ("C, ppar", Programs.ppar),
    ("C++, ppar", Programs.ppar_cxx),
    ("Fortran, ppar", Programs.ppar_fortran),
    ("Numba, prange on ppar", Programs.ppar_numba),
    ("Python, ppar, a Numba cfunc", Programs.ppar_cfunc),
    ("Python, ppar, rows by NumPy", Programs.ppar_numpy),
    ("C, OpenMP (gcc)", Programs.openmp),
    ("C, MPI", Programs.mpi),
    ("Fortran, OpenMP (gfortran)", Programs.fortran),
    ("Cython, prange", Programs.cython),
    ("Numba, prange", Programs.numba),
    ("NumPy, one thread", Programs.numpy),
    ("Python, one thread", Programs.plain_python),
    ("Python, multiprocessing", Programs.multiprocessing),
    ("Python, mpi4py", Programs.mpi4py),
]
BASE = TOOLS[0][0]


def run(program, n, rounds, folder):
    """The value and the seconds of each round that the program prints."""
    path = f"{folder}:{HERE}:{os.environ['PYTHONPATH']}"
    environment = dict(os.environ, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1",
                       OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    done = subprocess.run([str(part) for part in [*program, n, rounds]], env=environment, capture_output=True,
                          text=True, timeout=LIMIT, stdin=subprocess.DEVNULL)
    lines = [line.split() for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(lines) != rounds or any(len(line) != 2 for line in lines):
        raise RuntimeError(f"{' '.join(map(str, program))} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return float(lines[-1][0]), [float(line[1]) for line in lines]


def print_table(values, times, n):
    base = statistics.median(times[BASE]) if BASE in times else None
    width = max(len(name) for name in times)
    print(f"\n{n} x {n} bins, {len(os.sched_getaffinity(0))} CPUs; median of {len(next(iter(times.values())))} rounds")
    print(f"{'':{width}}  {'seconds':>9}  {'speed-up':>8}  value (exact: 0)")
    for name, samples in times.items():
        median = statistics.median(samples)
        speedup = f"{base / median:8.2f}" if base else " " * 8
        print(f"{name:{width}}  {median:9.3f}  {speedup}  {values[name]:.6e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--n", type=int, default=4000, help="bins a side (default 4000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each program runs (default 3)")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build-release", help="where ppar was built")
    parser.add_argument("--tap", type=pathlib.Path, help="write test results there")
    arguments = parser.parse_args()
    if arguments.n < 8 or arguments.rounds < 1:
        parser.error("--n is at least 8, --rounds at least 1")

    # The Python package where it was built; else an installed one. A folder that is not there does no harm.
    package = arguments.build.resolve() / "bindings/python"
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))

    programs, skipped, failed = {}, {}, {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        maker = Programs(folder, arguments.build.resolve())
        for tool, make in TOOLS:
            try:
                programs[tool] = make(maker)
            except Missing as missing:
                skipped[tool] = str(missing)
                print(f"left out: {tool}: {missing}")
            except RuntimeError as error:
                failed[tool] = str(error)
        values, times = {}, {tool: [] for tool in programs}
        for _ in range(arguments.rounds):
            for tool, program in programs.items():
                if tool in failed:
                    continue
                try:
                    values[tool], seconds = run(program, arguments.n, 1, folder)
                    times[tool] += seconds
                    # 2 pi^2 / n^2 is far more than the midpoint rule's error, and rounding's.
                    if not abs(values[tool]) < 20 / arguments.n**2:
                        failed[tool] = f"the value is {values[tool]}"
                except (RuntimeError, subprocess.TimeoutExpired) as error:
                    failed[tool] = str(error)
    times = {tool: samples for tool, samples in times.items() if samples}
    if not arguments.tap and times:
        print_table(values, times, arguments.n)
    for tool, why in failed.items():
        print(f"failed: {tool}: {why}", file=sys.stderr)
    if arguments.tap:
        with open(arguments.tap, "w", encoding="utf-8") as tap:
            print(f"1..{len(TOOLS)}", file=tap)
            for tool, _ in TOOLS:
                line = f"{'not ok' if tool in failed else 'ok'} - {re.sub('#', '', tool)}"
                print(line + (f" # SKIP {skipped[tool]}" if tool in skipped else ""), file=tap)
    return 1 if failed else 0


sys.exit(main())
