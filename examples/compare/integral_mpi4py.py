# SPDX-License-Identifier: MIT
"""The integral in plain Python, its rows divided among MPI's processes. Only process 0 prints."""
import sys
from math import pi, sin

import rounds
from mpi4py import MPI


def integral(n):
    world = MPI.COMM_WORLD
    h = pi / n
    total = 0.0
    world.Barrier()
    for i in range(world.rank, n, world.size):
        x = h * (i + 0.5)
        for j in range(n):
            total += sin(x + h * (j + 0.5))
    return h * h * world.allreduce(total)


if MPI.COMM_WORLD.rank != 0:
    sys.stdout = open("/dev/null", "w", encoding="ascii")
rounds.main(integral)
