# SPDX-License-Identifier: MIT
import re

import plot
from course import Lesson

lesson = Lesson("07-grain")
TWO = {"PPAR_NUM_THREADS": 2}


def table(run):
    """Rows of: an iteration in ns; the loop serially, static, auto in us."""
    return [[float(cell) for cell in row] for row in
            re.findall(r"^ *([\d.]+) ns +([\d.]+) us +([\d.]+) us +([\d.]+) us$", run.out, re.MULTILINE)]


run = lesson.run("07_grain", env=TWO)
rows = table(run)
lesson.claim("Each of the three is timed for 14 amounts of work", len(rows) == 14)


def measured(holds):
    """A claim about the table: the first one has been measured already."""
    def condition():
        found = rows[:] or table(lesson.run("07_grain", env=TWO))
        rows.clear()
        return holds(found)
    return condition


kept = rows[:]
for sentence, holds, cpus in [
        ("A loop of a tenth of a microsecond takes longer on two threads than on one.",
         lambda table: table[0][2] > table[0][1], 1),
        ("A loop of half a millisecond takes little more than half as long on two free processors.",
         lambda table: table[-1][2] < 0.75 * table[-1][1] and table[-1][3] < 0.75 * table[-1][1], 2),
        ("Two threads pay from loops of some microseconds on",
         lambda table: all(row[3] < row[1] for row in table if row[1] > 50), 2),
        ("it is never far from the better of serial and static",
         lambda table: all(row[3] < 1.3 * min(row[1:3]) + 1 for row in table), 2)]:
    rows[:] = kept
    lesson.timed(sentence, measured(holds), cpus=cpus)
if "more threads pay" in run.out:
    lesson.shows(run)


def draw(path):
    found = next((run for run in (lesson.run("07_grain", env=TWO) for _ in range(20)) if "more threads pay" in run.out),
                 None)
    if found is None:
        return  # there is no machine of two free CPUs to draw
    points = {name: [(row[0], row[column]) for row in table(found)]
              for column, name in ((1, "serial"), (2, "static, on two threads"), (3, "auto, on two threads"))}
    crossing = next(row[0] for row in table(found) if row[1] == found.number(r"loops of ([\d.]+) us"))
    plot.save(path, "A loop of 64 iterations", ("work in an iteration, nanoseconds", "log"),
              ("the loop, microseconds", "log"), points, marks=[(crossing, "from here on two threads are faster")])


lesson.picture("07-grain.svg", draw)

solution = lesson.run("07_grain_solution", env=TWO)
lesson.shows(solution)


def rows_of(run):
    return [[float(cell) for cell in row] for row in
            re.findall(r"^ *([\d.]+) us +([\d.]+) us +([\d.]+) us$", run.out, re.MULTILINE)]


lesson.timed("after a pause the shortest loop takes more than twice as long as in a row",
             lambda: (found := rows_of(lesson.run("07_grain_solution", env=TWO)))[0][2] > 2 * found[0][1])
lesson.timed("In a loop of milliseconds the pause makes little difference.",
             lambda: (found := rows_of(lesson.run("07_grain_solution", env=TWO)))[-1][2] < 1.5 * found[-1][1])
