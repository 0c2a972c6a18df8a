# SPDX-License-Identifier: MIT
"""_map.py: functions applied to all elements of arrays."""

from __future__ import annotations

from typing import Any, Optional

from ._arrays import output, view
from ._bodies import check_form, name_of, native_address
from ._library import check, kernel
from ._loops import parallel_for
from ._options import ScheduleLike, get_num_threads, options

_CHUNK = 8192  # elements: to call a Python function from a thread takes microseconds, and NumPy as long for these


def map(
    function: Any,
    *arrays: Any,
    out: Any = None,
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
) -> Any:
    """function applied to all elements: numpy.asarray(function(x, ...)), computed in pieces on several threads.

    function is a NumPy ufunc, or any Python function of arrays that treats each element by itself: it is called with
    pieces of the arrays, and for what type it returns first with one element of each. NumPy lets go of the
    interpreter's lock while it computes. Or it is a compiled function (a Numba cfunc, a ctypes pointer, an address) of
    one or two elements and the same type, as double f(double); then NumPy is not needed. out: the array for the result.
    """
    if not arrays:
        raise TypeError("map: there is no array")
    address = native_address("function", function)
    if address is not None:
        return _map_compiled(function, address, arrays, out, schedule, threads)
    import numpy

    is_ufunc = isinstance(function, numpy.ufunc)
    if is_ufunc and function.nout != 1:
        raise TypeError(f"function: {function.__name__} has {function.nout} results; map is for functions of one")
    xs = [numpy.asarray(x) for x in arrays]
    shape = xs[0].shape
    for place, x in enumerate(xs):
        if x.shape != shape:
            raise ValueError(f"arrays[{place}]: the shape is {x.shape}, and that of the first is {shape}")
    if out is None:
        first = [x.reshape(-1)[:1] if x.size == 0 else x[(slice(0, 1),) * x.ndim] for x in xs]
        out = numpy.empty(shape, numpy.asarray(function(*first)).dtype)
    elif not isinstance(out, numpy.ndarray):
        # Of anything else asarray makes a copy, which the caller would not see.
        if isinstance(out, numpy.generic) or not (hasattr(out, "__array_interface__") or _is_buffer(out)):
            raise TypeError(f"out: a {type(out).__name__} is no array")
        out = numpy.asarray(out)
    if out.shape != shape:
        raise ValueError(f"out: the shape is {out.shape}, and has to be {shape}")
    if not out.flags.writeable:
        raise ValueError("out: the array is read-only")
    for x in xs:
        same = x.__array_interface__["data"] == out.__array_interface__["data"] and x.strides == out.strides
        if not same and numpy.may_share_memory(out, x) and numpy.shares_memory(out, x):
            raise ValueError("out: the array overlaps an input that is not the same array")
    pieces = [*xs, out]
    if all(p.flags.c_contiguous for p in pieces):
        pieces = [p.reshape(-1) for p in pieces]

    def run(part: range) -> None:
        to = pieces[-1][part.start : part.stop]
        values = [p[part.start : part.stop] for p in pieces[:-1]]
        if is_ufunc:
            function(*values, out=to)
            return
        result = numpy.asarray(function(*values))
        if result.shape != to.shape:
            raise ValueError(f"function: of arrays of shape {to.shape} it has made one of shape {result.shape}")
        try:
            numpy.copyto(to, result, casting="same_kind")
        except TypeError:
            what = f"function: it has made elements of type {result.dtype}"
            raise TypeError(f"{what}, which do not go into {to.dtype} (out, or its first result)") from None

    rows = len(pieces[0]) if pieces[0].ndim else 1
    size = pieces[0].size
    if pieces[0].ndim == 0:
        out[...] = function(*xs)
    elif size:
        if schedule is None:
            at_least = max(1, _CHUNK * rows // size)
            schedule = f"dynamic,{max(at_least, rows // (8 * (threads or get_num_threads())))}"
        parallel_for(rows, run, chunked=True, schedule=schedule, threads=threads, name=f"map {name_of(function)}")
    return out


def _is_buffer(thing: Any) -> bool:
    if isinstance(thing, (bytes, str)):  # asarray takes these for one text
        return False
    try:
        memoryview(thing)
    except TypeError:
        return False
    return True


def _map_compiled(function, address, arrays, out, schedule, threads):
    if len(arrays) > 2:
        raise TypeError("map: a compiled function takes one or two arrays")
    views = [view(f"arrays[{place}]", x) for place, x in enumerate(arrays)]
    x = views[0]
    for place, v in enumerate(views):
        if v.kind != x.kind:
            raise TypeError(f"arrays[{place}]: the elements are {v.kind}, and those of the first are {x.kind}")
        if v.shape != x.shape:
            raise ValueError(f"arrays[{place}]: the shape is {v.shape}, and that of the first is {x.shape}")
    form = f"{x.kind} f({', '.join([x.kind] * len(views))}), as the elements are"
    check_form("function", function, [x.kind] * len(views), x.kind, form)
    result, to = output(out, x.numpy, x.kind, x.shape, *views)
    made = options(schedule, threads)
    if len(views) == 1:
        status = kernel("map", x.kind)(address, x.data, x.stride, x.count, to.data, to.stride, made)
    else:
        y = views[1]
        call = kernel("map2", x.kind)
        status = call(address, x.data, x.stride, y.data, y.stride, x.count, to.data, to.stride, made)
    check(status, "map")
    return result
