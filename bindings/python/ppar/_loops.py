# SPDX-License-Identifier: MIT
"""_loops.py: parallel loops whose bodies are Python functions, or functions that Numba or a C compiler has made."""

from __future__ import annotations

import atexit
import ctypes
import operator
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

from ._arrays import view
from ._library import BODY, check, kernel, lib
from ._options import ScheduleLike, get_num_threads, options

LoopRange = Union[int, range]
_FAILED = 1  # the status of a loop whose body has raised


class Body:
    """A compiled function that is a ppar_body: void f(const ppar_chunk *chunk, void *arg). `function` is its address, a
    ctypes function pointer, or a Numba cfunc."""

    def __init__(self, function: Any) -> None:
        address = native_address("function", function)
        if address is None:
            raise TypeError("function: a ppar_body is a compiled function: an address, a ctypes pointer or a cfunc")
        self.function = function  # keeps it
        self.address = address


def native_address(name: str, function: Any) -> Optional[int]:
    """The address of a compiled function; None for a Python one."""
    if isinstance(function, bool):
        raise TypeError(f"{name}: a bool is no function")
    if isinstance(function, int):
        if not 0 < function < 2**64:
            raise ValueError(f"{name}: {function} is no address")
        return function
    if isinstance(function, ctypes._CFuncPtr):  # type: ignore[attr-defined]
        address = ctypes.cast(function, ctypes.c_void_p).value
        if not address:
            raise ValueError(f"{name}: the function pointer is NULL")
        return address
    address = getattr(function, "address", None)  # Numba's cfunc
    if isinstance(address, int) and hasattr(function, "native_name"):
        return address
    if not callable(function):
        raise TypeError(f"{name}: a {type(function).__name__} is no function")
    return None


def check_cfunc(name: str, function: Any, arguments: int, form: str) -> None:
    """Refuses a Numba cfunc that takes another number of arguments."""
    signature = getattr(function, "_sig", None)
    if signature is not None and len(signature.args) != arguments:
        raise TypeError(f"{name}: the cfunc takes {len(signature.args)} arguments, and has to be {form}")


def address_of_arg(arg: Any) -> Tuple[Optional[int], Any]:
    """What a compiled body gets as its last argument, and what keeps that: None, an address, a ctypes object, or an
    array, whose first element it is."""
    if arg is None or isinstance(arg, int):
        return arg, arg
    if isinstance(arg, ctypes._Pointer) or isinstance(arg, ctypes.c_void_p):  # type: ignore[attr-defined]
        return ctypes.cast(arg, ctypes.c_void_p).value, arg
    if isinstance(arg, (ctypes._SimpleCData, ctypes.Structure, ctypes.Union, ctypes.Array)):  # type: ignore
        return ctypes.addressof(arg), arg
    if hasattr(arg, "__array_interface__"):
        address, _ = arg.__array_interface__["data"]
        return address, arg
    v = view("arg", arg)
    return v.data, v


def bounds(n: LoopRange) -> Tuple[int, int, int]:
    """begin, end and step of a number of iterations or of a range."""
    if isinstance(n, range):
        begin, end, step = n.start, n.stop, n.step
    else:
        try:
            begin, end, step = 0, operator.index(n), 1
        except TypeError:
            raise TypeError(f"n: a {type(n).__name__} is neither a number of iterations nor a range") from None
        if end < 0:
            raise ValueError(f"n: {end} iterations are less than none")
    for value in (begin, end, step):
        if not -(2**63) <= value < 2**63:
            raise ValueError(f"n: {value} does not fit into 64 bits")
    return begin, end, step


# ---- Bodies in Python

_running = 0  # loops with bodies in Python
_changes = threading.Lock()
_ending = False


def _end() -> None:
    """At exit: bodies in Python that still run, on daemon threads, come to an end before the interpreter does. A thread
    that came back to an interpreter that is gone would be ended in the midst of the loop, and with it the process."""
    global _ending
    _ending = True
    latest = time.monotonic() + 5  # seconds: enough for bodies that do not wait for long
    while _running > 0 and time.monotonic() < latest:
        time.sleep(0.001)


atexit.register(_end)


class PythonBody:
    """A Python function as a ppar_body, and what it has raised."""

    def __init__(self, function: Callable[[Any], Any], begin: int, step: int, chunked: bool) -> None:
        self.function, self.begin, self.step, self.chunked = function, begin, step, chunked
        self.failures: Dict[int, BaseException] = {}  # by the iteration's number
        self.stop: Optional[BaseException] = None  # what ends the loop wherever it is: KeyboardInterrupt, SystemExit
        self.callback = BODY(self.run)
        self.address = ctypes.cast(self.callback, ctypes.c_void_p).value

    def run(self, chunk: Any, _: Any) -> None:
        """The ppar_body. Nothing comes out of it: ctypes would print and forget it."""
        i = None
        try:
            c = chunk[0]
            i = c.begin
            if self.stop is not None or _ending:
                lib.ppar_cancel(chunk, _FAILED)
                return
            indices = range(i, i + c.count * c.step, c.step)
            if self.chunked:
                self.function(indices)
            else:
                function = self.function
                for i in indices:
                    function(i)
        except BaseException as error:  # it goes to whoever has called the loop
            if not isinstance(error, Exception):
                self.stop = error
            self.failures[((self.begin if i is None else i) - self.begin) // self.step] = error
            lib.ppar_cancel(chunk, _FAILED)

    def finish(self, status: int, what: str) -> None:
        """Raises what the serial loop would have raised."""
        error = self.stop
        if error is None and self.failures:
            error = self.failures[min(self.failures)]
        # The callback and this object name each other. They are to go now, with all that the body names.
        del self.callback, self.function
        if error is not None:
            self.failures, self.stop = {}, None
            try:
                raise error
            finally:
                del error
        if _ending and status == _FAILED:
            return
        check(status, what)


def run_python(body: PythonBody, call: Callable[[Optional[int]], int], what: str) -> None:
    """Runs the loop that call(address) is with the body."""
    global _running
    with _changes:
        _running += 1
    try:
        status = call(body.address)
    finally:
        with _changes:
            _running -= 1
    body.finish(status, what)


# ---- Loops


def parallel_for(
    n: LoopRange,
    body: Any,
    arg: Any = None,
    *,
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
    chunked: bool = False,
    name: Optional[str] = None,
) -> None:
    """Runs body(i) for i in range(n), on several threads; returns when all iterations are done. n may be a range.

    Equals ``for i in range(n): body(i)``, with the iterations in any order and at the same time. With chunked=True the
    body gets a run of iterations as a range object: ``for i in indices: ...``, or ``x[indices.start:indices.stop]``.

    body is one of

    - a Python function. Threads take turns to run Python, so this gains where the body calls what lets go of the
      interpreter's lock, as NumPy, input and output, and functions of Numba with nogil=True do;
    - a compiled function, which runs without the lock: a Numba cfunc, a ctypes function pointer, or an address. Its form
      is void f(int64_t i, void *arg), or with chunked=True void f(int64_t begin, int64_t end, int64_t step, void *arg);
    - ppar.Body(function), for one of the form of ppar_body.

    arg is what a compiled function gets last: None, an address, a ctypes object, or an array, whose first element's
    address it is.

    An exception that a Python body raises comes out of the call: of several the one that the serial loop would have
    raised. Iterations after it are skipped, as far as they have not begun. KeyboardInterrupt ends the loop at once.
    """
    begin, end, step = bounds(n)
    made = options(schedule, threads, False, step if step != 1 else 0, name)
    address = body.address if isinstance(body, Body) else native_address("body", body)
    if address is None:
        if arg is not None:
            raise TypeError("arg: only compiled bodies take one; a Python function has what it names")
        python = PythonBody(body, begin, step, chunked)
        run_python(python, lambda place: lib.ppar_parallel_for(begin, end, place, None, made), "parallel_for")
        return
    if not isinstance(body, Body):
        form = "(int64 begin, int64 end, int64 step, voidptr arg)" if chunked else "(int64 i, voidptr arg)"
        check_cfunc("body", body, 4 if chunked else 2, form)
    pointer, keeper = address_of_arg(arg)
    call = lib.ppar_parallel_for if isinstance(body, Body) else lib.ppk_for_chunks if chunked else lib.ppk_for_indices
    check(call(begin, end, address, pointer, made), "parallel_for")
    del keeper


def prange(*bounds_: int, **arguments: Any) -> Callable[[Any], None]:
    """A loop over range(*bounds) whose body is what is decorated, which runs at once:

        @ppar.prange(0, n, 2, schedule=ppar.dynamic(16))
        def _(i):
            y[i] = f(x[i])

    Equals parallel_for(range(*bounds), body, ...).
    """
    indices = range(*bounds_)

    def run(body: Any) -> None:
        parallel_for(indices, body, **arguments)

    return run


_OPERATORS: Dict[str, Callable[[Any, Any], Any]] = {
    "sum": operator.add,
    "prod": operator.mul,
    "min": lambda a, b: a if a <= b or a != a else b,
    "max": lambda a, b: a if a >= b or a != a else b,
}
_NUMBERS = {"sum": 0, "prod": 1, "min": 2, "max": 3}
_BLOCKS = 256  # of a reproducible reduction in Python: several for each thread of today's machines
_NOTHING = object()


def parallel_reduce(
    n: LoopRange,
    function: Any,
    op: Union[str, Callable[[Any, Any], Any]] = "sum",
    arg: Any = None,
    *,
    initial: Any = _NOTHING,
    dtype: Optional[str] = None,
    reproducible: bool = False,
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
    name: Optional[str] = None,
) -> Any:
    """Combines function(i) for i in range(n), on several threads, and returns the outcome. n may be a range.

    Equals ``functools.reduce(op, (function(i) for i in range(n)), initial)`` up to where the parentheses are. op is
    "sum", "prod", "min", "max", or for Python functions also a function of two values, which must be associative; parts
    are combined in the order of the iterations, so it need not be commutative. With reproducible=True the parentheses
    are in the same places in every run, for any number of threads.

    function is a Python function; or a compiled one (see parallel_for) of the form double f(int64_t i, void *arg), or
    int64_t f(int64_t i, void *arg) with dtype="i64".

    An empty loop gives initial; without initial 0 for "sum", 1 for "prod", and else a ValueError. Exceptions as in
    parallel_for.
    """
    begin, end, step = bounds(n)
    if isinstance(op, str) and op not in _OPERATORS:
        raise ValueError(f"op: {op!r} is none ({', '.join(_OPERATORS)}, or a function of two values)")
    if not isinstance(op, str) and not callable(op):
        raise TypeError(f"op: a {type(op).__name__} is no function")
    address = native_address("function", function)
    empty = len(range(begin, end, step)) == 0
    if empty and initial is _NOTHING and op not in ("sum", "prod"):
        raise ValueError("n: there are no iterations, and no initial value")
    combine = _OPERATORS[op] if isinstance(op, str) else op
    if address is not None:
        if not isinstance(op, str):
            raise TypeError("op: a compiled function's values are combined by sum, prod, min or max")
        made = options(schedule, threads, reproducible, step if step != 1 else 0, name)
        value = _reduce_compiled(begin, end, function, address, op, arg, dtype, made)
    else:
        if arg is not None or dtype is not None:
            raise TypeError("arg, dtype: only compiled functions take them")
        parts = _parts(range(begin, end, step), function, combine, reproducible, schedule, threads, name)
        if not parts:
            return initial if initial is not _NOTHING else _NUMBERS[str(op)]
        value = parts[0]
        for part in parts[1:]:
            value = combine(value, part)
    if initial is _NOTHING:
        return value
    return initial if empty else combine(initial, value)


def _reduce_compiled(begin, end, function, address, op, arg, dtype, made):
    signature = getattr(function, "_sig", None)
    returned = {"float64": "f64", "int64": "i64"}.get(str(signature.return_type), "") if signature is not None else None
    kind = {None: returned or "f64", "f64": "f64", "float64": "f64", "i64": "i64", "int64": "i64"}.get(dtype)
    if kind is None or (returned is not None and returned != kind):
        raise TypeError("dtype: a compiled function returns a double (f64) or an int64_t (i64)")
    check_cfunc("function", function, 2, "(int64 i, voidptr arg)")
    result = ctypes.c_double() if kind == "f64" else ctypes.c_int64()
    pointer, keeper = address_of_arg(arg)
    call = kernel("reduce", kind)
    check(call(begin, end, address, pointer, _NUMBERS[op], ctypes.addressof(result), made), "parallel_reduce")
    del keeper
    return result.value


def _parts(indices, function, combine, reproducible, schedule, threads, name) -> List[Any]:
    """The values of parts of the loop, in the order of the iterations."""
    values: Dict[int, Any] = {}

    def fold(part: range) -> None:
        value = function(part[0])
        for i in part[1:]:
            value = combine(value, function(i))
        values[(part[0] - indices.start) // indices.step] = value

    if not reproducible:
        parallel_for(indices, fold, chunked=True, schedule=schedule, threads=threads, name=name)
    else:
        count = len(indices)
        blocks = min(count, _BLOCKS)
        cuts = [block * count // blocks for block in range(blocks + 1)] if blocks else [0]
        parallel_for(
            blocks, lambda b: fold(indices[cuts[b] : cuts[b + 1]]), schedule=schedule, threads=threads, name=name
        )
    return [values[place] for place in sorted(values)]


# ---- map

_CHUNK = 8192  # elements: a call of a Python function from a thread takes some microseconds, and NumPy as long for these


def map(
    function: Any,
    *arrays: Any,
    out: Any = None,
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
) -> Any:
    """function applied to all elements: numpy.asarray(function(x, ...)), computed in pieces on several threads.

    function is a NumPy ufunc, or any Python function of arrays that treats each element by itself: it is called with
    pieces of the arrays, and for what type it returns first with one element of each. NumPy lets go of the interpreter's
    lock while it computes. Or it is a compiled function (a Numba cfunc, a ctypes pointer, an address) of one or two
    elements and the same type, as double f(double); then NumPy is not needed. out: the array for the result.
    """
    if not arrays:
        raise TypeError("map: there is no array")
    address = native_address("function", function)
    if address is not None:
        return _map_compiled(function, address, arrays, out, schedule, threads)
    import numpy

    xs = [numpy.asarray(x) for x in arrays]
    shape = xs[0].shape
    for place, x in enumerate(xs):
        if x.shape != shape:
            raise ValueError(f"arrays[{place}]: the shape is {x.shape}, and that of the first is {shape}")
    if out is None:
        first = [x.reshape(-1)[:1] if x.size == 0 else x[(slice(0, 1),) * x.ndim] for x in xs]
        out = numpy.empty(shape, numpy.asarray(function(*first)).dtype)
    elif not isinstance(out, numpy.ndarray):
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
    is_ufunc = isinstance(function, numpy.ufunc)

    def run(part: range) -> None:
        to = pieces[-1][part.start : part.stop]
        values = [p[part.start : part.stop] for p in pieces[:-1]]
        if is_ufunc:
            function(*values, out=to)
            return
        result = numpy.asarray(function(*values))
        if result.shape != to.shape:
            raise ValueError(f"function: of arrays of shape {to.shape} it has made one of shape {result.shape}")
        to[...] = result

    rows = len(pieces[0]) if pieces[0].ndim else 1
    size = pieces[0].size
    if pieces[0].ndim == 0:
        out[...] = function(*xs)
    elif size:
        if schedule is None:
            at_least = max(1, _CHUNK * rows // size)
            schedule = f"dynamic,{max(at_least, rows // (8 * (threads or get_num_threads())))}"
        parallel_for(rows, run, chunked=True, schedule=schedule, threads=threads, name="map")
    return out


def _map_compiled(function, address, arrays, out, schedule, threads):
    from ._arrays import output

    if len(arrays) > 2:
        raise TypeError("map: a compiled function takes one or two arrays")
    views = [view(f"arrays[{place}]", x) for place, x in enumerate(arrays)]
    x = views[0]
    for place, v in enumerate(views):
        if v.kind != x.kind:
            raise TypeError(f"arrays[{place}]: the elements are {v.kind}, and those of the first are {x.kind}")
        if v.shape != x.shape:
            raise ValueError(f"arrays[{place}]: the shape is {v.shape}, and that of the first is {x.shape}")
    check_cfunc("function", function, len(views), "of as many elements as there are arrays")
    signature = getattr(function, "_sig", None)
    if signature is not None:
        wanted = {"f": "float", "i": "int", "u": "uint"}[x.kind[0]] + x.kind[1:]
        if any(str(t) != wanted for t in (*signature.args, signature.return_type)):
            raise TypeError(f"function: the cfunc is {signature}, and the elements are {wanted}")
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
