# SPDX-License-Identifier: MIT
import re

import plot
from course import Lesson

lesson = Lesson("09-roofline")
ROW = r"^(triad|poly \d+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)$"


def measured():
    """{loop: (operations a byte, GFLOP/s on one thread, on all)}, and the run."""
    run = lesson.run("09_roofline")
    return {row[0]: tuple(map(float, row[1:4])) for row in re.findall(ROW, run.out, re.MULTILINE)}, run


loops, run = measured()
lesson.shows(run)
lesson.claim("the triad does 2 operations for 3 numbers of 8 bytes, which is 2 / 24 = 0.083",
             loops["triad"][0] == 0.083)


def again(condition):
    """The first look is at what is measured already; more looks measure anew."""
    looks = [loops]

    def look():
        return condition(looks.pop() if looks else measured()[0])
    return look


lesson.timed("poly 4 does four times the arithmetic of poly 1, at more than twice the speed",
             again(lambda of: of["poly 4"][1] > 2 * of["poly 1"][1]), cpus=1)
lesson.timed("From poly 32 on it is the other way round: twice the arithmetic takes about twice the time",
             again(lambda of: 0.5 < of["poly 128"][1] / of["poly 32"][1] < 2), cpus=1)
lesson.timed("On all threads poly 64 is nearly twice as fast as on one, as the machine has two processors.",
             again(lambda of: of["poly 64"][2] > 1.4 * of["poly 64"][1]))


def roof(of, threads):
    """What a loop of this intensity can reach: the slope, the flat part, and where they meet."""
    bandwidth = of["triad"][threads] / of["triad"][0]
    most = max(row[threads] for row in of.values())
    return lambda intensity: min(bandwidth * intensity, most), most / bandwidth


lesson.timed("No loop is far above its roof.",
             again(lambda of: all(row[threads] < 2 * roof(of, threads)[0](row[0])
                                  for threads in (1, 2) for row in of.values())), cpus=1)

GAINS_LESS = "The triad gains less by the second thread than poly 64 does"
gain = loops["triad"][2] / loops["triad"][1], loops["poly 64"][2] / loops["poly 64"][1]
if lesson.cpus > 1 and gain[0] > 0.85 * gain[1]:
    lesson.skip(GAINS_LESS, "one thread cannot ask for all that this machine's memory gives")
else:
    lesson.claim(GAINS_LESS, gain[0] <= 0.85 * gain[1], cpus=2)


def draw(path):
    looks = [measured()[0] for _ in range(3)]
    of = {loop: tuple(max(look[loop][k] for look in looks) for k in range(3)) for loop in loops}
    curves = {}
    for threads, words in ((1, "one thread"), (2, "all threads")):
        height, corner = roof(of, threads)
        curves[f"ideal: the roof of {words}"] = [(x, height(x)) for x in (0.0625, corner, 20)]
        curves[words] = sorted((row[0], row[threads]) for row in of.values())
    plot.save(path, "Where memory is the limit, and where arithmetic is", ("operations for each byte", "log"),
              ("GFLOP/s", "log"), curves)


lesson.picture("09-roofline.svg", draw)

lesson.shows(lesson.run("09_roofline_solution"))


def fused():
    two, one = lesson.run("09_roofline_solution").numbers(r"loops?: +([\d.]+) ms")
    return two > 1.4 * one


lesson.timed("One loop takes about half of the time of two.", fused, cpus=1)
