# SPDX-License-Identifier: MIT
"""The integral in plain Python."""
from math import pi, sin

import rounds


def integral(n):
    h = pi / n
    total = 0.0
    for i in range(n):
        x = h * (i + 0.5)
        for j in range(n):
            total += sin(x + h * (j + 0.5))
    return h * h * total


rounds.main(integral)
