# SPDX-License-Identifier: MIT
"""_library.py: finds and loads libppar and the compiled kernels, and says in Python what C calls return."""

from __future__ import annotations

import ctypes
import os
import pathlib

OK, EINVAL, ENOMEM, EAGAIN, EBUSY, ECANCELED = 0, -1, -2, -3, -4, -5
MAX_THREADS = 4096

WHAT_TO_DO = """ppar: {problem}.
A wheel of ppar brings libppar.so.0 with it, and a package that meson has installed finds the library of the same
installation. Elsewhere the package needs the library as the system has it:
  - install it (Debian: libppar0; from the source tree: meson install, then ldconfig), or
  - let PPAR_LIBRARY_PATH name the file, for instance PPAR_LIBRARY_PATH=/opt/ppar/lib/libppar.so.0."""


def _load() -> ctypes.CDLL:
    """The kernels. They are linked to libppar.so.0: the loader takes the one that PPAR_LIBRARY_PATH names, since that
    is loaded already then; else that of LD_LIBRARY_PATH; else the one to which the kernels have the way in them (their
    RUNPATH), beside them, in a wheel, or in the same installation; else the system's."""
    folder = pathlib.Path(__file__).resolve().parent
    chosen = os.environ.get("PPAR_LIBRARY_PATH")
    library = None
    if chosen:
        try:
            library = ctypes.CDLL(chosen)
        except OSError as error:
            problem = f"PPAR_LIBRARY_PATH={chosen} cannot be loaded: {error}"
            raise ImportError(WHAT_TO_DO.format(problem=problem)) from None
    kernels = folder / "_kernels.so"
    if not kernels.exists():
        raise ImportError(
            f"ppar: {kernels} is missing. It is compiled when the package is built: install the package"
            " (pip install . --no-build-isolation in the source tree), and import it from where it was installed."
        )
    try:
        loaded = ctypes.CDLL(str(kernels))
    except OSError as error:
        raise ImportError(WHAT_TO_DO.format(problem=f"libppar cannot be loaded: {error}")) from None
    if library is not None and _place(library) != _place(loaded):
        # It has another name inside than libppar.so.0, so the loader has found another one for the kernels.
        raise ImportError(WHAT_TO_DO.format(problem=f"PPAR_LIBRARY_PATH={chosen} is no libppar.so.0"))
    return loaded


def _place(library: ctypes.CDLL) -> int:
    """Where a library's ppar_version is, which tells two of them apart; 0 where it has none."""
    try:
        return ctypes.cast(library.ppar_version, ctypes.c_void_p).value or 0
    except AttributeError:
        return 0


lib = _load()


class Chunk(ctypes.Structure):
    """ppar_chunk: what a body is given."""

    _fields_ = [
        ("begin", ctypes.c_int64),
        ("end", ctypes.c_int64),
        ("step", ctypes.c_int64),
        ("count", ctypes.c_uint64),
        ("thread", ctypes.c_int),
        ("first_", ctypes.c_uint64),
        ("loop_", ctypes.c_void_p),
        ("train_", ctypes.c_void_p),
    ]


class CSchedule(ctypes.Structure):
    """ppar_schedule."""

    _fields_ = [("kind", ctypes.c_int), ("order", ctypes.c_int), ("chunk", ctypes.c_int64)]


class COptions(ctypes.Structure):
    """ppar_options."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("schedule", CSchedule),
        ("threads", ctypes.c_int),
        ("reproducible", ctypes.c_bool),
        ("nowait", ctypes.c_bool),
        ("ordered", ctypes.c_bool),
        ("pool", ctypes.c_void_p),
        ("step", ctypes.c_int64),
        ("name", ctypes.c_char_p),
        ("tile", ctypes.c_int64 * 3),
    ]


class CPoolOptions(ctypes.Structure):
    """ppar_pool_options."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("threads", ctypes.c_int),
        ("stack_size", ctypes.c_size_t),
        ("wait", ctypes.c_int),
        ("bind", ctypes.c_int),
        ("places", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
    ]


BODY = ctypes.CFUNCTYPE(None, ctypes.POINTER(Chunk), ctypes.c_void_p)

_ADDRESS, _I64, _F64, _OPTIONS = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double, ctypes.POINTER(COptions)
_ARRAY = [_ADDRESS, _I64]
_SIGNATURES = {
    "total": [*_ARRAY, _I64, _ADDRESS, _OPTIONS],
    "sum": [*_ARRAY, _I64, _ADDRESS, _OPTIONS],
    "squares": [*_ARRAY, _I64, _F64, _ADDRESS, _OPTIONS],
    "dot": [*_ARRAY, *_ARRAY, _I64, _ADDRESS, _OPTIONS],
    "min": [*_ARRAY, _I64, _ADDRESS, _OPTIONS],
    "max": [*_ARRAY, _I64, _ADDRESS, _OPTIONS],
    "argmin": [*_ARRAY, _I64, _ADDRESS, _OPTIONS],
    "argmax": [*_ARRAY, _I64, _ADDRESS, _OPTIONS],
    "cumsum": [*_ARRAY, _I64, *_ARRAY, _OPTIONS],
    "sort": [_ADDRESS, _I64, _OPTIONS],
    "histogram": [*_ARRAY, _I64, _ADDRESS, _I64, _F64, _ADDRESS, _OPTIONS],
    "map": [_ADDRESS, *_ARRAY, _I64, *_ARRAY, _OPTIONS],
    "map2": [_ADDRESS, *_ARRAY, *_ARRAY, _I64, *_ARRAY, _OPTIONS],
    "reduce": [_I64, _I64, _ADDRESS, _ADDRESS, ctypes.c_int, _ADDRESS, _OPTIONS],
}
_OTHERS = {
    "ppk_copy": (ctypes.c_int, [*_ARRAY, _I64, _I64, *_ARRAY, _OPTIONS]),
    "ppk_for_indices": (ctypes.c_int, [_I64, _I64, _ADDRESS, _ADDRESS, _OPTIONS]),
    "ppk_for_chunks": (ctypes.c_int, [_I64, _I64, _ADDRESS, _ADDRESS, _OPTIONS]),
    "ppk_record": (ctypes.c_int, [_I64, _I64, _ADDRESS, _ADDRESS, _ADDRESS, _I64, _ADDRESS, _OPTIONS]),
    "ppar_parallel_for": (ctypes.c_int, [_I64, _I64, _ADDRESS, _ADDRESS, _OPTIONS]),
    "ppar_cancel": (None, [ctypes.POINTER(Chunk), ctypes.c_int]),
    "ppar_pool_create": (ctypes.c_int, [_ADDRESS, ctypes.POINTER(CPoolOptions)]),
    "ppar_pool_destroy": (ctypes.c_int, [_ADDRESS]),
    "ppar_max_threads": (ctypes.c_int, [_ADDRESS]),
    "ppar_thread_num": (ctypes.c_int, []),
    "ppar_num_threads": (ctypes.c_int, []),
    "ppar_schedule_parse": (ctypes.c_int, [ctypes.c_char_p, ctypes.POINTER(CSchedule)]),
    "ppar_strerror": (ctypes.c_char_p, [ctypes.c_int]),
    "ppar_version": (ctypes.c_char_p, []),
}
for _name, (_result, _arguments) in _OTHERS.items():
    _function = getattr(lib, _name)
    _function.restype, _function.argtypes = _result, _arguments

_kernels: dict = {}


def kernel(operation: str, kind: str):
    """The kernel of an operation for elements of a kind, as "sum" and "f64"."""
    try:
        return _kernels[operation, kind]
    except KeyError:
        function = getattr(lib, f"ppk_{operation}_{kind}")
        function.restype, function.argtypes = ctypes.c_int, _SIGNATURES[operation]
        _kernels[operation, kind] = function
        return function


def check(status: int, what: str) -> None:
    """Raises what a status other than PPAR_OK means."""
    if status == OK:
        return
    text = f"{what}: {lib.ppar_strerror(status).decode()}"
    if status == ENOMEM:
        raise MemoryError(text)
    if status == EINVAL:
        raise ValueError(text)
    raise RuntimeError(text)


version: str = lib.ppar_version().decode()
