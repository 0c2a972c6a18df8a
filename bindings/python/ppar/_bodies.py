# SPDX-License-Identifier: MIT
"""_bodies.py: what a loop may run: Python functions, and functions that Numba or a C compiler has made."""

from __future__ import annotations

import atexit
import ctypes
import operator
import os
import sys
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Tuple, Union

from ._arrays import view
from ._library import BODY, OK, check, lib

LoopRange = Union[int, range]
_FAILED = 1  # the status of a loop whose body has raised


class Body:
    """A compiled function that is a ppar_body: void f(const ppar_chunk *chunk, void *arg). `function` is its address, a
    ctypes function pointer, or a Numba cfunc."""

    def __init__(self, function: Any) -> None:
        address = native_address("function", function)
        if address is None:
            raise TypeError("function: a ppar_body is a compiled function: an address, a ctypes pointer or a cfunc")
        check_form("function", function, ("pointer", "pointer"), None, "(const ppar_chunk *chunk, void *arg)")
        self.function = function  # keeps it
        self.address = address

    def __reduce__(self) -> Any:
        raise TypeError("a ppar.Body cannot be pickled: its address means nothing to another process")


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


def _word_of_ctypes(t: Any) -> str:
    """What a type of ctypes is to these functions: "f64", "i64" and so on, "pointer", "void"; "" for one of NumPy's or
    the user's own, which may be anything."""
    if t is None:
        return "void"
    if not isinstance(t, type) or issubclass(t, (ctypes.Structure, ctypes.Union, ctypes.Array)):
        return ""
    if issubclass(t, (ctypes._Pointer, ctypes._CFuncPtr)):  # type: ignore[attr-defined]
        return "pointer"
    letter = getattr(t, "_type_", "")
    if not isinstance(letter, str) or not letter:
        return ""
    if letter in "PzZO":
        return "pointer"
    if letter == "?":
        return "bool"
    return ("f" if letter in "fdg" else "i" if letter in "bhilq" else "u") + str(ctypes.sizeof(t) * 8)


def _word_of_numba(t: Any) -> str:
    text = str(t)
    if text.endswith("*"):
        return "pointer"
    words = {"none": "void", "void": "void", "bool": "bool", "boolean": "bool"}
    for long, short in (("float", "f"), ("uint", "u"), ("int", "i")):
        if text.startswith(long) and text[len(long) :].isdigit():
            return short + text[len(long) :]
    return words.get(text, text)


def form_of(function: Any) -> Tuple[Optional[List[str]], str]:
    """The types of a compiled function's arguments, and of its result, as words; None and "" where they are unknown."""
    signature = getattr(function, "_sig", None)  # of Numba's cfunc
    if signature is not None:
        return [_word_of_numba(t) for t in signature.args], _word_of_numba(signature.return_type)
    if isinstance(function, ctypes._CFuncPtr):  # type: ignore[attr-defined]
        given = function.argtypes
        result = _word_of_ctypes(function.restype)
        # A function of a library of which nothing has been said is said to return an int.
        return None if given is None else [_word_of_ctypes(t) for t in given], "" if result == "i32" else result
    return None, ""


_WORD = ctypes.sizeof(ctypes.c_void_p) * 8  # an address may be taken as a number
_FITS = {"i64": ("i64", "u64", ""), "pointer": ("pointer", f"i{_WORD}", f"u{_WORD}", "")}


def check_form(name: str, function: Any, arguments: Sequence[str], result: Optional[str], form: str) -> None:
    """Refuses a compiled function that says that it has other arguments, or (where it matters) another result."""
    given, returned = form_of(function)
    if given is not None:
        if len(given) != len(arguments):
            raise TypeError(f"{name}: the function takes {len(given)} arguments, and has to be of the form {form}")
        for is_of, wanted in zip(given, arguments):
            if is_of not in _FITS.get(wanted, (wanted, "")):
                raise TypeError(f"{name}: the function takes {', '.join(given)}, and has to be of the form {form}")
    if result is not None and returned and returned not in _FITS.get(result, (result,)):
        raise TypeError(f"{name}: the function returns {returned}, and has to be of the form {form}")


def address_of_arg(arg: Any) -> Tuple[Optional[int], Any]:
    """What a compiled body gets as its last argument, and what keeps that: None, an address, a ctypes object, or an
    array, whose first element it is."""
    if arg is None:
        return None, None
    if isinstance(arg, bool):
        raise TypeError("arg: a bool is no address")
    if isinstance(arg, int):
        if not 0 <= arg < 2**64:
            raise ValueError(f"arg: {arg} is no address")
        return arg, arg
    if isinstance(arg, ctypes._Pointer) or isinstance(arg, ctypes.c_void_p):  # type: ignore[attr-defined]
        return ctypes.cast(arg, ctypes.c_void_p).value, arg
    if isinstance(arg, (ctypes._SimpleCData, ctypes.Structure, ctypes.Union, ctypes.Array)):  # type: ignore
        return ctypes.addressof(arg), arg
    if hasattr(arg, "__array_interface__"):
        interface = arg.__array_interface__  # of a NumPy scalar it is what keeps the memory
        address, _ = interface["data"]
        return address, (arg, interface)
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


def length_of(indices: range) -> int:
    """len(indices), which Python refuses where it is more than a list may have."""
    return (indices[-1] - indices[0]) // indices.step + 1 if indices else 0


def name_of(function: Any) -> Optional[str]:
    """What traces and reports call a loop whose caller has given it no name: what the body is called."""
    name = getattr(function, "__name__", None)
    code = getattr(function, "__code__", None)
    if name == "<lambda>" and code is not None:
        return f"lambda {os.path.basename(code.co_filename)}:{code.co_firstlineno}"
    return name if isinstance(name, str) else None


# ---- Bodies in Python

_running: Set["PythonBody"] = set()  # of loops that run
_changes = threading.RLock()  # a signal's handler, or a __del__, may run a loop while its thread has the lock
_ending = False


def _end() -> None:
    """At exit: bodies in Python that still run, on daemon threads, come to an end before the interpreter does. A thread
    that came back to an interpreter that is gone would be ended in the midst of the loop, and with it the process. The
    main thread's loops are those of other functions that run at exit, and go on."""
    global _ending
    with _changes:
        _ending = True
        cut = [body for body in _running if body.may_be_cut]
    for body in cut:
        body.cut = body.over = True
    latest = time.monotonic() + 5  # seconds: enough for iterations that do not wait for long
    while any(body in _running for body in cut) and time.monotonic() < latest:
        time.sleep(0.001)


def threads_for_python(threads: Optional[int]) -> Optional[int]:
    """How many threads a loop of a Python body may have: one after the interpreter has begun to end, as in a __del__
    then. Python would end any other thread that came for the lock, and with it the process."""
    return 1 if sys.is_finalizing() else threads


def _begin_child() -> None:
    """In a forked child the loops of other threads are gone, and so is whoever may have held the lock."""
    global _running, _changes
    _running, _changes = set(), threading.RLock()


atexit.register(_end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_child)


class PythonBody:
    """A Python function as a ppar_body, and what it has raised."""

    def __init__(self, function: Callable[[Any], Any], indices: range, chunked: bool) -> None:
        self.function, self.begin, self.step, self.chunked = function, indices.start, indices.step, chunked
        self.count = length_of(indices)
        self.ran: Dict[int, int] = {}  # how many iterations each slot has run
        self.may_be_cut = threading.current_thread() is not threading.main_thread()
        self.cut = False  # since the interpreter exits
        self.over = False  # no further iteration is to begin, wherever it is
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
            indices = range(i, i + c.count * c.step, c.step)
            if self.chunked:
                if not self.over:
                    self.function(indices)
            else:
                function = self.function
                for i in indices:
                    if self.over:
                        break
                    function(i)
            if self.over:
                lib.ppar_cancel(chunk, _FAILED)
                return
            self.ran[c.thread] = self.ran.get(c.thread, 0) + c.count
        except BaseException as error:  # it goes to whoever has called the loop
            if not isinstance(error, Exception):
                self.stop, self.over = error, True
            self.failures[((self.begin if i is None else i) - self.begin) // self.step] = error
            lib.ppar_cancel(chunk, _FAILED)

    def finish(self, status: int, what: str) -> None:
        """Raises what the serial loop would have raised."""
        error = self.stop
        if error is None and self.failures:
            error = self.failures[min(self.failures)]
        if error is None and self.cut:
            error = SystemExit("the interpreter exits, and the loop was cut off")  # ends the thread without a word
        if error is None and status == OK and sum(self.ran.values()) != self.count:
            # Python had not got so far as to the `try` in run, where it is kept, as the interrupt came.
            error = KeyboardInterrupt()
        # The callback and this object name each other. They are to go now, with all that the body names.
        del self.callback, self.function
        if error is not None:
            self.failures, self.stop = {}, None
            try:
                raise error
            finally:
                del error
        check(status, what)


def run_python(body: PythonBody, call: Callable[[Optional[int]], int], what: str) -> None:
    """Runs the loop that call(address) is with the body."""
    with _changes:
        _running.add(body)
        if _ending and body.may_be_cut:
            body.cut = body.over = True
    try:
        status = call(body.address)
    finally:
        with _changes:
            _running.discard(body)
    body.finish(status, what)
