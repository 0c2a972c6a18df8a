# SPDX-License-Identifier: MIT
"""The integral in plain Python, its rows divided among processes."""
import multiprocessing
import os
from math import pi, sin

import rounds


def rows(first, past, n):
    h = pi / n
    total = 0.0
    for i in range(first, past):
        x = h * (i + 0.5)
        for j in range(n):
            total += sin(x + h * (j + 0.5))
    return total


def integral(n):
    processes = len(os.sched_getaffinity(0))
    parts = [(n * p // processes, n * (p + 1) // processes, n) for p in range(processes)]
    with multiprocessing.Pool(processes) as pool:
        return (pi / n) ** 2 * sum(pool.starmap(rows, parts))


if __name__ == "__main__":
    rounds.main(integral)
