# SPDX-License-Identifier: MIT
import re
import shutil
import subprocess

import plot
from course import Lesson, clean_environment

lesson = Lesson("08-false-sharing")

run = lesson.run("08_false_sharing")
lesson.shows(run)
lesson.claim("All ways count every roll.", "WRONG" not in run.out)


def distances():
    """Where two counters lie, in bytes, and what a step then takes, in ns."""
    out = lesson.run("08_false_sharing_solution").out
    return [(float(a), float(b)) for a, b in re.findall(r"(\d+) bytes apart: +([\d.]+) ns", out)]


def is_seen():
    """Whether two threads on one line disturb each other here at all, by more than what other programs do."""
    steps = dict(distances())
    return min(steps[4], steps[8], steps[16]) > 1.5 * max(steps[128], steps[256], steps[512])


SLOW = "The tables side by side take longer than the tables apart"
APART = "With the tables apart they take half of its time."
FAR = "At 128 bytes and more the counters no longer disturb each other."
SHARED = "two counters on one line cost nothing here: the threads share a cache, or take turns on a processor"


def are(slower, factor, faster):
    def condition():
        times = dict(re.findall(r"^([\w-]+) +([\d.]+)$", lesson.run("08_false_sharing").out, re.MULTILINE))
        return float(times[slower]) > factor * float(times[faster])
    return condition


lesson.timed(APART, are("one-thread", 1.3, "per-thread"))
if lesson.cpus > 1 and not any(is_seen() for _ in range(3)):
    lesson.skip(SLOW, SHARED)
    lesson.skip(FAR, SHARED)
else:
    lesson.timed(SLOW, are("side-by-side", 1.2, "padded"))
    lesson.timed(FAR, is_seen)


def counted(way):
    """The cycles and instructions of one run; None where the processor's counters cannot be read."""
    if shutil.which("perf") is None:
        return None
    done = subprocess.run(["perf", "stat", "-x,", "-e", "cycles,instructions", lesson.path("08_false_sharing"), way],
                          env=clean_environment(None), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          check=False)
    found = re.findall(r"^(\d+),[^,]*,(?:cycles|instructions)", done.stderr, re.MULTILINE)
    return [int(number) for number in found] if len(found) == 2 else None


COUNTED = "The instructions are as many in both; the cycles are not."
near, far = counted("side-by-side"), counted("padded")
if near is None or far is None:
    lesson.skip(COUNTED, "the processor's counters cannot be read")
elif lesson.cpus > 1 and not is_seen():
    lesson.skip(COUNTED, SHARED)
else:
    lesson.timed(COUNTED, lambda: (near := counted("side-by-side")) is not None and
                 (far := counted("padded")) is not None and
                 near[0] > 1.1 * far[0] and 0.9 < near[1] / far[1] < 1.1)

lesson.trace("08-false-sharing.svg", "08_false_sharing", env={"PPAR_TRACE_ONLY": "side-by-side,padded"})


def draw(path):
    if not is_seen():
        return  # the threads share a cache now: there is nothing to draw
    looks = [dict(distances()) for _ in range(3)]
    plot.save(path, "Two threads, a counter each", ("bytes from one counter to the other", "log"),
              ("ns for each step of counting", "linear"),
              {"both threads count": [(at, min(look[at] for look in looks)) for at in looks[0]]})


lesson.picture("08-distance.svg", draw)
