#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_json.py: whether traces in Chrome's format are what that allows, and what Perfetto needs beyond it.

    check_json.py --tap=FILE WRITER     what tests/trace/json_writer.c writes, case by case
    check_json.py TRACE                 one trace from a file, as a program wrote it
"""

import collections
import json
import subprocess
import sys

sys.dont_write_bytecode = True

# By phase: what an event must have, and what else it may have.
ALWAYS = {"ph", "pid", "tid", "ts", "name"}
FIELDS = {
    "X": ({"dur", "cat"}, {"args"}),
    "i": ({"s", "cat"}, {"args"}),
    "s": ({"id", "cat"}, set()),
    "f": ({"id", "cat"}, {"bp"}),
    "C": ({"args"}, set()),
    "M": ({"args"}, set()),
}
META = {"process_name", "thread_name", "thread_sort_index"}


def ns(us):
    """Microseconds of the file, exact to the nanosecond."""
    return round(us * 1000)


def odd_fields(events):
    """Events with fields missing or unknown, or of another type."""
    for event in events:
        needed, allowed = FIELDS.get(event.get("ph"), (set(), set()))
        if event.get("ph") not in FIELDS:
            yield f"phase {event.get('ph')}"
        elif not ALWAYS | needed <= set(event) <= ALWAYS | needed | allowed:
            yield f"fields of {event}"
        elif not (isinstance(event["pid"], int) and isinstance(event["tid"], int) and event["ts"] >= 0):
            yield f"numbers of {event}"
        elif not event["name"] or not isinstance(event["name"], str):
            yield f"name of {event}"
        elif event["ph"] == "X" and event["dur"] < 0:
            yield f"length of {event}"
        elif event["ph"] == "i" and event["s"] not in ("t", "g"):
            yield f"scope of {event}"
        elif event["ph"] == "M" and event["name"] not in META:
            yield f"metadata {event}"


def badly_nested(events):
    """Spans of one thread of which neither contains the other; outer ones come first where both begin at once."""
    tracks = collections.defaultdict(list)
    for place, event in enumerate(events):
        if event["ph"] == "X":
            begin = ns(event["ts"])
            tracks[event["tid"]].append((begin, -ns(event["dur"]), place, event))
    for spans in tracks.values():
        around = []
        last = None
        for begin, minus, place, event in sorted(spans, key=lambda span: span[:3]):
            end = begin - minus
            while around and around[-1] <= begin:
                around.pop()
            if around and around[-1] < end:
                yield f"{event} ends after what is around it"
            if last is not None and last[0] == begin and last[1] >= end and last[2] > place and end > begin:
                yield f"{event} comes before what contains it"
            around.append(end)
            last = (begin, end, place)


def unmatched(events):
    """Arrows without begin or end, or that go back in time."""
    begins = collections.defaultdict(list)
    ends = collections.defaultdict(list)
    for event in events:
        if event["ph"] in "sf":
            (begins if event["ph"] == "s" else ends)[event["id"]].append(event)
    for number in set(begins) | set(ends):
        if len(begins[number]) != 1 or len(ends[number]) != 1:
            yield f"arrow {number}: {len(begins[number])} begins, {len(ends[number])} ends"
            continue
        begin, end = begins[number][0], ends[number][0]
        if ns(begin["ts"]) > ns(end["ts"]) or (begin["cat"], begin["name"]) != (end["cat"], end["name"]):
            yield f"arrow {number}: {begin}, {end}"
        if not any(covers(event, begin) for event in events):
            yield f"arrow {number} begins where its thread does nothing: {begin}"


def covers(span, event):
    if span["ph"] != "X" or span["tid"] != event["tid"]:
        return False
    begin = ns(span["ts"])
    return begin <= ns(event["ts"]) < begin + ns(span["dur"])


def unnamed(events):
    """Threads that have events and no name."""
    names = {event["tid"] for event in events if event["name"] == "thread_name"}
    places = {event["tid"] for event in events if event["name"] == "thread_sort_index"}
    for thread in {event["tid"] for event in events if event["ph"] in "Xi" and event.get("s") != "g"}:
        if thread not in names or thread not in places:
            yield f"thread {thread}"


def check(text):
    """What is wrong with a trace."""
    trace = json.loads(text)
    events = trace["traceEvents"]
    findings = list(odd_fields(events))
    if not findings:
        findings = [*badly_nested(events), *unmatched(events), *unnamed(events)]
    if trace["displayTimeUnit"] != "ns":
        findings.append("displayTimeUnit")
    if trace["otherData"]["events"] != len(events):
        findings.append("the number of events")
    return findings, trace


def spans(trace, category):
    return [event for event in trace["traceEvents"] if event.get("cat") == category and event["ph"] == "X"]


def of_phase(trace, phase):
    return [event for event in trace["traceEvents"] if event["ph"] == phase]


def expect_loops(trace):
    """Each loop's chunks have each of its iterations once."""
    loops = spans(trace, "construct")
    for loop in loops:
        args = loop["args"]
        wanted = list(range(args["begin"], args["end"], args.get("step", 1)))
        got = []
        for chunk in spans(trace, "chunk"):
            if loop["ts"] <= chunk["ts"] <= loop["ts"] + loop["dur"]:
                got += range(chunk["args"]["begin"], chunk["args"]["end"], chunk["args"].get("step", 1))
        yield sorted(got) == sorted(wanted) and len(wanted) == 100
        yield args["schedule"] and args["how"] == "ranges with stealing" and args["threads"] == 3
    yield len(loops) == 8


def expect_teams(trace):
    yield [chunk["args"] for chunk in spans(trace, "chunk") if chunk["name"] == "1..3"] == [
        {"begin": 1, "end": 4, "step": 2, "count": 2}]
    yield len(spans(trace, "wait")) == 7 and len(spans(trace, "critical")) == 2 and len(spans(trace, "ordered")) == 2


def expect_moments(trace):
    arrows = collections.Counter(event["cat"] for event in of_phase(trace, "s"))
    yield arrows == {"steal": 3, "wake": 2}
    steals = [event for event in of_phase(trace, "i") if event["name"] == "steals"]
    yield sorted(event["args"].get("from_thread", "?") for event in steals) == ["?", "main", "main"]
    ends = {event["ts"] for event in of_phase(trace, "f")}
    yield ends == {0.7, 0.8, 3.05, 6.05, 20.2}  # awake, awake, the thieves' next chunks, the stolen task
    names = {event["name"] for event in of_phase(trace, "i")}
    yield {"hands back", "cancels", "single", "wakes nobody: short loop", "spawns: 0x1234"} <= names
    yield any(event["args"].get("has_ended") is False for event in spans(trace, "task"))


def expect_crossing(trace):
    """What was cut off says until when it lasted."""
    yield sum("until_us" in event.get("args", {}) for event in spans(trace, "critical")) == 4
    yield sum("until_us" in event.get("args", {}) for event in spans(trace, "construct")) == 2


def expect_names(trace):
    name = "a \"quoted\\ name\"\n\t\x01 <b>&'; \u00e9 ?"
    yield any(event["args"]["name"] == name for event in of_phase(trace, "M") if event["name"] == "thread_name")
    yield any(event["name"] == "loop: " + name for event in spans(trace, "construct"))


def expect_lost(trace):
    yield trace["otherData"]["lost_events"] == 123 and trace["otherData"]["lost_constructs"] == 5
    yield trace["otherData"]["lost_threads"] == 2 and trace["otherData"]["signal"] == 15
    yield {event["s"] for event in of_phase(trace, "i") if event["cat"] == "missing"} == {"t", "g"}
    yield [event["args"] for event in spans(trace, "chunk")] == [{"iteration": 8, "count": 4}]


def expect_wide(trace):
    chunks = [(event["args"]["begin"], event["args"]["end"]) for event in spans(trace, "chunk")]
    yield (-2**63, 0) in chunks and (0, 2**63 - 1) in chunks and (-2**63 + 4, -2**63) in chunks


def expect_chunks(trace):
    yield len(spans(trace, "chunk")) == 5000
    yield max(event["args"]["threads"] for event in of_phase(trace, "C")) > 1.8


CASES = {
    "empty": lambda trace: [not spans(trace, "chunk")],
    "loops": expect_loops,
    "teams": expect_teams,
    "moments": expect_moments,
    "crossing": expect_crossing,
    "names": expect_names,
    "lost": expect_lost,
    "wide": expect_wide,
    "chunks 5000": expect_chunks,
}


def run_case(writer, case, expect):
    findings, trace = check(subprocess.run([writer, *case.split()], check=True, stdout=subprocess.PIPE).stdout)
    for number, good in enumerate(expect(trace) if not findings else []):
        if not good:
            findings.append(f"expectation {number + 1}")
    for finding in findings[:20]:
        print(f"{case}: {finding}")
    return not findings


def main():
    if not sys.argv[1].startswith("--tap="):
        with open(sys.argv[1], "rb") as file:
            findings, trace = check(file.read())
        print("\n".join(findings[:20]) or f"{len(trace['traceEvents'])} events, nothing is wrong")
        return 1 if findings else 0
    results = [(case, run_case(sys.argv[2], case, expect)) for case, expect in CASES.items()]
    with open(sys.argv[1].removeprefix("--tap="), "w", encoding="utf-8") as file:
        file.write(f"1..{len(results)}\n")
        file.writelines(f"{'ok' if good else 'not ok'} - a trace of {case}\n" for case, good in results)
    return 0 if all(good for _, good in results) else 1


if __name__ == "__main__":
    sys.exit(main())
