# SPDX-License-Identifier: MIT
"""The integral with ppar's own reduction over a function that Numba has compiled."""
from math import pi, sin

import numpy
import ppar
import rounds
from numba import cfunc, types


@cfunc(types.float64(types.int64, types.CPointer(types.float64)))
def row(i, grid):
    h = grid[0]
    x = h * (i + 0.5)
    total = 0.0
    for j in range(int(grid[1])):
        total += sin(x + h * (j + 0.5))
    return total


def integral(n):
    h = pi / n
    return h * h * ppar.parallel_reduce(n, row, "sum", numpy.array([h, n]))


rounds.main(integral)
