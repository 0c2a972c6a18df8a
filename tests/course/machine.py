# SPDX-License-Identifier: MIT
"""machine.py: how many CPUs there are for a lesson, whether others use them meanwhile, and whether they are as fast now
as a moment ago."""

import os
import pathlib
import resource
import time


def quota():
    """The CPUs that the process's cgroups leave to it, as a number that need not be whole."""
    least = float("inf")
    try:
        path = pathlib.Path("/proc/self/cgroup").read_text(encoding="utf-8").split("0::", 1)[1].splitlines()[0]
        folder = pathlib.Path("/sys/fs/cgroup") / path.strip("/")
        for place in (folder, *folder.parents):
            if (place / "cpu.max").exists():
                limit, period = (place / "cpu.max").read_text(encoding="utf-8").split()
                least = least if limit == "max" else min(least, int(limit) / int(period))
    except (OSError, IndexError, ValueError):
        pass
    return least


def cpus():
    """What the library's default number of threads is made of, too."""
    return max(1, int(min(len(os.sched_getaffinity(0)), quota())))


class Company:
    """How much of the machine's CPUs others have used since this was made. Where the system does not tell: 0."""

    def __init__(self):
        self.start = self._now()

    @staticmethod
    def _now():
        try:
            fields = pathlib.Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:9]
        except (OSError, IndexError):
            return None
        user, nice, system, _, _, irq, softirq, stolen = (int(field) for field in fields)
        all_busy = (user + nice + system + irq + softirq + stolen) / os.sysconf("SC_CLK_TCK")
        ours = sum(usage.ru_utime + usage.ru_stime for usage in
                   (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))
        return time.monotonic(), all_busy - ours

    def others(self):
        now = self._now()
        if now is None or self.start is None or now[0] <= self.start[0]:
            return 0.0
        return max(0.0, (now[1] - self.start[1]) / (now[0] - self.start[0]))


class Pace:
    """Whether the processor does the same work in the same time again and again. Where the machine is itself a guest of
    another one, that one's other guests can slow it down, and no count of its own shows that."""

    PIECES, STEPS = 30, 20000  # a piece takes about half a millisecond

    def __init__(self):
        self.times = []

    def look(self):
        for _ in range(self.PIECES):
            start = time.perf_counter()
            for _ in range(self.STEPS):
                pass
            self.times.append(time.perf_counter() - start)

    def spread(self):
        """The slowest tenth of the pieces to the median."""
        ordered = sorted(self.times)
        return ordered[len(ordered) * 9 // 10] / ordered[len(ordered) // 2]
