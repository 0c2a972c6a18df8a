# SPDX-License-Identifier: MIT
"""_loops.py: parallel loops and reductions."""

from __future__ import annotations

import ctypes
import operator
from typing import Any, Callable, Dict, List, Optional, Union

from ._bodies import (
    Body,
    LoopRange,
    PythonBody,
    address_of_arg,
    bounds,
    check_form,
    form_of,
    length_of,
    name_of,
    native_address,
    run_python,
    threads_for_python,
)
from ._library import check, kernel, lib
from ._options import ScheduleLike, options


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
    - a compiled function, which runs without the lock: a Numba cfunc, a ctypes function pointer, or an address. Its
      form is void f(int64_t i, void *arg), or with chunked=True void f(int64_t begin, int64_t end, int64_t step,
      void *arg);
    - ppar.Body(function), for one of the form of ppar_body.

    arg is what a compiled function gets last: None, an address, a ctypes object, or an array, whose first element's
    address it is.

    An exception that a Python body raises comes out of the call: of several the one that the serial loop would have
    raised. Iterations after it are skipped, as far as they have not begun. KeyboardInterrupt ends the loop at once.
    """
    begin, end, step = bounds(n)
    address = body.address if isinstance(body, Body) else native_address("body", body)
    if address is None:
        threads = threads_for_python(threads)
        name = name_of(body) if name is None else name
    made = options(schedule, threads, False, step if step != 1 else 0, name)
    if address is None:
        if arg is not None:
            raise TypeError("arg: only compiled bodies take one; a Python function has what it names")
        python = PythonBody(body, range(begin, end, step), chunked)
        run_python(python, lambda place: lib.ppar_parallel_for(begin, end, place, None, made), "parallel_for")
        return
    if not isinstance(body, Body):
        form = "(int64 begin, int64 end, int64 step, voidptr arg)" if chunked else "(int64 i, voidptr arg)"
        check_form("body", body, ["i64"] * (3 if chunked else 1) + ["pointer"], None, form)
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
    try:
        indices = range(*bounds_)
    except TypeError as error:
        raise TypeError(f"bounds: {error}") from None
    except ValueError as error:
        raise ValueError(f"bounds: {error}") from None

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
    empty = not range(begin, end, step)
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
        called = name if name is not None else name_of(function)
        parts = _parts(range(begin, end, step), function, combine, reproducible, schedule, threads, called)
        if not parts:
            return initial if initial is not _NOTHING else _NUMBERS[str(op)]
        value = parts[0]
        for part in parts[1:]:
            value = combine(value, part)
    if initial is _NOTHING:
        return value
    return initial if empty else combine(initial, value)


def _reduce_compiled(begin, end, function, address, op, arg, dtype, made):
    _, returned = form_of(function)
    kinds = {"f64": "f64", "float64": "f64", "i64": "i64", "int64": "i64"}
    kind = returned or "f64" if dtype is None else kinds.get(dtype) if isinstance(dtype, str) else None
    if kind not in ("f64", "i64") or (returned and returned != kind):
        raise TypeError("dtype: a compiled function returns a double (f64) or an int64_t (i64)")
    check_form("function", function, ("i64", "pointer"), kind, "(int64 i, voidptr arg)")
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
        count = length_of(indices)
        blocks = min(count, _BLOCKS)
        cuts = [block * count // blocks for block in range(blocks + 1)] if blocks else [0]
        parallel_for(
            blocks, lambda b: fold(indices[cuts[b] : cuts[b + 1]]), schedule=schedule, threads=threads, name=name
        )
    return [values[place] for place in sorted(values)]
