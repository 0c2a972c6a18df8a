#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""places.py: whether a report shows calls where the program has them, and not in what passes them on to the library.

    places.py --tap=FILE SOURCE PROGRAM ...

The source says so itself, in a comment at the end of each call's line: kind, iterations of all calls, function. All
programs are made of it.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from cases import conclude  # noqa: E402

COMMENT = re.compile(r"/\* (loop|reduce|region|prange|task-group) (\d+) (\S+) \*/$")


def wanted_places(source):
    """What the report shall say: (kind, place, iterations)."""
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if said := COMMENT.search(line):
            yield said[1].replace("-", " "), f"{source.name}:{number} in {said[3]}", int(said[2])


def told_places(program):
    """The same. Compilers may make several calls of one in a loop, which are then several places of one line."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PPAR_", "OMP_"))}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "report.json")
        environment.update(PPAR_NUM_THREADS="2", PPAR_REPORT=f"json:{path}")
        subprocess.run([program], env=environment, check=True, stdout=subprocess.DEVNULL, timeout=100)
        report = json.loads(path.read_text(encoding="utf-8"))
    iterations = collections.Counter()
    for place in report["places"]:
        iterations[place["kind"], place["where"]] += place["iterations"]
    return [(*place, count) for place, count in iterations.items()]


def cases_of(source, program):
    wanted, told = sorted(wanted_places(source)), sorted(told_places(program))
    name = pathlib.Path(program).name
    yield f"{name} has calls", bool(wanted)
    for place in wanted:
        yield f"{name}: {place[0]} of {place[2]} iterations at {place[1]}", place in told
    for place in told:
        if place not in wanted:
            print(f"{name}: the report has {place}")
    yield f"{name}: there is no other place", len(told) == len(wanted)


def main():
    source = pathlib.Path(sys.argv[2])
    cases = [case for program in sys.argv[3:] for case in cases_of(source, program)]
    return conclude(sys.argv[1], cases)


sys.exit(main())
