# SPDX-License-Identifier: MIT
import json
import pathlib
import re
import subprocess

import bars
import plot
from course import Course, Lesson

lesson = Lesson("15-growing")
STEP = r"^(\w.*?) +([\d.]+) +x +([\d.]+) "
TWO = {"PPAR_NUM_THREADS": 2}

# --- Step by step

first = {program: lesson.run(program) for program in ("15_integration", "15_matmul")}
for run in first.values():
    lesson.shows(run)


def faster(program, run=None):
    """How many times faster than the first step each one is."""
    out = (run or lesson.run(program, env=TWO)).out
    return {name: float(factor) for name, _, factor in re.findall(STEP, out, re.MULTILINE)}


def steps(program, condition):
    return lambda: condition(faster(program))


lesson.timed("Two threads bring a factor of two",
             lambda: all(of[parallel] > 1.4 * of[serial] for of, parallel, serial in (
                 (faster("15_integration"), "rows in parallel", "serial"),
                 (faster("15_matmul"), "i, j, k, parallel", "i, j, k, one thread"))))
lesson.timed("Reproducible costs next to nothing here.",
             steps("15_integration", lambda of: of["reproducible"] > 0.75 * of["rows in parallel"]))
lesson.timed("the tables make one thread several times faster than two threads were without them",
             steps("15_integration", lambda of: of["tables, one thread"] > 2 * of["rows in parallel"]), cpus=1)
lesson.timed("the eight sums do so again",
             steps("15_integration", lambda of: of["lanes, one thread"] > 1.5 * of["tables, one thread"]), cpus=1)
lesson.timed("The order of two loops does more for the product than a second thread",
             steps("15_matmul", lambda of: of["i, k, j, one thread"] > of["i, j, k, parallel"]), cpus=1)

dgemms = []  # of each try; the widest vectors may be slow, now and then, where nothing else is


def dgemm_beats_plain_loops():
    of = faster("15_matmul")
    dgemms.append(of["dgemm.c, one thread"])
    return of["dgemm.c, one thread"] > of["i, k, j, parallel"]


lesson.timed("`dgemm.c` on one thread beats the plain loops on two", dgemm_beats_plain_loops, cpus=1,
             unsteady=lambda: max(dgemms) / min(dgemms))
lesson.timed("The best step is more than thirty times faster than the first one",
             lambda: faster("15_integration")["lanes, parallel"] > 30, cpus=1)
lesson.claim("All of these multiply.",  # and none of them changes the result
             max(map(abs, first["15_integration"].numbers(r"value +(\S+)$"))) < 1e-11 and
             "WRONG" not in first["15_matmul"].out)


def best(program, runs=5):
    """Of each step, the run in which it was fastest."""
    looks = [faster(program) for _ in range(runs)]
    return [(name, max(look[name] for look in looks)) for name in looks[0]]


lesson.picture("15-steps.svg", lambda path: bars.save(path, "How many times faster than the plain loop", {
    "the integral": best("15_integration"), "the product": best("15_matmul")}))

# --- On more processors than there are

BENCH = Course.build / "bench/ppar_bench"
THREADS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
SERIAL = 0.05
LOOPS = {"100 ms": (10000, 10000), "1 ms": (10000, 100), "10 us": (1000, 10)}  # iterations, ns for each


def simulated(iterations, cost, threads):
    """The speed-up of a loop under static, by the simulator of ppar_bench."""
    costs = pathlib.Path(Course.stage, "costs.txt")
    costs.write_text(f"{cost}\n" * iterations, encoding="utf-8")
    done = subprocess.run([BENCH, "--simulate", str(threads), "--costs", costs, "--overheads", "5,135,25,265,2",
                           "--format", "json"], stdout=subprocess.PIPE, check=True)
    schedules = json.loads(done.stdout)["loops"][0]["schedules"]
    return iterations * cost / next(s["predicted_ns"] for s in schedules if s["schedule"] == "static")


def amdahl(part, speed_up):
    return 1 / (part + (1 - part) / speed_up)


def table():
    """A row of the text's table for each number of threads."""
    rows = []
    for threads in THREADS:
        long, middle, short = (simulated(*LOOPS[name], threads) for name in LOOPS)
        rows.append((threads, long, middle, short, amdahl(SERIAL, long), amdahl(SERIAL, threads)))
    return rows


def written_table():
    rows = re.findall(r"^\| (\d+) \|(.*)\|$", lesson.text.text, re.MULTILINE)
    return [(int(threads), *map(float, rest.split("|"))) for threads, rest in rows]


SIMULATED = ["A long loop grows almost with the threads.", "18.6 times on 256 threads",
             "The loop of 10 us is fastest on 32 threads, and slower again on 256",
             "With 5 %, 256 threads do 243 times as much, and the simulator says the same."]


def draw(path):
    rows = table()
    axes = ("threads", "log"), ("times faster", "log")
    plot.save(path, "Speed-up on more threads, as the simulator plays it", *axes, {
        "ideal: as many times as there are threads": [(row[0], row[0]) for row in rows],
        "a loop of 100 ms": [(row[0], row[1]) for row in rows],
        "a loop of 1 ms": [(row[0], row[2]) for row in rows],
        "a loop of 10 us": [(row[0], row[3]) for row in rows],
        "100 ms, of which 5 % are serial": [(row[0], row[4]) for row in rows]})


if not BENCH.exists():  # scripts/course builds the course's own programs alone
    subprocess.run(["ninja", "-C", Course.build, "bench/ppar_bench"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
if not BENCH.exists():
    for sentence in SIMULATED:
        lesson.skip(sentence, "ppar_bench is not built here")
else:
    rows = table()
    short = {row[0]: row[3] for row in rows}
    lesson.claim("Speed-ups for loops under `static`, alone and in a program with 5 % beside it",
                 all(abs(a - b) <= 0.02 * a + 0.05 for ours, texts in zip(rows, written_table(), strict=True)
                     for a, b in zip(ours, texts, strict=True)))
    lesson.claim(SIMULATED[0], all(row[1] > 0.9 * row[0] for row in rows))
    lesson.claim(SIMULATED[1], abs(rows[-1][4] - 18.6) < 0.1)
    lesson.claim(SIMULATED[2], max(short, key=short.get) == 32 and short[256] < 0.9 * short[32])
    # 5 ms serial, and for each thread 1000 iterations of 95 us
    scaled = (5e6 + 256 * 95e6) / (5e6 + 256 * 95e6 / simulated(256 * 1000, 95000, 256))
    lesson.claim(SIMULATED[3], abs(SERIAL + (1 - SERIAL) * 256 - 243) < 0.5 and abs(scaled - 243) < 3)
lesson.picture("15-amdahl.svg", draw)

# --- The solution

solution = lesson.run("15_growing_solution", env=TWO)
lesson.shows(solution)


def agree():
    measured, said = re.search(r"speed-up ([\d.]+); Amdahl's law says ([\d.]+)",
                               lesson.run("15_growing_solution", env=TWO).out).groups()
    return 0.75 < float(measured) / float(said) < 1.25


lesson.timed("On two threads the law and the measurement differ little.", agree)
