# SPDX-License-Identifier: MIT
"""tap.py: runs a module's unittest cases and writes each to the file that --tap names.

    tap.main(__name__)          at the end of a module of tests
"""

import argparse
import importlib.util
import os
import sys
import unittest

sys.dont_write_bytecode = True  # nothing is written into the source tree


class Result(unittest.TextTestResult):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.lines = []

    def addSuccess(self, test):
        super().addSuccess(test)
        self.lines.append(f"ok - {test._testMethodName}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.lines.append(f"ok - {getattr(test, '_testMethodName', test)} # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.lines.append(f"not ok - {test._testMethodName}")

    def addError(self, test, err):
        super().addError(test, err)
        self.lines.append(f"not ok - {getattr(test, '_testMethodName', test)}")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.lines.append(f"not ok - {test._testMethodName} {subtest._subDescription()}")


def main(module="__main__"):
    parser = argparse.ArgumentParser()
    parser.add_argument("--tap")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[module])
    if arguments.names:
        suite = unittest.defaultTestLoader.loadTestsFromNames(arguments.names, sys.modules[module])
    result = unittest.TextTestRunner(resultclass=Result, verbosity=2).run(suite)
    if arguments.tap:
        with open(arguments.tap, "w", encoding="utf-8") as tap:
            tap.write(f"1..{len(result.lines)}\n")
            tap.writelines(line.replace("\n", " ") + "\n" for line in result.lines)
    sys.exit(0 if result.wasSuccessful() and result.lines else 1)


def has(module):
    return importlib.util.find_spec(module) is not None


def python(program, **variables):
    """Runs a program's text in an interpreter of its own; gives subprocess's CompletedProcess."""
    import subprocess

    environment = {**os.environ, **variables}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
