# SPDX-License-Identifier: MIT
"""What the Python programs here have in common: they compute the integral ROUNDS times, and print value and seconds."""
import sys
import time


def main(integral):
    """integral(n) -> value. It is run once before, with few bins, so that nothing is compiled while time is taken."""
    try:
        n, rounds = (int(text) for text in sys.argv[1:])
    except ValueError:
        sys.exit(f"usage: {sys.argv[0]} N ROUNDS")
    integral(8)
    for _ in range(rounds):
        begin = time.perf_counter()
        value = integral(n)
        print(f"{value:.6e} {time.perf_counter() - begin:.6f}", flush=True)
