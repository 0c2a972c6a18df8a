# SPDX-License-Identifier: MIT
"""The integral with NumPy, a row at a time, on ppar's threads. NumPy computes without Python's lock, but its rows are
short."""
import numpy
import ppar
import rounds


def integral(n):
    h = numpy.pi / n
    y = h * (numpy.arange(n) + 0.5)
    return h * h * ppar.parallel_reduce(n, lambda i: float(numpy.sin(h * (i + 0.5) + y).sum()))


rounds.main(integral)
