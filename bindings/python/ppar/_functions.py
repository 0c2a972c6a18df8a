# SPDX-License-Identifier: MIT
"""_functions.py: functions of whole arrays, each like NumPy's of the same name with axis=None."""

from __future__ import annotations

import array
import ctypes
import math
import warnings
from typing import Any, Optional, Sequence, Tuple, Union

from ._arrays import C_TYPES, NUMBERS, SIZES, View, copy_elements, new, numpy_module, output, view
from ._library import check, kernel
from ._options import ScheduleLike, number_of, options

_WITH_BOOL = NUMBERS + ("bool",)
_FLOATS = ("f64", "f32")


def _stored(kind: str) -> str:
    """The kind of the kernel: a bool is a byte of 0 or 1."""
    return "u8" if kind == "bool" else kind


def _rounded(value: float, kind: str) -> float:
    """A result of f32's arithmetic is an f32."""
    return ctypes.c_float(value).value if kind == "f32" else value


def _reduce(operation: str, v: View, result: Any, made: Any) -> Any:
    status = kernel(operation, _stored(v.kind))(v.data, v.stride, v.count, ctypes.addressof(result), made)
    check(status, operation)
    return result.value


def sum(
    x: Any, *, reproducible: bool = False, schedule: ScheduleLike = None, threads: Optional[int] = None
) -> Union[float, int]:
    """The sum of all elements: numpy.sum(x). 0 for an empty array.

    Floating-point elements are added up as doubles; the sum of f32 is rounded to f32 at the end. Integers and bools add
    up as 64-bit integers, signed or not as the elements are, and wrap. The last digits of a floating-point sum may
    differ from run to run, as threads take different parts; with reproducible=True, or schedule=ppar.static(), they do
    not (the latter for the same number of threads).
    """
    v = view("x", x, _WITH_BOOL)
    made = options(schedule, threads, reproducible)
    if v.kind in _FLOATS:
        return _rounded(_reduce("total", v, ctypes.c_double(), made), v.kind)
    return _reduce("sum", v, ctypes.c_uint64() if v.kind[0] == "u" else ctypes.c_int64(), made)


def mean(
    x: Any, *, reproducible: bool = False, schedule: ScheduleLike = None, threads: Optional[int] = None
) -> float:
    """The arithmetic mean: numpy.mean(x). Of an empty array it is NaN, with a RuntimeWarning."""
    v = view("x", x, _WITH_BOOL)
    if v.count == 0:
        warnings.warn("Mean of empty slice.", RuntimeWarning, stacklevel=2)
        return math.nan
    return _rounded(_reduce("total", v, ctypes.c_double(), options(schedule, threads, reproducible)) / v.count, v.kind)


def var(
    x: Any,
    *,
    ddof: int = 0,
    reproducible: bool = False,
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
) -> float:
    """The variance: numpy.var(x, ddof=ddof). The squared differences from the mean are added up and divided by
    n - ddof. Where that is not above 0 the result is NaN or infinite, with a RuntimeWarning."""
    v = view("x", x, _WITH_BOOL)
    ddof = _number("ddof", ddof)
    if v.count - ddof <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice.", RuntimeWarning, stacklevel=2)
        if v.count == 0:
            return math.nan
    made = options(schedule, threads, reproducible)
    middle = _reduce("total", v, ctypes.c_double(), made) / v.count
    result = ctypes.c_double()
    call = kernel("squares", _stored(v.kind))
    check(call(v.data, v.stride, v.count, middle, ctypes.addressof(result), made), "var")
    left = v.count - ddof
    if left <= 0:
        return math.inf if result.value > 0 else math.nan
    return _rounded(result.value / left, v.kind)


def _number(name: str, value: Any) -> float:
    """An argument that is a finite number."""
    number = number_of(name, value)
    if not math.isfinite(number):
        raise ValueError(f"{name}: {value!r} is not finite")
    return number


def _extreme(operation: str, x: Any, schedule: ScheduleLike, threads: Optional[int]) -> Any:
    v = view("x", x, _WITH_BOOL)
    if v.count == 0:
        raise ValueError(f"x: the array is empty, and has no {operation}")
    is_place = operation.startswith("arg")
    result = ctypes.c_int64() if is_place else C_TYPES[v.kind]()
    return _reduce(operation, v, result, options(schedule, threads))


def min(x: Any, *, schedule: ScheduleLike = None, threads: Optional[int] = None) -> Union[float, int]:
    """The least element: numpy.min(x). NaN if any element is; ValueError for an empty array."""
    return _extreme("min", x, schedule, threads)


def max(x: Any, *, schedule: ScheduleLike = None, threads: Optional[int] = None) -> Union[float, int]:
    """The greatest element: numpy.max(x). NaN if any element is; ValueError for an empty array."""
    return _extreme("max", x, schedule, threads)


def argmin(x: Any, *, schedule: ScheduleLike = None, threads: Optional[int] = None) -> int:
    """Where the first of the least elements is, counted in C order: numpy.argmin(x). The first NaN's place if there is
    any; ValueError for an empty array."""
    return _extreme("argmin", x, schedule, threads)


def argmax(x: Any, *, schedule: ScheduleLike = None, threads: Optional[int] = None) -> int:
    """Where the first of the greatest elements is, counted in C order: numpy.argmax(x). The first NaN's place if there
    is any; ValueError for an empty array."""
    return _extreme("argmax", x, schedule, threads)


def dot(
    x: Any, y: Any, *, reproducible: bool = False, schedule: ScheduleLike = None, threads: Optional[int] = None
) -> Union[float, int]:
    """The sum of products: numpy.vdot(x, y), of arrays of the same type and shape. Products of integers are added up as
    64-bit integers and wrap, where NumPy's wrap as the elements do."""
    a, b = view("x", x), view("y", y)
    if a.kind != b.kind:
        raise TypeError(f"y: the elements are {b.kind}, and those of x are {a.kind}")
    if a.shape != b.shape:
        raise ValueError(f"y: the shape is {b.shape}, and that of x is {a.shape}")
    result: Any = ctypes.c_double()
    if a.kind not in _FLOATS:
        result = ctypes.c_uint64() if a.kind[0] == "u" else ctypes.c_int64()
    made = options(schedule, threads, reproducible)
    call = kernel("dot", a.kind)
    check(call(a.data, a.stride, b.data, b.stride, a.count, ctypes.addressof(result), made), "dot")
    return _rounded(result.value, a.kind)


def cumsum(x: Any, *, out: Any = None, reproducible: bool = False, threads: Optional[int] = None) -> Any:
    """The running sums, as an array of one dimension: numpy.cumsum(x). The elements are 64-bit integers for integers
    and bools, and as those of x otherwise. out: the array for the result, which may be x itself where the type fits."""
    v = view("x", x, _WITH_BOOL)
    kind = v.kind if v.kind in _FLOATS else "u64" if v.kind[0] == "u" else "i64"
    result, to = output(out, v.numpy, kind, (v.count,), v)
    made = options(threads=threads, reproducible=reproducible)
    call = kernel("cumsum", _stored(v.kind))
    check(call(v.data, v.stride, v.count, to.data, to.stride, made), "cumsum")
    return result


def sort(x: Any, *, out: Any = None, threads: Optional[int] = None) -> Any:
    """The elements in ascending order, NaNs last, as an array of one dimension: numpy.sort(x, axis=None). out: the
    array for the result; out=x sorts x where it is."""
    v = view("x", x, _WITH_BOOL)
    result, to = output(out, v.numpy, v.kind, (v.count,), v)
    work_object, work = (result, to) if to.stride == SIZES[v.kind] else new(False, _stored(v.kind), (v.count,))
    copy_elements(v, work, threads)
    check(kernel("sort", _stored(v.kind))(work.data, v.count, options(threads=threads)), "sort")
    copy_elements(work, to, threads)
    del work_object
    return result


_MOST_BINS = 10**7  # each thread has a count of 8 bytes for each, and Python makes the edges one by one


def _even_edges(bins: int, low: float, high: float) -> Sequence[float]:
    """As numpy.linspace(low, high, bins + 1)."""
    step = (high - low) / bins
    return [i * step + low for i in range(bins)] + [high]


def _range_of(v: View, x: Any, given: Optional[Tuple[float, float]], threads: Optional[int]) -> Tuple[float, float]:
    if given is not None:
        try:
            low, high = given
        except (TypeError, ValueError):
            raise TypeError("range: two numbers, the first edge and the last one") from None
        low, high = _number("range", low), _number("range", high)
        if low > high:
            raise ValueError("range: the first edge is above the second one")
    elif v.count == 0:
        low, high = 0.0, 1.0
    else:
        low, high = float(_extreme("min", x, None, threads)), float(_extreme("max", x, None, threads))
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError(f"x: the elements' range [{low}, {high}] is not finite; range= gives one")
    low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
    if not 0 < high - low < math.inf:
        # Doubles of that size are farther apart than the edges, or the width is more than a double holds.
        name = "x" if given is None else "range"
        raise ValueError(f"{name}: edges from {low} to {high} cannot be told apart, or are too far apart")
    return low, high


def histogram(
    x: Any,
    bins: Any = 10,
    range: Optional[Tuple[float, float]] = None,
    *,
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
) -> Tuple[Any, Any]:
    """How many elements lie between each edge and the next, and the edges: numpy.histogram(x, bins, range).

    bins: a number of equal bins over range (default: from the least to the greatest element), or the edges themselves.
    The last bin holds its upper edge, too; elements outside, and NaN where range or edges are given, are not counted.
    Integers of more than 53 bits are compared as doubles.
    """
    v = view("x", x, _WITH_BOOL)
    try:
        count = None if isinstance(bins, (str, bytes)) else bins.__index__()
    except (AttributeError, TypeError):
        count = None
    scale = 0.0
    if count is not None:
        if not 1 <= count <= _MOST_BINS:
            raise ValueError(f"bins: {count} is out of range (1 to {_MOST_BINS})")
        low, high = _range_of(v, x, range, threads)
        edges = _even_edges(count, low, high)
        if v.kind == "f32":  # NumPy's edges are of the elements' type
            edges = [_rounded(edge, "f32") for edge in edges]
        scale = count / (high - low)
    else:
        try:
            given = list(bins)
        except TypeError:
            raise TypeError("bins: a number of bins or their edges") from None
        edges = [number_of("bins", edge) for edge in given]
        if len(edges) < 2 or any(not a <= b for a, b in zip(edges, edges[1:])):
            raise ValueError("bins: the edges must be two or more, and must not fall")
    held = array.array("d", edges)
    result, to = new(v.numpy, "i64", (len(edges) - 1,))
    call = kernel("histogram", _stored(v.kind))
    made = options(schedule, threads)
    check(call(v.data, v.stride, v.count, held.buffer_info()[0], len(edges) - 1, scale, to.data, made), "histogram")
    if v.numpy:
        numpy = numpy_module()
        narrow = v.kind == "f32" and count is not None
        return result, numpy.array(held, dtype=numpy.float32 if narrow else numpy.float64)
    return result, held
