# SPDX-License-Identifier: MIT
"""_arrays.py: where the elements of an array are, whoever made it, without copying them.

NumPy's arrays are asked by __array_interface__; everything else that has the buffer protocol (array.array, memoryview,
bytes, mmap, ctypes arrays) by PyObject_GetBuffer. NumPy is not imported for that.
"""

from __future__ import annotations

import array
import ctypes
import math
import sys
from typing import Any, NamedTuple, Optional, Tuple

from ._library import check, lib
from ._options import options

SIZES = {"f64": 8, "f32": 4, "i64": 8, "i32": 4, "i16": 2, "i8": 1, "u64": 8, "u32": 4, "u16": 2, "u8": 1, "bool": 1}
NUMBERS = tuple(kind for kind in SIZES if kind != "bool")
_OWN, _OTHER = ("<", ">") if sys.byteorder == "little" else (">", "<")
_LETTERS = {"f64": "f8", "f32": "f4", "i64": "i8", "i32": "i4", "i16": "i2", "u64": "u8", "u32": "u4", "u16": "u2"}
NUMPY_TYPES = {**{kind: _OWN + letters for kind, letters in _LETTERS.items()}, "i8": "|i1", "u8": "|u1", "bool": "|b1"}
_KIND_OF_NUMPY = {text: kind for kind, text in NUMPY_TYPES.items()}
C_TYPES = {
    "f64": ctypes.c_double, "f32": ctypes.c_float, "i64": ctypes.c_int64, "i32": ctypes.c_int32,
    "i16": ctypes.c_int16, "i8": ctypes.c_int8, "u64": ctypes.c_uint64, "u32": ctypes.c_uint32,
    "u16": ctypes.c_uint16, "u8": ctypes.c_uint8, "bool": ctypes.c_bool,
}  # fmt: skip


class View(NamedTuple):
    """An array's elements: `count` of them, the first at `data`, `stride` bytes from each to the next."""

    data: int
    stride: int
    count: int
    kind: str
    shape: Tuple[int, ...]
    numpy: bool
    owner: Any  # keeps the memory


class _Buffer(ctypes.Structure):
    """Py_buffer, which is the same in all versions of Python 3."""

    _fields_ = [
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.c_void_p),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        ("shape", ctypes.POINTER(ctypes.c_ssize_t)),
        ("strides", ctypes.POINTER(ctypes.c_ssize_t)),
        ("suboffsets", ctypes.POINTER(ctypes.c_ssize_t)),
        ("internal", ctypes.c_void_p),
    ]


_STRIDED, _WRITABLE, _FORMAT = 0x18, 0x1, 0x4  # PyBUF_STRIDES, PyBUF_WRITABLE, PyBUF_FORMAT
_get_buffer = ctypes.pythonapi.PyObject_GetBuffer
_get_buffer.argtypes = [ctypes.py_object, ctypes.POINTER(_Buffer), ctypes.c_int]
_release_buffer = ctypes.pythonapi.PyBuffer_Release
_release_buffer.argtypes = [ctypes.POINTER(_Buffer)]
_release_buffer.restype = None


class _Held:
    """A buffer that stays as it is until this object goes."""

    def __init__(self, thing: Any, writable: bool) -> None:
        self.buffer: Optional[_Buffer] = None
        buffer = _Buffer()
        _get_buffer(thing, ctypes.byref(buffer), _STRIDED | _FORMAT | (_WRITABLE if writable else 0))
        self.buffer = buffer

    def __del__(self) -> None:
        if self.buffer is not None:
            _release_buffer(ctypes.byref(self.buffer))
            self.buffer = None


def _refuse_type(name: str, what: str, allowed: Tuple[str, ...]) -> TypeError:
    return TypeError(f"{name}: elements of type {what} are not supported here ({', '.join(allowed)} are)")


def _kind_of_numpy(name: str, text: str, allowed: Tuple[str, ...]) -> str:
    kind = _KIND_OF_NUMPY.get(text)
    if kind is None or kind not in allowed:
        if text[0] == _OTHER and _OWN + text[1:] in _KIND_OF_NUMPY:
            hint = "x.astype(x.dtype.newbyteorder('=')) has this machine's"
            raise TypeError(f"{name}: the elements ({text}) have the other byte order; {hint}")
        raise _refuse_type(name, text, allowed)
    return kind


def _kind_of_format(name: str, text: str, size: int, allowed: Tuple[str, ...]) -> str:
    order, letter = (text[0], text[1:]) if text[:1] in "@=<>!" and len(text) > 1 else ("@", text)
    if order in (_OTHER, "!" if _OTHER == ">" else _OTHER) and size > 1:
        raise TypeError(f"{name}: the elements ({text}) have the other byte order")
    if letter == "?":
        kind = "bool"
    elif letter in ("f", "d"):
        kind = f"f{size * 8}"
    elif len(letter) == 1 and letter in "bhilqn":
        kind = f"i{size * 8}"
    elif len(letter) == 1 and letter in "BHILQNc":
        kind = f"u{size * 8}"
    else:
        kind = ""
    if kind not in allowed or kind not in SIZES:
        raise _refuse_type(name, f'"{text}"', allowed)
    return kind


def numpy_module() -> Any:
    """NumPy, if the program has imported it."""
    return sys.modules.get("numpy")


def _is_dense(shape: Tuple[int, ...], strides: Tuple[int, ...], size: int) -> bool:
    """Whether the elements lie side by side in C order."""
    for length, stride in zip(reversed(shape), reversed(strides)):
        if length != 1:
            if stride != size:
                return False
            size *= length
    return True


def _is_apart(stride: int, size: int, count: int) -> bool:
    return count < 2 or abs(stride) >= size


def view(name: str, x: Any, allowed: Tuple[str, ...] = NUMBERS, writable: bool = False) -> View:
    """The elements of x in C order. Arrays of several dimensions that are not in one piece are copied, unless they are
    to be written."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if not isinstance(x, numpy.ndarray) and hasattr(x, "__array_interface__"):
            x = numpy.asarray(x)
        if isinstance(x, numpy.ndarray):
            return _view_numpy(name, x, allowed, writable, numpy)
    try:
        held = _Held(x, writable)
    except (TypeError, BufferError, ValueError) as error:
        if isinstance(error, (BufferError, ValueError)) and writable:
            raise ValueError(f"{name}: the array cannot be written to ({error})") from None
        hint = "; numpy.asarray or array.array make an array of it" if isinstance(x, (list, tuple, int, float)) else ""
        raise TypeError(f"{name}: a {type(x).__name__} is no array{hint}") from None
    buffer = held.buffer
    assert buffer is not None
    text = buffer.format.decode() if buffer.format else "B"
    kind = _kind_of_format(name, text, buffer.itemsize, allowed)
    size = SIZES[kind]
    shape = tuple(buffer.shape[d] for d in range(buffer.ndim)) if buffer.ndim else ()
    if buffer.strides:
        strides = tuple(buffer.strides[d] for d in range(buffer.ndim))
    else:  # in one piece
        strides = tuple(size * math.prod(shape[d + 1 :]) for d in range(buffer.ndim))
    count = math.prod(shape)
    data = buffer.buf or 0
    if count == 0:  # wherever it is said to be: array.array() is nowhere in particular
        return View(data, size, 0, kind, shape, False, held)
    if (len(shape) == 1 or _is_dense(shape, strides, size)) and data % size == 0:
        stride = strides[0] if len(shape) == 1 and count > 1 else size
        if stride % size == 0 and (not writable or _is_apart(stride, size, count)):
            return View(data, stride, count, kind, shape, False, held)
    if writable:
        raise ValueError(f"{name}: the array is not in one piece, and cannot be written to here")
    copy = memoryview(x).tobytes()  # in C order
    address = ctypes.cast(ctypes.c_char_p(copy), ctypes.c_void_p).value or 0
    return View(address, size, count, kind, shape, False, copy)


def _view_numpy(name: str, x: Any, allowed: Tuple[str, ...], writable: bool, numpy: Any) -> View:
    interface = x.__array_interface__
    kind = _kind_of_numpy(name, interface["typestr"], allowed)
    size = SIZES[kind]
    data, read_only = interface["data"]
    shape, strides = interface["shape"], interface["strides"]
    if type(x) is not numpy.ndarray and hasattr(x, "mask"):
        raise TypeError(f"{name}: masked arrays are not supported (x.filled or x.compressed make a plain one)")
    if writable and read_only:
        raise ValueError(f"{name}: the array is read-only")
    count = math.prod(shape)
    aligned = data % size == 0
    if strides is None and aligned:
        return View(data, size, count, kind, shape, True, x)
    if count == 0:
        return View(data, size, 0, kind, shape, True, x)
    if len(shape) == 1 and aligned and (strides is None or strides[0] % size == 0):
        stride = size if count == 1 else strides[0]
        if writable and not _is_apart(stride, size, count):
            raise ValueError(f"{name}: several of the array's elements lie at one place")
        return View(data, stride, count, kind, shape, True, x)
    if writable:
        raise ValueError(f"{name}: the array is not in one piece in C order, or not aligned: it cannot be written to")
    copy = numpy.require(x, requirements=["C", "A"])
    if copy is x or copy.ctypes.data % size != 0:
        copy = x.copy()
    return View(copy.ctypes.data, size, count, kind, shape, True, copy)


def _ends(v: View) -> Tuple[int, int]:
    last = v.data + (v.count - 1) * v.stride
    return min(v.data, last), max(v.data, last) + SIZES[v.kind]


def check_overlap(out: View, *inputs: View) -> None:
    """ValueError where the output lies on an input, unless each element lies on its own."""
    for v in inputs:
        if out.count == 0 or v.count == 0 or (v.data == out.data and v.stride == out.stride and v.kind == out.kind):
            continue
        (a, b), (c, d) = _ends(out), _ends(v)
        if a < d and c < b:
            raise ValueError("out: the array overlaps an input that is not the same array")


# array.array's letters: those of C's types that have the sizes.
_TYPE_CODES = {"f64": "d", "f32": "f", "i16": "h", "i8": "b", "u16": "H", "u8": "B", "bool": "B"}
for _code in "qlih":
    _TYPE_CODES.setdefault(f"i{array.array(_code).itemsize * 8}", _code)
    _TYPE_CODES.setdefault(f"u{array.array(_code).itemsize * 8}", _code.upper())


def new(numpy: bool, kind: str, shape: Tuple[int, ...]) -> Tuple[Any, View]:
    """An array of NumPy's, or else an array.array, whose elements have no values yet."""
    count = math.prod(shape)
    if count * SIZES[kind] > sys.maxsize:
        raise MemoryError(f"an array of {count} elements is larger than the memory can be")
    if numpy:
        made = numpy_module().empty(shape, NUMPY_TYPES[kind])
    else:
        made = array.array(_TYPE_CODES[kind], bytes(SIZES[kind]) * count)
    return made, view("out", made, (kind, "u8"), True)


def output(out: Any, numpy: bool, kind: str, shape: Tuple[int, ...], *inputs: View) -> Tuple[Any, View]:
    """The array that results go to: the caller's, if it is of the kind and size, or a new one."""
    if out is None:
        return new(numpy, kind, shape)
    v = view("out", out, tuple(SIZES), True)
    if v.kind != kind:
        raise TypeError(f"out: the elements are {v.kind}, and have to be {kind}")
    if v.count != math.prod(shape) or (len(v.shape) > 1 and v.shape != shape):
        raise ValueError(f"out: the shape is {v.shape}, and has to be {shape}")
    check_overlap(v, *inputs)
    return out, v


def copy_elements(v: View, to: View, threads: Optional[int]) -> None:
    """Copies the elements, of the same size."""
    if v.count and v.data != to.data:
        status = lib.ppk_copy(v.data, v.stride, v.count, SIZES[v.kind], to.data, to.stride, options(threads=threads))
        check(status, "copy")
