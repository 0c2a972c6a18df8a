# SPDX-License-Identifier: MIT
"""buffers.py: arrays that are not NumPy's, arrays that are refused, and that nothing of them is kept."""

import array
import ctypes
import gc
import sys
import threading
import tracemalloc
import unittest

sys.dont_write_bytecode = True
import tap  # noqa: E402

import ppar  # noqa: E402

np = None
if tap.has("numpy"):
    import numpy as np


@unittest.skipUnless(np, "no NumPy")
class Refusals(unittest.TestCase):
    FUNCTIONS = [ppar.sum, ppar.min, ppar.max, ppar.argmin, ppar.argmax, ppar.mean, ppar.var, ppar.cumsum, ppar.sort,
                 ppar.histogram]  # fmt: skip

    def test_types_that_are_not_supported(self):
        for dtype in (">f8", ">i4", "c16", "f2", "M8[s]", "S3", "O", "V8"):
            for function in self.FUNCTIONS:
                with self.subTest(dtype=dtype, function=function.__name__), self.assertRaisesRegex(TypeError, "^x: "):
                    function(np.zeros(3, dtype))

    def test_what_is_no_array(self):
        for x in ([1, 2], 3, None, "text", object(), {1: 2}):
            for function in self.FUNCTIONS:
                with self.subTest(x=x, function=function.__name__), self.assertRaisesRegex(TypeError, "^x: "):
                    function(x)

    def test_masked_arrays(self):
        with self.assertRaisesRegex(TypeError, "^x: masked"):
            ppar.sum(np.ma.array([1.0, 2.0], mask=[0, 1]))

    def test_empty_arrays(self):
        x = np.zeros(0)
        self.assertEqual((ppar.sum(x), ppar.dot(x, x)), (0, 0))
        self.assertEqual((len(ppar.cumsum(x)), len(ppar.sort(x))), (0, 0))
        for function in (ppar.min, ppar.max, ppar.argmin, ppar.argmax):
            with self.assertRaisesRegex(ValueError, "^x: "):
                function(x)

    def test_arrays_that_do_not_go_together(self):
        x = np.zeros(4)
        with self.assertRaisesRegex(TypeError, "^y: "):
            ppar.dot(x, x.astype("f4"))
        with self.assertRaisesRegex(ValueError, "^y: "):
            ppar.dot(x, x[:3])

    def test_outputs(self):
        x = np.arange(10.0)
        closed = np.zeros(10)
        closed.flags.writeable = False
        for function in (ppar.sort, ppar.cumsum):
            for out, error in (
                (closed, ValueError), (np.zeros(9), ValueError), (np.zeros(10, "f4"), TypeError),
                (np.zeros((2, 5)), ValueError), (np.lib.stride_tricks.as_strided(x, (10,), (0,)), ValueError),
                (bytes(80), ValueError), ([0.0] * 10, TypeError), (np.zeros(10, ">f8"), TypeError),
            ):  # fmt: skip
                with self.subTest(function=function.__name__, out=out), self.assertRaisesRegex(error, "^out: "):
                    function(x, out=out)
        with self.assertRaisesRegex(ValueError, "^out: .*overlaps"):
            ppar.cumsum(x[1:], out=x[:-1])

    def test_options(self):
        x = np.zeros(4)
        for threads in (0, -1, 5000):
            with self.assertRaisesRegex(ValueError, "^threads: "):
                ppar.sum(x, threads=threads)
        with self.assertRaisesRegex(TypeError, "^threads: "):
            ppar.sum(x, threads=1.5)
        for schedule in ("fast", "static,0", "auto,3", ""):
            with self.assertRaisesRegex(ValueError, "^schedule: "):
                ppar.sum(x, schedule=schedule)
        with self.assertRaisesRegex(TypeError, "^schedule: "):
            ppar.sum(x, schedule=5)
        with self.assertRaisesRegex(ValueError, "^chunk: "):
            ppar.dynamic(-1)
        for chunk in (2.5, "3"):
            with self.assertRaisesRegex(TypeError, "^chunk: "):
                ppar.dynamic(chunk)
            with self.assertRaisesRegex(TypeError, "^chunk: "):
                ppar.sum(x, schedule=ppar.Schedule("dynamic", chunk))

    def test_options_are_refused_also_after_equal_ones_that_are_right(self):
        x = np.zeros(4)
        ppar.sum(x, threads=2, schedule=ppar.dynamic(4))
        with self.assertRaisesRegex(TypeError, "^threads: "):
            ppar.sum(x, threads=2.0, schedule=ppar.dynamic(4))
        for schedule in (("dynamic", 4, ""), ["dynamic"], {}):
            with self.assertRaisesRegex(TypeError, "^schedule: "):
                ppar.sum(x, threads=2, schedule=schedule)

    def test_texts(self):
        x = np.zeros(4)
        for text in ("dynamic\0junk", "\ud800"):
            with self.assertRaisesRegex(ValueError, "^schedule: "):
                ppar.sum(x, schedule=text)
            with self.assertRaisesRegex(ValueError, "^name: "):
                ppar.parallel_for(3, lambda i: None, name=text)
            with self.assertRaisesRegex(ValueError, "^places: "):
                ppar.Pool(2, places=text)
        for name in ("name", "places"):
            with self.assertRaisesRegex(TypeError, f"^{name}: "):
                ppar.Pool(2, **{name: 5})
        with self.assertRaisesRegex(ValueError, "^places: "):
            ppar.Pool(2, places="{foo")
        with self.assertRaisesRegex(TypeError, "^name: "):
            ppar.parallel_for(3, lambda i: None, name=5)

    def test_numbers(self):
        x = np.zeros(4)
        for ddof, error in (("1", TypeError), (None, TypeError), (float("nan"), ValueError)):
            with self.assertRaisesRegex(error, "^ddof: "):
                ppar.var(x, ddof=ddof)
        for bins, error in (
            (2.5, TypeError), (None, TypeError), (["0", "1"], TypeError), (np.zeros((2, 2)), TypeError),
            ("auto", TypeError), (0, ValueError), (10**12, ValueError), ([1], ValueError), ([], ValueError),
            ([0, float("nan")], ValueError),
        ):  # fmt: skip
            with self.subTest(bins=bins), self.assertRaisesRegex(error, "^bins: "):
                ppar.histogram(x, bins)
        for ends, error in (
            (5, TypeError), ((1,), TypeError), (("0", "1"), TypeError), ((0, float("inf")), ValueError),
            ((1, 0), ValueError), ((-1e308, 1e308), ValueError), ((1e300, 1e300), ValueError),
            ((0, 10**400), ValueError),
        ):  # fmt: skip
            with self.subTest(range=ends), self.assertRaisesRegex(error, "^range: "):
                ppar.histogram(x, 3, ends)
        with self.assertRaisesRegex(ValueError, "^x: "):
            ppar.histogram(np.full(3, 1e20))


class WithoutNumpy(unittest.TestCase):
    def test_arrays_of_the_standard_library(self):
        x = array.array("d", [3, 1, 2])
        self.assertEqual((ppar.sum(x), ppar.min(x), ppar.argmax(x), ppar.mean(x)), (6, 1, 0, 2))
        self.assertEqual(ppar.cumsum(array.array("i", [1, 2, 3])), array.array("q", [1, 3, 6]))
        self.assertEqual(ppar.sort(x), array.array("d", [1, 2, 3]))
        counts, edges = ppar.histogram(x, 2)
        self.assertEqual((list(counts), list(edges)), ([1, 2], [1, 2, 3]))
        for code in "bhlqBHLQf":
            value = 0.5 if code == "f" else 3 if code.isupper() else -3
            self.assertEqual(ppar.sum(array.array(code, [value] * 1000)), value * 1000)

    def test_other_buffers(self):
        self.assertEqual(ppar.sum(bytes([1, 2, 3])), 6)
        self.assertEqual(ppar.max(bytearray(b"abc")), ord("c"))
        view = memoryview(array.array("i", range(10)))
        self.assertEqual(ppar.sum(view[::3]), 0 + 3 + 6 + 9)
        self.assertEqual(ppar.argmax(view[::-1]), 0)
        square = memoryview(bytes(range(12))).cast("B", (3, 4))
        self.assertEqual(ppar.sum(square), 66)
        self.assertEqual(ppar.sum((ctypes.c_int * 3)(1, 2, 3)), 6)
        with self.assertRaisesRegex(TypeError, "other byte order"):
            ppar.sum((ctypes.c_double.__ctype_be__ * 2)(1, 2))

    def test_outputs(self):
        x = array.array("d", [3, 1, 2])
        ppar.sort(x, out=memoryview(x))
        self.assertEqual(list(x), [1, 2, 3])
        with self.assertRaisesRegex(ValueError, "^out: "):
            ppar.sort(x, out=memoryview(x).toreadonly())

    def test_empty_outputs(self):
        empty = array.array("d")
        self.assertEqual(len(ppar.sort(empty, out=array.array("d"))), 0)
        self.assertEqual(len(ppar.cumsum(empty, out=empty)), 0)
        with self.assertRaisesRegex(ValueError, "^out: the shape"):
            ppar.sort(array.array("d", [1, 2]), out=empty)

    def test_numpy_is_not_imported(self):
        done = tap.python(
            "import sys, array, ppar\n"
            "x = array.array('d', range(1000)); assert ppar.sum(x) == 499500; ppar.sort(x); ppar.histogram(x)\n"
            "ppar.parallel_for(10, print); ppar.show_schedule(10, seconds=0.001)._repr_svg_()\n"
            "assert 'numpy' not in sys.modules"
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_buffers_are_given_back(self):
        x = bytearray(1000)
        ppar.sum(x)
        ppar.sort(x, out=x)
        x.append(1)  # BufferError while somebody has its memory
        references = sys.getrefcount(x)
        for _ in range(100):
            ppar.sum(x)
        self.assertEqual(sys.getrefcount(x), references)

    def test_nothing_leaks(self):
        x = array.array("d", range(1000))

        def work():
            for _ in range(200):
                ppar.sum(x), ppar.sort(x), ppar.cumsum(x), ppar.histogram(x, 3)
                ppar.parallel_for(4, lambda i: None)
                try:
                    ppar.parallel_for(4, lambda i: 1 / 0)
                except ZeroDivisionError:
                    pass

        work()
        gc.collect()
        tracemalloc.start()
        work()
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        work()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        self.assertLess(grown, 20_000)  # bytes, of 1000 calls

    def test_several_threads_call_at_once(self):
        x = array.array("d", range(100_000))
        results = []

        def call():
            for _ in range(50):
                results.append((ppar.sum(x), ppar.argmax(x), ppar.sort(x)[0]))

        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(results), {(4999950000.0, 99_999, 0.0)})
        self.assertEqual(len(results), 200)


if __name__ == "__main__":
    tap.main()
