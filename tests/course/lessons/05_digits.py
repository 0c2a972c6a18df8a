# SPDX-License-Identifier: MIT
import concurrent.futures
import itertools
import math
import pathlib
import platform

import plot
from course import Lesson

lesson = Lesson("05-digits")
WAYS = ["parallel", "reproducible", "pairwise", "exact"]


def digits(way, n, threads=1, schedule="auto"):
    return float.fromhex(text(way, n, threads, schedule))


def text(way, n, threads=1, schedule="auto"):
    run = lesson.run("05_digits", way, n, threads, schedule)
    return run.out.split("all digits: ")[1].split()[0]


# A hundred million sines each, and no times: as many at once as there are CPUs.
LARGE = {"serial": 1, "exact": 1, "pairwise": 1, "parallel": 2}
with concurrent.futures.ThreadPoolExecutor(max_workers=min(lesson.cpus, len(LARGE))) as pool:
    found = dict(zip(LARGE, pool.map(lambda way: digits(way, 10000, LARGE[way], "static"), LARGE)))


def knows_fma():
    try:
        return " fma " in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


SERIAL = "Serially, in the order of the rows, the sum gives -7.117752e-17"
if platform.machine() == "x86_64" and platform.libc_ver()[0] == "glibc" and knows_fma():
    lesson.claim(SERIAL, f"{found['serial']:e}" == "-7.117752e-17")
else:
    lesson.skip(SERIAL, "another C library, and another processor, may round a sine otherwise")
for shown in (["serial", "parallel"], ["half"], ["reproducible", "pairwise", "exact"]):
    lesson.shows(*(lesson.run("05_digits", way, 100) for way in shown))
lesson.claim("With two threads it is more than a thousand times as far from 0",
             1000 * abs(found["serial"]) < abs(found["parallel"]) < 1e-10)

SMALL = 1000
half, two, one = (abs(digits(*run, "static")) for run in
                  [("half", SMALL, 1), ("parallel", SMALL, 2), ("parallel", SMALL, 1)])
lesson.claim("After half of the rows the serial sum is off by as much as the parallel ones are in the end.",
             0.1 < half / two < 10 and one < two / 10)
plain = {(threads, schedule): text("parallel", SMALL, threads, schedule)
         for threads in (2, 3) for schedule in ("static", "static,7")}
lesson.claim("three threads give another value than two", plain[2, "static"] != plain[3, "static"])
lesson.claim("Under `static` two runs with the same number of threads give the same digits.",
             all(text("parallel", SMALL, 3, "static") == plain[3, "static"] for _ in range(5)))

OTHERS = [(threads, schedule) for threads in (1, 2, 3, 4, 7) for schedule in ("auto", "static", "dynamic,3", "guided")]
for way, sentence in [
        ("reproducible", "With `.reproducible` the digits are the same for every number of threads, every schedule and "
                         "every run."),
        ("pairwise", "the pairwise digits are the same for every number of threads, too"),
        ("exact", "it is the same for every number of threads and every order")]:
    lesson.claim(sentence, len({text(way, SMALL, *other) for other in OTHERS}) == 1)
lesson.claim("It is another order than the serial loop's, so the digits are not the serial loop's",
             digits("reproducible", SMALL, 2) != digits("serial", SMALL))

n = 300
h = math.pi / n
values = [math.sin(h * (i + 0.5) + h * (j + 0.5)) for i in range(n) for j in range(n)]
running = list(itertools.accumulate(values))  # one addition after the other, as sum() may not do it
lesson.claim("The running sum of the sines grows to 20 million and comes back to 0.",
             1.9e7 < max(running) * (10000 / n) ** 2 < 2.1e7 and abs(running[-1]) < 1e-6)
lesson.claim("in C as in any other language", digits("serial", n) == h * h * running[-1])
lesson.claim("The exact sum is the double nearest to the sum of the hundred million numbers",
             digits("exact", n, 3) == h * h * math.fsum(values))
lesson.claim("And it is not 0!", found["exact"] != 0 and digits("exact", n) != 0)
lesson.claim("the serial one, though nearer to 0, is farther from it than the pairwise one",
             abs(found["serial"]) < abs(found["exact"]) and
             abs(found["pairwise"] - found["exact"]) < abs(found["serial"] - found["exact"]))


def times(way, rounds=5):
    return min(lesson.run("05_digits", way, SMALL, 1, "static").seconds for _ in range(rounds))


lesson.timed("Here the exact sum takes less than twice as long as the plain one",
             lambda: times("exact") < 2 * times("parallel"), cpus=1)


def draw(path):
    curves = {way: [(threads, max(1e-17, abs(digits(way, 999, threads, "static")))) for threads in range(1, 17)]
              for way in WAYS}
    plot.save(path, "The integral's distance from 0", ("threads", "linear"), ("distance from 0", "log"), curves)


lesson.picture("05-digits.svg", draw)

solution = lesson.run("05_digits_solution")
lesson.shows(solution)
sums = dict(zip(["forwards", "backwards", "pairs", 2, 8, 32, "right"], solution.numbers(r"(\d+\.\d+)$")))
lesson.claim("In pairs all digits are right.", sums["pairs"] == sums["right"])
lesson.claim("The right sum is 16.695311.", sums["right"] == 16.695311)
off = {name: abs(value - sums["right"]) for name, value in sums.items()}
lesson.claim("Backwards, small terms meet small sums, which is better.", off["backwards"] < off["forwards"] / 10)
lesson.claim("And more threads make the sum better", off["forwards"] > off[2] > off[8] > off[32])
