# SPDX-License-Identifier: MIT
"""_pictures.py: pictures of how loops ran, for notebooks: of single loops as this module records them, and of whole
programs as the library's own trace (PPAR_TRACE) has them."""

from __future__ import annotations

import ctypes
import html
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import Any, Callable, List, NamedTuple, Optional, Sequence, Union

from ._bodies import (
    Body,
    LoopRange,
    PythonBody,
    address_of_arg,
    bounds,
    length_of,
    name_of,
    native_address,
    run_python,
    threads_for_python,
)
from ._library import check, lib
from ._loops import parallel_for
from ._options import Pool, ScheduleLike, get_num_threads, number_of, options

# Eight colours that are told apart by most people, of equal weight; slots beyond take them again.
_COLOURS = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee8866", "#777777"]
_MOST_CHUNKS = 100_000
_MOST_DRAWN = 4000  # bars: more than a screen has columns


class _Event(ctypes.Structure):
    _fields_ = [
        ("begun", ctypes.c_double),
        ("ended", ctypes.c_double),
        ("begin", ctypes.c_int64),
        ("step", ctypes.c_int64),
        ("count", ctypes.c_int64),
        ("thread", ctypes.c_int64),
    ]


class RecordedChunk(NamedTuple):
    """A chunk that a loop ran: which iterations, in which slot (the loop's thread), and from when to when in seconds
    since the first chunk began."""

    indices: range
    thread: int
    begun: float
    ended: float


class Recording:
    """What `record` and `show_schedule` give: the chunks of one loop, as they began. A notebook shows it as a picture:
    above, what each thread did when; below, which thread ran which iterations."""

    def __init__(self, chunks: List[RecordedChunk], n: range, threads: int, title: str, left_out: int = 0) -> None:
        self.chunks = chunks
        self.indices = n
        self.threads = threads
        self.title = title
        self.left_out = left_out  # chunks for which there was no room
        self.seconds = max((c.ended for c in chunks), default=0.0)

    def __repr__(self) -> str:
        return f"<{self.title}: {len(self.chunks)} chunks, {self.threads} threads, {self.seconds * 1e3:.3f} ms>"

    def busy(self) -> List[float]:
        """The seconds that each thread spent in its chunks."""
        busy = [0.0] * self.threads
        for c in self.chunks:
            busy[c.thread] += c.ended - c.begun
        return busy

    def save(self, path: Union[str, os.PathLike]) -> None:
        """Writes the picture to an SVG file."""
        pathlib.Path(path).write_text(self._repr_svg_(), encoding="utf-8")

    def _repr_svg_(self) -> str:
        left, width, row, top = 78, 640, 22, 34
        rows_end = top + row * self.threads
        strip, height = rows_end + 46, rows_end + 96
        scale = width / self.seconds if self.seconds > 0 else 0.0
        n = length_of(self.indices)
        every = max(1, len(self.chunks) // _MOST_DRAWN)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 20}" height="{height}"'
            f' viewBox="0 0 {left + width + 20} {height}" font-family="sans-serif" font-size="12">',
            f'<rect width="{left + width + 20}" height="{height}" fill="#ffffff"/>',
            f'<text x="{left}" y="20" fill="#222222" font-size="13">{html.escape(self._caption())}</text>',
        ]
        for thread in range(self.threads):
            y = top + row * thread
            parts.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end" fill="#222222">thread {thread}</text>')
            parts.append(f'<rect x="{left}" y="{y + 2}" width="{width}" height="{row - 4}" fill="#eeeeee"/>')
        for c in self.chunks[::every]:
            colour = _COLOURS[c.thread % len(_COLOURS)]
            x, w = left + c.begun * scale, max(0.3, (c.ended - c.begun) * scale)
            edge = ' stroke="#ffffff" stroke-width="0.6"' if w > 3 else ""
            said = f"{_words(c.indices)}, {(c.ended - c.begun) * 1e6:.1f} µs"
            parts.append(
                f'<rect x="{x:.2f}" y="{top + row * c.thread + 2}" width="{w:.2f}" height="{row - 4}"'
                f' fill="{colour}"{edge}>'
                f"<title>{html.escape(said)}</title></rect>"
            )
        parts.append(f'<text x="{left}" y="{rows_end + 14}" fill="#555555">0</text>')
        parts.append(
            f'<text x="{left + width}" y="{rows_end + 14}" text-anchor="end" fill="#555555">'
            f"{self.seconds * 1e3:.3g} ms</text>"
        )
        parts.append(f'<text x="{left - 8}" y="{strip + 15}" text-anchor="end" fill="#222222">iterations</text>')
        for c in self.chunks[::every]:
            place = (c.indices.start - self.indices.start) // self.indices.step
            x, w = left + width * place / n, max(0.3, width * length_of(c.indices) / n)
            edge = ' stroke="#ffffff" stroke-width="0.4"' if w > 3 else ""
            parts.append(
                f'<rect x="{x:.2f}" y="{strip}" width="{w:.2f}" height="{row - 2}"'
                f' fill="{_COLOURS[c.thread % len(_COLOURS)]}"{edge}/>'
            )
        if n:
            parts.append(f'<text x="{left}" y="{strip + 34}" fill="#555555">{self.indices[0]}</text>')
            parts.append(
                f'<text x="{left + width}" y="{strip + 34}" text-anchor="end" fill="#555555">{self.indices[-1]}</text>'
            )
        parts.append("</svg>")
        return "\n".join(parts)

    def _caption(self) -> str:
        dropped = f" (and {self.left_out} more)" if self.left_out else ""
        return f"{self.title}: {length_of(self.indices)} iterations in {len(self.chunks)} chunks{dropped}"


def _words(indices: range) -> str:
    return f"iteration {indices[0]}" if length_of(indices) == 1 else f"iterations {indices[0]} to {indices[-1]}"


def _recorded(n: LoopRange, schedule: ScheduleLike, threads: Optional[int], name: Optional[str], run: Callable) -> Any:
    """Calls run(events, capacity, count, made), which runs the loop; gives the recording."""
    begin, end, step = bounds(n)
    indices = range(begin, end, step)
    made = options(schedule, threads, False, step if step != 1 else 0, name)
    capacity = min(length_of(indices), _MOST_CHUNKS)
    events = (_Event * max(1, capacity))()
    count = ctypes.c_int64()
    run(ctypes.addressof(events), capacity, ctypes.addressof(count), made)
    kept = sorted(events[: min(count.value, capacity)], key=lambda e: e.begun)
    zero = kept[0].begun if kept else 0.0
    chunks = [
        RecordedChunk(range(e.begin, e.begin + e.count * e.step, e.step), e.thread, e.begun - zero, e.ended - zero)
        for e in kept
    ]
    title = "auto" if schedule is None else str(schedule)
    left_out = count.value - len(chunks)
    title = title if name is None else f"{name}, {title}"
    return Recording(chunks, indices, threads or get_num_threads(), title, left_out)


def record(
    n: LoopRange,
    body: Any,
    arg: Any = None,
    *,
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
    chunked: bool = False,
    name: Optional[str] = None,
) -> Recording:
    """parallel_for, which also notes for each chunk which thread ran it and when; returns the Recording. The notes take
    about 0.1 microseconds a chunk. Compiled bodies are those of the form of ppar_body (ppar.Body)."""
    begin, end, step = bounds(n)
    if isinstance(body, Body):
        pointer, keeper = address_of_arg(arg)

        def run(events, capacity, count, made):
            check(lib.ppk_record(begin, end, body.address, pointer, events, capacity, count, made), "record")

        recording = _recorded(n, schedule, threads, name, run)
        del keeper
        return recording
    if native_address("body", body) is not None:
        raise TypeError("body: a compiled body is recorded as ppar.Body(function), of the form of ppar_body")
    if arg is not None:
        raise TypeError("arg: only compiled bodies take one; a Python function has what it names")

    def run_in_python(events, capacity, count, made):
        python = PythonBody(body, range(begin, end, step), chunked)
        run_python(
            python, lambda place: lib.ppk_record(begin, end, place, None, events, capacity, count, made), "record"
        )

    threads = threads_for_python(threads)
    return _recorded(n, schedule, threads, name if name is not None else name_of(body), run_in_python)


def show_schedule(
    n: int,
    schedule: ScheduleLike = None,
    threads: Optional[int] = None,
    work: Union[str, Sequence[float], Callable[[int], float]] = "even",
    seconds: float = 0.1,
) -> Recording:
    """Runs n iterations under a schedule on so many threads, each of which takes a while, and returns the Recording.

    work says how long they take beside each other: "even", "rising", "falling", a function of i, or n numbers; all
    together they take `seconds` on one thread. The iterations wait and do not compute, so that the picture is that of a
    machine of at least as many processors as threads, whatever this one has.
    """
    begin, end, step = bounds(n)
    if (begin, step) != (0, 1):
        raise TypeError("n: a number of iterations")
    if end > _MOST_CHUNKS:
        raise ValueError(f"n: {end} is out of range (0 to {_MOST_CHUNKS})")
    count = end
    seconds = number_of("seconds", seconds)
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"seconds: {seconds} is out of range (0 or more, and finite)")
    if isinstance(work, str):
        shapes = {"even": lambda i: 1.0, "rising": lambda i: i + 1.0, "falling": lambda i: float(count - i)}
        if work not in shapes:
            raise ValueError(f"work: {work!r} is none (even, rising, falling, a function of i, or {count} numbers)")
        work = shapes[work]
    numbers = [work(i) for i in range(count)] if callable(work) else work
    try:
        numbers = list(numbers)
    except TypeError:
        raise TypeError(f'work: "even", "rising", "falling", a function of i, or {count} numbers') from None
    weights = [number_of("work", w) for w in numbers]
    if len(weights) != count:
        raise ValueError(f"work: {len(weights)} numbers are not one for each of {count} iterations")
    if any(not 0 <= w < float("inf") for w in weights):
        raise ValueError("work: a time is not a number, negative or infinite")
    total = sum(weights) or 1.0
    times = (ctypes.c_double * max(1, count))(*[w * seconds / total for w in weights])
    with Pool(get_num_threads() if threads is None else threads, name="schedule") as pool:
        # The first loop of a pool waits for its threads to start, which is not what the picture is about.
        starts = (ctypes.c_double * pool.threads)(*[1e-3] * pool.threads)
        parallel_for(pool.threads, Body(lib.ppk_wait), starts, schedule="dynamic,1")
        return record(n, Body(lib.ppk_wait), times, schedule=schedule, threads=pool.threads)


class Picture:
    """An SVG picture, which a notebook shows. `output` is what the traced program printed, `text` the SVG itself."""

    def __init__(self, text: str, output: str = "") -> None:
        self.text = text
        self.output = output

    def __repr__(self) -> str:
        return f"<picture: {len(self.text)} bytes of SVG>"

    def save(self, path: Union[str, os.PathLike]) -> None:
        """Writes the picture to an SVG file."""
        pathlib.Path(path).write_text(self.text, encoding="utf-8")

    def _repr_svg_(self) -> str:
        return self.text


def trace(program: Union[str, os.PathLike], *arguments: str, timeout: Optional[float] = None) -> Picture:
    """Runs a Python program with the library's trace on, and returns its picture of all loops, regions and tasks.

    program is a file (*.py), or the program's text. It runs in a new interpreter: the library starts its trace as it is
    loaded and writes it at exit, so that a trace is of a whole process. RuntimeError where the program fails or runs no
    loop; its output is the exception's text, or the picture's .output.
    """
    if not isinstance(program, (str, os.PathLike)):
        raise TypeError(f"program: a {type(program).__name__} is neither a file nor the text of a program")
    text = os.fsdecode(program)
    is_file = isinstance(program, os.PathLike) or (text.endswith(".py") and "\n" not in text)
    command = [sys.executable, text] if is_file else [sys.executable, "-c", text]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "trace.svg")
        environment = {**os.environ, "PPAR_TRACE": f"svg:{path}"}
        package = str(pathlib.Path(__file__).resolve().parents[1])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), package]))
        done = subprocess.run(
            [*command, *arguments], env=environment, capture_output=True, text=True, timeout=timeout, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"the program ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
        if not path.exists():
            raise RuntimeError(f"the program ran no loop, so there is nothing to show:\n{done.stdout}{done.stderr}")
        return Picture(path.read_text(encoding="utf-8"), done.stdout)
