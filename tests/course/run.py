#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py: runs the course's lessons and checks all that their texts claim. scripts/course builds and calls it.

    run.py [--tap=FILE] [--pictures] [--listings] SOURCE_ROOT BUILD_ROOT [LESSON...]

LESSON is a number or a name: 3, 03-wrong-sum. --pictures makes the pictures in docs/course/pictures anew,
--listings writes the programs' text into the lessons, where it has changed.
"""

import argparse
import pathlib
import re
import runpy
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
import machine  # noqa: E402
from course import FAILS, HOLDS, ONE_CPU, UNSEEN, Course, NotBuilt  # noqa: E402


def lessons_of(here, wanted):
    """The lessons' files, in order; only those that are wanted."""
    files = sorted((here / "lessons").glob("[0-9][0-9]_*.py"))
    if not wanted:
        return files
    found = [file for file in files for one in wanted
             if one.replace("-", "_") == file.stem or (one.isdigit() and int(one) == int(file.stem[:2]))]
    if len(set(found)) < len(set(wanted)):
        sys.exit("course: no such lesson; there are " + ", ".join(file.stem.replace("_", "-") for file in files))
    return found


def whole(source, files):
    """What no lesson can check of itself: that nothing is left out."""
    names = [file.stem.replace("_", "-", 1).replace("_", "-") for file in files]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (source / "docs/course").glob("*.md")}
    links = re.findall(r"\]\((\d\d-[\w-]+)\.md\)", texts.get("README", ""))
    every = " ".join(texts.values())
    programs = [path.name for path in (source / "examples/course").glob("*.c") if path.name not in every]
    cases = {
        "docs/course/README.md lists every lesson.": sorted(set(names) ^ set(links)),
        "Every lesson's text has checks.": sorted(name for name in texts if name[:2].isdigit() and name not in names),
        "Every program stands in a lesson.": programs,
    }
    print("the course")
    for sentence, wrong in cases.items():
        Course.tell("course", FAILS if wrong else HOLDS, sentence, ", ".join(wrong))


def write_tap(path):
    lines = [f"1..{len(Course.results)}"]
    for lesson, outcome, sentence, reason in Course.results:
        skip = f" # SKIP {' '.join(reason.split())}" if outcome == UNSEEN else ""
        lines.append(("not ok" if outcome == FAILS else "ok") + f" - {lesson}: {sentence.replace('#', 'no.')}{skip}")
    pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def run_lesson(file):
    name = file.stem.replace("_", "-")
    print(name)
    try:
        runpy.run_path(str(file))
    except NotBuilt as program:
        Course.tell(name, UNSEEN, "What else it claims.", f"{program} was not built, for want of what it needs")
    except Exception:  # whatever it is, the other lessons go on
        Course.tell(name, FAILS, "Its checks come to their end.", traceback.format_exc())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tap", metavar="FILE")
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--listings", action="store_true")
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("lessons", nargs="*", metavar="LESSON")
    arguments = parser.parse_args()
    Course.source, Course.build = arguments.source.resolve(), arguments.build.resolve()
    Course.pictures, Course.listings = arguments.pictures, arguments.listings
    here = pathlib.Path(__file__).resolve().parent
    files = lessons_of(here, arguments.lessons)
    start = time.monotonic()
    if machine.cpus() == 1:
        print(f"What needs two threads at the same time cannot be seen on this machine: {ONE_CPU}.")
    with tempfile.TemporaryDirectory() as stage:
        Course.stage = pathlib.Path(stage)
        for file in files:
            run_lesson(file)
    if not arguments.lessons:
        whole(Course.source, files)
    counts = {outcome: sum(1 for result in Course.results if result[1] == outcome)
              for outcome in (HOLDS, FAILS, UNSEEN)}
    if arguments.tap:
        write_tap(arguments.tap)
    print(f"\n{len(files)} lessons: {counts[HOLDS]} claims hold, {counts[FAILS]} fail, {counts[UNSEEN]} cannot be seen "
          f"here; {time.monotonic() - start:.0f} s")
    return 1 if counts[FAILS] else 0


if __name__ == "__main__":
    sys.exit(main())
