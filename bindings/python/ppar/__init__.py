# SPDX-License-Identifier: MIT
"""ppar: parallel loops and reductions on a work-stealing pool, from Python.

    import numpy, ppar

    x = numpy.random.rand(10_000_000)
    ppar.sum(x)                                   # as numpy.sum, on all processors
    ppar.map(numpy.sin, x)                        # as numpy.sin
    ppar.parallel_for(100, lambda i: work(i))     # as for i in range(100): work(i)

Arrays are NumPy's, or anything with the buffer protocol, as array.array; they are not copied. NumPy is not needed.
While compiled code runs, other Python threads do, too. Functions may be called from any thread, from bodies of loops,
and in processes that multiprocessing has forked.

`import ppar.numba` puts Numba's parallel loops on the same threads.
"""

from ._bodies import Body
from ._functions import argmax, argmin, cumsum, dot, histogram, max, mean, min, sort, sum, var
from ._library import version as __version__
from ._loops import parallel_for, parallel_reduce, prange
from ._map import map
from ._options import (
    Pool,
    Schedule,
    auto,
    dynamic,
    get_num_threads,
    guided,
    runtime,
    set_num_threads,
    static,
    thread_num,
)
from ._pictures import Picture, RecordedChunk, Recording, record, show_schedule, trace
from ._random import Rng

__all__ = [
    "Body",
    "Picture",
    "Pool",
    "RecordedChunk",
    "Recording",
    "Rng",
    "Schedule",
    "argmax",
    "argmin",
    "auto",
    "cumsum",
    "dot",
    "dynamic",
    "get_num_threads",
    "guided",
    "histogram",
    "map",
    "max",
    "mean",
    "min",
    "parallel_for",
    "parallel_reduce",
    "prange",
    "record",
    "runtime",
    "set_num_threads",
    "show_schedule",
    "sort",
    "static",
    "sum",
    "thread_num",
    "trace",
    "var",
]
