#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What environment variables do to OpenMP programs, on our libgomp.so.1, and where OpenMP says it on GCC's, too.

    settings.py --tap=FILE [--ours=FOLDER] [--no-witness] PROGRAM [FORTRAN_PROGRAM...]

PROGRAM is made of program.c. Each case is one run of it, under the variables that are named.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

HANGS = 60  # seconds
OF_OTHERS = ("OMP_", "GOMP_", "PPAR_", "LD_LIBRARY_PATH", "LD_PRELOAD")
SHOWN = 1500

UNLIMITED = str(2 ** 31 - 1)  # active levels

# OMP_SCHEDULE, and what omp_get_schedule then says: the kind in hexadecimal digits, and the chunk
SCHEDULES = {
    "static": "80000001,0",
    "static,4": "80000001,4",
    "static,0": "80000001,0",
    "monotonic:static": "80000001,0",
    "nonmonotonic:static": "1,0",
    "nonmonotonic:static,4": "1,4",
    "dynamic": "2,1",
    "dynamic,0": "2,1",
    "dynamic,4": "2,4",
    "monotonic:dynamic": "80000002,1",
    "monotonic:dynamic,5": "80000002,5",
    "nonmonotonic:dynamic": "2,1",
    "guided": "3,1",
    "guided,0": "3,1",
    "guided,7": "3,7",
    "monotonic:guided": "80000003,1",
    "auto": "4,1",
    "auto,0": "4,1",
    "monotonic:auto": "80000004,1",
}

# variables; what the program then shows; whether GCC's library shows the same
SHOWS = [
    ({"OMP_NUM_THREADS": "3"}, {"max_threads": "3", "inner_threads": "3", "nested": "0", "max_active_levels": "1"},
     True),
    ({"OMP_NUM_THREADS": "4,2"}, {"max_threads": "4", "inner_threads": "2", "nested": "1"}, True),
    ({"OMP_DYNAMIC": "true"}, {"dynamic": "1"}, True),
    ({"OMP_MAX_ACTIVE_LEVELS": "3"}, {"max_active_levels": "3", "nested": "1"}, True),
    ({"OMP_MAX_ACTIVE_LEVELS": "0"}, {"max_active_levels": "0", "nested": "0"}, True),
    ({"OMP_NESTED": "true"}, {"max_active_levels": UNLIMITED, "nested": "1"}, False),
    ({"OMP_NESTED": " FALSE "}, {"max_active_levels": "1", "nested": "0"}, True),
    ({"OMP_NESTED": "true", "OMP_MAX_ACTIVE_LEVELS": "2"}, {"max_active_levels": "2"}, True),
    ({}, {"schedule": "4,1"}, False),
    *(({"OMP_SCHEDULE": text}, {"schedule": shown}, True) for text, shown in SCHEDULES.items()),
    ({"OMP_SCHEDULE": "auto,3"}, {"schedule": "4,1"}, False),
    ({"PPAR_SCHEDULE": "static,0"}, {"schedule": "80000001,0"}, False),
    ({"OMP_THREAD_LIMIT": "9"}, {"thread_limit": "9"}, True),
    ({"OMP_CANCELLATION": "true"}, {"cancellation": "1"}, True),
    ({"OMP_CANCELLATION": "yes"}, {"cancellation": "1"}, False),
    ({"OMP_NESTED": "On"}, {"max_active_levels": UNLIMITED, "nested": "1"}, False),
    ({"OMP_MAX_TASK_PRIORITY": "12"}, {"max_task_priority": "12"}, True),
    ({"OMP_NUM_TEAMS": "5", "OMP_TEAMS_THREAD_LIMIT": "6"}, {"max_teams": "5", "teams_thread_limit": "6"}, True),
    ({"OMP_ALLOCATOR": "omp_large_cap_mem_alloc"}, {"allocator": "2"}, True),
    ({"OMP_ALLOCATOR": "omp_low_lat_mem_space"}, {"allocator": "5"}, False),
    ({"OMP_AFFINITY_FORMAT": "%n: %A"}, {"format": "%n: %A"}, True),
    ({"OMP_PROC_BIND": "spread", "OMP_PLACES": "{0}"}, {"proc_bind": "4", "num_places": "1", "place_num": "0"}, True),
    ({"OMP_PROC_BIND": "false", "OMP_PLACES": "{0}"}, {"proc_bind": "0", "place_num": "-1"}, False),
    ({"OMP_PROC_BIND": "close,spread", "OMP_PLACES": "{0}"},
     {"proc_bind": "3", "inner_proc_bind": "4", "nested": "1"}, True),
    ({"OMP_PROC_BIND": "primary", "OMP_PLACES": "{0}"}, {"proc_bind": "2", "inner_proc_bind": "2"}, True),
    ({"GOMP_CPU_AFFINITY": "0"}, {"proc_bind": "1", "num_places": "1", "place_num": "0"}, True),
    ({"GOMP_CPU_AFFINITY": "0-0:2, 0"}, {"proc_bind": "1", "num_places": "2"}, False),
    ({"GOMP_CPU_AFFINITY": "0", "OMP_PROC_BIND": "false"}, {"proc_bind": "0", "place_num": "-1"}, False),
]

# traits of OMP_ALLOCATOR, and what is wrong with them
TRAITS = {
    "alignment=3": "has an alignment that is no power of two",
    "alignment=-8": "has an alignment that is no power of two",
    "alignment=8x": "has an alignment that is no power of two",
    "pool_size=0": f"has a pool_size that is not a whole number from 1 to {2 * sys.maxsize}",
    "fallback=1": "has a fallback that is none of default_mem_fb, null_fb, abort_fb, allocator_fb",
    "pinned=true,": "has a trait that is no KEY=VALUE, where KEY is one of sync_hint, alignment, access, pool_size, "
                    "fallback, fb_data, pinned, partition",
}

# variables, and how the line begins that each one gets; the program runs as if it was not set
REFUSED = [
    ("OMP_CANCELLATION", "perhaps",
     "libgomp (ppar): OMP_CANCELLATION=\"perhaps\" is neither true nor false; using false"),
    ("OMP_MAX_TASK_PRIORITY", "-1",
     "libgomp (ppar): OMP_MAX_TASK_PRIORITY=\"-1\" is not a whole number of 0 or more; using 0"),
    ("OMP_MAX_ACTIVE_LEVELS", "-1", "ppar: OMP_MAX_ACTIVE_LEVELS=\"-1\" is not a whole number of 0 or more; using 1"),
    ("OMP_NUM_TEAMS", "0",
     "libgomp (ppar): OMP_NUM_TEAMS=\"0\" is not a whole number of 1 or more; using default"),
    ("OMP_ALLOCATOR", "omp_slow_mem_alloc", "libgomp (ppar): OMP_ALLOCATOR=\"omp_slow_mem_alloc\" is none of "
     "omp_default_mem_alloc, omp_large_cap_mem_alloc, omp_const_mem_alloc, omp_high_bw_mem_alloc, "
     "omp_low_lat_mem_alloc, omp_cgroup_mem_alloc, omp_pteam_mem_alloc, omp_thread_mem_alloc; omp_default_mem_space, "
     "omp_large_cap_mem_space, omp_const_mem_space, omp_high_bw_mem_space, omp_low_lat_mem_space, these with traits "
     "or without; using omp_default_mem_alloc"),
    *(("OMP_ALLOCATOR", f"omp_default_mem_space:{traits}",
       f"libgomp (ppar): OMP_ALLOCATOR=\"omp_default_mem_space:{traits}\" {complaint}; using omp_default_mem_alloc")
      for traits, complaint in TRAITS.items()),
    ("OMP_TOOL", "on", "libgomp (ppar): OMP_TOOL=\"on\" is neither enabled nor disabled; using enabled"),
    ("OMP_TARGET_OFFLOAD", "no", "libgomp (ppar): OMP_TARGET_OFFLOAD=\"no\" is neither default, disabled nor "
     "mandatory; using default"),
    ("OMP_NESTED", "2", "ppar: OMP_NESTED=\"2\" is neither true nor false; using false"),
    ("PPAR_TRACE", "foo", "ppar: PPAR_TRACE=\"foo\" is none of picture, picture:FILE, svg:FILE, json:FILE and "
     "html:FILE, or several with commas between them, and neither true (picture) nor false; using 0 (nothing is "
     "recorded)"),
    ("OMP_SCHEDULE", "fair", "ppar: OMP_SCHEDULE=\"fair\" is not a schedule (auto, static, dynamic or guided; with or "
     "without a chunk of 0 to 2^63 - 1: dynamic,16; with or without monotonic: or nonmonotonic: before it); using "
     "auto"),
    ("GOMP_CPU_AFFINITY", "3-1", "ppar: GOMP_CPU_AFFINITY=\"3-1\" is not a list of CPUs below 65536 (0 3 1-2 4-15:2)"),
    ("GOMP_CPU_AFFINITY", "", "ppar: GOMP_CPU_AFFINITY=\"\" is not a list of CPUs"),
    ("GOMP_CPU_AFFINITY", "0-3:0", "ppar: GOMP_CPU_AFFINITY=\"0-3:0\" is not a list of CPUs"),
    ("GOMP_CPU_AFFINITY", "65535", "ppar: GOMP_CPU_AFFINITY=\"65535\" names no CPU that the process may use"),
    ("GOMP_SPINCOUNT", "-5",
     "ppar: GOMP_SPINCOUNT=\"-5\" is neither a whole number of 0 or more nor infinity; using default"),
    ("GOMP_SPINCOUNT", "12q",
     "ppar: GOMP_SPINCOUNT=\"12q\" is neither a whole number of 0 or more nor infinity; using default"),
    ("GOMP_STACKSIZE", "big", "ppar: GOMP_STACKSIZE=\"big\" is not a size"),
    ("OMP_PROC_BIND", ",".join(["close"] * 9),
     "ppar: OMP_PROC_BIND=\"" + ",".join(["close"] * 9) + "\" has more than 8 levels; using false"),
    ("OMP_NUM_THREADS", "two", "ppar: OMP_NUM_THREADS=\"two\" is not a number from 1 to 4096, or up to 8 of "
     "these with commas between them; using "),
]

# variables with a value that is too large, what the program then shows, and the line that tells of it
CLAMPED = [
    ("OMP_NUM_THREADS", "5000", {"max_threads": "4096"}, "is out of range, 1 to 4096; using 4096"),
    ("PPAR_NUM_THREADS", "99999999999999999999", {"max_threads": "4096"}, "is out of range, 1 to 4096; using 4096"),
    ("OMP_NUM_THREADS", "4,5000", {"max_threads": "4", "inner_threads": "4096", "nested": "1"},
     "is out of range, 1 to 4096; using 4,4096"),
    ("OMP_THREAD_LIMIT", "5000", {"thread_limit": "4096"}, "is out of range, 1 to 4096; using 4096"),
    ("OMP_MAX_TASK_PRIORITY", "2147483648", {"max_task_priority": "2147483647"},
     "is out of range, 0 to 2147483647; using 2147483647"),
    ("OMP_NUM_TEAMS", "99999999999999999999", {"max_teams": "2147483647"},
     "is out of range, 1 to 2147483647; using 2147483647"),
]

# Of the variables above: those that libgomp.so.1 reads itself.
OF_LIBGOMP = ("OMP_MAX_TASK_PRIORITY", "OMP_NUM_TEAMS")

# variables that there are not, and what is said of them
UNKNOWN = [
    ("PPAR_CANCELLATION", "; OMP_CANCELLATION is meant?"),
    ("PPAR_MAX_TASK_PRIORTY", "; OMP_MAX_TASK_PRIORITY is meant?"),
    ("PPAR_SPINCOUNT", "; GOMP_SPINCOUNT is meant?"),
    ("PPAR_THREADS", "; PPAR_NUM_THREADS is meant?"),
]

# variables, and what PPAR_DISPLAY_ENV shows of them: these reach ppar's own pool
REACHED = [
    ({"GOMP_STACKSIZE": "512"}, "PPAR_STACKSIZE = '512K' [GOMP_STACKSIZE]"),
    ({"GOMP_STACKSIZE": "512", "OMP_STACKSIZE": "2M"}, "PPAR_STACKSIZE = '2048K' [OMP_STACKSIZE]"),
    ({"GOMP_SPINCOUNT": "0"}, "PPAR_WAIT_POLICY = 'passive' [GOMP_SPINCOUNT]"),
    ({"GOMP_SPINCOUNT": "infinity"}, "PPAR_WAIT_POLICY = 'active' [GOMP_SPINCOUNT]"),
    ({"GOMP_SPINCOUNT": "1k"}, "PPAR_WAIT_POLICY = 'spin 40960 ns, then sleep' [GOMP_SPINCOUNT]"),
    ({"GOMP_SPINCOUNT": "0", "OMP_WAIT_POLICY": "active"}, "PPAR_WAIT_POLICY = 'passive' [GOMP_SPINCOUNT]"),
    ({"GOMP_SPINCOUNT": "0", "PPAR_WAIT_POLICY": "active"}, "PPAR_WAIT_POLICY = 'active' [PPAR_WAIT_POLICY]"),
    ({"GOMP_CPU_AFFINITY": "0", "OMP_PLACES": "{0}"}, "PPAR_PLACES = '{0}' [OMP_PLACES]"),
    ({"OMP_PROC_BIND": "Spread, master"}, "PPAR_PROC_BIND = 'spread,primary' [OMP_PROC_BIND]"),
    ({"OMP_NESTED": "1"}, f"PPAR_MAX_ACTIVE_LEVELS = '{UNLIMITED}' [OMP_NESTED]"),
]

# what a thread of two says of itself: by pattern, and whether GCC's library says the same
CAPTURES = [
    ("%n of %N at %L", r"1 of 2 at 1", True),
    ("%{thread_num}/%{num_threads}/%{nesting_level}/%{ancestor_tnum}", r"1/2/1/0", True),
    ("%{team_num} of %{num_teams}, %t of %T", r"0 of 1, 0 of 1", True),
    ("[%4n][%.4n][%0.4n]", r"\[1   \]\[   1\]\[0001\]", True),
    ("%%n %P %H", r"%n [0-9]+ \S+", True),
    ("%i %{native_thread_id} %{process_id}", r"([0-9]+) \1 [0-9]+", False),
    ("%A|%{thread_affinity}", r"([0-9,-]+)\|\1", True),
    ("[%70H]", r"\[\S+ +\]", True),
    ("[%.70H]", r"\[ +\S+\]", True),
    ("%x %{cpu} %0n %.n %", r"undefined undefined undefined undefined undefined", False),
    ("[%{thread_num]", r"\[undefinedthread_num\]", False),
    ("[%0.3H%100000n]", r"\[ *\S+1 {4095}\]", False),
]


def run(library, command, variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_OTHERS)}
    environment |= variables
    if library:
        environment["LD_LIBRARY_PATH"] = str(library)
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace", timeout=HANGS)


def say(variables):
    return " ".join(f"{name}='{value}'" for name, value in variables.items()) or "no variables"


class Cases:
    def __init__(self, tap):
        self.tap, self.count, self.failed = tap, 0, 0

    def note(self, name, wrong):
        self.count += 1
        self.failed += wrong is not None
        self.tap.write(f"{'ok' if wrong is None else 'not ok'} - {name}\n")
        if wrong is not None:
            print(f"{name}: {wrong}", flush=True)

    def try_out(self, name, check):
        try:
            self.note(name, check())
        except subprocess.TimeoutExpired:
            self.note(name, f"did not end in {HANGS} s")


def ended(process):
    if process.returncode != 0:
        return f"status {process.returncode}: {process.stdout[:SHOWN]}{process.stderr[:SHOWN]}"
    return None


def check_show(library, program, variables, expected):
    process = run(library, [program, "show"], variables)
    shown = dict(line.split("=", 1) for line in process.stdout.splitlines() if "=" in line)
    wrong = {name: shown.get(name) for name, value in expected.items() if shown.get(name) != value}
    if wrong:
        return f"shows {wrong}, expected {expected}; {process.stderr[:SHOWN]}"
    return ended(process)


def check_quiet(library, program, variables):
    process = run(library, [program, "show"], variables)
    return f"writes {process.stderr[:SHOWN]}" if process.stderr else None


def check_refused(library, program, name, value, line):
    process, plain = run(library, [program, "show"], {name: value}), run(library, [program, "show"], {})
    lines = process.stderr.splitlines()
    if len(lines) != 1 or not lines[0].startswith(line):
        return f"writes {process.stderr[:SHOWN]!r}, expected {line!r}"
    return f"shows {process.stdout}, without it {plain.stdout}" if process.stdout != plain.stdout else ended(process)


def check_clamped(library, program, name, value, expected, end):
    line = f'{"libgomp (ppar)" if name in OF_LIBGOMP else "ppar"}: {name}="{value}" {end}\n'
    process = run(library, [program, "show"], {name: value})
    return f"writes {process.stderr[:SHOWN]!r}, expected {line!r}" if process.stderr != line else \
        check_show(library, program, {name: value}, expected)


def check_reached(library, program, variables, line):
    process = run(library, [program, "show"], variables | {"PPAR_DISPLAY_ENV": "verbose"})
    return None if "  " + line + "\n" in process.stderr else f"{line} is not in {process.stderr[:2 * SHOWN]}"


def check_capture(library, program, text, pattern):
    process = run(library, [program, "capture", text], {})
    if not re.fullmatch(pattern, process.stdout.rstrip("\n")):
        return f"{process.stdout[:SHOWN]!r} does not match {pattern!r}; {process.stderr[:SHOWN]}"
    return ended(process)


def check_program(library, command, variables):
    process = run(library, command, variables)
    return ended(process) or (f"writes {process.stderr[:SHOWN]}" if process.stderr else None)


def check_display(library, program, mode, variables):
    """The block stands once, between its two lines, and has a line for each variable of OpenMP."""
    process = run(library, [program, mode], variables)
    text = process.stderr
    block = text[text.find("OPENMP DISPLAY ENVIRONMENT BEGIN"):text.find("OPENMP DISPLAY ENVIRONMENT END")]
    names = """DYNAMIC NESTED NUM_THREADS SCHEDULE PROC_BIND PLACES STACKSIZE WAIT_POLICY THREAD_LIMIT MAX_ACTIVE_LEVELS
        NUM_TEAMS TEAMS_THREAD_LIMIT CANCELLATION DEFAULT_DEVICE MAX_TASK_PRIORITY DISPLAY_AFFINITY AFFINITY_FORMAT
        ALLOCATOR TARGET_OFFLOAD TOOL""".split()
    missing = [name for name in names if not re.search(rf"\bOMP_{name} = '.*'\n", block)]
    if missing or text.count("OPENMP DISPLAY ENVIRONMENT BEGIN") != 1:
        return f"{missing} missing in {text[:3 * SHOWN]}"
    if "_OPENMP = '" not in block or "OMP_NUM_TEAMS = '7'" not in block:
        return f"wrong values in {block}"
    return ended(process)


def check_affinity_lines(library, program):
    """Each thread writes a line, and another one only where that would be another text."""
    process = run(library, [program, "regions"], {"OMP_DISPLAY_AFFINITY": "true", "OMP_AFFINITY_FORMAT": "%L:%n/%N"})
    lines = sorted(process.stderr.split())
    expected = sorted(["1:0/2", "1:1/2", "1:0/3", "1:1/3", "1:2/3", "1:0/2", "1:1/2", "2:0/1", "2:0/1"])
    return f"writes {lines}, expected {expected}" if lines != expected else ended(process)


def check_places_told(library, program):
    """A thread that is bound to another place tells of it. Two CPUs are the places; where there is one, it is both."""
    cpus = sorted(os.sched_getaffinity(0))
    first, second = cpus[0], cpus[min(1, len(cpus) - 1)]
    process = run(library, [program, "placed"],
                  {"OMP_DISPLAY_AFFINITY": "true", "OMP_AFFINITY_FORMAT": "%n:%A", "OMP_PROC_BIND": "close",
                   "OMP_PLACES": f"{{{first}}},{{{second}}}"})
    expected = [f"0:{first}", f"1:{second}"]
    if second != first:
        expected += [f"1:{first}", f"1:{second}"]
    lines = process.stderr.split()
    return f"writes {lines}, expected {expected}" if sorted(lines) != sorted(expected) else ended(process)


def check_ours(cases, library, program):
    for name, value, line in REFUSED:
        cases.try_out(f"{name}='{value}' is refused", lambda: check_refused(library, program, name, value, line))
    for name, value, expected, end in CLAMPED:
        cases.try_out(f"{name}='{value}' is clamped",
                      lambda: check_clamped(library, program, name, value, expected, end))
    for name, end in UNKNOWN:
        cases.try_out(f"{name} is told of", lambda: check_refused(
            library, program, name, "true", f"ppar: {name} is no variable of ppar's{end}"))
    cases.try_out("PPAR_COLOUR, which resembles none, is not", lambda: check_quiet(
        library, program, {"PPAR_COLOUR": "true"}))
    cases.try_out("PPAR_CHECK=0: it is not", lambda: check_quiet(
        library, program, {"PPAR_CHECK": "0", "PPAR_CANCELLATION": "true"}))
    for variables, line in REACHED:
        cases.try_out(f"{say(variables)} reaches the pool", lambda: check_reached(library, program, variables, line))
    cases.try_out("threads tell where they are bound", lambda: check_affinity_lines(library, program))
    cases.try_out("threads tell where clauses bind them", lambda: check_places_told(library, program))
    for mode, variables in (("show", {"OMP_DISPLAY_ENV": "true"}), ("show", {"OMP_DISPLAY_ENV": "verbose"}),
                            ("display", {})):
        cases.try_out(f"{mode}, {say(variables)}: the environment is displayed",
                      lambda: check_display(library, program, mode, variables | {"OMP_NUM_TEAMS": "7"}))


def check_both(cases, library, is_ours, programs):
    program = programs[0]
    suffix = "" if is_ours else " under GCC's library"
    for variables, expected, everywhere in SHOWS:
        if is_ours or everywhere:
            cases.try_out(say(variables) + suffix, lambda: check_show(library, program, variables, expected))
            cases.try_out(say(variables) + ": no line" + suffix, lambda: check_quiet(library, program, variables))
    for text, pattern, everywhere in CAPTURES:
        if is_ours or everywhere:
            cases.try_out(f"format {text}" + suffix, lambda: check_capture(library, program, text, pattern))
    # Some of these values are none, which is what the lines of PPAR_CHECK=1 are for.
    for mode, variables in (("routines", {"PPAR_CHECK": "0"}), ("pause", {}), ("pause", {"OMP_PROC_BIND": "true"}),
                            ("bound", {"OMP_PROC_BIND": "true"}), ("bound", {"OMP_PLACES": "{0}"})):
        cases.try_out(f"{mode} {say(variables)}" + suffix, lambda: check_program(library, [program, mode], variables))
    for fortran in programs[1:]:
        cases.try_out(pathlib.Path(fortran).name + suffix, lambda: check_program(library, [fortran], {}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tap", default=os.devnull)
    parser.add_argument("--ours", type=pathlib.Path)
    parser.add_argument("--no-witness", action="store_true")
    parser.add_argument("programs", nargs="+", metavar="PROGRAM")
    arguments = parser.parse_args()
    with open(arguments.tap, "w", buffering=1) as tap:
        cases = Cases(tap)
        if arguments.ours:
            check_both(cases, arguments.ours, True, arguments.programs)
            check_ours(cases, arguments.ours, arguments.programs[0])
        if not arguments.no_witness:
            check_both(cases, None, False, arguments.programs)
        tap.write(f"1..{cases.count}\n")
    return 1 if cases.failed or not cases.count else 0


sys.exit(main())
