# SPDX-License-Identifier: MIT
"""random_numbers.py: streams of random numbers: the library's, from Python."""

import array
import copy
import pickle
import sys
import unittest

sys.dont_write_bytecode = True
import tap  # noqa: E402

import ppar  # noqa: E402

np = None
if tap.has("numpy"):
    import numpy as np


class Streams(unittest.TestCase):
    def test_the_first_number_is_philoxs(self):
        # The published vector for a counter and a key of zeros: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
        self.assertEqual(list(ppar.Rng(0, 0).bits(2)), [0xE169C58D6627E8D5, 0x9B00DBD8BC57AC4C])

    def test_one_by_one_as_an_array(self):
        for method in ("random", "normal", "exponential"):
            one, many = ppar.Rng(7, 3), ppar.Rng(7, 3)
            self.assertEqual([getattr(one, method)() for _ in range(1000)], list(getattr(many, method)(1000)))
        one, many = ppar.Rng(7, 3), ppar.Rng(7, 3)
        self.assertEqual([one.below(10) for _ in range(1000)], list(many.below(10, 1000)))

    def test_any_number_of_threads(self):
        for draw in (lambda rng, t: rng.random(200_000, threads=t), lambda rng, t: rng.permutation(100_000, threads=t)):
            self.assertEqual(len({bytes(draw(ppar.Rng(1), t)) for t in (1, 2, 5)}), 1)

    def test_skip(self):
        there, walked = ppar.Rng(5), ppar.Rng(5)
        there.skip(1001)
        walked.random(1001)
        self.assertEqual(there.random(), walked.random())
        walked.skip(-1002)
        self.assertEqual(walked.random(), ppar.Rng(5).random())
        self.assertIn("number 1002", repr(there))

    def test_streams_in_loops(self):
        def walks(schedule, threads):
            ends = array.array("d", [0]) * 50

            def walk(i):
                rng = ppar.Rng(11, i)
                ends[i] = sum(rng.normal() for _ in range(10))

            ppar.parallel_for(50, walk, schedule=schedule, threads=threads)
            return bytes(ends)

        self.assertEqual(len({walks(s, t) for s in (None, "static,3", "dynamic") for t in (1, 2, 4)}), 1)

    def test_shuffle(self):
        x = array.array("i", range(1000))
        ppar.Rng(3).shuffle(x)
        self.assertEqual(sorted(x), list(range(1000)))
        self.assertNotEqual(list(x), list(range(1000)))
        self.assertEqual(list(ppar.Rng(3).permutation(1000)), list(x))

    def test_outputs(self):
        out = array.array("f", bytes(400))
        self.assertIs(ppar.Rng(1).random(out=out, dtype="f32"), out)
        self.assertTrue(all(0 <= v < 1 for v in out) and len(set(out)) > 90)
        for bad, error in ((array.array("d", bytes(800)), TypeError), (bytes(400), ValueError), ([0.0], TypeError)):
            with self.assertRaisesRegex(error, "^out: "):
                ppar.Rng(1).random(out=bad, dtype="f32")

    def test_refusals(self):
        rng = ppar.Rng(1)
        for call, error, what in (
            (lambda: ppar.Rng(-1), ValueError, "seed"), (lambda: ppar.Rng(2**64), ValueError, "seed"),
            (lambda: ppar.Rng("a"), TypeError, "seed"), (lambda: ppar.Rng(1, 1.5), TypeError, "stream"),
            (lambda: rng.below(0), ValueError, "n"), (lambda: rng.random(-1), ValueError, "size"),
            (lambda: rng.random(5, dtype="i64"), TypeError, "dtype"), (lambda: rng.shuffle([1, 2]), TypeError, "x"),
            (lambda: rng.bits(None), TypeError, "size"),
            (lambda: rng.shuffle(b"abc"), ValueError, "x"), (lambda: rng.permutation(-1), ValueError, "n"),
        ):  # fmt: skip
            with self.subTest(what=what), self.assertRaisesRegex(error, f"^{what}: "):
                call()
        for call in (lambda: rng.permutation(2**61), lambda: rng.random((2**40, 2**40))):
            with self.assertRaises(MemoryError):
                call()

    def test_a_copy_goes_on_by_itself(self):
        rng = ppar.Rng(5, 6)
        rng.random()
        copies = [copy.copy(rng), copy.deepcopy(rng), pickle.loads(pickle.dumps(rng))]
        expected = rng.random()
        self.assertEqual([other.random() for other in copies], [expected] * 3)


@unittest.skipUnless(np, "no NumPy")
class Arrays(unittest.TestCase):
    def test_types_and_shapes(self):
        rng = ppar.Rng(2)
        for dtype in (np.float64, np.float32, "f32", np.dtype("f8")):
            x = rng.normal((30, 40), dtype=dtype)
            self.assertEqual((x.shape, x.dtype), ((30, 40), np.dtype("f4" if dtype == "f32" else dtype)))
        self.assertEqual(rng.bits(5, dtype=np.uint32).dtype, np.uint32)
        self.assertEqual(rng.below(10, 3).dtype, np.uint64)
        with self.assertRaisesRegex(ValueError, "^out: .*side by side"):
            rng.random(out=np.zeros(10)[::2])

    def test_the_distributions_are_what_they_say(self):
        n = 1_000_000
        for x, mean, variance in (
            (ppar.Rng(1).random(n), 1 / 2, 1 / 12), (ppar.Rng(2).normal(n), 0, 1), (ppar.Rng(3).exponential(n), 1, 1),
            (ppar.Rng(4).below(7, n).astype("f8"), 3, 4),
        ):  # fmt: skip
            self.assertLess(abs(x.mean() - mean), 6 * (variance / n) ** 0.5)  # standard deviations of the mean
            self.assertLess(abs(x.var() - variance), 0.02 * variance)


if __name__ == "__main__":
    tap.main()
