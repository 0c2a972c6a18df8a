#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs OpenMP programs that GCC compiled, on our libgomp.so.1 and on GCC's own, which is the witness.

    run.py --tap=FILE [--ours=FOLDER] [--no-witness] [--under-thread-sanitizer] [--wrap=COMMAND] [--only=NAME]
        [--hangs=SECONDS] BINARY...

Each binary has many programs (program.h); each is started with every number of threads, with and without cancellation
(and without and with the checks of PPAR_CHECK=1), and one case per program and library is written to FILE. A program
that GCC's library fails, too, expects something that OpenMP does not promise. FOLDER is where our library lies;
without it the witness alone is asked. Where binaries and library are compiled for ThreadSanitizer, the programs that
cannot run under it are left out. COMMAND is a checker that programs are run under, each of them once, and as many at
a time as there are CPUs.
"""

import argparse
import concurrent.futures
import itertools
import os
import pathlib
import shlex
import signal
import subprocess
import sys

THREADS = [1, 2, 4, 9]
WITNESS_THREADS = [1, 4]
CANCELLATION = ["false", "true"]
WRAPPED = [(4, "true")]  # threads and cancellation of a program's only run
SHOWN = 1000  # characters of what a failed program has written
OF_OTHERS = ("OMP_", "GOMP_", "PPAR_", "LD_LIBRARY_PATH", "LD_PRELOAD")  # variables that would change what is tested

# Programs with children that go on with what the process has: ThreadSanitizer lets these start no threads, and for a
# checker of memory they lose what threads have had that are not there.
FORK = ("critical_in_a_forked_child", "places_in_a_forked_child")
FORK_ALL = "fork_"  # how the names of the others begin; no program is called so that forks before it has threads
# Programs that start themselves again, for which Valgrind's name of the process is no program.
START_THEMSELVES = ("allocator_of_the_environment", "memory_space_of_the_environment", "traits_of_the_environment",
                    "allocator_of_a_wrong_environment", "target_offload_mandatory",
                    "target_offload_mandatory_without_a_device", "taskloop_that_becomes_long_as_others_sleep",
                    "teams_of_the_environment")
# How the names of more begin that do: those of c/places.c, and those of a limit that the environment sets.
START_THEMSELVES_ALL = ("places_", "icvs_thread_limit_")
# Programs whose order comes from fences, of which ThreadSanitizer knows nothing.
HAVE_FENCES = ("barrier_flush",)


def environment(library, folder, threads, cancellation):
    variables = {name: value for name, value in os.environ.items() if not name.startswith(OF_OTHERS)}
    variables |= {"OMP_NUM_THREADS": str(threads), "OMP_CANCELLATION": cancellation, "OPENMP_TEST_LIBRARY": library,
                  "PPAR_CHECK": "0" if cancellation == "true" else "1"}
    if folder:
        variables["LD_LIBRARY_PATH"] = str(folder)
    return variables


def how_it_ended(command, variables, hangs):
    """What was wrong, in words; None if nothing was; and what the program wrote."""
    process = subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
    try:
        output, _ = process.communicate(timeout=hangs)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its children, too, which hold the pipe
        output, _ = process.communicate()
        return f"did not end in {hangs} s", output
    if process.returncode < 0:
        return f"was killed by {signal.Signals(-process.returncode).name}", output
    return f"ended with status {process.returncode}" if process.returncode else None, output


def failure(wrap, binary, name, library, folder, hangs):
    """How the first run that was wrong went; None: all were right."""
    counts = THREADS if library == "ppar" else WITNESS_THREADS
    for threads, cancellation in WRAPPED if wrap else itertools.product(counts, CANCELLATION):
        wrong, output = how_it_ended([*wrap, binary, name], environment(library, folder, threads, cancellation), hangs)
        if wrong:
            return (f"OMP_NUM_THREADS={threads} OMP_CANCELLATION={cancellation} {pathlib.Path(binary).name} {name}: "
                    f"{wrong}", output[:SHOWN])
    return None


def listed(binary):
    """The programs of a binary: names, and whether they are for our library alone."""
    lines = subprocess.run([binary, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    return [(line.split()[0], line.endswith(" ours")) for line in lines]


def chosen(arguments):
    """The cases: binary, program, library and its folder."""
    libraries = ([("ppar", arguments.ours)] if arguments.ours else []) + \
        ([] if arguments.no_witness else [("gcc", None)])
    for binary in arguments.binaries:
        for (name, only_ours), (library, folder) in itertools.product(listed(binary), libraries):
            if only_ours and library != "ppar" or arguments.only not in (None, name):
                continue
            forks = name in FORK or name.startswith(FORK_ALL)
            if arguments.under_thread_sanitizer and (forks or name in HAVE_FENCES):
                continue
            if arguments.wrap and (forks or name in START_THEMSELVES or name.startswith(START_THEMSELVES_ALL)):
                continue
            yield binary, name, library, folder


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tap", default=os.devnull)
    parser.add_argument("--ours", type=pathlib.Path)
    parser.add_argument("--no-witness", action="store_true")
    parser.add_argument("--under-thread-sanitizer", action="store_true")
    parser.add_argument("--wrap", type=shlex.split, default=[])
    parser.add_argument("--only", help="the program to run")
    parser.add_argument("--hangs", type=int, default=60, help="seconds, after which a program is said to hang")
    parser.add_argument("binaries", nargs="+", metavar="BINARY")
    arguments = parser.parse_args()
    cases = list(chosen(arguments))
    at_once = len(os.sched_getaffinity(0)) if arguments.wrap else 1
    failed = 0
    with open(arguments.tap, "w", buffering=1) as tap, concurrent.futures.ThreadPoolExecutor(at_once) as executor:
        failures = executor.map(lambda case: failure(arguments.wrap, *case, arguments.hangs), cases)
        for (_, name, library, _), wrong in zip(cases, failures):
            case = name + (" under GCC's library" if library == "gcc" else "")
            failed += wrong is not None
            tap.write(f"{'not ok' if wrong else 'ok'} - {case}\n")
            if wrong:
                print(f"{case}: {wrong[0]}\n{wrong[1]}", flush=True)
        tap.write(f"1..{len(cases)}\n")
    return 1 if failed or not cases else 0


sys.exit(main())
