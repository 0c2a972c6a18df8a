#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run_races.py: race checkers and a library that is not compiled for them: they report no race of a program that has
none, and every race of races.c.

  run_races.py --tap=FILE SOURCE_ROOT BUILD_ROOT LIBRARY STATIC_LIBRARY [ARGUMENTS_OF_A_STATIC_LINK...]

ThreadSanitizer: races.c, examples and semantics tests are compiled for it, by gcc and by clang, and linked to the
library as it was built, also statically. Helgrind and DRD run races.c and the examples as they are. A checker that is
not there is skipped, as far as it is not there.
"""
import collections
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

PATIENCE = 120  # seconds: for one program, on a machine that is busy with others
TRIES = 3  # a wrong program is to be reported in one of so many runs

# What the checkers' reports begin with, once they have their process number taken away.
REPORTS = {"tsan": "WARNING: ThreadSanitizer:", "helgrind": "Possible data race", "drd": "Conflicting "}

# Those semantics tests that are about who sees what, or go through a part of the library that the others do not.
# Limits of the process, forks, environments and times are none of a race checker's business. Each is compiled by one of
# the compilers, in turn, and linked dynamically: what differs between them is in races.c.
SEMANTICS = """barrier callers cancel_ways critical errors large_values loop_nd nesting ordered per_thread
    pools prange prange_flow reduce region region_cancel region_nested reproducible scan short_loops slots sort
    task_copies tasks team_reduce waits worksharing""".split()

EXAMPLES = {"dot": 100000, "fib": 16, "histogram": 20000, "nqueens": 6, "prefix_sum": 20000, "quicksort": 5000,
            "region": 200, "scale": 20000, "sort": 5000}
VALGRIND_EXAMPLES = ["dot", "fib", "prefix_sum", "quicksort", "region", "sort"]

Program = collections.namedtuple("Program", "checker label path arguments is_wrong", defaults=((), False))


class Races:
    """What is built, run and found out."""

    def __init__(self, source_root, build_root, library, static_library, static_arguments, stage):
        self.source, self.build, self.stage = pathlib.Path(source_root), pathlib.Path(build_root), pathlib.Path(stage)
        self.library, self.static = library, [static_library, *static_arguments]
        self.lines = []

    def tell(self, name, verdict):
        """verdict: None: it is as it should be; else what is wrong."""
        self.lines.append(f"ok - {name}" if verdict is None else f"not ok - {name}")
        if verdict is not None:
            print(f"---- {name}: {verdict}", flush=True)

    def skip(self, name, reason):
        self.lines.append(f"ok - {name} # SKIP {reason}")

    def write(self, tap):
        pathlib.Path(tap).write_text("".join(f"{line}\n" for line in [f"1..{len(self.lines)}", *self.lines]))

    def compile(self, compiler, output, sources, arguments, is_static):
        """None, or what the compiler has said."""
        library = self.static if is_static else [self.library, f"-Wl,-rpath,{pathlib.Path(self.library).parent}"]
        command = [compiler, "-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-w", f"-I{self.source}/include",
                   f"-I{self.build}/include", *arguments, *map(str, sources), "-o", str(output), *library, "-pthread",
                   "-lm"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return None if done.returncode == 0 else done.stdout

    def knows_sanitizer(self, compiler):
        """Whether programs for ThreadSanitizer can be compiled and run here."""
        if shutil.which(compiler) is None:
            return False
        source, program = self.stage / "empty.c", self.stage / f"empty-{compiler}"
        source.write_text("int main(void) { return 0; }\n")
        command = [compiler, "-fsanitize=thread", str(source), "-o", str(program)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0 and \
            subprocess.run([str(program)], capture_output=True, check=False).returncode == 0


def reports_of(program):
    """The number of reports, and what it has printed; None: it came to no end."""
    environment = dict(os.environ, PPAR_NUM_THREADS="2", OMP_NUM_THREADS="2", PPAR_CHECK="0",
                       TSAN_OPTIONS="atexit_sleep_ms=0:exitcode=0:halt_on_error=0")
    wrap = [] if program.checker == "tsan" else ["valgrind", f"--tool={program.checker}", "--fair-sched=try"]
    try:
        done = subprocess.run([*wrap, str(program.path), *program.arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment, timeout=PATIENCE,
                              cwd=program.path.parent, check=False)
    except subprocess.TimeoutExpired as late:
        return None, f"no end after {PATIENCE} seconds", (late.stdout or b"").decode(errors="replace")
    output = done.stdout.decode(errors="replace")
    return output.count(REPORTS[program.checker]), done.returncode, output


def verdict_of(program):
    """None, or what is wrong."""
    for _ in range(TRIES if program.is_wrong else 1):
        count, status, output = reports_of(program)
        if count is None or status != 0:
            return f"ended with {status}\n{output[-4000:]}"
        if program.is_wrong and count != 0:
            return None
    if program.is_wrong:
        return f"its race was not reported in {TRIES} runs\n{output[-2000:]}"
    return None if count == 0 else f"{count} reports of a program that has no race\n{output[:8000]}"


def races_of(checker, label, path):
    """Each race of races.c, and the same without it: all of those in one process, and where that takes no time each in
    one of its own, too, where none of the library's threads has come by before."""
    names = subprocess.run([str(path), "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    ways = [("every", "right")] + [(name, "wrong") for name in names]
    if checker == "tsan":
        ways += [(name, "right") for name in names]
    return [Program(checker, f"{label}: {name}, {way}", path, (name, way), way == "wrong") for name, way in ways]


def builds(races, compilers):
    """(name, function that builds it and returns programs, or says what went wrong)"""
    source, stage = races.source, races.stage

    def build(output, sources, arguments, is_static, programs, compiler):
        said = races.compile(compiler, output, sources, arguments, is_static)
        return said, programs() if said is None else []

    jobs = []
    for compiler in compilers:
        for is_static in (False, True):
            label = f"ThreadSanitizer ({compiler}{', static' if is_static else ''})"
            path = stage / f"races-{compiler}-{'static' if is_static else 'shared'}"
            jobs.append((f"{label}: races.c", build, (path, [source / "tests/races/races.c"], ["-fsanitize=thread"],
                        is_static, lambda path=path, label=label: races_of("tsan", label, path), compiler)))
    for k, name in enumerate(SEMANTICS if compilers else []):
        compiler = compilers[k % len(compilers)]
        label, path = f"ThreadSanitizer ({compiler}): {name}", stage / f"semantics-{name}"
        jobs.append((label, build, (path, [source / f"tests/semantics/{name}.c", source / "tests/plain/runner.c"],
                    ["-fsanitize=thread", f"-I{source}/tests/plain"], False,
                    lambda path=path, label=label: [Program("tsan", label, path)], compiler)))
    for k, (name, n) in enumerate(EXAMPLES.items() if compilers else []):
        compiler = compilers[k % len(compilers)]
        label, path = f"ThreadSanitizer ({compiler}): example {name}", stage / f"example-{name}"
        jobs.append((label, build, (path, [source / f"examples/{name}.c", source / "examples/arguments.c"],
                    ["-fsanitize=thread"], False,
                    lambda path=path, label=label, n=n: [Program("tsan", label, path, ("--n", str(n)))], compiler)))
    return jobs


def valgrind_builds(races, compiler, tools):
    source, stage = races.source, races.stage

    def build(output, sources, programs):
        said = races.compile(compiler, output, sources, [], False)
        return said, [program for tool in tools for program in programs(tool)] if said is None else []

    path = stage / "races-plain"
    jobs = [("races.c", build, (path, [source / "tests/races/races.c"],
                                lambda tool, path=path: races_of(tool, tool, path)))]
    for name in VALGRIND_EXAMPLES:
        path = stage / f"plain-{name}"
        jobs.append((f"example {name}", build, (path, [source / f"examples/{name}.c", source / "examples/arguments.c"],
                     lambda tool, path=path, name=name: [Program(tool, f"{tool}: example {name}", path,
                                                                 ("--n", str(min(EXAMPLES[name], 5000))))])))
    return jobs


def main():
    tap, arguments = sys.argv[1].removeprefix("--tap="), sys.argv[2:]
    with tempfile.TemporaryDirectory() as stage:
        races = Races(*arguments[:4], arguments[4:], stage)
        compiler = next((c for c in ("gcc", "clang", "cc") if shutil.which(c)), None)
        if compiler is None or races.compile(compiler, races.stage / "list", [races.source / "tests/races/races.c"], [],
                                             False) is not None:
            races.skip("race checkers", "no compiler for programs on this library")
            races.write(tap)
            return 0
        compilers = [c for c in ("gcc", "clang") if races.knows_sanitizer(c)]
        for compiler in {"gcc", "clang"} - set(compilers):
            races.skip(f"ThreadSanitizer ({compiler})", f"{compiler} compiles no programs for it here")
        jobs = builds(races, compilers)
        compiler = next(c for c in ("gcc", "clang", "cc") if shutil.which(c))
        headers = [pathlib.Path("/usr/include/valgrind") / name for name in ("helgrind.h", "drd.h")]
        if shutil.which("valgrind") is None or not all(header.exists() for header in headers):
            races.skip("Helgrind and DRD", "Valgrind or its headers are not here")
        else:
            jobs += valgrind_builds(races, compiler, ["helgrind", "drd"])
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
            programs = []
            for name, function, its in jobs:
                programs.append((name, pool.submit(function, *its)))
            runs = []
            for name, built in programs:
                said, found = built.result()
                if said is not None:
                    races.tell(name, f"does not compile\n{said[-4000:]}")
                runs += [(program, pool.submit(verdict_of, program)) for program in found]
            for program, run in runs:
                races.tell(program.label, run.result())
        races.write(tap)
    return 1 if any(line.startswith("not ok") for line in races.lines) else 0


if __name__ == "__main__":
    sys.exit(main())
