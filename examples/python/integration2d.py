#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""integration2d.py: the integral of sin(x + y) over [0, pi] x [0, pi], which is 0, by the midpoint rule, five times.

    integration2d.py [N]         N bins a side, 2000 if not given

Each line has the value and the time. The values differ in their last digits, as the additions come in another order;
those of the reproducible one are the same for every number of threads. As C: examples/integration2d.c.
"""

import math
import sys
import time

import numpy as np

import ppar

try:
    import ppar.numba
    from numba import cfunc, njit, prange, types
except ImportError:
    cfunc = None

n = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
h = math.pi / n
places = h * (np.arange(n) + 0.5)


def show(name, integrate):
    start = time.perf_counter()
    value = h * h * integrate()
    print(f"{name:20} Integral value is {value:e}, Time spent: {time.perf_counter() - start:e} sec")


def row(i):
    return np.sin(places[i] + places).sum()


show("NumPy, serial", lambda: sum(row(i) for i in range(n)))
# The bodies are Python, but NumPy computes a row without Python's lock.
show("NumPy, rows", lambda: ppar.parallel_reduce(n, row))

if cfunc is None:
    for name in ("cfunc", "cfunc, reproducible", "Numba's prange"):
        print(f"{name}: no Numba here")
else:

    @cfunc(types.float64(types.int64, types.CPointer(types.float64)))
    def compiled_row(i, h):
        x = h[0] * (i + 0.5)
        total = 0.0
        for j in range(int(h[1])):
            total += math.sin(x + h[0] * (j + 0.5))
        return total

    arguments = np.array([h, n])
    show("cfunc", lambda: ppar.parallel_reduce(n, compiled_row, "sum", arguments))
    show("cfunc, reproducible", lambda: ppar.parallel_reduce(n, compiled_row, "sum", arguments, reproducible=True))

    @njit(parallel=True)
    def whole(n, h):
        total = 0.0
        for i in prange(n):
            for j in range(n):
                total += math.sin(h * (i + 0.5) + h * (j + 0.5))
        return total

    whole(2, h)  # compiles it
    show("Numba's prange", lambda: whole(n, h))
