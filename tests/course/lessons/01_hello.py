# SPDX-License-Identifier: MIT
import re

from course import Lesson

lesson = Lesson("01-hello")
LINE = r"^hello from thread (\d) of 4 in process (\d+): own is at (\w+), shared at (\w+)$"

run = lesson.run("01_hello")
lesson.shows(run)
threads, processes, owns, shareds = zip(*re.findall(LINE, run.out, re.MULTILINE))
lesson.claim("There is one process with four threads.", sorted(threads) == ["0", "1", "2", "3"])
lesson.claim("Every line has the same number of the process.", len(set(processes)) == 1)
lesson.claim("Each thread has a local variable `own` at another address.", len(set(owns)) == 4)
lesson.claim("All threads see one variable `shared` at one address.", len(set(shareds)) == 1)


def orders(runs):
    return {tuple(found[0] for found in re.findall(LINE, lesson.run("01_hello").out, re.MULTILINE))
            for _ in range(runs)}


lesson.timed("The lines between the first and the last come in another order now and then.",
             lambda: any(len(orders(10)) > 1 for _ in range(7)))
lines = [lesson.run("01_hello").out.splitlines() for _ in range(10)]
lesson.claim('"main ends" is always the last line', all(run[-1] == "main ends" and len(run) == 6 for run in lines))

lesson.trace("01-hello.svg", "01_hello")

outputs = {lesson.run("01_hello_solution", env={"PPAR_NUM_THREADS": n}).out for n in (1, 2, 4, 8)}
lesson.claim("the output is the same in every run",
             outputs == {"thread 0: 0\nthread 1: 1\nthread 2: 4\nthread 3: 9\n"})
