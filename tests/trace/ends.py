#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is shown of a program, however it ends: ends.py [--tap=FILE] PROGRAM"""
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile

FIRST, LAST = "the first loop", "the last loop"


class Failure(Exception):
    pass


def demand(condition, text):
    if not condition:
        raise Failure(text)


def run(program, how, trace="json:trace.json", more=None, folder=None):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PPAR_", "OMP_"))}
    environment.update(PPAR_TRACE=trace, **(more or {}))
    if trace is None:
        del environment["PPAR_TRACE"]
    return subprocess.run([program, how], env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=100, text=True, check=False)


def names_in(path):
    with open(path, encoding="utf-8") as file:
        events = json.load(file)["traceEvents"]
    return " ".join(event["name"] for event in events if event.get("ph") == "X")


def expect(program, how, code, *names, missing=()):
    """The program ends with this code, its own output is as it was, and these loops are shown."""
    with tempfile.TemporaryDirectory() as folder:
        ended = run(program, how, folder=folder)
        demand(ended.returncode == code, f"it ended with {ended.returncode}, not {code}: {ended.stderr}")
        demand(ended.stdout == "output\n", f"its output was {ended.stdout!r}")
        shown = names_in(os.path.join(folder, "trace.json"))
        for name in names:
            demand(name in shown, f"{name} is not shown")
        for name in missing:
            demand(name not in shown, f"{name} is shown")


def returns(program):
    expect(program, "return", 0, FIRST, LAST)
    expect(program, "exit in a body", 3, FIRST, LAST)


def crashes(program):
    expect(program, "segv", -signal.SIGSEGV, FIRST, LAST)
    expect(program, "abort", -signal.SIGABRT, FIRST, LAST)
    expect(program, "all at once", -signal.SIGSEGV, FIRST, LAST)


def a_stack_that_is_used_up(program):
    expect(program, "stack", -signal.SIGSEGV, FIRST, LAST)


def is_killed(program):
    expect(program, "term", -signal.SIGTERM, FIRST, LAST)


def signals_that_the_program_minds(program):
    expect(program, "term ignored", 0, FIRST, LAST)
    expect(program, "term handled", 0, FIRST, LAST)
    with tempfile.TemporaryDirectory() as folder:
        ended = run(program, "handler", folder=folder)
        demand(ended.returncode == 5, f"its handler was not called: {ended.returncode}")


def forks(program):
    """A child that ran a loop has a file of its own; one that did not has none. The parent's has the parent's."""
    with tempfile.TemporaryDirectory() as folder:
        ended = run(program, "fork", folder=folder)
        demand(ended.returncode == 0, ended.stderr)
        files = sorted(glob.glob(os.path.join(folder, "*")))
        demand(len(files) == 2, f"files: {files}")
        demand("the child" not in names_in(files[0]), "the child's loop is in the parent's file")
        child = names_in(files[1])
        demand("the child's loop" in child and FIRST not in child, f"the child's file has {child[:200]}")


def children_that_are_not_forked(program):
    """What ends them is not what ends the program, and they write nothing."""
    with tempfile.TemporaryDirectory() as folder:
        ended = run(program, "odd children", "picture,json:t.json", folder=folder)
        demand(ended.returncode == 0 and ended.stdout == "output\n", f"it ended with {ended.returncode}")
        demand(ended.stderr.count("what the threads did") == 1, ended.stderr)
        demand("SIGTERM" not in ended.stderr and LAST in names_in(os.path.join(folder, "t.json")), ended.stderr)


def two_at_once(program):
    """A second process finds the file claimed; %p in the name keeps them apart. Neither ends before both have begun."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, PPAR_TRACE="json:a.json,json:b%p%%.json")
        started = [subprocess.Popen([program, "asks"], env=environment, cwd=folder, stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for process in started:
            demand(process.stdout.readline() == "output\n", "it has not begun")
        for process in started:
            process.communicate("\n", timeout=100)
        files = sorted(os.path.basename(path) for path in glob.glob(os.path.join(folder, "*")))
        numbers = sorted(str(process.pid) for process in started)
        demand(all(f"b{number}%.json" in files for number in numbers), f"files: {files}")
        demand("a.json" in files and any(f"a.json.{number}" in files for number in numbers), f"files: {files}")
        for file in files:
            names_in(os.path.join(folder, file))


def other_folders_and_closed_files(program):
    expect(program, "folder", 0, FIRST, LAST)
    expect(program, "closed", 0, FIRST, LAST)


def devices_are_nobodys(program):
    """A device has no lock, and none gets a file beside it."""
    before = set(os.listdir("/dev"))
    started = [subprocess.Popen([program, "fork"], env=dict(os.environ, PPAR_TRACE="json:/dev/null,svg:/dev/full"),
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in started:
        text = process.communicate(timeout=100)[1]
        demand(process.returncode == 0, f"it ended with {process.returncode}")
        demand("ppar: not written to its end: /dev/full: no space is left" in text, text)
    demand(not any(name.startswith(("null.", "full.")) for name in set(os.listdir("/dev")) - before), "a file in /dev")


def closed_standard_streams(program):
    """They stay closed: what is printed goes into no file of the library's."""
    for streams in ((0, 1, 2), (0,), (1,), (2,)):
        with tempfile.TemporaryDirectory() as folder:
            closing = " ".join(f"{stream}<&-" for stream in streams)
            ended = subprocess.run(["sh", "-c", f'exec "$0" streams {closing}', program], cwd=folder, timeout=100,
                                   env=dict(os.environ, PPAR_TRACE="json:trace.json"), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, check=False)
            demand(ended.returncode == 0, f"{streams}: it ended with {ended.returncode}: {ended.stderr}")
            demand(ended.stdout == ("" if 1 in streams else "output\n"), f"{streams}: {ended.stdout!r}")
            demand(FIRST in names_in(os.path.join(folder, "trace.json")), f"{streams}: {FIRST} is not shown")


def what_cannot_be_written(program):
    """The program ends as it would have."""
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run([program, "return"], env=dict(os.environ, PPAR_TRACE="picture"), stdout=subprocess.PIPE,
                           stderr=writer, timeout=100, text=True, check=False)
    os.close(writer)
    demand(ended.returncode == 0 and ended.stdout == "output\n", f"standard error: it ended with {ended.returncode}")
    with tempfile.TemporaryDirectory() as folder:
        ended = run(program, "file limit", folder=folder)
        demand(ended.returncode == 0 and ended.stdout == "output\n", f"a limit: it ended with {ended.returncode}")
        demand("trace.json: it would become too large" in ended.stderr, ended.stderr)


def a_pipe_whose_reader_is_gone(program):
    with tempfile.TemporaryDirectory() as folder:
        os.mkfifo(os.path.join(folder, "pipe"))
        ended = run(program, "return", "json:pipe", folder=folder)
        demand(ended.returncode == 0 and "pipe: nobody reads it" in ended.stderr, ended.stderr)
        reader = os.open(os.path.join(folder, "pipe"), os.O_RDONLY | os.O_NONBLOCK)
        environment = dict(os.environ, PPAR_TRACE="json:pipe")
        with subprocess.Popen([program, "asks"], env=environment, cwd=folder, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            demand(process.stdout.readline() == "output\n", "it has not begun")
            os.close(reader)
            text = process.communicate("\n", timeout=100)[1]
            demand(process.returncode == 0 and "pipe: nobody reads it" in text, f"{process.returncode}: {text}")


def no_memory(program):
    with tempfile.TemporaryDirectory() as folder:
        ended = run(program, "memory limit", more={"PPAR_TRACE_SIZE": "64G"}, folder=folder)
        demand(ended.returncode == 0 and ended.stdout == "output\n", f"it ended with {ended.returncode}")
        if "is out of range" not in ended.stderr:  # processors of 32 bits
            demand("no memory to record loops" in ended.stderr, ended.stderr)


def threads_that_have_ended(program):
    expect(program, "threads", 0, FIRST, "a thread's loop")


def threads_with_small_stacks(program):
    """They begin the library and end the process, also such as have a cancellation pending."""
    for how, code in (("small first", 0), ("small", 0), ("small exits", 3), ("small cancelled exits", 4),
                      ("small cancelled term", -signal.SIGTERM)):
        with tempfile.TemporaryDirectory() as folder:
            ended = run(program, how, "picture,json:t.json,svg:t.svg,html:t.html", {"PPAR_REPORT": "1"}, folder)
            demand(ended.returncode == code, f"{how}: it ended with {ended.returncode}: {ended.stderr[:200]}")
            demand("a thread's loop" in names_in(os.path.join(folder, "t.json")), f"{how}: the loop is not shown")


def more_than_there_is_room_for(program):
    with tempfile.TemporaryDirectory() as folder:
        ended = run(program, "many", more={"PPAR_TRACE_SIZE": "64K"}, folder=folder)
        demand(ended.returncode == 0, ended.stderr)
        path = os.path.join(folder, "trace.json")
        demand(LAST in names_in(path), "the latest loop is not shown")
        with open(path, encoding="utf-8") as file:
            demand("lost" in file.read(), "nothing is said of what was lost")


def nothing_to_show(program):
    with tempfile.TemporaryDirectory() as folder:
        ended = run(program, "nothing", trace="picture,json:t.json", folder=folder)
        demand("nothing to show" in ended.stderr and ended.stdout == "output\n", ended.stderr)


def bad_values(program):
    """One line, and the program runs on."""
    for trace, more, word in (("pictures", {}, "is none of"), ("svg", {}, "names no file"),
                              ("json:/no/such/folder/x", {}, "no such folder"), ("json:/", {}, "it is a folder"),
                              ("picture", {"PPAR_TRACE_SIZE": "9999999G"}, "out of range"),
                              ("picture", {"PPAR_TRACE_LIMIT": "-1"}, "not a whole number of 0 or more"),
                              (None, {"PPAR_REPORT": "json:"}, "names no file")):
        ended = run(program, "return", trace=trace, more=more)
        demand(ended.returncode == 0 and ended.stdout == "output\n", f"{trace}: {ended.returncode}")
        lines = [line for line in ended.stderr.splitlines() if word in line]
        demand(len(lines) == 1 and lines[0].startswith("ppar: PPAR_"), f"{trace} {more}: {ended.stderr}")
        if trace != "picture":
            demand(len(ended.stderr.splitlines()) == 1, f"{trace}: {ended.stderr}")


def truth_values(program):
    for word, shown in (("true", True), ("on", True), ("0", False), ("no", False)):
        with tempfile.TemporaryDirectory() as folder:
            ended = run(program, "return", word, {"PPAR_REPORT": word}, folder)
            for text in ("what the threads did", "in loops, regions and tasks"):
                demand((text in ended.stderr) == shown, f"{word}: {ended.stderr}")
            demand(not os.listdir(folder), f"{word}: files: {os.listdir(folder)}")


def where_a_report_is(program):
    """A file is told of, since any word that is misspelt is one. A device is not."""
    with tempfile.TemporaryDirectory() as folder:
        for text, file in (("ture", "ture"), ("json:r.json", "r.json")):
            ended = run(program, "return", None, {"PPAR_REPORT": text}, folder)
            path = os.path.join(os.path.realpath(folder), file)
            demand(ended.stderr == f"ppar: report written to {path}\n" and os.path.exists(path), ended.stderr)
        ended = run(program, "return", None, {"PPAR_REPORT": "/dev/null"}, folder)
        demand(ended.stderr == "", ended.stderr)
        ended = run(program, "return", None, {"PPAR_REPORT": "xml:f"}, folder)
        demand("is none of true, false, FILE, json and json:FILE" in ended.stderr, ended.stderr)
        demand(sorted(os.listdir(folder)) == ["r.json", "ture"], f"files: {os.listdir(folder)}")


def a_limit_and_names(program):
    with tempfile.TemporaryDirectory() as folder:
        run(program, "return", more={"PPAR_TRACE_ONLY": "other,last"}, folder=folder)
        shown = names_in(os.path.join(folder, "trace.json"))
        demand(LAST in shown and FIRST not in shown, "other loops are shown, too")


CASES = (returns, crashes, a_stack_that_is_used_up, is_killed, signals_that_the_program_minds, forks,
         children_that_are_not_forked, two_at_once, other_folders_and_closed_files, devices_are_nobodys,
         closed_standard_streams, what_cannot_be_written, a_pipe_whose_reader_is_gone, no_memory,
         threads_that_have_ended, threads_with_small_stacks, more_than_there_is_room_for, nothing_to_show, bad_values,
         truth_values, where_a_report_is, a_limit_and_names)


def main():
    arguments = sys.argv[1:]
    tap = arguments.pop(0)[6:] if arguments[0].startswith("--tap=") else None
    lines, failed = [f"TAP version 13\n1..{len(CASES)}\n"], 0
    for number, case in enumerate(CASES, 1):
        name = "trace_ends::" + case.__name__
        try:
            case(os.path.abspath(arguments[0]))
            lines.append(f"ok {number} - {name}\n")
        except (Failure, subprocess.TimeoutExpired, OSError, ValueError) as failure:
            lines.append(f"not ok {number} - {name}: {failure}\n")
            failed += 1
    sys.stdout.write("".join(lines))
    if tap:
        with open(tap, "w", encoding="utf-8") as file:
            file.write("".join(lines))
    return failed != 0


sys.exit(main())
