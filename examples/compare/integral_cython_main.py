# SPDX-License-Identifier: MIT
"""Runs integral_cython, which was compiled into the folder that PYTHONPATH names."""
import rounds
from integral_cython import integral

rounds.main(integral)
