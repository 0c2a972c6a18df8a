# SPDX-License-Identifier: MIT
import pathlib

from course import Course, Lesson

lesson = Lesson("03-wrong-sum")
TWO = {"PPAR_NUM_THREADS": 2}
SAYS = r"this program says (\d+)$"


def sums(runs, *arguments, shake=None):
    seeds = [{"PPAR_SHAKE": k} if shake else {} for k in range(1, runs + 1)]
    return [lesson.run("03_wrong_sum", *arguments, env={**TWO, **seed}).number(SAYS) for seed in seeds]


few = lesson.run("03_wrong_sum", 100, env=TWO)
lesson.shows(few)
short = sums(10, 100)
lesson.claim("With 100 numbers the sum is right.", short.count(5050) >= 8)

RIGHT, many = 50000005000000, []


def differ():
    many.extend(sums(10))
    return len({value for value in many[-10:] if value != RIGHT}) >= 5


lesson.timed("With ten million numbers nearly every run says something else.", differ)
lesson.claim("No sum is ever too large.", max(many + short + sums(2)) <= RIGHT and max(short) <= 5050)

lesson.shows(lesson.run("03_wrong_sum", 100, env={**TWO, "PPAR_SHAKE": 7}))
lesson.timed("Under `PPAR_SHAKE` even the sum of 100 numbers is wrong.",
             lambda: any(value != 5050 for value in sums(15, 100, shake=True)))

FOUND = "ThreadSanitizer reports a data race, and names the line with `*d->sum += d->x[i]`."
CLEAN = "of it ThreadSanitizer reports nothing."
source = pathlib.Path(Course.source, "examples/course/03_wrong_sum.c").read_text(encoding="utf-8").splitlines()
line = 1 + next(k for k, text in enumerate(source) if "*d->sum += d->x[i]" in text)


def report(program):
    """What ThreadSanitizer says, with a status of its own where it says something."""
    return lesson.run(program, env={**TWO, "TSAN_OPTIONS": "exitcode=66:atexit_sleep_ms=0"}, rc=None)


watched = lesson.compile("03_wrong_sum.c", "-g", "-fsanitize=thread")
mended = lesson.compile("03_wrong_sum_solution.c", "-g", "-fsanitize=thread")
if watched is None:
    lesson.skip(FOUND, "no compiler makes programs for ThreadSanitizer here")
    lesson.skip(CLEAN, "no compiler makes programs for ThreadSanitizer here")
else:
    runs = [report(watched)]
    while runs[-1].rc != 66 and len(runs) < 10:
        runs.append(report(watched))
    lesson.claim(FOUND, "data race" in runs[-1].err and f"03_wrong_sum.c:{line}" in runs[-1].err)
    if runs[-1].rc == 66:
        lesson.shows(runs[-1])
    said = report(mended)
    lesson.claim(CLEAN, said.rc == 0 and "ThreadSanitizer" not in said.err)

lesson.trace("03-wrong-sum.svg", "03_wrong_sum", env=TWO, says="balanced")

solution = lesson.run("03_wrong_sum_solution")
lesson.shows(solution)
lesson.claim("The mended program finds the largest number", "right" in solution.out)
