# SPDX-License-Identifier: MIT
"""loops.py: loops with bodies in Python and compiled ones: what they run, what they raise, and that others go on."""

import array
import copy
import ctypes
import gc
import operator
import os
import pickle
import signal
import sys
import threading
import time
import unittest
import weakref

sys.dont_write_bytecode = True
import tap  # noqa: E402

import ppar  # noqa: E402

SCHEDULES = [None, "static", "static,3", "dynamic", "dynamic,5", "guided", ppar.auto(), ppar.dynamic(2).monotonic()]
RANGES = [0, 1, 2, 100, range(5, 50), range(50, 5, -1), range(0, 100, 7), range(99, -1, -7), range(3, 3), range(-5, 5),
          range(2**63 - 10, 2**63 - 1), range(-(2**63), -(2**63) + 20, 6)]  # fmt: skip


def indices(n):
    return list(n if isinstance(n, range) else range(n))


class PythonBodies(unittest.TestCase):
    def test_each_iteration_runs_once(self):
        for n in RANGES:
            for schedule in SCHEDULES:
                with self.subTest(n=n, schedule=schedule):
                    seen = []
                    ppar.parallel_for(n, seen.append, schedule=schedule, threads=3)
                    self.assertEqual(sorted(seen), sorted(indices(n)))

    def test_chunks_are_ranges(self):
        for n in RANGES:
            for schedule in SCHEDULES:
                with self.subTest(n=n, schedule=schedule):
                    seen = []
                    ppar.parallel_for(n, seen.append, chunked=True, schedule=schedule, threads=3)
                    self.assertEqual(sorted(i for part in seen for i in part), sorted(indices(n)))
                    self.assertTrue(all(len(part) > 0 for part in seen))

    def test_ranges_of_more_than_a_list_has(self):
        def body(i):
            if i > -(2**63) + 5:
                raise KeyError(i)

        with self.assertRaises(KeyError) as caught:
            ppar.parallel_for(range(-(2**63), 2**63 - 1), body, schedule="dynamic,3", threads=1)
        self.assertEqual(caught.exception.args, (-(2**63) + 6,))

    def test_prange(self):
        seen = []

        @ppar.prange(10, 0, -3, schedule=ppar.dynamic(1))
        def _(i):
            seen.append(i)

        self.assertEqual(sorted(seen), [1, 4, 7, 10])

    def test_the_first_exception_in_order_arrives(self):
        for n in (100, range(99, -1, -1), range(0, 300, 3)):
            order = indices(n)
            for schedule in SCHEDULES:
                for bad in ({order[40], order[70], order[99]}, {order[0]}, set(order)):
                    with self.subTest(n=n, schedule=schedule, bad=len(bad)):
                        first = next(i for i in order if i in bad)
                        ran = set()

                        def body(i):
                            if i in bad:
                                raise KeyError(i)
                            ran.add(i)

                        with self.assertRaises(KeyError) as caught:
                            ppar.parallel_for(n, body, schedule=schedule, threads=3)
                        self.assertEqual(caught.exception.args, (first,))
                        self.assertLessEqual(set(order[: order.index(first)]), ran)

    def test_the_traceback_names_the_body(self):
        def guilty(i):
            return 1 // (i - 7)

        names = []
        frames = None
        try:
            ppar.parallel_for(20, guilty)
        except ZeroDivisionError as error:
            frames = error.__traceback__
        while frames is not None:
            names.append(frames.tb_frame.f_code.co_name)
            frames = frames.tb_next
        self.assertIn("guilty", names)

    def test_loops_in_loops(self):
        seen = []
        ppar.parallel_for(8, lambda i: ppar.parallel_for(8, lambda j: seen.append((i, j))))
        self.assertEqual(sorted(seen), [(i, j) for i in range(8) for j in range(8)])

        def outer(i):
            ppar.parallel_for(4, lambda j: operator.truediv(1, 3 - j))

        with self.assertRaises(ZeroDivisionError):
            ppar.parallel_for(4, outer)

    def test_keyboard_interrupt_arrives(self):
        def body(i):
            if i == 10:
                os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.002)

        with self.assertRaises(KeyboardInterrupt):
            ppar.parallel_for(20_000, body)
        ppar.parallel_for(4, lambda i: None)

    def test_keyboard_interrupt_ends_long_chunks(self):
        seen = []

        def body(i):
            seen.append(i)
            if i == 0:
                os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.001)

        with self.assertRaises(KeyboardInterrupt):
            ppar.parallel_for(40_000, body, schedule="static")
        self.assertLess(len(seen), 20_000)  # another thread's chunk has as many

    def test_system_exit_arrives(self):
        def body(i):
            raise SystemExit(3)

        with self.assertRaises(SystemExit):
            ppar.parallel_for(4, body)

    def test_bodies_are_let_go(self):
        class Thing:
            def __call__(self, i):
                if i == self.bad:
                    raise ValueError(i)

        for bad in (-1, 3):
            thing = Thing()
            thing.bad = bad
            gone = weakref.ref(thing)
            gc.disable()
            try:
                try:
                    ppar.parallel_for(10, thing)
                except ValueError:
                    pass
                del thing
                self.assertIsNone(gone())
            finally:
                gc.enable()

    def test_thread_numbers(self):
        seen = set()
        ppar.parallel_for(100, lambda i: seen.add(ppar.thread_num()), schedule="static", threads=4)
        self.assertEqual(seen, {0, 1, 2, 3})
        self.assertEqual(ppar.thread_num(), 0)

    def test_threads_of_a_pool_are_there_at_the_same_time(self):
        meeting = threading.Barrier(4, timeout=60)
        with ppar.Pool(4) as pool:
            self.assertEqual(pool.threads, 4)
            self.assertEqual(ppar.get_num_threads(), 4)
            ppar.parallel_for(4, lambda i: meeting.wait(), schedule="dynamic,1")
        with self.assertRaises(ValueError):
            pool.address

    def test_set_num_threads(self):
        default = ppar.get_num_threads()
        try:
            for count in (1, 3, 1):
                ppar.set_num_threads(count)
                self.assertEqual(ppar.get_num_threads(), count)
                self.assertEqual(ppar.sum(array.array("d", range(1000))), 499500)
        finally:
            ppar.set_num_threads(None)
        self.assertEqual(ppar.get_num_threads(), default)
        for bad, error in ((0, ValueError), (5000, ValueError), ("two", TypeError)):
            with self.assertRaisesRegex(error, "^threads: "):
                ppar.set_num_threads(bad)

    def test_refusals(self):
        for n, error in ((-1, ValueError), (1.5, TypeError), (range(2**64), ValueError), ("9", TypeError)):
            with self.assertRaisesRegex(error, "^n: "):
                ppar.parallel_for(n, print)
        for body, error in ((None, TypeError), (0, ValueError), (True, TypeError), ("print", TypeError)):
            with self.assertRaisesRegex(error, "^body: "):
                ppar.parallel_for(3, body)
        with self.assertRaisesRegex(TypeError, "^arg: "):
            ppar.parallel_for(3, print, 5)
        for bounds, error in (((1.5,), TypeError), ((), TypeError), ((print,), TypeError), ((1, 2, 0), ValueError)):
            with self.assertRaisesRegex(error, "^bounds: "):
                ppar.prange(*bounds)

    def test_with_statements_that_end_out_of_order(self):
        def inner():
            with ppar.Pool(2):
                yield

        before = ppar.get_num_threads()
        suspended = inner()
        next(suspended)
        with ppar.Pool(5):
            suspended.close()
            self.assertEqual(ppar.get_num_threads(), 5)
        self.assertEqual(ppar.get_num_threads(), before)

    def test_a_loop_in_the_midst_of_another_ones_bookkeeping(self):
        # As the handler of a signal has it, or a __del__.
        class Interrupted(set):
            def add(self, body):
                set.add(self, body)
                if len(self) == 1:
                    ppar.parallel_for(2, seen.append)

        seen = []
        kept = ppar._bodies._running
        ppar._bodies._running = Interrupted()
        try:
            ended = threading.Thread(target=ppar.parallel_for, args=(2, seen.append), daemon=True)
            ended.start()
            ended.join(30)
            self.assertEqual(sorted(seen), [0, 0, 1, 1])
        finally:
            ppar._bodies._running = kept
            ppar._bodies._changes = threading.RLock()  # without the thread that may hold the old one for ever

    def test_what_belongs_to_this_process_is_not_pickled(self):
        pool = ppar.Pool(2)
        for thing in (pool, ppar.Body(ppar._library.lib.ppk_wait)):
            for copied in (pickle.dumps, copy.copy, copy.deepcopy):
                with self.assertRaisesRegex(TypeError, type(thing).__name__):
                    copied(thing)
        schedule = ppar.guided(3).monotonic()
        self.assertEqual(pickle.loads(pickle.dumps(schedule)), schedule)


BODY = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_void_p)
CHUNK = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)


class CompiledBodies(unittest.TestCase):
    """The compiled functions here are ctypes's, since every machine has those: they call Python in their turn."""

    def test_function_pointers_and_addresses(self):
        for n in RANGES:
            seen, parts = [], []
            index = BODY(lambda i, _: seen.append(i))
            ppar.parallel_for(n, index)
            ppar.parallel_for(n, ctypes.cast(index, ctypes.c_void_p).value, schedule="dynamic,3")
            self.assertEqual(sorted(seen), sorted(indices(n) * 2))
            ppar.parallel_for(n, CHUNK(lambda *c: parts.append(range(*c[:3]))), chunked=True, schedule="static,4")
            self.assertEqual(sorted(i for part in parts for i in part), sorted(indices(n)))

    def test_ppar_bodies(self):
        seen = []
        body = ppar._library.BODY(lambda chunk, _: seen.append(chunk[0].count))
        ppar.parallel_for(100, ppar.Body(body))
        self.assertEqual(sum(seen), 100)

    def test_args(self):
        numbers = array.array("q", [7] * 10)
        number, seen = ctypes.c_int64(7), []
        body = BODY(lambda i, arg: seen.append(arg and ctypes.c_int64.from_address(arg).value))
        for arg in (numbers, number, ctypes.pointer(number), ctypes.addressof(number), None):
            ppar.parallel_for(1, body, arg)
        self.assertEqual(seen, [7, 7, 7, 7, None])
        for arg, error in ((True, TypeError), (-5, ValueError), (2**70, ValueError), ("text", TypeError)):
            with self.assertRaisesRegex(error, "^arg: "):
                ppar.parallel_for(1, body, arg)

    def test_pointers_of_other_forms(self):
        c_double, c_int64, c_void_p = ctypes.c_double, ctypes.c_int64, ctypes.c_void_p
        x = array.array("d", [1, 2, 3])
        f32 = array.array("f", x)

        def pointer(*types):
            return ctypes.CFUNCTYPE(*types)(lambda *_: 0)

        for types in ((c_double, c_double), (None, c_int64), (None, c_int64, c_double), (None, ctypes.c_int, c_void_p)):
            with self.subTest(types=types), self.assertRaisesRegex(TypeError, "^body: .*int64 i, voidptr arg"):
                ppar.parallel_for(3, pointer(*types), x)
        with self.assertRaisesRegex(TypeError, "^body: "):
            ppar.parallel_for(3, BODY(lambda *_: None), x, chunked=True)
        with self.assertRaisesRegex(TypeError, "^function: "):
            ppar.Body(pointer(None, c_double, c_void_p))
        for types in ((c_double, c_double, c_double), (c_double, ctypes.c_float), (ctypes.c_float, c_double)):
            with self.subTest(types=types), self.assertRaisesRegex(TypeError, "^function: .*f64"):
                ppar.map(pointer(*types), x)
        with self.assertRaisesRegex(TypeError, "^function: .*f32"):
            ppar.map(pointer(c_double, c_double), f32)
        with self.assertRaisesRegex(TypeError, "^function: "):
            ppar.parallel_reduce(3, pointer(c_double, c_double), "sum", x)
        with self.assertRaisesRegex(TypeError, "^dtype: "):
            ppar.parallel_reduce(3, pointer(c_double, c_int64, c_void_p), dtype="i64")
        for types in ((None, c_int64, c_void_p), (ctypes.c_float, c_int64, c_void_p)):
            with self.assertRaisesRegex(TypeError, "^dtype: "):
                ppar.parallel_reduce(3, pointer(*types))
        # What a pointer says of its result is what it is taken for.
        whole = ctypes.CFUNCTYPE(c_int64, c_int64, c_void_p)(lambda i, _: i * 2)
        self.assertEqual(ppar.parallel_reduce(10, whole), 90)
        anything = ctypes.CFUNCTYPE(None, ctypes.c_size_t, ctypes.POINTER(c_double))(lambda i, y: y.__setitem__(i, 7.0))
        ppar.parallel_for(3, anything, x)
        self.assertEqual(list(x), [7.0] * 3)

    @unittest.skipUnless(tap.has("numpy"), "no NumPy")
    def test_numpys_scalars_are_kept_while_the_loop_runs(self):
        import numpy

        seen = []

        def look(_, arg):
            others = [numpy.float64(k) for k in range(100)]  # take memory that is free
            arrays = [numpy.array(k, "f8") for k in range(100)]
            seen.append(ctypes.c_double.from_address(arg).value)
            del others, arrays

        ppar.parallel_for(20, BODY(look), numpy.float64(2.5))
        self.assertEqual(seen, [2.5] * 20)

    def test_functions_of_libc_are_mapped(self):
        libm = ctypes.CDLL("libm.so.6")
        x = array.array("d", [1.0, 4.0, 9.0])
        self.assertEqual(ppar.map(libm.sqrt, x), array.array("d", [1, 2, 3]))
        self.assertEqual(ppar.map(libm.fmax, x, array.array("d", [2, 2, 2])), array.array("d", [2, 4, 9]))
        with self.assertRaisesRegex(TypeError, r"^arrays\[1\]: "):
            ppar.map(libm.fmax, x, array.array("f", [2, 2, 2]))
        with self.assertRaisesRegex(ValueError, r"^arrays\[1\]: "):
            ppar.map(libm.fmax, x, array.array("d", [2, 2]))

    def test_reductions(self):
        value = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int64, ctypes.c_void_p)
        whole = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)
        half, square = value(lambda i, _: i / 2), whole(lambda i, _: i * i - 50)
        for n in (range(1, 20), range(20, 0, -3)):
            for op, combine in (("sum", sum), ("min", min), ("max", max)):
                self.assertEqual(ppar.parallel_reduce(n, half, op), combine(i / 2 for i in n))
                self.assertEqual(ppar.parallel_reduce(n, square, op, dtype="i64"), combine(i * i - 50 for i in n))
        self.assertEqual(ppar.parallel_reduce(range(1, 11), whole(lambda i, _: i), "prod", dtype="i64"), 3628800)
        with self.assertRaisesRegex(TypeError, "^dtype: "):
            ppar.parallel_reduce(3, half, dtype="f32")
        with self.assertRaisesRegex(TypeError, "^op: "):
            ppar.parallel_reduce(3, half, operator.add)


class Reductions(unittest.TestCase):
    def test_python_functions(self):
        for schedule in SCHEDULES:
            self.assertEqual(ppar.parallel_reduce(1000, lambda i: i, schedule=schedule), 499500)
        self.assertEqual(ppar.parallel_reduce(range(1, 11), lambda i: i, "prod"), 3628800)
        self.assertEqual(ppar.parallel_reduce(10, lambda i: abs(i - 4), "min"), 0)
        self.assertEqual(ppar.parallel_reduce(10, lambda i: abs(i - 4), "max", initial=9), 9)

    def test_the_order_is_kept(self):
        for n in (100, range(50, 0, -7)):
            for schedule in SCHEDULES:
                for reproducible in (False, True):
                    text = ppar.parallel_reduce(
                        n, lambda i: f"{i} ", operator.add, initial="> ", schedule=schedule, reproducible=reproducible
                    )
                    self.assertEqual(text, "> " + "".join(f"{i} " for i in indices(n)))

    def test_reproducible(self):
        def term(i):
            return 1 / (i + 1) ** 1.5

        sums = {
            ppar.parallel_reduce(3000, term, reproducible=True, threads=t, schedule=s)
            for t in (1, 2, 5)
            for s in (None, "dynamic,7")
        }
        self.assertEqual(len(sums), 1)

    def test_nothing_to_reduce(self):
        self.assertEqual(ppar.parallel_reduce(0, print), 0)
        self.assertEqual(ppar.parallel_reduce(0, print, "prod"), 1)
        self.assertEqual(ppar.parallel_reduce(0, print, "min", initial=5), 5)
        with self.assertRaisesRegex(ValueError, "^n: "):
            ppar.parallel_reduce(0, print, "min")

    def test_exceptions(self):
        with self.assertRaises(ZeroDivisionError):
            ppar.parallel_reduce(100, lambda i: 1 / (i - 50))


class OthersGoOn(unittest.TestCase):
    def test_the_interpreters_lock_is_let_go(self):
        """Compiled code waits for a semaphore, whose address is the index; a Python thread posts it meanwhile."""
        libc = ctypes.CDLL(None)
        semaphores = (ctypes.c_char * 64 * 3)()  # sem_t has 32 bytes at most
        places = range(ctypes.addressof(semaphores), ctypes.addressof(semaphores) + 192, 64)
        for place in places:
            self.assertEqual(libc.sem_init(ctypes.c_void_p(place), 0, 0), 0)
        inside = threading.Event()

        def post():
            inside.wait(60)
            for place in places:
                time.sleep(0.01)
                libc.sem_post(ctypes.c_void_p(place))

        thread = threading.Thread(target=post)
        thread.start()
        inside.set()
        ppar.parallel_for(places, ctypes.cast(libc.sem_wait, ctypes.c_void_p).value)
        thread.join()

    def test_daemon_threads_in_loops_let_the_process_end(self):
        done = tap.python(
            "import ppar, threading, time\n"
            "begun = threading.Event()\n"
            "def body(i):\n"
            "    begun.set()\n"
            "    time.sleep(0.001)\n"
            "def forever():\n"
            "    while True: ppar.parallel_for(1000, body)\n"
            "threading.Thread(target=forever, daemon=True).start()\n"
            "begun.wait(60)\n"
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_what_is_left_at_exit_has_loops(self):
        done = tap.python(
            "import ppar\nclass Last:\n    def __del__(self):\n        seen = []\n"
            "        ppar.parallel_for(100, seen.append, schedule='dynamic,1')\n"
            "        ppar.record(100, seen.append)\n"
            "        print(sum(seen), ppar.parallel_reduce(101, lambda i: i), ppar.sum(b'12'), flush=True)\n"
            "last = Last()\nppar.parallel_for(4, str)",
            PPAR_NUM_THREADS="4",
        )
        self.assertEqual((done.returncode, done.stdout), (0, "9900 5050 99\n"), done.stderr)

    def test_functions_at_exit_have_loops(self):
        done = tap.python(
            "import atexit, sys\n"
            "atexit.register(lambda: print(ppar.parallel_reduce(100, lambda i: i)))\n"
            "import ppar\n"
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "4950\n", ""))

    def test_a_loop_that_is_cut_off_does_not_go_on_as_if_it_were_done(self):
        done = tap.python(
            "import ppar, threading, time\n"
            "begun = threading.Event()\n"
            "def body(i):\n"
            "    begun.set()\n"
            "    time.sleep(0.001)\n"
            "def work():\n"
            "    ppar.parallel_for(100_000, body, schedule='static')\n"
            "    print('all done', flush=True)\n"
            "threading.Thread(target=work, daemon=True).start()\n"
            "begun.wait(60)\n"
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_a_pool_that_is_there_lets_the_process_end(self):
        done = tap.python("import ppar\nppar.set_num_threads(4)\np = ppar.Pool(3)\nppar.parallel_for(10, str)\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    tap.main()
