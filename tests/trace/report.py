#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""report.py: what PPAR_REPORT and PPAR_TRACE=json say of tests/trace/reported.c.

    report.py --tap=FILE REPORTED

No time is compared with another one but where the program makes it so: half a millisecond in a critical section is
waited for by the other thread.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import check_json  # noqa: E402
from cases import conclude  # noqa: E402

RULES = """tasks
    inside level-limit no-more-threads one-thread too-short fine too-many-threads small-tasks critical ordered barrier
    waiting few-iterations static large-chunks few-tasks uneven-region imbalance held-up start small-chunks
    overhead""".split()
PARTS = ["start_ms", "imbalance_ms", "waiting_ms", "overhead_ms"]


def run(program, **variables):
    """Standard output and standard error."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PPAR_", "OMP_"))}
    environment.update(PPAR_NUM_THREADS="2", **variables)
    done = subprocess.run([program], env=environment, check=True, capture_output=True, text=True, timeout=100)
    return done.stdout, done.stderr


def text_cases(program):
    for columns in (80, 100, 160):
        out, err = run(program, PPAR_REPORT="1", COLUMNS=str(columns))
        lines = err.splitlines()
        yield f"at {columns} columns the program's output is as it was", out == "right\n"
        yield f"no line is longer than {columns} columns", max(len(line) for line in lines) <= columns
        yield f"it begins with the sum of all ({columns} columns)", lines[0].startswith("ppar: ")
        places = ["loop \"rising\" at ", "reduce \"a \"quoted\" sum\" at ", "region \"the region\" at "]
        seen = [any(line.startswith(place) for line in lines) for place in places]
        yield f"places have their names ({columns} columns)", seen[0] and seen[2]
        yield f"each place has a sentence ({columns} columns)", err.count("\n -> ") >= 2


def report_of(program, folder, **variables):
    path = pathlib.Path(folder, "report.json")
    run(program, PPAR_REPORT=f"json:{path}", **variables)
    return json.loads(path.read_text(encoding="utf-8"))


def adds_up(place):
    lost = sum(place[part] for part in PARTS)
    return abs(lost - place["lost_ms"]) < 0.001 and all(place[part] >= 0 for part in PARTS)


def place_cases(places):
    rising, summed, prange = places["rising"], places['a "quoted" sum'], places["the prange"]
    yield "calls and iterations are counted", (rising["calls"], rising["iterations"]) == (20, 800)
    yield "the schedule is told", rising["schedule"] == "static" and summed["schedule"] == "guided,7"
    yield "two threads were asked for and there", rising["threads_asked"] == 2 and rising["threads"] == 2
    yield "work is at least what the program does", rising["work_ms"] >= 20 * 780 * 0.02
    yield "the region's threads wait for the critical section", places["the region"]["waiting_for_critical_ms"] > 1
    yield "a prange is inside of its region", prange["inside"] == 1 and prange["kind"] == "prange"
    yield "all of its iterations are counted", prange["iterations"] == 64 and prange["schedule"] == "dynamic,4"
    alone = places["no barrier"]  # 5 ms of one of two threads; the clocks differ by a little
    yield "a prange without a barrier takes as long as its threads do", alone["wall_ms"] >= 2.4
    yield "and is no faster than they are", alone["speedup"] <= 2.1 and alone["inside"] == 1
    yield "loops in loops are inside", places["inner loop"]["inside"] == 1 and places["inner loop"]["calls"] == 100
    yield "groups in groups are counted", places["fib"]["calls"] == 232
    half = places["half by one"]
    yield "one thread is not too short a loop", half["calls_alone"] == 0 and half["advice_rule"] != "too-short"
    yield "short loops ran alone or are too short", places["short"]["calls"] == 1000


def json_cases(program):
    with tempfile.TemporaryDirectory() as folder:
        report = report_of(program, folder)
    places = {place["name"]: place for place in report["places"]}
    yield "all ten places are there", len(report["places"]) == 10 and len(places) == 10
    yield "losses add up", all(adds_up(place) for place in report["places"])
    yield "each place has a sentence of a rule", all(place["advice_rule"] in RULES and place["advice"]
                                                     for place in report["places"])
    yield "the CPUs are told", 1 <= report["cpus"]["usable"] <= report["cpus"]["machine"]
    # A group's calls within another one's are not counted twice.
    yield "groups take no longer than the run", places["fib"]["wall_ms"] <= report["run_ms"]
    yield "loops take no longer than the run", 0 < report["wall_ms"] <= report["run_ms"]
    yield from place_cases(places)


def one_thread_cases(program):
    """A region that gets fewer threads than it asks for, and its prange."""
    with tempfile.TemporaryDirectory() as folder:
        report = report_of(program, folder, PPAR_MAX_ACTIVE_LEVELS="0")
    places = {place["name"]: place for place in report["places"]}
    for name in ("the region", "the prange"):
        place = places[name]
        yield f"{name} has one thread of two", (place["threads"], place["threads_asked"]) == (1, 2)
        yield f"{name} is told why", place["calls_level_limit"] == 1 and place["advice_rule"] == "level-limit"


def trace_cases(program):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "trace.json")
        out, _ = run(program, PPAR_TRACE=f"json:{path}")
        findings, trace = check_json.check(path.read_text(encoding="utf-8"))
    print("\n".join(findings[:20]))
    chunks = [event for event in check_json.spans(trace, "construct") if event["name"] == "loop: rising"]
    yield "a trace of the program is right", not findings and out == "right\n"
    yield "and has its loops", len(chunks) == 20
    yield "and tasks and sections", check_json.spans(trace, "task") and check_json.spans(trace, "critical")


def main():
    program = sys.argv[2]
    cases = [*text_cases(program), *json_cases(program), *one_thread_cases(program), *trace_cases(program)]
    return conclude(sys.argv[1], cases)


sys.exit(main())
