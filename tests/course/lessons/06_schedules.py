# SPDX-License-Identifier: MIT
import pathlib

from course import Course, Lesson

lesson = Lesson("06-schedules")
SCHEDULES = ["static", "dynamic", "guided", "auto"]
TWO = {"PPAR_NUM_THREADS": 2}
PARTS = r"(\d+) %"


def steps_of_row(i, width=600, height=240, most=500):
    steps = 0
    for j in range(width):
        z, c = 0j, complex(-2.2 + 3.0 * (j + 0.5) / width, 1.2 * (1 - (i + 0.5) / height))
        for _ in range(most):
            if z.real * z.real + z.imag * z.imag > 4:
                break
            z, steps = z * z + c, steps + 1
    return steps


lesson.shows(*(lesson.run("06_schedules", schedule, env=TWO) for schedule in SCHEDULES))
pictures = [pathlib.Path(Course.stage, f"{schedule}.png") for schedule in SCHEDULES]
for schedule, picture in zip(SCHEDULES, pictures):
    lesson.run("06_schedules", schedule, picture, env=TWO)
lesson.claim("All four compute the same picture, to the last point.",
             len({picture.read_bytes() for picture in pictures}) == 1)
lesson.claim("With two threads, one of them has nine tenths of the steps",
             sorted(lesson.run("06_schedules", "static", env=TWO).numbers(PARTS)) == [9, 91])
lesson.claim("each thread gets very nearly half of all steps",
             lesson.run("06_schedules", "static,1", env=TWO).numbers(PARTS) == [50, 50])
lesson.claim("The last row takes more than fifty times as many steps as the first one.",
             steps_of_row(239) > 50 * steps_of_row(0))


def are_faster():
    runs = lesson.interleaved(3, {schedule: ("06_schedules", schedule, TWO) for schedule in SCHEDULES})
    best = {schedule: min(run.number(r"([\d.]+) ms") for run in its) for schedule, its in runs.items()}
    return all(best[schedule] < 0.8 * best["static"] for schedule in SCHEDULES[1:])


lesson.timed("On two free processors dynamic, guided and auto take well below static's time.", are_faster)

lesson.picture("06-mandelbrot.png", lambda path: lesson.run("06_schedules", "auto", path, env=TWO))
lesson.picture("06-threads.png", lambda path: lesson.run("06_schedules", "dynamic", path, "threads", env=TWO))
for schedule in SCHEDULES:
    lesson.trace(f"06-{schedule}.svg", "06_schedules", schedule, env=TWO)

solution = lesson.run("06_schedules_solution")
lesson.shows(solution)
largest = dict(zip(["static", "static,10", "dynamic,10", "dynamic,1", "guided"],
                   zip(solution.numbers(r"largest is +(\d+) %"), solution.numbers(r"upside down +(\d+) %"))))
lesson.claim("Upside down, guided's first chunk has the lower half of the picture, and with it nine tenths of all "
             "steps",
             largest["guided"][1] == largest["static"][1] == 91 and largest["guided"][0] < 50)
lesson.claim("if it is a small part of a thread's share", largest["dynamic,10"][0] < 25 > largest["dynamic,1"][1])
