# SPDX-License-Identifier: MIT
"""Counts what `meson test` ran, case by case, and shows what failed.

    report.py BUILD_DIR

A test that was given --tap=FILE has written its cases there: one counts for each. Any other test is one
case. A test that crashed, timed out, wrote fewer cases than it announced or ran none has failed. Exits with
1 when anything failed or nothing ran.
"""

import json
import pathlib
import re
import sys

OUTPUT_LINES = 60  # of a failed test's output, from its end


class Outcome:
    """A test's cases."""

    def __init__(self):
        self.passed = 0
        self.skipped = []  # which cases, and why where they say so
        self.failures = []  # what failed, one text each

    def read_tap(self, path):
        planned = None
        last = "the first one"
        for line in path.read_text(errors="replace").splitlines() if path.exists() else []:
            if plan := re.match(r"1\.\.(\d+)", line):
                planned = int(plan[1])
                continue
            if case := re.match(r"(?:not )?ok\W+(\S+)", line):
                last = "what follows " + case[1]
            if line.startswith("not ok"):
                self.failures.append(re.sub(r"^not ok\W*", "", line))
            elif skip := re.match(r"ok\W*(.*?) *# SKIP *(.*)", line):
                self.skipped.append(f"{skip[1]}: {skip[2]}" if skip[2] else skip[1])
            elif re.match(r"ok\b", line):
                self.passed += 1
        ran = self.passed + len(self.skipped) + len(self.failures)
        if planned is None or ran == 0:
            self.failures.append("no case was reported")
        elif ran < planned:
            self.failures.append(f"{planned - ran} of {planned} cases were not reported, from {last} on")


def read(test):
    outcome = Outcome()
    good = test["result"] in ("OK", "EXPECTEDFAIL")
    tap = [argument[len("--tap="):] for argument in test["command"] if argument.startswith("--tap=")]
    if tap:
        outcome.read_tap(pathlib.Path(tap[0]))
    elif good:
        outcome.passed = 1
    elif test["result"] == "SKIP":
        outcome.skipped.append(test["name"])
    if not good and test["result"] != "SKIP" and not outcome.failures:
        outcome.failures.append(f"ended with {test['result']}, status {test['returncode']}")
    return outcome


def show(test, outcome):
    print(f"\n== failed: {test['name']} ({test['result']})")
    for failure in outcome.failures:
        print(f"  {failure}")
    lines = test.get("stdout", "").splitlines() + test.get("stderr", "").splitlines()
    if len(lines) > OUTPUT_LINES:
        print(f"  | ... {len(lines) - OUTPUT_LINES} lines before")
    for line in lines[-OUTPUT_LINES:]:
        print(f"  | {line}")


def main(build_dir):
    passed = failed = 0
    skipped = []
    for log in sorted(pathlib.Path(build_dir, "meson-logs").glob("testlog*.json")):
        for line in log.read_text(errors="replace").splitlines():
            test = json.loads(line)
            outcome = read(test)
            passed += outcome.passed
            skipped += outcome.skipped
            failed += len(outcome.failures)
            if outcome.failures:
                show(test, outcome)
    if failed:
        print()
    if skipped:
        print("== skipped")
    for case in skipped:
        print(f"  {case}")
    print(f"{passed} passed, {failed} failed" + (f", {len(skipped)} skipped" if skipped else ""))
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
