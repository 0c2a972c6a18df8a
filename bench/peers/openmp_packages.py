# SPDX-License-Identifier: MIT
"""openmp_packages.py: what scikit-learn's models take on the OpenMP library of the process that starts this.

    openmp_packages.py look RUNTIME     prints 1 where scikit-learn is there, 2 where it comes with a library of its own
    openmp_packages.py fit RUNTIME      prints the times of two models in ns, and a figure of each that was fitted

RUNTIME is the library's file: times are printed only where the package has loaded it.
"""

import importlib.util
import pathlib
import statistics
import sys
import time
import warnings

ROWS, COLUMNS, FITS = 20000, 10, 3


def look():
    found = importlib.util.find_spec("sklearn")
    if found is None:
        return
    # Wheels have what they are linked to beside them, under names that no other library has.
    beside = pathlib.Path(found.origin).parent.parent / "scikit_learn.libs"
    print(2 if any(beside.glob("libgomp*")) else 1)


def time_of(fit):
    """The median of some fits' times in ns, behind one that loads what is loaded late; and the last one's figure."""
    times = []
    for _ in range(FITS + 1):
        start = time.perf_counter_ns()
        figure = fit()
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times[1:]), figure


def fit(runtime):
    import numpy
    from sklearn.cluster import KMeans
    from sklearn.ensemble import HistGradientBoostingRegressor

    warnings.simplefilter("ignore")
    x = numpy.random.default_rng(1).normal(size=(ROWS, COLUMNS))
    y = x[:, 0] * x[:, 1] + numpy.sin(3 * x[:, 2])
    means_ns, inertia = time_of(
        lambda: KMeans(n_clusters=8, init=x[:8], n_init=1, max_iter=20, tol=0, algorithm="lloyd").fit(x).inertia_)
    boosting_ns, score = time_of(
        lambda: HistGradientBoostingRegressor(max_iter=10, early_stopping=False).fit(x, y).score(x[:1000], y[:1000]))
    if runtime in pathlib.Path("/proc/self/maps").read_text():
        print(means_ns, boosting_ns, inertia / ROWS, score)


if sys.argv[1] == "look":
    look()
else:
    fit(sys.argv[2])
