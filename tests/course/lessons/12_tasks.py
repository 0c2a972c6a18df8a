# SPDX-License-Identifier: MIT
import re

from course import Lesson

lesson = Lesson("12-tasks")

run = lesson.run("12_tasks")
lesson.shows(run)


def calls(n):
    a, b = 1, 1  # of fib(0) and fib(1)
    for _ in range(n - 1):
        a, b = b, a + b + 1
    return b


work, nodes = run.numbers(r"work (\d+)")
spans = run.numbers(r"span (\d+)")
lesson.claim("`fib(32)` calls itself 7049155 times", work == calls(32) == 7049155)


def tasks(n):
    return 0 if n <= 20 else 1 + tasks(n - 1) + tasks(n - 2)


lesson.claim("there are 376 tasks, the smallest of which are some 13000 calls",
             tasks(32) == 376 and 13000 < calls(19) < 14000)
lesson.claim("a tree of 7049155 nodes that is 32 deep", spans[0] == 32)
lesson.claim("with one thread the program does what the serial one does",
             "WRONG" not in lesson.run("12_tasks", "tree", env={"PPAR_NUM_THREADS": 1}).out)


def times(run):
    fib = dict(re.findall(r"fib\(32\), no tasks(?: up to fib\( *(\d+)\))? +([\d.]+)$", run.out, re.MULTILINE))
    tree = dict(re.findall(r"tree, +(no|\d+)(?: levels of)? tasks +([\d.]+)$", run.out, re.MULTILINE))
    return ({int(key or 99): float(value) for key, value in fib.items()},
            {0 if key == "no" else int(key): float(value) for key, value in tree.items()})


runs = [run]


def again(condition):
    """The first look is at what has been measured already."""
    looks = list(runs)

    def look():
        return condition(*times(looks.pop() if looks else lesson.run("12_tasks", env={"PPAR_NUM_THREADS": 2})))
    return look


lesson.timed("A task for every call takes many times as long as no tasks at all.",
             again(lambda fib, tree: fib[0] > 5 * fib[99]), cpus=1)
lesson.timed("With tasks above `fib(20)` alone, two threads take about half of the time of one",
             again(lambda fib, tree: fib[20] < 0.75 * fib[99]))
lesson.timed("One level of tasks hardly helps the tree", again(lambda fib, tree: tree[1] > 0.75 * tree[0]))
lesson.timed("Four levels are sixteen pieces, and whoever is done with a short one takes another.",
             again(lambda fib, tree: tree[4] < 0.75 * tree[0]))

lesson.trace("12-tree.svg", "12_tasks", "tree", env={"PPAR_TRACE_ONLY": "tree", "PPAR_NUM_THREADS": 2})

solution = lesson.run("12_tasks_solution")
lesson.shows(solution)
parallelism = solution.numbers(r"work / span = ([\d.]+)$")
lesson.claim("The parallelism of a million numbers is 6", 5.5 < parallelism[2] < 6.5 and "WRONG" not in solution.out)
lesson.claim("hardly six times faster than one", parallelism[0] < parallelism[1] < parallelism[2] < 7)
