# SPDX-License-Identifier: MIT
import bisect
import re

from course import Lesson

lesson = Lesson("13-resampling")
TWO = {"PPAR_NUM_THREADS": 2}


def neighbours(points, width):
    """How many each point has, as in the programs."""
    x = [((i + 0.5) / points) ** 3 for i in range(points)]
    return [bisect.bisect_left(x, here + width) - bisect.bisect_right(x, here - width) - 1 for here in x]


counts = neighbours(8000, 0.064)
lesson.claim("a window holds 4000 of them at one end, and 174 at the other", max(counts) // 100 == 40 and
             counts[-1] < 200 and min(counts) == 174)
lesson.claim("the first half of the points has 82 % of all the neighbours",
             0.815 < sum(counts[:4000]) / sum(counts) < 0.825)

run = lesson.run("13_resampling", env=TWO)
lesson.shows(run)
lesson.claim("The best window is 0.016.", run.number(r"^width ([\d.]+): error [\d.]+ \*$") == 0.016)
lesson.claim("The interval is the same for one, two, three and four threads, digit by digit.",
             [len(set(re.findall(r"in (\[.*\]) with", run.out))), len(run.numbers(r"threads = (\d)\)$"))] == [1, 4])


def times():
    out = lesson.run("13_resampling", env=TWO).out
    return {name: float(value) for name, value in
            re.findall(r"^(static|static,16|dynamic,16|auto|one thread) +([\d.]+)$", out, re.MULTILINE)}


def static_is_slow():
    of = times()
    return of["static"] > 0.7 * of["one thread"]


def others_are_fast():
    of = times()
    return max(of["static,16"], of["dynamic,16"], of["auto"]) < 0.7 * of["one thread"]


lesson.timed("Under `static` two threads are hardly faster than one", static_is_slow)
lesson.timed("The other three schedules take about half of the time of one thread.", others_are_fast)

for schedule in ("static", "auto"):
    lesson.trace(f"13-{schedule}.svg", "13_resampling", schedule, env=TWO)

solution = lesson.run("13_resampling_solution", env=TWO)
lesson.shows(solution)
found = re.findall(r"best width (\S+), error (\S+)$", solution.out, re.MULTILINE)
lesson.claim("All three find the same window, with the same digits", len(found) == 3 and len(set(found)) == 1)
work = [sum(neighbours(5000, 0.002 * 2 ** k)) for k in range(8)]
lesson.claim("the widest window has 35 % of all the work", 0.345 < work[-1] / sum(work) < 0.355)
lesson.claim("the outer loop alone can never be more than 2.8 times faster than one thread",
             2.8 < sum(work) / work[-1] < 2.9)
