# SPDX-License-Identifier: MIT
"""The integral with Numba's prange on ppar's threads: integral_numba.py after one more line."""
import sys

import ppar.numba  # before Numba starts its own threads

import integral_numba  # noqa: F401

if not ppar.numba.active():
    sys.exit("Numba has not taken ppar's threads")
