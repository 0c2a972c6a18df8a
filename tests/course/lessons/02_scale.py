# SPDX-License-Identifier: MIT
import re

from course import Lesson

lesson = Lesson("02-scale")
TWO, FOUR = {"PPAR_NUM_THREADS": 2}, {"PPAR_NUM_THREADS": 4}


def threads_of(run):
    return {name: who.split() for name, who in re.findall(r"^(\w+) +threads ([\d ]+?)  ", run.out, re.MULTILINE)}


two, four = lesson.run("02_scale", env=TWO), lesson.run("02_scale", env=FOUR)
lesson.shows(two)
lesson.shows(four)
threads = threads_of(two)
lesson.claim("With two threads, thread 0 has the first half, and thread 1 has the second half.",
             threads["parallel_for"] == threads["prange"] == ["0"] * 6 + ["1"] * 6)
lesson.claim("The twelve indices are dealt out to the threads, every index to exactly one of them.",
             threads_of(four)["prange"] == list("000111222333"))
lesson.claim("All three ways give the same array, to the last bit", two.out.count("right") == 3)


def times(environment, rounds=5):
    """The shortest of each way."""
    found = {}
    for _ in range(rounds):
        run = lesson.run("02_scale", env=environment)
        for name, time in re.findall(r"^(\w+) .* ([\d.]+) ms", run.out, re.MULTILINE):
            found[name] = min(found.get(name, 1e9), float(time))
    return found


def nearly_half():
    best = times(TWO)
    return max(best["parallel_for"], best["prange"]) < 0.75 * best["serial"]


lesson.timed("On two free processors the parallel loops take little more than half of the serial loop's time.",
             nearly_half)
FOUR_ON_TWO = "With four threads on two processors it gets no faster"
if lesson.cpus == 2:
    lesson.timed(FOUR_ON_TWO, lambda: times(FOUR)["prange"] > 0.9 * times(TWO)["prange"])
else:
    lesson.skip(FOUR_ON_TWO, f"there are not 2 CPUs, but {lesson.cpus}")
lesson.trace("02-scale.svg", "02_scale", env=TWO, says="balanced.*balanced")

solution = lesson.run("02_scale_solution")
lesson.shows(solution)
lesson.claim("Both give the serial loop's result, to the last bit.",
             solution.out.count("the same") == 2)
