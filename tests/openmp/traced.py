#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""traced.py: what PPAR_TRACE=json and PPAR_REPORT=json say of an OpenMP program, tests/openmp/traced.c.

    traced.py --tap=FILE FOLDER TRACED      (FOLDER: where our libgomp.so.1 lies)

No time is compared with another one: an iteration, or a task, takes so much at least.
"""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ITERATIONS = {1: 23, 2: 23, 3: 23, 4: 23, 5: 230, 6: 23}  # of loop k, which begins at 1000 k
TASKS = 30 + 14 + 5 + 1  # in a loop, of the tree without its root, of the taskloop, undeferred
SOURCE = pathlib.Path(__file__).with_suffix(".c")
LEAST_US = 190  # the program's clock and the trace's are two


def run(program, folder, threads, schedule, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PPAR_", "OMP_"))}
    environment |= {"LD_LIBRARY_PATH": folder, "OMP_NUM_THREADS": str(threads), "OMP_SCHEDULE": schedule} | variables
    done = subprocess.run([program], env=environment, check=True, capture_output=True, text=True, timeout=100)
    return done.stdout


def chunk_cases(events, case):
    chunks = [event for event in events if event.get("cat") == "chunk"]
    seen = collections.Counter()
    for chunk in chunks:
        begin, end, step = (chunk["args"].get(name, 1) for name in ("begin", "end", "step"))
        seen.update(range(begin, end, step))
        chunk["least"] = LEAST_US * len(range(begin, end, step))
    expected = {1000 * loop + i for loop, count in ITERATIONS.items() for i in range(count)}
    yield f"each iteration is in one chunk, {case}", set(seen) == expected and set(seen.values()) == {1}
    yield f"chunks last as long as their iterations, {case}", all(chunk["dur"] >= chunk["least"] for chunk in chunks)


def task_cases(events, case):
    tasks = [event for event in events if event.get("cat") == "task" and event["name"].startswith("task: ")]
    yield f"each task is there once, {case}", len(tasks) == TASKS
    yield f"and lasts as long as it does, {case}", all(task["dur"] >= LEAST_US for task in tasks)
    yield f"tasks are of no group, {case}", all("group" not in task["args"] for task in tasks)


def how_cases(events, case):
    hows = {}
    for event in events:
        if event.get("cat") == "part" and "begin" in event["args"]:
            hows[event["args"]["begin"] // 1000] = event["args"].get("how", "")
    yield f"all loops are told of, {case}", sorted(hows) == sorted(ITERATIONS)
    nowait = {loop for loop, how in hows.items() if "nowait" in how}
    yield f"what has no barrier at its end is what says nowait, {case}", nowait == {3}


def lines_of(pragma):
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.strip().startswith(f"#pragma {pragma}")
            and "taskwait" not in line}


def report_cases(report, case):
    tasks = [place for place in report["places"] if place["kind"] == "task"]
    yield f"the report counts the tasks, {case}", sum(place["calls"] for place in tasks) == TASKS
    yield f"and the undeferred one, {case}", sum(place["at_once"] for place in tasks) == 1
    yield f"inside of the region that they are part of, {case}", all(place["inside"] > 0.99 for place in tasks)
    wheres = {kind: sorted(p["where"] for p in report["places"] if p["kind"] == kind) for kind in ("region", "task")}
    if all(where.startswith(SOURCE.name) for where in wheres["region"]):  # there is who finds lines
        expected = {"region": "omp parallel", "task": "omp task"}
        for kind, pragma in expected.items():
            lines = {int(where.split(":")[1].split()[0]) for where in wheres[kind]}
            yield f"each {kind} is where it is in the source, {case}", lines == lines_of(pragma)


def no_lines_cases(folder, program, scratch):
    """Places of a program that was compiled without -g have names all the same."""
    bare = pathlib.Path(scratch, "bare")
    if not shutil.which("strip"):
        return
    subprocess.run(["strip", "-g", "-o", bare, program], check=True)
    report = pathlib.Path(scratch, "bare_report")
    run(bare, folder, 2, "dynamic", PPAR_REPORT=f"json:{report}")
    wheres = {place["where"] for place in json.loads(report.read_text(encoding="utf-8"))["places"]}
    yield "without -g places have the program's name and a number", all(
        re.fullmatch(r"[\w.]+\+0x[0-9a-f]+ in bare|bare\+0x[0-9a-f]+", where) for where in wheres)
    yield "without -g no two tasks have the same", len(wheres) >= 13  # 3 regions, 5 more loops, 5 tasks


def cases(folder, program):
    with tempfile.TemporaryDirectory() as scratch:
        yield from no_lines_cases(folder, program, scratch)
    with tempfile.TemporaryDirectory() as scratch:
        for threads in (1, 2, 4):
            for schedule in ("dynamic", "guided", "auto", "static,3"):
                case = f"T = {threads}, {schedule}"
                trace, report = pathlib.Path(scratch, "trace"), pathlib.Path(scratch, "report")
                out = run(program, folder, threads, schedule, PPAR_TRACE=f"json:{trace}", PPAR_REPORT=f"json:{report}")
                events = json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]
                yield f"the program does what it did, {case}", out == "1022\n"
                yield from chunk_cases(events, case)
                yield from task_cases(events, case)
                yield from how_cases(events, case)
                yield from report_cases(json.loads(report.read_text(encoding="utf-8")), case)


def main():
    tap, folder, program = sys.argv[1].removeprefix("--tap="), sys.argv[2], sys.argv[3]
    found = list(cases(folder, program))
    with open(tap, "w", encoding="utf-8") as out:
        print(f"1..{len(found)}", file=out)
        for name, good in found:
            print(f"{'' if good else 'not '}ok - {name}", file=out)
            if not good:
                print(f"failed: {name}")
    return not all(good for _, good in found)


if __name__ == "__main__":
    sys.exit(main())
