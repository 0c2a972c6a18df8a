#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What PPAR_CHECK=1 tells of OpenMP programs that are wrong, on our libgomp.so.1.

    check.py --tap=FILE --ours=FOLDER [--without=CASE] PROGRAM

PROGRAM is made of program.c, and does one thing wrong in each case. With PPAR_CHECK=1 it has to write the lines that
the case names and no others; without it none, and what is run after the mistake has to work all the same.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

HANGS = 60  # seconds
GOES_ON = 0.3  # seconds: a program that goes on where it should wait for itself has ended by then
OF_OTHERS = ("OMP_", "GOMP_", "PPAR_", "LD_LIBRARY_PATH", "LD_PRELOAD")
SHOWN = 1500

PLACE = r" \(openmp_check_program\+0x[0-9a-f]+\): "
HAS_BARRIER = "barrier, or the end of a construct that has one"


def told(what, wrong):
    return re.escape("libgomp (ppar): " + what) + PLACE + re.escape(wrong)


def inside(what, construct):
    return told(what, f"inside of {construct}, where OpenMP allows none")


WAITS = "the thread holds it already, and waits for itself"
A_TASK = "an explicit task"

# the program; the lines, in any order; the signal that ends it, or None; whether it may go on where nobody checks
CASES = [
    ("unset_free", [told("omp_unset_lock", "it is not held")], None, True),
    ("unset_of_another_task", [told("omp_unset_lock", "another task has set the lock")], None, True),
    ("unset_nest_free", [told("omp_unset_nest_lock", "it is not held")], None, True),
    ("unset_nest_of_another_task", [told("omp_unset_nest_lock", "another task has set the lock")], None, True),
    ("set_twice", [told("omp_set_lock", WAITS)], signal.SIGALRM, False),
    ("destroy_set", [told("omp_destroy_lock", "the lock is set")], None, True),
    ("not_initialised", [told("omp_set_lock", "the lock has not been initialised"),
                         told("omp_test_nest_lock", "the lock has not been initialised"),
                         told("omp_unset_nest_lock", "the lock has not been initialised")], None, True),
    ("destroyed", [told("omp_test_lock", "the lock has been destroyed")], None, True),
    ("barrier_in_loop", [inside(HAS_BARRIER, "a loop")], None, True),
    ("barriers_in_sharing_loop", [inside(HAS_BARRIER, "a loop")], None, True),
    ("barrier_in_critical", [inside(HAS_BARRIER, "critical")], None, True),
    ("barrier_in_ordered", [inside(HAS_BARRIER, "ordered")], None, True),
    ("barrier_in_sections", [inside(HAS_BARRIER, "sections")], None, True),
    ("barrier_in_single", [inside(HAS_BARRIER, "single")], None, True),
    ("constructs_in_tasks", [inside("loop", A_TASK), inside("sections", A_TASK), inside("single", A_TASK),
                             inside(HAS_BARRIER, A_TASK), inside(HAS_BARRIER, A_TASK)], None, True),
    ("ordered_loop_in_task", [inside("loop", A_TASK)], None, True),
    ("cancel_sections", [], None, True),
    ("loop_in_loop", [inside("loop", "a loop")], None, True),
    ("constructs_in_critical", [inside("loop", "critical"), inside("sections", "critical"),
                                inside("single", "critical"), inside(HAS_BARRIER, "critical")], None, True),
    ("ordered_in_critical", [inside("ordered", "critical")], None, True),
    ("ordered_without_the_clause", [told("ordered", "not in a loop with the clause ordered: it orders nothing")], None,
     True),
    ("critical_in_critical", [told("critical", WAITS)], signal.SIGALRM, False),
    ("other_bounds", ["ppar: thread 1 of 2: loop: thread 0 has met other loops, or with other bounds"],
     signal.SIGABRT, False),
    ("single_and_loop", ["ppar: thread 1 of 2: loop: thread 0 has met other loops, or with other bounds"],
     signal.SIGABRT, False),
    ("barrier_of_one", ["ppar: thread 0 has come to the end of the region",
                        "ppar: thread 1 of 2: barrier: thread 0 has met other constructs, or with other arguments"],
     signal.SIGABRT, False),
    ("fulfill_twice", [told("omp_fulfill_event", "the event has been fulfilled before")], None, True),
    ("fulfill_none", [told("omp_fulfill_event", "no task has such an event")], None, False),
    ("cancel", [told("cancel", "OMP_CANCELLATION is not true, so nothing is cancelled")], None, True),
    ("numbers", [told("omp_set_num_threads", "0 counts as 1: regions need threads (1 to 4096 allowed)"),
                 told("omp_set_num_threads", "-3 counts as 1: regions need threads (1 to 4096 allowed)"),
                 told("omp_set_num_threads", "5000 counts as 4096: no team has more threads"),
                 told("omp_set_max_active_levels", "-1 is negative: nothing is changed (0 or more allowed)"),
                 told("omp_set_schedule",
                      "9 is no kind of schedule: nothing is changed (those of omp_sched_t allowed)"),
                 told("omp_set_num_teams", "-2 is negative: nothing is changed (0 or more allowed)"),
                 told("omp_set_teams_thread_limit", "-4 is negative: nothing is changed (0 or more allowed)")],
     None, True),
    ("numbers_in_clauses", [told("num_threads", "-3 counts as 1: regions need threads (1 to 4096 allowed)"),
                            told("num_teams", "-2 counts as 1: the construct needs teams (1 or more allowed)"),
                            told("thread_limit", "-4 is negative, and so no limit (1 or more allowed)")], None, True),
    ("jump_out", [r"ppar: a body, region or task was left without returning, by longjmp or pthread_exit, which its "
                  r"thread shows by beginning something else from outside; .*; the program ends"],
     signal.SIGABRT, False),
    ("right", [], None, True),
]


WITH_CANCELLATION = {"cancel_sections"}
WITHOUT_CHECKS = {"jump_out"}  # what is always looked at


def run(library, command, check, lines, ends_by):
    """Status and standard error. A program that waits for itself is ended when it has told of it, by the signal that it
    would otherwise get from its own alarm, much later."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_OTHERS)}
    environment |= {"LD_LIBRARY_PATH": str(library), "PPAR_CHECK": check}
    if command[1] in WITH_CANCELLATION:
        environment["OMP_CANCELLATION"] = "true"
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, errors="replace") as process:
        try:
            if ends_by == signal.SIGALRM:
                told = "".join(process.stderr.readline() for _ in range(lines))
                time.sleep(GOES_ON)
                process.send_signal(signal.SIGALRM)
                told += process.stderr.read()
                process.wait(HANGS)
            else:
                told = process.communicate(timeout=HANGS)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return process.returncode, told


def wrong_lines(patterns, text):
    """What is not as the patterns say, each of which is to be matched by one line."""
    lines = text.splitlines()
    for pattern in patterns:
        found = next((line for line in lines if re.fullmatch(pattern, line)), None)
        if found is None:
            return f"no line like {pattern}"
        lines.remove(found)
    return f"{len(lines)} further lines" if lines else None


def failure(library, program, name, patterns, ends_by, check):
    try:
        status, told = run(library, [program, name], check, len(patterns), ends_by)
    except subprocess.TimeoutExpired:
        return f"did not end in {HANGS} s"
    expected = -ends_by if ends_by else 0
    wrong = wrong_lines(patterns, told)
    if status != expected:
        wrong = f"status {status}, expected {expected}"
    return f"{wrong}: {told[:SHOWN]}" if wrong else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tap", default=os.devnull)
    parser.add_argument("--ours", type=pathlib.Path, required=True)
    parser.add_argument("--without", metavar="CASE", help="a case that is left out")
    parser.add_argument("program", metavar="PROGRAM")
    arguments = parser.parse_args()
    failed = cases = 0
    with open(arguments.tap, "w", buffering=1) as tap:
        for name, patterns, ends_by, goes_on in CASES:
            if name == arguments.without:
                continue
            runs = [("1", patterns, ends_by)] + ([("0", [], None)] if goes_on else [])
            runs += [("0", patterns, ends_by)] if name in WITHOUT_CHECKS else []
            for check, lines, signal_number in runs:
                case = f"{name}, PPAR_CHECK={check}"
                wrong = failure(arguments.ours, arguments.program, name, lines, signal_number, check)
                cases += 1
                failed += wrong is not None
                tap.write(f"{'not ok' if wrong else 'ok'} - {case}\n")
                if wrong:
                    print(f"{case}: {wrong}", flush=True)
        tap.write(f"1..{cases}\n")
    return 1 if failed else 0


sys.exit(main())
