#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bench.py: what calls from Python cost, and sums and Numba's loops beside others.

    bench.py [--n N] [--rounds R] [sums] [calls] [numba]        all three if none is named

Everything that is compared runs in turn, R rounds of it, so that what disturbs the machine disturbs all; a row has the
best and the median time. Numba has one threading layer a process: its layers are served by processes that run in turn.
Needs the installed package (or PYTHONPATH and PPAR_LIBRARY_PATH), NumPy, and for some rows Numba.
"""

import argparse
import statistics
import subprocess
import sys
import time

del sys.path[0]  # this folder has the package's sources, and not the compiled kernels
LAYERS = ["ppar", "omp", "workqueue"]


def rows(title, ways, rounds, unit=1e3, unit_name="ms"):
    """Times each way in each round, and prints a row for each."""
    times = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(way())
    print(f"\n{title} ({rounds} rounds)\n{'':34}{'best':>10} {'median':>10}  {unit_name}")
    for name, seconds in times.items():
        print(f"{name:34}{min(seconds) * unit:10.3f} {statistics.median(seconds) * unit:10.3f}")


def timed(function, repeat=1):
    """A way: the seconds of one call, of `repeat` in a row."""

    def way():
        start = time.perf_counter()
        for _ in range(repeat):
            function()
        return (time.perf_counter() - start) / repeat

    return way


def sums(n, rounds):
    import numpy as np

    import ppar

    x = np.random.default_rng(1).random(n)
    ways = {
        "ppar.sum": timed(lambda: ppar.sum(x)),
        "ppar.sum, reproducible": timed(lambda: ppar.sum(x, reproducible=True)),
        "ppar.sum, one thread": timed(lambda: ppar.sum(x, threads=1)),
        "numpy.sum": timed(lambda: np.sum(x)),
    }
    try:
        import numba

        @numba.njit(parallel=True, fastmath=True)
        def total(x):
            value = 0.0
            for i in numba.prange(len(x)):
                value += x[i]
            return value

        ways["Numba's prange, fastmath"] = timed(lambda: total(x))
    except ImportError:
        print("(no Numba here)")
    rows(f"the sum of {n} doubles", ways, rounds)


def calls(rounds):
    import ctypes

    import numpy as np

    import ppar

    ten, many = np.arange(10.0), 2000
    nothing = ctypes.CDLL(None).abs  # a function that takes the index and does next to nothing
    rows(
        "what a call costs",
        {
            "ppar.sum of 10 doubles": timed(lambda: ppar.sum(ten), many),
            "numpy.sum of 10 doubles": timed(lambda: np.sum(ten), many),
            "parallel_for(2, compiled)": timed(lambda: ppar.parallel_for(2, nothing), many),
            "parallel_for(2, compiled), static": timed(lambda: ppar.parallel_for(2, nothing, schedule="static"), many),
            "parallel_for(2, Python function)": timed(lambda: ppar.parallel_for(2, abs), many),
        },
        rounds,
        1e6,
        "us",
    )


SERVER = """
import sys, time, numpy as np
layer = sys.argv[1]
if layer == "ppar":
    import ppar.numba
import numba
if layer != "ppar":
    numba.config.THREADING_LAYER = layer
@numba.njit(parallel=True)
def small(x):
    for i in numba.prange(len(x)): x[i] += 1
@numba.njit(parallel=True)
def total(x):
    value = 0.0
    for i in numba.prange(len(x)): value += np.sqrt(x[i])
    return value
@numba.njit(parallel=True)
def triangle(x):
    for i in numba.prange(len(x)):
        value = 0.0
        for j in range(i): value += 1.0 / (j + 1)
        x[i] = value
@numba.vectorize(["float64(float64)"], target="parallel")
def ufunc(x): return x * 2 + 1
a, b, c, d = np.zeros(100), np.random.rand(10_000_000), np.zeros(4000), np.random.rand(1_000_000)
def even(): numba.set_parallel_chunksize(0); triangle(c)
def chunked(): numba.set_parallel_chunksize(16); triangle(c); numba.set_parallel_chunksize(0)
ways = {"a loop of 100 additions": (lambda: small(a), 200), "a sum of 1e7 roots": (lambda: total(b), 1),
        "a triangle": (even, 1), "a triangle, chunks of 16": (chunked, 1),
        "a ufunc of 1e6 elements": (lambda: ufunc(d), 1)}
for way, _ in ways.values(): way()
print(numba.threading_layer(), flush=True)
for name in sys.stdin:
    way, repeat = ways[name.rstrip()]
    start = time.perf_counter()
    for _ in range(repeat): way()
    print((time.perf_counter() - start) / repeat, flush=True)
"""


def numba_layers(rounds):
    servers = {}
    for layer in LAYERS:
        command = [sys.executable, "-W", "ignore", "-c", SERVER, layer]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if server.stdout.readline():
            servers[layer] = server
        else:
            print(f"(Numba's {layer} layer does not start here)")

    def ask(server, name):
        def way():
            server.stdin.write(name + "\n")
            server.stdin.flush()
            return float(server.stdout.readline())

        return way

    for name in ("a loop of 100 additions", "a sum of 1e7 roots", "a triangle", "a triangle, chunks of 16",
                 "a ufunc of 1e6 elements"):  # fmt: skip
        rows(f"Numba, {name}", {layer: ask(server, name) for layer, server in servers.items()}, rounds, 1e3, "ms")
    for server in servers.values():
        server.stdin.close()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=100_000_000, help="doubles to add up (default 1e8)")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("parts", nargs="*", choices=["sums", "calls", "numba", []])
    arguments = parser.parse_args()
    parts = arguments.parts or ["sums", "calls", "numba"]
    if "sums" in parts:
        sums(arguments.n, arguments.rounds)
    if "calls" in parts:
        calls(arguments.rounds)
    if "numba" in parts:
        numba_layers(arguments.rounds)


if __name__ == "__main__":
    main()
