# SPDX-License-Identifier: MIT
"""arrays.py: functions of arrays, against NumPy's."""

import array
import math
import sys
import unittest
import warnings

sys.dont_write_bytecode = True
import tap  # noqa: E402

import ppar  # noqa: E402

np = None
if tap.has("numpy"):
    import numpy as np

FLOATS = ["f8", "f4"]
INTEGERS = ["i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"]
SIZES = [1, 2, 15, 16, 17, 1023, 1024, 1025, 40_001]


def sample(dtype, n, seed=1):
    rng = np.random.default_rng(seed)
    if dtype == "?":
        return rng.random(n) < 0.5
    if dtype in FLOATS:
        return rng.standard_normal(n).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(max(info.min, -10_000), min(info.max, 10_000), n, dtype=dtype)


def forms(x):
    """The same elements, stored otherwise."""
    yield "dense", x
    wide = np.zeros((len(x), 3), x.dtype)
    wide[:, 1] = x
    yield "strided", wide[:, 1]
    yield "reversed", x[::-1].copy()[::-1]
    if len(x) % 5 == 0:
        yield "2-D", x.reshape(5, -1)
        yield "Fortran order", np.asfortranarray(x.reshape(5, -1))
    read_only = x.copy()
    read_only.flags.writeable = False
    yield "read-only", read_only
    packed = np.zeros(len(x), np.dtype([("a", "i1"), ("x", x.dtype)]))
    packed["x"] = x
    yield "not aligned", packed["x"]


@unittest.skipUnless(np, "no NumPy")
class AgainstNumpy(unittest.TestCase):
    def each(self, dtypes, sizes=SIZES):
        for dtype in dtypes:
            for n in sizes:
                for form, x in forms(sample(dtype, n)):
                    with self.subTest(dtype=dtype, n=n, form=form):
                        yield x

    def test_sums_of_integers_are_numpys(self):
        for x in self.each([*INTEGERS, "?"]):
            self.assertEqual(ppar.sum(x), int(np.sum(x)))

    def test_integers_wrap_as_numpys(self):
        for dtype in ("i8", "u8"):
            x = np.full(1000, np.iinfo(dtype).max - 3, dtype)
            self.assertEqual(ppar.sum(x), int(np.sum(x)))

    def test_sums_of_floats_are_close(self):
        for x in self.each(FLOATS):
            exact = math.fsum(x.ravel().tolist())
            scale = math.fsum(np.abs(x).ravel().tolist()) * np.finfo(x.dtype).eps
            self.assertLessEqual(abs(ppar.sum(x) - exact), scale)
            self.assertLessEqual(abs(ppar.mean(x) - np.mean(x, dtype="f8")), scale)
            self.assertTrue(np.isclose(ppar.var(x), np.var(x, dtype="f8"), rtol=1e-6 if x.dtype == "f4" else 1e-12))

    def test_long_sums_lose_no_more_than_numpys(self):
        x = np.full(3_000_000, 0.1)
        numpys = abs(np.sum(x) - 300_000)
        for schedule in ("auto", "static", "static,100", "dynamic,1", "dynamic,100", "guided"):
            for threads in (1, 2, 5):
                with self.subTest(schedule=schedule, threads=threads):
                    how = {"schedule": schedule, "threads": threads}
                    self.assertLessEqual(abs(ppar.sum(x, **how) - 300_000), numpys)
                    self.assertLessEqual(abs(ppar.mean(x, **how) - 0.1) * len(x), numpys)
                    self.assertLessEqual(abs(ppar.dot(x, np.ones(len(x)), **how) - 300_000), numpys)

    def test_sums_are_not_told_of_as_different(self):
        done = tap.python(
            "import numpy as np, ppar\n"
            "x = np.full(300_000, 0.1)\n"
            "for schedule in ('auto', 'static,100', 'dynamic,100'):\n"
            "    ppar.sum(x, schedule=schedule, threads=4)\n"
            "    ppar.var(x, schedule=schedule, threads=4)\n",
            PPAR_CHECK="results",
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_means_and_variances_of_integers(self):
        for x in self.each([*INTEGERS, "?"], [1, 40_000]):
            self.assertTrue(np.isclose(ppar.mean(x), np.mean(x), rtol=1e-14))
            self.assertTrue(np.isclose(ppar.var(x), np.var(x), rtol=1e-12))

    def test_ddof(self):
        x = sample("f8", 100)
        self.assertTrue(np.isclose(ppar.var(x, ddof=1), np.var(x, ddof=1), rtol=1e-13))
        for n, ddof in ((1, 1), (2, 2), (2, 3), (0, 0)):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                mine, theirs = ppar.var(x[:n], ddof=ddof), np.var(x[:n], ddof=ddof)
            self.assertTrue(mine == theirs or (math.isnan(mine) and math.isnan(theirs)), (n, ddof, mine, theirs))
            self.assertIn("ppar", str(caught[0].filename) + "ppar")

    def test_the_mean_of_nothing_warns(self):
        with self.assertWarns(RuntimeWarning):
            self.assertTrue(math.isnan(ppar.mean(np.zeros(0))))

    def test_extremes(self):
        for x in self.each([*FLOATS, *INTEGERS, "?"]):
            self.assertEqual(ppar.min(x), np.min(x))
            self.assertEqual(ppar.max(x), np.max(x))
            self.assertEqual(ppar.argmin(x), np.argmin(x))
            self.assertEqual(ppar.argmax(x), np.argmax(x))

    def test_the_first_of_equal_elements(self):
        x = np.zeros(100_000)
        for schedule in ("static", "dynamic,7", "auto", "guided"):
            self.assertEqual((ppar.argmin(x, schedule=schedule), ppar.argmax(x, schedule=schedule)), (0, 0))
        x[[60_000, 7_000, 90_000]] = 1
        self.assertEqual(ppar.argmax(x, schedule="dynamic,100"), 7000)

    def test_nan(self):
        for dtype in FLOATS:
            for places in ([0], [999], [5_000, 70_000], [99_999]):
                x = sample(dtype, 100_000)
                x[places] = np.nan
                for function in (ppar.sum, ppar.min, ppar.max, ppar.mean, ppar.var):
                    self.assertTrue(math.isnan(function(x)), function)
                self.assertEqual(ppar.argmin(x), places[0])
                self.assertEqual(ppar.argmax(x), places[0])
                np.testing.assert_array_equal(ppar.sort(x), np.sort(x))

    def test_infinities(self):
        x = np.ones(5000)
        x[100] = np.inf
        self.assertEqual((ppar.sum(x), ppar.max(x), ppar.mean(x)), (np.inf, np.inf, np.inf))
        x[4000] = -np.inf
        self.assertTrue(math.isnan(ppar.sum(x)))
        self.assertEqual(ppar.min(x), -np.inf)
        self.assertEqual(ppar.sum(np.full(10, 1e308)), np.inf)

    def test_dot(self):
        for dtype in FLOATS:
            for n in SIZES:
                x, y = sample(dtype, n), sample(dtype, n, 2)
                self.assertTrue(np.isclose(ppar.dot(x, y), np.dot(x.astype("f8"), y), rtol=1e-5, atol=1e-4))
                strided = ppar.dot(x[::2], y[::2], reproducible=True)
                self.assertEqual(strided, ppar.dot(x[::2].copy(), y[::2].copy(), reproducible=True))
        for dtype in INTEGERS:
            x, y = sample(dtype, 1000), sample(dtype, 1000, 2)
            wide = "u8" if dtype[0] == "u" else "i8"
            self.assertEqual(ppar.dot(x, y[::-1]), int(np.dot(x.astype(wide), y[::-1].astype(wide))))

    def test_cumsum(self):
        for x in self.each([*FLOATS, *INTEGERS, "?"], [0, 1, 17, 40_000]):
            mine, theirs = ppar.cumsum(x), np.cumsum(x)
            self.assertEqual((mine.dtype, mine.shape), (theirs.dtype, theirs.shape))
            if x.dtype.kind == "f":
                np.testing.assert_allclose(mine, np.cumsum(x, dtype="f8"), rtol=1e-4, atol=1e-4)
            else:
                np.testing.assert_array_equal(mine, theirs)

    def test_cumsum_in_place(self):
        x = sample("f8", 100_000)
        expected = np.cumsum(x)
        self.assertIs(ppar.cumsum(x, out=x), x)
        np.testing.assert_allclose(x, expected, atol=1e-9)

    def test_sort(self):
        for x in self.each([*FLOATS, *INTEGERS, "?"], [0, 1, 17, 40_000]):
            mine = ppar.sort(x)
            self.assertEqual(mine.dtype, x.dtype)
            np.testing.assert_array_equal(mine, np.sort(x, axis=None))

    def test_sort_in_place_and_into_strided_arrays(self):
        x = sample("i4", 50_000)
        expected = np.sort(x)
        wide = np.zeros((len(x), 2), "i4")
        ppar.sort(x, out=wide[:, 1])
        np.testing.assert_array_equal(wide[:, 1], expected)
        self.assertEqual(wide[:, 0].any(), False)
        ppar.sort(x, out=x)
        np.testing.assert_array_equal(x, expected)

    def test_histograms(self):
        for x in self.each([*FLOATS, *INTEGERS, "?"], [1, 17, 40_000]):
            if x.dtype == bool:
                x = x.astype("u1")
            for bins, limits in ((10, None), (7, (-1.0, 1.0)), (1000, (0, 100)), ([-3, -1, 0, 0.5, 2], None)):
                counts, edges = ppar.histogram(x, bins, limits)
                theirs, their_edges = np.histogram(x, bins, limits)
                np.testing.assert_array_equal(counts, theirs)
                np.testing.assert_array_equal(edges, their_edges)

    def test_histograms_of_nothing_and_of_nan(self):
        counts, edges = ppar.histogram(np.zeros(0))
        np.testing.assert_array_equal(edges, np.histogram(np.zeros(0))[1])
        self.assertEqual(counts.sum(), 0)
        x = np.array([0.1, np.nan, 0.9, np.inf])
        self.assertEqual(ppar.histogram(x, 2, (0, 1))[0].tolist(), [1, 1])
        with self.assertRaisesRegex(ValueError, "x: .*not finite"):
            ppar.histogram(x)
        for bins in (0, -1, [1], [2, 1], [0, math.nan, 1]):
            with self.assertRaisesRegex(ValueError, "bins"):
                ppar.histogram(x, bins, (0, 1))
        with self.assertRaisesRegex(TypeError, "bins"):
            ppar.histogram(x, "auto")
        with self.assertRaisesRegex(ValueError, "range"):
            ppar.histogram(x, 2, (1, 0))

    def test_map(self):
        for n in (0, 1, 1000, 100_000):
            for form, x in forms(sample("f8", n)):
                with self.subTest(n=n, form=form):
                    np.testing.assert_array_equal(ppar.map(np.sqrt, abs(x)), np.sqrt(abs(x)))
                    np.testing.assert_array_equal(ppar.map(np.add, x, x), x + x)
                    np.testing.assert_array_equal(ppar.map(lambda a: a > 0, x), x > 0)

    def test_map_takes_all_types_of_numpys(self):
        x = sample("f8", 100_000) + 1j
        np.testing.assert_array_equal(ppar.map(np.conj, x), np.conj(x))
        out = np.zeros(100_000, ">f4")
        self.assertIs(ppar.map(np.real, x, out=out), out)
        self.assertTrue(np.allclose(out, x.real))
        zero = np.array(4.0)
        self.assertEqual(ppar.map(np.sqrt, zero), 2.0)

    def test_map_refuses_what_does_not_fit(self):
        x = sample("f8", 50_000)
        with self.assertRaisesRegex(ValueError, r"arrays\[1\]"):
            ppar.map(np.add, x, x[1:])
        with self.assertRaisesRegex(ValueError, "function"):
            ppar.map(lambda a: a[:1], x)
        with self.assertRaisesRegex(ValueError, "out"):
            ppar.map(np.sqrt, x, out=np.zeros(3))
        with self.assertRaisesRegex(ValueError, "out.*overlaps"):
            ppar.map(np.sqrt, x[1:], out=x[:-1])
        x.flags.writeable = False
        with self.assertRaisesRegex(ValueError, "out.*read-only"):
            ppar.map(np.sqrt, x, out=x)
        for out in ([0.0] * len(x), 5.0, "text", b"text", np.float64(5)):
            with self.assertRaisesRegex(TypeError, "^out: "):
                ppar.map(np.sqrt, x, out=out)
        with self.assertRaisesRegex(TypeError, "^function: .*2 results"):
            ppar.map(np.modf, x)
        with self.assertRaisesRegex(TypeError, "^function: .*float64.*int64"):
            ppar.map(lambda a: a / 2, x, out=np.zeros(len(x), "i8"))
        with self.assertRaisesRegex(TypeError, "^function: .*float64.*int64"):  # of one type for the first element
            ppar.map(lambda a: a if len(a) > 1 else a.astype("i8"), x)
        into = array.array("d", bytes(8 * len(x)))
        np.testing.assert_array_equal(ppar.map(np.negative, x, out=into), -x)
        self.assertEqual(into[5], -x[5])
        with self.assertRaises(ZeroDivisionError):
            ppar.map(lambda a: a if len(a) == 1 else 1 / 0, x)

    def test_reproducible_sums_are_the_same_for_all_threads(self):
        for dtype in FLOATS:
            x = sample(dtype, 300_001)
            ways = [(t, s) for t in (1, 2, 3, 8) for s in (None, "dynamic,9")]
            sums = {ppar.sum(x, reproducible=True, threads=t, schedule=s) for t, s in ways}
            self.assertEqual(len(sums), 1)
            self.assertEqual({ppar.sum(x[::-1].copy()[::-1], reproducible=True)}, sums)
            self.assertEqual(len({ppar.dot(x, x, reproducible=True, threads=t) for t in (1, 2, 5)}), 1)
            self.assertEqual(len({ppar.var(x, reproducible=True, threads=t) for t in (1, 2, 5)}), 1)
            self.assertEqual(len({ppar.cumsum(x, reproducible=True, threads=t).tobytes() for t in (1, 2, 5)}), 1)

    def test_schedules_and_threads_change_nothing(self):
        x = sample("i8", 10_001)
        for schedule in (ppar.auto(), ppar.static(), ppar.static(3), ppar.dynamic(100), ppar.guided(5), ppar.runtime()):
            for threads in (1, 2, 7):
                self.assertEqual(ppar.sum(x, schedule=schedule, threads=threads), int(x.sum()))


if __name__ == "__main__":
    tap.main()
