# SPDX-License-Identifier: MIT
"""_options.py: schedules, pools and the number of threads."""

from __future__ import annotations

import ctypes
import functools
import operator
import threading
from typing import Any, NamedTuple, Optional, Union

from ._library import EBUSY, EINVAL, MAX_THREADS, OK, COptions, CPoolOptions, CSchedule, check, lib

_KINDS = ["auto", "static", "dynamic", "guided", "runtime"]
_ORDERS = ["", "monotonic", "nonmonotonic"]


class Schedule(NamedTuple):
    """How the iterations of a loop are divided among its threads. Made by auto, static, dynamic, guided and runtime."""

    kind: str
    chunk: int = 0
    order: str = ""

    def monotonic(self) -> "Schedule":
        """The same schedule, in which each thread's chunks come in rising order (OpenMP's monotonic modifier)."""
        return self._replace(order="monotonic")

    def nonmonotonic(self) -> "Schedule":
        """The same schedule, in which threads may take chunks in any order (OpenMP's nonmonotonic modifier)."""
        return self._replace(order="nonmonotonic")

    def __str__(self) -> str:
        """The text that OMP_SCHEDULE has for it, as "nonmonotonic:dynamic,16"."""
        return (self.order + ":" if self.order else "") + self.kind + (f",{self.chunk}" if self.chunk else "")


def text_of(name: str, value: Any) -> bytes:
    """An argument that is a text, as C has it."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: a {type(value).__name__} is no text")
    try:
        text = value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name}: {value!r} is no text that UTF-8 has ({error.reason})") from None
    if 0 in text:  # C would take what stands before it
        raise ValueError(f"{name}: {value!r} has a character 0 in it")
    return text


def number_of(name: str, value: Any) -> float:
    """An argument that is a number, maybe an infinite one, and not a text of one."""
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: {value!r} is no number") from None
    except OverflowError:
        raise ValueError(f"{name}: {value!r} is more than a double holds") from None


def _chunk(value: int) -> int:
    try:
        chunk = operator.index(value)
    except TypeError:
        raise TypeError(f"chunk: a {type(value).__name__} is no number of iterations") from None
    if not 0 <= chunk < 2**63:
        raise ValueError(f"chunk: {chunk} is out of range (0 or more)")
    return chunk


def auto() -> Schedule:
    """The library chooses: blocks of equal size, from which threads that are done steal. The default."""
    return Schedule("auto")


def static(chunk: int = 0) -> Schedule:
    """One block for each thread; with a chunk, chunks of that many iterations in turn."""
    return Schedule("static", _chunk(chunk))


def dynamic(chunk: int = 0) -> Schedule:
    """Chunks of that many iterations (1 for 0), each taken by whichever thread is free."""
    return Schedule("dynamic", _chunk(chunk))


def guided(chunk: int = 0) -> Schedule:
    """Chunks that are large first and then smaller, of at least that many iterations."""
    return Schedule("guided", _chunk(chunk))


def runtime() -> Schedule:
    """What PPAR_SCHEDULE or OMP_SCHEDULE say in the environment; auto if they say nothing."""
    return Schedule("runtime")


ScheduleLike = Union[Schedule, str, None]


def _c_schedule(schedule: ScheduleLike) -> CSchedule:
    if isinstance(schedule, str):
        parsed = CSchedule()
        if schedule.strip().lower() == "runtime":
            return CSchedule(_KINDS.index("runtime"), 0, 0)
        if lib.ppar_schedule_parse(text_of("schedule", schedule), ctypes.byref(parsed)) != OK:
            raise ValueError(
                f'schedule: "{schedule}" is none: static, dynamic, guided (each may have ",CHUNK"), auto, runtime;'
                ' "monotonic:" or "nonmonotonic:" may stand before'
            )
        return parsed
    if not isinstance(schedule, Schedule):
        raise TypeError(f"schedule: a {type(schedule).__name__} is none; ppar.dynamic(16) and its like are, and texts")
    if schedule.kind not in _KINDS or schedule.order not in _ORDERS:
        raise ValueError(f"schedule: {schedule!r} is none")
    return CSchedule(_KINDS.index(schedule.kind), _ORDERS.index(schedule.order), _chunk(schedule.chunk))


def count_of_threads(threads: int, name: str = "threads") -> int:
    """A number of threads, if it is one."""
    try:
        count = operator.index(threads)
    except TypeError:
        raise TypeError(f"{name}: a {type(threads).__name__} is no number of threads") from None
    if not 1 <= count <= MAX_THREADS:
        raise ValueError(f"{name}: {count} is out of range (1 to {MAX_THREADS})")
    return count


class Pool:
    """Threads for loops to run on: `threads` of them, the one that calls included.

    The default pool is there without a call. A pool of one's own has another number of threads, more than CPUs for
    bodies that wait for files or the network for instance. In a with statement it is the pool of the loops that the
    statement's thread starts there::

        with ppar.Pool(8):
            ppar.parallel_for(len(names), read)

    wait is "active" or "passive", bind "false", "true", "primary", "close" or "spread", places OMP_PLACES's text, all
    as in ppar/pool.h; name is what the threads are called.
    """

    def __init__(
        self,
        threads: Optional[int] = None,
        *,
        wait: Optional[str] = None,
        bind: Optional[str] = None,
        places: Optional[str] = None,
        name: Optional[str] = None,
    ) -> None:
        self._address: Optional[int] = None
        waits = [None, "active", "passive"]
        binds = [None, "false", "true", "primary", "close", "spread"]
        if wait not in waits:
            raise ValueError(f"wait: {wait!r} is out of range (active or passive)")
        if bind not in binds:
            raise ValueError(f"bind: {bind!r} is out of range ({', '.join(map(str, binds[1:]))})")
        options = CPoolOptions(size=ctypes.sizeof(CPoolOptions))
        options.threads = 0 if threads is None else count_of_threads(threads)
        options.wait, options.bind = waits.index(wait), binds.index(bind)
        options.places = None if places is None else text_of("places", places)
        options.name = None if name is None else text_of("name", name)
        pool = ctypes.c_void_p()
        status = lib.ppar_pool_create(ctypes.byref(pool), ctypes.byref(options))
        check(status, "places" if status == EINVAL and places is not None else "Pool")
        self._address = pool.value

    @property
    def threads(self) -> int:
        """How many threads a loop on the pool has when it asks for no other number."""
        return int(lib.ppar_max_threads(self.address))

    @property
    def address(self) -> int:
        """The ppar_pool *, for C."""
        if self._address is None:
            raise ValueError("the pool is closed")
        return self._address

    def close(self) -> None:
        """Ends the pool's threads. RuntimeError while a loop runs on it. A second call does nothing."""
        if self._address is not None:
            status = lib.ppar_pool_destroy(self._address)
            if status == EBUSY:
                raise RuntimeError("a loop runs on the pool")
            self._address = None

    def __enter__(self) -> "Pool":
        self.address  # a closed pool is refused
        _here.pools = getattr(_here, "pools", ()) + (self,)
        return self

    def __exit__(self, *_: object) -> None:
        # Statements need not end in the order of their beginnings, nor on their thread: generators have some, too.
        pools = getattr(_here, "pools", ())
        last = max((place for place, pool in enumerate(pools) if pool is self), default=None)
        if last is not None:
            _here.pools = pools[:last] + pools[last + 1 :]
        self.close()

    def __reduce__(self) -> Any:
        raise TypeError("a ppar.Pool can be neither copied nor pickled: its threads are those of this process")

    def __del__(self) -> None:
        try:
            if self._address is not None:
                lib.ppar_pool_destroy(self._address)
        except (AttributeError, TypeError):  # the interpreter ends
            pass


_here = threading.local()  # .pools: the with statements that this thread is inside of
_chosen: Optional[Pool] = None
_kept: dict = {}  # pools that set_num_threads has made: other threads may still use those of before


def set_num_threads(threads: Optional[int]) -> None:
    """Loops and functions of the package run on so many threads from now on, on all Python threads; None: on as many
    as PPAR_NUM_THREADS, OMP_NUM_THREADS or the CPUs say. Numba has a number of its own (numba.set_num_threads)."""
    global _chosen
    if threads is None:
        _chosen = None
        return
    count = count_of_threads(threads)
    if count not in _kept:
        _kept[count] = Pool(count)
    _chosen = _kept[count]


def get_num_threads() -> int:
    """How many threads a loop started here has when it asks for no other number."""
    return int(lib.ppar_max_threads(_pool()))


def thread_num() -> int:
    """The number of the calling thread in the loop that it runs a part of, from 0 on; 0 outside."""
    return int(lib.ppar_thread_num())


def _pool() -> Optional[int]:
    pools = getattr(_here, "pools", None)
    pool = pools[-1] if pools else _chosen
    return None if pool is None else pool.address


@functools.lru_cache(maxsize=256)
def _options(pool, schedule, threads, reproducible: bool, step: int, name):
    made = COptions(size=ctypes.sizeof(COptions))
    made.pool, made.reproducible, made.step, made.name = pool, reproducible, step, name
    if schedule is not None:
        made.schedule = _c_schedule(schedule)
    if threads is not None:
        made.threads = threads
    return made


def options(
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
    reproducible: bool = False,
    step: int = 0,
    name: Optional[str] = None,
) -> Optional[COptions]:
    """The options of a call, which are not to be changed; None where all are the defaults."""
    pool = _pool()
    if pool is schedule is threads is name is None and not reproducible and step == 0:
        return None
    if not isinstance(schedule, (Schedule, str, type(None))):
        _c_schedule(schedule)  # says what is wrong; it need not have a hash, as _options' arguments must
    if isinstance(schedule, Schedule):  # made by hand, perhaps, of anything
        schedule = Schedule(str(schedule.kind), _chunk(schedule.chunk), str(schedule.order))
    count = None if threads is None else count_of_threads(threads)
    return _options(
        pool, schedule, count, bool(reproducible), step, None if name is None else text_of("name", name)
    )
