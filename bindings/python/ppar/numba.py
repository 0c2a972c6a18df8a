# SPDX-License-Identifier: MIT
"""ppar.numba: Numba's parallel loops on ppar's threads.

    import ppar.numba          # before the first parallel function is compiled
    from numba import njit, prange

    @njit(parallel=True)
    def total(x): ...

Numba asks a threading layer, which is tbb, omp or workqueue, to run what parallel=True, @vectorize(target="parallel")
and @guvectorize(target="parallel") have made. This module puts the functions of a layer on ppar in the place of omp's,
and tells Numba to take omp, so numba.threading_layer() says "omp" from now on, and `active()` here says True. Programs
may fork, which Numba's own omp layer refuses on Linux; several threads may run parallel functions at once, which
workqueue refuses; and loops inside of parallel loops share the threads of all.

The number of threads is Numba's: NUMBA_NUM_THREADS and numba.set_num_threads. No more of them run at a time than ppar's
default pool has (PPAR_NUM_THREADS, or the CPUs).
"""

from __future__ import annotations

import ctypes
import sys
import types

from ._library import lib

_NAME = "numba.np.ufunc.omppool"
_FUNCTIONS = """launch_threads synchronize ready parallel_for do_scheduling_signed do_scheduling_unsigned
    set_num_threads get_num_threads get_thread_id set_parallel_chunksize get_parallel_chunksize get_sched_size
    allocate_sched deallocate_sched""".split()


def _make_layer() -> types.ModuleType:
    """What Numba imports: a module of addresses of functions."""
    layer = types.ModuleType(_NAME, "Numba's threading layer on ppar.")
    for name in _FUNCTIONS:
        address = ctypes.cast(getattr(lib, f"ppk_numba_{name}"), ctypes.c_void_p).value
        setattr(layer, name, address)
    layer.openmp_vendor = "ppar"  # type: ignore[attr-defined]
    return layer


def active() -> bool:
    """Whether Numba's parallel functions run on ppar."""
    parallel = sys.modules.get("numba.np.ufunc.parallel")
    ours = getattr(sys.modules.get(_NAME), "openmp_vendor", "") == "ppar"
    return ours and (parallel is None or not parallel._is_initialized or parallel._threading_layer == "omp")


def _install() -> None:
    try:
        import numba
        import numba.np.ufunc
        from numba.np.ufunc import parallel
    except ImportError as error:
        raise ImportError(f"ppar.numba needs Numba, which cannot be imported here: {error}") from error
    if active():
        return
    if parallel._is_initialized:
        raise RuntimeError(
            f"ppar.numba: Numba has started its {parallel._threading_layer} threads already, and keeps them. Import"
            " ppar.numba before the first parallel function is compiled, or its number of threads asked for or set."
        )
    layer = _make_layer()
    sys.modules[_NAME] = layer
    numba.np.ufunc.omppool = layer
    numba.config.THREADING_LAYER = "omp"


_install()
