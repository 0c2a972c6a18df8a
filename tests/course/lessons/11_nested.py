# SPDX-License-Identifier: MIT
import re

from course import Lesson

lesson = Lesson("11-nested")

run = lesson.run("11_nested")
lesson.shows(run)
TWO = {"PPAR_NUM_THREADS": 2}


def times():
    out = lesson.run("11_nested", env=TWO).out
    return {name: float(value) for name, value in re.findall(r"^(\w+) +([\d.]+)$", out, re.MULTILINE)}


def outer_takes_two_thirds():
    of = times()
    return 0.6 < of["outer"] / of["serial"] < 0.8


def others_take_half():
    of = times()
    return max(of["inner"], of["nested"], of["both"]) < min(0.7 * of["serial"], of["outer"])


lesson.timed("The outer loop alone takes about two thirds of the serial time", outer_takes_two_thirds)
lesson.timed("The other three ways take about half.", others_take_half)

lesson.trace("11-outer.svg", "11_nested", "outer", env=TWO)
lesson.trace("11-nested.svg", "11_nested", "nested", env=TWO)

TEAM_OF_ONE = "By default that team has one thread, so the inner loop is serial"
openmp = lesson.compile("11_nested_openmp.c", "-fopenmp")
if openmp is None:
    lesson.skip(TEAM_OF_ONE, "no compiler here knows OpenMP")
else:
    shown = lesson.run(openmp)
    lesson.shows(shown)
    lesson.claim(TEAM_OF_ONE, "inner loop: 1" in shown.out)

solution = lesson.run("11_nested_solution")
lesson.shows(solution)
lesson.claim("All four find the same distance.", len(set(solution.numbers(r"distance ([\d.]+)$"))) == 1)
lesson.claim("the thread with the first half of the rows has three quarters of the pairs",
             0.74 < sum(5999 - i for i in range(3000)) / sum(5999 - i for i in range(6000)) < 0.76)


def static_is_slow():
    static, auto = lesson.run("11_nested_solution", env=TWO).numbers(r"^outer, \w+ +([\d.]+) ms")
    return static > 1.25 * auto


lesson.timed("the loop takes one and a half times as long as under `auto`, or longer", static_is_slow)
