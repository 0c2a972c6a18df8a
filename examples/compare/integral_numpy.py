# SPDX-License-Identifier: MIT
"""The integral with NumPy, a row at a time, on one thread."""
import numpy
import rounds


def integral(n):
    h = numpy.pi / n
    y = h * (numpy.arange(n) + 0.5)
    return h * h * sum(float(numpy.sin(h * (i + 0.5) + y).sum()) for i in range(n))


rounds.main(integral)
