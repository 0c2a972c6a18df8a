# SPDX-License-Identifier: MIT
"""_random.py: random numbers by streams, for loops and for arrays."""

from __future__ import annotations

import copy
import ctypes
import math
import operator
from typing import Any, Optional, Tuple, Union

from ._arrays import SIZES, View, new, numpy_module, view
from ._library import COptions, check, lib
from ._options import options

Shape = Union[int, Tuple[int, ...], None]


class _CRng(ctypes.Structure):
    """ppar_rng."""

    _fields_ = [
        ("seed_", ctypes.c_uint64),
        ("stream_", ctypes.c_uint64),
        ("next_", ctypes.c_uint64),
        ("end_", ctypes.c_uint64),
        ("numbers_", ctypes.c_uint64 * 8),
    ]


_RNG, _ADDRESS, _OPTIONS = ctypes.POINTER(_CRng), ctypes.c_void_p, ctypes.POINTER(COptions)
lib.ppar_rng_stream.argtypes, lib.ppar_rng_stream.restype = [ctypes.c_uint64, ctypes.c_uint64], _CRng
lib.ppar_rng_skip.argtypes, lib.ppar_rng_skip.restype = [_RNG, ctypes.c_uint64], None
lib.ppar_rng_shuffle.argtypes = [_RNG, _ADDRESS, ctypes.c_size_t, ctypes.c_size_t, _OPTIONS]
lib.ppar_rng_permutation.argtypes = [_RNG, _ADDRESS, ctypes.c_int64, _OPTIONS]
lib.ppar_rng_fill_below.argtypes = [_RNG, _ADDRESS, ctypes.c_int64, ctypes.c_uint64, _OPTIONS]
for _name in ("u32", "u64", "f32", "f64", "normal_f32", "normal_f64", "exponential_f32", "exponential_f64"):
    getattr(lib, f"ppar_rng_fill_{_name}").argtypes = [_RNG, _ADDRESS, ctypes.c_int64, _OPTIONS]
for _name in ("f64", "normal_f64", "exponential_f64"):
    getattr(lib, f"ppar_rng_{_name}").argtypes, getattr(lib, f"ppar_rng_{_name}").restype = [_RNG], ctypes.c_double
lib.ppar_rng_below.argtypes, lib.ppar_rng_below.restype = [_RNG, ctypes.c_uint64], ctypes.c_uint64

_KINDS = {"f64": "f64", "float64": "f64", "f32": "f32", "float32": "f32", "u64": "u64", "uint64": "u64", "u32": "u32",
          "uint32": "u32"}  # fmt: skip


def _word(name: str, value: int, least: int = 0, past: int = 2**64) -> int:
    try:
        word = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: a {type(value).__name__} is no whole number") from None
    if not least <= word < past:
        raise ValueError(f"{name}: {word} is out of range ({least} to {past - 1})")
    return word


class Rng:
    """A place in a stream of random numbers, which a seed and the number of the stream choose.

    Give a stream to each iteration, or to each block of iterations, and the result is the same for any number of
    threads and any schedule::

        def walk(i):
            rng = ppar.Rng(seed, i)
            end[i] = rng.normal(1000).sum()

        ppar.parallel_for(n, walk)

    Beginning a stream costs nothing to speak of. Each number that is drawn, of whatever kind, goes forward by one. An
    Rng is for one thread at a time. The numbers are those of ppar/rng.h (Philox4x32-10), and not NumPy's.

    With size None a method returns one number; with a size, or a tuple, an array, which is filled on several threads:
    NumPy's if the program has imported NumPy, else an array.array. out: the array for the result.
    """

    def __init__(self, seed: int, stream: int = 0) -> None:
        self._rng = lib.ppar_rng_stream(_word("seed", seed), _word("stream", stream))
        self.seed, self.stream = int(seed), int(stream)

    def __copy__(self) -> "Rng":
        return copy.deepcopy(self)  # with a place of its own

    def __repr__(self) -> str:
        return f"ppar.Rng({self.seed}, {self.stream}), at number {self._rng.next_}"

    def skip(self, numbers: int) -> None:
        """Goes forward by so many numbers, or back by -numbers, in no time."""
        lib.ppar_rng_skip(self._rng, _word("numbers", numbers, -(2**63), 2**64) % 2**64)

    def random(self, size: Shape = None, *, dtype: Any = "f64", out: Any = None, threads: Optional[int] = None) -> Any:
        """Numbers of at least 0 and less than 1, evenly distributed: numpy.random.Generator.random(size, dtype)."""
        return self._draw("", size, dtype, out, threads, ("f64", "f32"))

    def normal(self, size: Shape = None, *, dtype: Any = "f64", out: Any = None, threads: Optional[int] = None) -> Any:
        """Numbers of the normal distribution of mean 0 and deviation 1: Generator.standard_normal(size, dtype)."""
        return self._draw("normal_", size, dtype, out, threads, ("f64", "f32"))

    def exponential(
        self, size: Shape = None, *, dtype: Any = "f64", out: Any = None, threads: Optional[int] = None
    ) -> Any:
        """Numbers of the exponential distribution of mean 1: Generator.standard_exponential(size, dtype)."""
        return self._draw("exponential_", size, dtype, out, threads, ("f64", "f32"))

    def bits(self, size: Shape, *, dtype: Any = "u64", out: Any = None, threads: Optional[int] = None) -> Any:
        """Random bits, 64 or (dtype="u32") 32 in each element."""
        if size is None and out is None:
            raise TypeError("size: a number of elements, or a shape")
        return self._draw("", size, dtype, out, threads, ("u64", "u32"))

    def below(self, n: int, size: Shape = None, *, out: Any = None, threads: Optional[int] = None) -> Any:
        """Whole numbers of 0 ... n - 1, each as likely as any other, as uint64: Generator.integers(n, size=size)."""
        most = _word("n", n, 1, 2**64)
        if size is None and out is None:
            return lib.ppar_rng_below(self._rng, most)
        result, to = _target(size, "u64", out)
        check(lib.ppar_rng_fill_below(self._rng, to.data, to.count, most, options(threads=threads)), "below")
        return result

    def shuffle(self, x: Any, *, threads: Optional[int] = None) -> None:
        """Puts the elements of an array of one dimension into a random order: Generator.shuffle(x)."""
        v = _in_one_piece("x", view("x", x, tuple(SIZES), True))
        if len(v.shape) > 1:
            raise ValueError(f"x: the array has {len(v.shape)} dimensions, and only arrays of one are shuffled")
        check(lib.ppar_rng_shuffle(self._rng, v.data, v.count, SIZES[v.kind], options(threads=threads)), "shuffle")

    def permutation(self, n: int, *, threads: Optional[int] = None) -> Any:
        """The numbers 0 ... n - 1 in a random order, as int64: Generator.permutation(n)."""
        result, to = new(numpy_module() is not None, "i64", (_word("n", n, 0, 2**62),))
        check(lib.ppar_rng_permutation(self._rng, to.data, to.count, options(threads=threads)), "permutation")
        return result

    def _draw(self, which: str, size: Shape, dtype: Any, out: Any, threads: Optional[int], kinds: Tuple) -> Any:
        text = getattr(dtype, "__name__", None) or str(dtype)  # "f64", numpy.float64, numpy.dtype("f8")
        kind = _KINDS.get(text, "")
        if kind not in kinds:
            raise TypeError(f"dtype: {dtype!r} is none of {', '.join(kinds)}")
        if size is None and out is None:
            if kind != "f64":
                raise TypeError(f"dtype: a single number is of type {kinds[0]}")
            return getattr(lib, f"ppar_rng_{which}f64")(self._rng)
        result, to = _target(size, kind, out)
        fill = getattr(lib, f"ppar_rng_fill_{which}{kind}")
        check(fill(self._rng, to.data, to.count, options(threads=threads)), "Rng")
        return result


def _in_one_piece(name: str, v: View) -> View:
    if v.count > 1 and v.stride != SIZES[v.kind]:
        raise ValueError(f"{name}: the elements do not lie side by side")
    return v


def _target(size: Shape, kind: str, out: Any) -> Tuple[Any, View]:
    """The array to fill: the caller's, or a new one of that size."""
    shape: Optional[Tuple[int, ...]] = None
    if size is not None:
        lengths = size if isinstance(size, tuple) else (size,)
        shape = tuple(_word("size", length, 0, 2**62) for length in lengths)
    if out is None:
        assert shape is not None
        return new(numpy_module() is not None, kind, shape)
    v = _in_one_piece("out", view("out", out, tuple(SIZES), True))
    if v.kind != kind:
        raise TypeError(f"out: the elements are {v.kind}, and have to be {kind}")
    if shape is not None and math.prod(shape) != v.count:
        raise ValueError(f"out: the shape is {v.shape}, and has to be {shape}")
    return out, v
