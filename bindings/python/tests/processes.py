# SPDX-License-Identifier: MIT
"""processes.py: forked children, what python -m ppar prints, how the library is found, pictures."""

import ctypes.util
import multiprocessing
import os
import pathlib
import shutil
import sys
import tempfile
import unittest
import xml.dom.minidom

sys.dont_write_bytecode = True
import tap  # noqa: E402

import ppar  # noqa: E402


def total(n):
    return ppar.parallel_reduce(n, lambda i: i)


def total_of_bytes(n):
    return ppar.sum(bytes(n)) + ppar.sum(b"\1" * n)


class Forks(unittest.TestCase):
    def test_multiprocessing(self):
        context = multiprocessing.get_context("fork")
        expected = [total(n) for n in range(100, 120)]  # the parent's threads are there
        for function, results in ((total, expected), (total_of_bytes, list(range(100, 120)))):
            with context.Pool(3) as pool:
                self.assertEqual(pool.map(function, range(100, 120)), results)
                self.assertEqual([function(n) for n in range(100, 120)], results)  # and at the same time

    def test_children_with_a_pool_of_the_parents(self):
        ppar.set_num_threads(3)
        try:
            self.assertEqual(total(100), 4950)
            with multiprocessing.get_context("fork").Pool(2) as pool:
                self.assertEqual(pool.map(total, [100] * 6), [4950] * 6)
        finally:
            ppar.set_num_threads(None)

    def test_children_of_children_and_exceptions_there(self):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                grandchild = os.fork()
                try:
                    ppar.parallel_for(10, lambda i: 1 // (i - 5))
                except ZeroDivisionError:
                    status = 0 if total(100) == 4950 else 2
                if grandchild != 0:
                    status += os.waitpid(grandchild, 0)[1]
            finally:
                os._exit(status)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_children_of_a_process_whose_other_threads_run_loops(self):
        done = tap.python(
            "import os, ppar, threading, time\n"
            "begun, may_end = threading.Event(), threading.Event()\n"
            "def body(i):\n"
            "    begun.set()\n"
            "    may_end.wait(60)\n"
            "threading.Thread(target=lambda: ppar.parallel_for(2, body, threads=1)).start()\n"
            "begun.wait(60)\n"
            "if os.fork() == 0:\n"
            "    time.sleep = lambda _: os._exit(1)  # who waits for a loop that is not there\n"
            "    ppar._bodies._end()\n"
            "    os._exit(0)\n"
            "status = os.waitstatus_to_exitcode(os.wait()[1])\n"
            "may_end.set()\n"
            "raise SystemExit(status)\n"
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_spawned_processes(self):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            self.assertEqual(pool.map(total, [100]), [4950])


class Program(unittest.TestCase):
    def test_it_says_what_it_is(self):
        done = tap.python("import runpy; runpy.run_module('ppar', run_name='__main__')", PPAR_NUM_THREADS="3")
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], f"ppar {ppar.__version__}")
        self.assertEqual(lines[1], "threads: 3")
        self.assertRegex(lines[2], r"^machine: \d+ CPU")

    def test_a_library_that_is_not_there(self):
        done = tap.python("import ppar", PPAR_LIBRARY_PATH="/nowhere/libppar.so.0")
        self.assertIn("ImportError: ppar: PPAR_LIBRARY_PATH=/nowhere/libppar.so.0 cannot be loaded", done.stderr)
        self.assertIn("let PPAR_LIBRARY_PATH name the file", done.stderr)

    def test_a_library_that_is_another_one(self):
        done = tap.python("import ppar", PPAR_LIBRARY_PATH=ctypes.util.find_library("m"))
        self.assertRegex(done.stderr, r"ImportError: ppar: PPAR_LIBRARY_PATH=libm\.so\.6 (is no libppar|cannot be)")
        self.assertNotIn("Segmentation", done.stderr)

    def test_kernels_that_are_not_there(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(
                pathlib.Path(ppar.__file__).parent, pathlib.Path(folder, "ppar"), ignore=shutil.ignore_patterns("*.so*")
            )
            done = tap.python("import ppar", PYTHONPATH=folder)
        self.assertRegex(done.stderr, "ImportError: ppar: .*_kernels.so is missing.*install the package")


class Pictures(unittest.TestCase):
    def test_a_schedules_picture(self):
        for schedule in ("static", "static,5", "dynamic,10", "guided", "auto"):
            for work in ("even", "rising", lambda i: i % 3, range(100)):
                recording = ppar.show_schedule(100, schedule, 3, work, seconds=0.01)
                seen = sorted(i for chunk in recording.chunks for i in chunk.indices)
                self.assertEqual(seen, list(range(100)))
                self.assertEqual((len(recording.busy()), recording.left_out), (3, 0))
                xml.dom.minidom.parseString(recording._repr_svg_())
        static = ppar.show_schedule(90, "static", 3, seconds=0.001)
        self.assertEqual(sorted((c.indices.start, c.thread) for c in static.chunks), [(0, 0), (30, 1), (60, 2)])
        self.assertIn("static: 90 iterations in 3 chunks", static._repr_svg_())

    def test_a_loops_picture(self):
        seen = []
        recording = ppar.record(range(40, 0, -3), seen.append, schedule="dynamic,2", name="mine & <yours>")
        self.assertEqual(sorted(seen), sorted(range(40, 0, -3)))
        self.assertEqual(sorted(i for c in recording.chunks for i in c.indices), sorted(seen))
        self.assertTrue(all(0 <= c.begun <= c.ended <= recording.seconds for c in recording.chunks))
        xml.dom.minidom.parseString(recording._repr_svg_())
        xml.dom.minidom.parseString(ppar.record(0, print)._repr_svg_())
        with self.assertRaises(ZeroDivisionError):
            ppar.record(10, lambda i: 1 // (i - 5))
        with tempfile.TemporaryDirectory() as folder:
            recording.save(pathlib.Path(folder, "a.svg"))
            self.assertIn("mine &amp; &lt;yours&gt;", pathlib.Path(folder, "a.svg").read_text())

    def test_refusals(self):
        for work in ("odd", [1, 2], [-1] * 10, [float("nan")] * 10):
            with self.assertRaisesRegex(ValueError, "^work: "):
                ppar.show_schedule(10, work=work)
        for work in (5, ["a"] * 10, [None] * 10):
            with self.assertRaisesRegex(TypeError, "^work: "):
                ppar.show_schedule(10, work=work)
        for seconds, error in (("1", TypeError), (-1, ValueError), (float("inf"), ValueError)):
            with self.assertRaisesRegex(error, "^seconds: "):
                ppar.show_schedule(3, seconds=seconds)
        for n, error in ((3.0, TypeError), (range(1, 3), TypeError), (-1, ValueError), (10**12, ValueError)):
            with self.assertRaisesRegex(error, "^n: "):
                ppar.show_schedule(n)
        with self.assertRaisesRegex(ValueError, "^threads: "):
            ppar.show_schedule(3, threads=0)
        with self.assertRaisesRegex(TypeError, "^body: "):
            ppar.record(10, 12345)
        for program in (5, b"1"):
            with self.assertRaisesRegex(TypeError, "^program: "):
                ppar.trace(program)

    def test_loops_of_more_iterations_than_a_list_has(self):
        everything = range(-(2**62), 2**63 - 1)
        recording = ppar.record(everything, lambda part: None, chunked=True, schedule="static")
        self.assertEqual(recording.chunks[0].indices[0] in everything, True)
        xml.dom.minidom.parseString(recording._repr_svg_())

    def test_a_path_is_a_program_whatever_its_name(self):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "program")
            program.write_text("import ppar\nppar.sum(b'12')\nprint('done')\n")
            self.assertEqual(ppar.trace(program).output, "done\n")

    def test_a_programs_trace(self):
        picture = ppar.trace("import ppar\nppar.parallel_for(1000, str, name='my loop')\nprint('done')\n")
        xml.dom.minidom.parseString(picture._repr_svg_())
        self.assertIn("my loop", picture.text)
        self.assertEqual(picture.output, "done\n")
        with self.assertRaisesRegex(RuntimeError, "status 1:(.|\n)*ZeroDivisionError"):
            ppar.trace("1 / 0")
        with self.assertRaisesRegex(RuntimeError, "ran no loop"):
            ppar.trace("import ppar")


if __name__ == "__main__":
    tap.main()
