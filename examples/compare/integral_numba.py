# SPDX-License-Identifier: MIT
"""The integral with Numba's prange."""
from math import pi, sin

import numba
import rounds


@numba.njit(parallel=True)
def integral(n):
    h = pi / n
    total = 0.0
    for i in numba.prange(n):
        x = h * (i + 0.5)
        for j in range(n):
            total += sin(x + h * (j + 0.5))
    return h * h * total


rounds.main(integral)
