# SPDX-License-Identifier: MIT
from course import Lesson

lesson = Lesson("10-regions")
WRONG = r"^(\d+) of 3998 values are wrong$"

run = lesson.run("10_regions")
lesson.shows(run)
right = [lesson.run("10_regions", env={"PPAR_NUM_THREADS": n}).number(WRONG) for n in (1, 2, 3, 4)]
lesson.claim("With the barrier no value is wrong.", right == [0] * 4)


def faults(threads, runs=5):
    return [lesson.run("10_regions", "nowait", env={"PPAR_NUM_THREADS": threads}, rc=None).number(WRONG)
            for _ in range(runs)]


lesson.timed("Without it, at least one is, in nearly every run", lambda: sum(wrong > 0 for wrong in faults(2)) >= 3)
lesson.claim("at the border between two threads' parts", max(faults(2)) <= 2)

FINDS = "ThreadSanitizer finds it"
checked = lesson.compile("10_regions.c", "-g", "-fsanitize=thread")
if checked is None:
    lesson.skip(FINDS, "no compiler here makes programs with -fsanitize=thread that run")
else:
    reports = [lesson.run(checked, *words, env={"PPAR_NUM_THREADS": 2}, rc=None).err for words in ((), ("nowait",))]
    lesson.claim(FINDS, "data race" not in reports[0] and "data race" in reports[1])

lesson.trace("10-barrier.svg", "10_regions")
lesson.trace("10-nowait.svg", "10_regions", "nowait")

solution = lesson.run("10_regions_solution")
lesson.shows(solution)
lesson.claim("No value differs from those of one thread.",
             all(lesson.run("10_regions_solution", env={"PPAR_NUM_THREADS": n}).number(r"steps, (\d+) of") == 0
                 for n in (2, 3)))
