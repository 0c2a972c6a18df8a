# SPDX-License-Identifier: MIT
"""numba_layer.py: what Numba makes parallel, on ppar's threads."""

import multiprocessing
import os
import sys
import threading
import unittest
import warnings

sys.dont_write_bytecode = True
os.environ.setdefault("NUMBA_NUM_THREADS", "4")  # also on machines of fewer processors
import tap  # noqa: E402

import ppar  # noqa: E402

HAS_NUMBA = tap.has("numba")
if HAS_NUMBA:
    warnings.filterwarnings("ignore")
    import numba
    import numpy as np
    from numba import float64, guvectorize, int64, njit, prange, types, vectorize

    import ppar.numba

    @njit(parallel=True)
    def total(x):
        sum = 0.0
        for i in prange(len(x)):
            sum += x[i]
        return sum

    @njit(parallel=True)
    def spread(x):
        least, most, count = np.inf, -np.inf, 0
        for i in prange(len(x)):
            least = min(least, x[i])
            most = max(most, x[i])
            count += 1
        return least, most, count

    @njit(parallel=True)
    def fill(a):
        for i in prange(a.shape[0]):
            for j in prange(a.shape[1]):
                for k in prange(a.shape[2]):
                    a[i, j, k] += 10_000 * i + 100 * j + k

    @njit(parallel=True)
    def threads_inside(n):
        ids, masks = np.zeros(n, np.int64), np.zeros(n, np.int64)
        for i in prange(n):
            ids[i] = numba.get_thread_id()
            masks[i] = numba.get_num_threads()
        return ids, masks

    @njit(parallel=True)
    def between(begin, end):
        out = np.zeros(200, np.int64)
        for i in prange(begin, end):
            out[i + 100] += 1
        return out

    @njit(parallel=True)
    def nested(x, n):
        out = np.zeros(n)
        for i in prange(n):
            out[i] = total(x[i:])
        return out

    @njit(parallel=True)
    def masked(n):
        out = np.zeros(n, np.int64)
        for i in prange(n):
            numba.set_num_threads(1 + i % 2)
            out[i] = numba.get_num_threads()
        return out

    @njit(parallel=True)
    def expressions(x):
        return np.sqrt(x * x + 1).sum() + np.ones(len(x)).sum()

    @njit(parallel=True)
    def fails(n):
        out = np.zeros(n)
        for i in prange(n):
            out[i] = i
        if n > 5:
            raise ValueError("too many")
        return out

    @vectorize([float64(float64, float64), int64(int64, int64)], target="parallel")
    def add(a, b):
        return a + b

    @guvectorize([(float64[:], float64[:, :], float64[:])], "(n),(n,m)->(m)", target="parallel")
    def times(x, a, y):
        for j in range(a.shape[1]):
            y[j] = 0.0
            for i in range(a.shape[0]):
                y[j] += x[i] * a[i, j]


@unittest.skipUnless(HAS_NUMBA, "no Numba")
class Layer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.x = np.random.default_rng(1).standard_normal(100_000)

    def setUp(self):
        numba.set_num_threads(4)

    def test_the_layer_is_this_one(self):
        total(self.x)
        self.assertEqual(numba.threading_layer(), "omp")
        self.assertTrue(ppar.numba.active())

    def test_reductions(self):
        for n in (0, 1, 2, 3, 5, 100, 99_999):
            self.assertTrue(np.isclose(total(self.x[:n]), self.x[:n].sum()))
        self.assertEqual(spread(self.x), (self.x.min(), self.x.max(), 100_000))

    def test_sums_have_the_same_bits_in_every_run(self):
        self.assertEqual(len({total(self.x) for _ in range(300)}), 1)

    def test_boxes_cover_the_loop(self):
        for shape in ((0, 3, 3), (1, 1, 1), (1, 1, 90), (3, 3, 3), (50, 2, 3), (7, 11, 13), (1, 40, 1), (2, 0, 5)):
            for chunk in (0, 1, 7, 1000):
                a = np.zeros(shape, np.int64)
                numba.set_parallel_chunksize(chunk)
                try:
                    fill(a)
                    self.assertEqual(numba.get_parallel_chunksize(), chunk)
                finally:
                    numba.set_parallel_chunksize(0)
                i, j, k = np.indices(shape)
                np.testing.assert_array_equal(a, 10_000 * i + 100 * j + k)

    def test_ranges_below_zero(self):
        for begin, end in ((-100, 100), (-7, -2), (3, 3), (5, 2), (-100, -99)):
            expected = np.zeros(200, np.int64)
            expected[begin + 100 : max(begin, end) + 100] = 1
            np.testing.assert_array_equal(between(begin, end), expected)

    def test_chunks(self):
        numba.set_parallel_chunksize(50)
        try:
            self.assertTrue(np.isclose(total(self.x), self.x.sum()))
        finally:
            numba.set_parallel_chunksize(0)

    def test_masks(self):
        for count in (1, 2, 3, 4):
            numba.set_num_threads(count)
            ids, masks = threads_inside(1000)
            self.assertEqual(set(masks), {count})
            self.assertLessEqual(set(ids), set(range(count)))
            self.assertTrue(np.isclose(total(self.x), self.x.sum()))
            self.assertEqual(numba.get_num_threads(), count)
        for bad in (0, 5):
            with self.assertRaises(ValueError):
                numba.set_num_threads(bad)

    def test_masks_set_inside_stay_inside(self):
        masked(100)
        self.assertEqual(numba.get_num_threads(), 4)

    def test_masks_are_each_threads_own(self):
        seen = []

        def other():
            seen.append(numba.get_num_threads())
            numba.set_num_threads(1)

        thread = threading.Thread(target=other)
        numba.set_num_threads(2)
        thread.start()
        thread.join()
        self.assertEqual((seen, numba.get_num_threads()), ([4], 2))

    def test_nested_functions(self):
        expected = [self.x[i:].sum() for i in range(9)]
        self.assertTrue(np.allclose(nested(self.x, 9), expected))

    def test_inside_of_ppars_loops(self):
        sums = np.zeros(16)

        def body(i):
            sums[i] = total(self.x)

        ppar.parallel_for(16, body)
        self.assertTrue(np.allclose(sums, self.x.sum()))

    def test_array_expressions_and_exceptions(self):
        self.assertTrue(np.isclose(expressions(self.x), np.sqrt(self.x**2 + 1).sum() + 100_000))
        with self.assertRaises(ValueError):
            fails(10)

    def test_vectorize(self):
        for n in (0, 1, 3, 100_000):
            np.testing.assert_array_equal(add(self.x[:n], self.x[:n]), 2 * self.x[:n])
        a = np.arange(600).reshape(20, 30)
        np.testing.assert_array_equal(add(a, a[:1]), a + a[:1])
        np.testing.assert_array_equal(add(a[:, ::2], 3), a[:, ::2] + 3)

    def test_guvectorize(self):
        rng = np.random.default_rng(2)
        x, a = rng.random((500, 6)), rng.random((500, 6, 4))
        self.assertTrue(np.allclose(times(x, a), np.einsum("bi,bij->bj", x, a)))

    def test_forked_children(self):
        total(self.x)
        with multiprocessing.get_context("fork").Pool(2) as pool:
            for value in pool.map(total, [self.x] * 6):
                self.assertTrue(np.isclose(value, self.x.sum()))
        child = os.fork()
        if child == 0:
            os._exit(0 if np.isclose(total(self.x), self.x.sum()) and numba.get_num_threads() == 4 else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_several_threads(self):
        expected = total(self.x)
        wrong, done = [], []

        def call(mask):
            numba.set_num_threads(mask)
            for _ in range(200):
                value = total(self.x)
                if not np.isclose(value, expected):
                    wrong.append(value)
            done.append(mask)

        threads = [threading.Thread(target=call, args=(1 + t,)) for t in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((wrong, sorted(done)), ([], [1, 2, 3, 4]))

    def test_a_layer_that_has_started_is_left_alone(self):
        done = tap.python("import numba\nnumba.get_num_threads()\nimport ppar.numba", NUMBA_THREADING_LAYER="workqueue")
        self.assertIn("RuntimeError: ppar.numba: Numba has started its workqueue threads already", done.stderr)

    def test_more_threads_than_ppar_has(self):
        done = tap.python(
            "import ppar.numba, numba\n@numba.njit(parallel=True)\ndef f(n):\n    total = 0\n"
            "    for i in numba.prange(n):\n        total += i\n    return total\nprint(f(100000))",
            NUMBA_NUM_THREADS="5000",
        )
        self.assertEqual((done.stdout, done.stderr), ("4999950000\n", ""))

    def test_a_layer_that_was_asked_for_is_not_taken(self):
        done = tap.python(
            "import ppar.numba, numba\nnumba.get_num_threads()\nprint(ppar.numba.active(), numba.threading_layer())",
            NUMBA_THREADING_LAYER="workqueue",
        )
        self.assertEqual(done.stdout, "True omp\n", done.stderr)


@unittest.skipUnless(HAS_NUMBA, "no Numba")
class CompiledBodies(unittest.TestCase):
    def test_loops(self):
        @numba.cfunc(types.void(types.int64, types.CPointer(types.float64)))
        def square(i, y):
            y[i] = i * i

        y = np.zeros(10_000)
        ppar.parallel_for(len(y), square, y)
        np.testing.assert_array_equal(y, np.arange(10_000.0) ** 2)
        y[:] = 0
        ppar.parallel_for(len(y), square.address, y, schedule="dynamic,100")
        np.testing.assert_array_equal(y, np.arange(10_000.0) ** 2)

        @numba.cfunc(types.void(types.int64, types.int64, types.int64, types.CPointer(types.float64)))
        def squares(begin, end, step, y):
            for i in range(begin, end, step):
                y[i] += i * i

        ppar.parallel_for(range(9_999, -1, -1), squares, y, chunked=True)
        np.testing.assert_array_equal(y, 2 * np.arange(10_000.0) ** 2)
        with self.assertRaisesRegex(TypeError, "^body: .*4 arguments"):
            ppar.parallel_for(10, squares, y)

        @numba.cfunc(types.void(types.float64, types.CPointer(types.float64)))
        def other(x, y):
            y[0] = x

        with self.assertRaisesRegex(TypeError, "^body: .*f64"):
            ppar.parallel_for(10, other, y)

    def test_reductions_and_maps(self):
        @numba.cfunc(float64(int64, types.CPointer(types.float64)))
        def element(i, x):
            return x[i] * 2

        x = np.arange(1000.0)
        self.assertEqual(ppar.parallel_reduce(1000, element, "sum", x), 999_000)
        self.assertEqual(ppar.parallel_reduce(1000, element, "max", x), 1998)

        @numba.cfunc(float64(float64))
        def twice(x):
            return 2 * x

        np.testing.assert_array_equal(ppar.map(twice, x), 2 * x)
        with self.assertRaisesRegex(TypeError, "^function: "):
            ppar.map(twice, x.astype("f4"))


if __name__ == "__main__":
    tap.main()
