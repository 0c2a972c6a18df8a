#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""random_numpy.py: ppar's arrays of random numbers beside NumPy's, in one run.

    bench/random_numpy.py [--rounds N] [LIBRARY]      LIBRARY: libppar.so.0, or where it is

NumPy's generator is Generator(Philox()): the same method, with words of 64 bits. Each round fills the same array by all
in turn; a line has the medians, in ns a number, and the median of the rounds' ratios of ppar on one thread to NumPy,
which has one. Below 1 ppar takes less.
"""
import argparse
import ctypes
import pathlib
import statistics
import sys
import time

try:
    import numpy
except ImportError:
    sys.exit("random_numpy.py: there is no numpy here")

COUNT = 1000000
OPTIONS_SIZE, THREADS_AT = 80, 24  # ppar_options: its size, which is its first field, and where threads is


def options(threads):
    text = bytearray(OPTIONS_SIZE)
    text[0:8] = OPTIONS_SIZE.to_bytes(8, sys.byteorder)
    text[THREADS_AT:THREADS_AT + 4] = threads.to_bytes(4, sys.byteorder)
    return ctypes.create_string_buffer(bytes(text), OPTIONS_SIZE)


class Stream(ctypes.Structure):
    """ppar_rng; no call here looks into it."""
    _fields_ = [("words", ctypes.c_uint64 * 12)]


def timed(call):
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e9 / COUNT


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    built = pathlib.Path(__file__).resolve().parent.parent / "build-release/lib/libppar.so"
    parser.add_argument("library", nargs="?", default=str(built) if built.exists() else "libppar.so.0",
                        help="default: the library that scripts/bench has built, else the installed one")
    arguments = parser.parse_args()
    library = ctypes.CDLL(arguments.library)
    library.ppar_rng_stream.restype = Stream
    library.ppar_rng_stream.argtypes = [ctypes.c_uint64, ctypes.c_uint64]
    stream = library.ppar_rng_stream(1, 0)
    array = numpy.zeros(COUNT)
    whole = numpy.zeros(COUNT, dtype=numpy.int64)
    generator = numpy.random.Generator(numpy.random.Philox(1))

    def fill(name, out, threads, *more):
        function = getattr(library, "ppar_rng_" + name)
        given = options(threads)
        more = [ctypes.c_uint64(value) for value in more]
        return lambda: function(ctypes.byref(stream), ctypes.c_void_p(out.ctypes.data), ctypes.c_int64(COUNT), *more,
                                given)

    rows = [
        ("uniform doubles", "fill_f64", array, (), lambda: generator.random(out=array)),
        ("normal doubles", "fill_normal_f64", array, (), lambda: generator.standard_normal(out=array)),
        ("exponential doubles", "fill_exponential_f64", array, (), lambda: generator.standard_exponential(out=array)),
        ("whole numbers below 1000003", "fill_below", whole, (1000003,), lambda: generator.integers(0, 1000003, COUNT)),
        ("a permutation", "permutation", whole, (), lambda: generator.permutation(COUNT)),
    ]
    print(f"{'ns a number':30}{'ppar, 1 thread':>16}{'all threads':>13}{'NumPy':>8}{'ratio':>8}")
    for title, name, out, more, by_numpy in rows:
        calls = [fill(name, out, 1, *more), fill(name, out, 0, *more), by_numpy]
        for call in calls:
            call()
        rounds = [[timed(call) for call in (calls if turn % 2 == 0 else calls[::-1])][::1 if turn % 2 == 0 else -1]
                  for turn in range(arguments.rounds)]
        one, threads, numpys = (statistics.median(column) for column in zip(*rounds))
        ratio = statistics.median(times[0] / times[2] for times in rounds)
        print(f"{title:30}{one:16.2f}{threads:13.2f}{numpys:8.2f}{ratio:8.3f}")


main()
