#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""house.py: the rules of the house, checked: what the files of lib/ include, what they call, how they open.

    house.py [--tap=FILE] [SOURCE_ROOT]          checks; says what is wrong, and writes each case to FILE
    house.py --graph [--old REV] [SOURCE_ROOT]   shows who includes whom in lib/; what it was in revision REV beside it

The rules are data and stand first; the checks follow. Paths are counted from SOURCE_ROOT. A rule may have exceptions,
each with its reason. One that nothing needs any more is a failure too.
"""

import argparse
import collections
import fnmatch
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # nothing is written into the source tree
import house_graph  # noqa: E402
import house_readme  # noqa: E402
import house_tree  # noqa: E402

# ---- The rules

# The folders of lib/ from the ground up. A file includes files of its own folder and of the floors below. A folder that
# is to come gets its place here.
FLOORS = [
    ["platform"],
    ["schedule"],
    ["claim", "settings", "trace"],
    ["share", "pool", "show"],
    ["loop", "team", "task"],
    ["algorithm"],
    ["api"],
    ["gomp"],
]

# A .c file there may have a public header of its name in place of one beside it.
IMPLEMENTS_PUBLIC_HEADERS = ["algorithm", "api"]

COLUMNS_ALLOWED = 120
COLUMNS_ARE_COUNTED_IN = ["lib", "include", "tests", "bench", "bindings", "examples", "scripts", ".ci"]
NOT_COUNTED = ["*.md"]  # a table's row is one line

LINES_ALLOWED = 400
LINES_LISTED = 300

# Headers of the C library that any file may include. All others need a line in SYSTEM_HEADERS.
C_HEADERS = """assert ctype errno fenv float inttypes limits locale math setjmp signal stdalign stdarg stdbool stddef
    stdint stdio stdlib stdnoreturn string time wchar wctype""".split()

# What a folder may not do, in the words of lib/README.md, and how that is recognized: headers that it does not include
# (includes), or the only ones that it does (only; C headers and its own are always among them), and what its code does
# not say (code; comments and strings do not count). instead: what the author can do.
MayNot = collections.namedtuple("MayNot", "folder sentence instead includes only code", defaults=((), (), ()))
MAY_NOT = [
    MayNot("platform", "know what a loop is", "take numbers and words as arguments", includes=["ppar/*"]),
    MayNot("schedule", "use threads or atomics", "take numbers as arguments and return numbers; claim/ shares them",
           includes=["ppar/options.h", "ppar/pool.h", "pthread.h", "platform/atomics.h", "platform/clock.h",
                     "platform/thread.h"],
           code=[r"pthread_\w+", r"_Atomic", r"atomic_\w+", r"pp_(?:atomic|load|store|cas|add|exchange)_\w+"]),
    MayNot("claim", "start, stop or wait for threads", "return what is to be done; to sleep, call platform/park.h",
           includes=["platform/thread.h"],
           code=[r"pthread_\w+", r"sched_yield", r"syscall", r"futex\w*", r"nanosleep", r"usleep"]),
    MayNot("algorithm", "use more than public calls", "call what include/ppar declares",
           only=["ppar/*", "schedule/*", "settings/options.h", "settings/refusal.h", "trace/serves.h",
                 "platform/memory.h", "platform/cache_line.h", "platform/boundary.h"]),
    MayNot("api", "start threads, claim", "put the word and its protocol into claim/, and call that",
           code=[r"pthread_create", r"pp_(?:cas|add|sub|or|and|exchange|store)_\w+"]),
]

# One word, one meaning: a pattern for a word that is gone or that belongs to few places (WORD_EXCEPTIONS has them), and
# what to say instead. Case makes no difference, and comments count.
Word = collections.namedtuple("Word", "name pattern instead")
WORDS = [
    Word("crew", r"(?<![a-z])crews?(?![a-z])", '"team"'),
    Word("pp_fork_", r"\bpp_fork_\w*", 'what it means here: "fork" starts a team, in claim/fork.h and team/'),
    Word("pp_order", r"\bpp_order(?!ed)\w*", '"turns" (claim/turns.h)'),
    Word("pp_spin_", r"\bpp_spin_(?:start|on)\b",
         "pp_wait with a kind of wait of its own: one loop waits (pool/waiting.h)"),
]
WORDS_ARE_SEARCHED_IN = ["lib/*", "docs/internals.md"]


class Exceptions:
    """Where a rule does not hold: patterns of paths, patterns of what is found there, and the reason."""

    def __init__(self, name, entries=()):
        self.name = name
        self.entries = list(entries)
        self.used = set()

    def allow(self, path, what):
        matching = [entry for entry in self.entries
                    if fnmatch.fnmatchcase(path, entry[0]) and fnmatch.fnmatchcase(what, entry[1])]
        self.used.update(matching)
        return bool(matching)

    def places(self, what):
        """Where else it is allowed, for messages."""
        return [entry[0] for entry in self.entries if fnmatch.fnmatchcase(what, entry[1])]

    def stale(self):
        return [entry for entry in self.entries if entry not in self.used]


# A file, and an include in it that goes up, or sideways on its floor.
INCLUDES_ELSEWHERE = Exceptions("INCLUDES_ELSEWHERE", [
])

SYSTEM_HEADERS = Exceptions("SYSTEM_HEADERS", [
    ("lib/platform/*", "*", "this floor is what hides the system"),
    ("lib/pool/spin.h", "sched.h", "a thread that spins offers its CPU now and then"),
    ("lib/pool/*", "pthread.h", "the locks off the fast paths, and the handles of workers"),
    ("lib/settings/environment.c", "pthread.h", "the environment is read once"),
    ("lib/api/pool.c", "pthread.h", "the default pool is made once"),
    ("lib/schedule/philox.c", "immintrin.h", "four blocks at a time, as whole numbers in vectors"),
    ("lib/gomp/acc_device.c", "pthread.h", "the variables are read once"),
    ("lib/gomp/acc_device.c", "strings.h", "words in either case"),
    ("lib/gomp/acc_prof.c", "pthread.h", "the lock of the lists of functions, which a fork takes"),
    ("lib/gomp/acc_prof.c", "dlfcn.h", "the tools that ACC_PROFLIB names are loaded"),
    ("lib/gomp/check.c", "pthread.h", "each thread's stack of constructs, which ends with it"),
    ("lib/gomp/check_objects.c", "pthread.h", "the lock of the table of locks, which a fork takes"),
    ("lib/gomp/devices.c", "pthread.h", "the variable is read once"),
    ("lib/gomp/devices.c", "strings.h", "words in either case"),
    ("lib/gomp/critical.c", "pthread.h", "the lock of the list of sections, which a fork takes"),
    ("lib/gomp/known.c", "pthread.h", "the lock of the table of blocks, which a fork takes"),
    ("lib/gomp/fork.c", "pthread.h", "what the child of a fork does first"),
    ("lib/gomp/data.c", "pthread.h", "a thread's data environments go as it ends"),
    ("lib/gomp/settings.c", "pthread.h", "the variables are read once"),
    ("lib/gomp/task.c", "alloca.h", "arguments of a size that compiled code says"),
    ("lib/gomp/affinity.c", "pthread.h", "places are made once, and what a thread has told goes as it ends"),
    ("lib/gomp/affinity_format.c", "unistd.h", "the names of the process and of the machine"),
    ("lib/team/critical.c", "pthread.h", "the lock of the table of sections, which a fork takes"),
])

MAY_NOT_EXCEPTIONS = Exceptions("MAY_NOT_EXCEPTIONS", [])

# A .c file without a header of its name, and no public one either: the header that declares what is in it.
WITHOUT_HEADER = Exceptions("WITHOUT_HEADER", [
    ("lib/gomp/acc_fortran.c", "*", "it has what gomp/acc_abi.h declares for Fortran"),
    ("lib/gomp/goacc.c", "*", "it has what gomp/acc_abi.h declares for compilers"),
    ("lib/gomp/plugin.c", "*", "it has what gomp/acc_abi.h declares for plugins"),
    ("lib/gomp/icvs.c", "*", "it has a part of what gomp/omp_abi.h declares"),
    ("lib/gomp/numbers.c", "*", "it has a part of what gomp/omp_abi.h declares"),
    ("lib/gomp/pause.c", "*", "it has a part of what gomp/omp_abi.h declares"),
    ("lib/pool/pause.c", "*", "it has a part of what pool/pool.h declares"),
    ("lib/gomp/interop.c", "*", "it has a part of what gomp/omp_abi.h declares"),
    ("lib/gomp/target_memory.c", "*", "it has a part of what gomp/omp_abi.h declares"),
    ("lib/gomp/teams.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/gomp/doacross_names.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/gomp/error.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/gomp/old_region.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/gomp/alloc.c", "*", "it has a part of what gomp/omp_abi.h and gomp/gomp_abi.h declare"),
    ("lib/gomp/critical.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/gomp/fork.c", "*", "the system alone calls it"),
    ("lib/gomp/known.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/gomp/loop_long.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/gomp/taskloop.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/gomp/loop_ull.c", "*", "it has a part of what gomp/gomp_abi.h declares"),
    ("lib/algorithm/nd.c", "*", "it has what include/ppar/loop_nd.h declares"),
    ("lib/api/critical.c", "*", "it has a part of what include/ppar/team.h declares"),
    ("lib/algorithm/rng_shuffle.c", "*", "it has a part of what include/ppar/rng_arrays.h declares"),
    ("lib/api/values.c", "*", "it has a part of what include/ppar/team.h declares"),
])

WORD_EXCEPTIONS = Exceptions("WORD_EXCEPTIONS", [
    ("lib/claim/fork.h", "pp_fork_", "the protocol"),
    ("lib/team/*", "pp_fork_", "what starts teams"),
    ("lib/pool/spin.h", "pp_spin_", "a step of spinning"),
    ("lib/pool/waiting.c", "pp_spin_", "the one loop that waits"),
])

LONG_LINES = Exceptions("LONG_LINES", [
])

ALL_EXCEPTIONS = [INCLUDES_ELSEWHERE, SYSTEM_HEADERS, MAY_NOT_EXCEPTIONS, WITHOUT_HEADER, WORD_EXCEPTIONS, LONG_LINES]

# ---- The checks. Each looks at a tree and yields what is wrong, a line for each finding.

FLOOR_OF = {folder: number for number, folders in enumerate(FLOORS) for folder in folders}
LICENCE = "SPDX-License-Identifier: MIT"


def matches(text, patterns):
    return any(fnmatch.fnmatchcase(text, pattern) for pattern in patterns)


def floors_are_known(tree):
    for folder in tree.folders():
        if folder not in FLOOR_OF:
            yield f"lib/{folder}: no floor is known for it; FLOORS in tests/house.py gives each folder its own"
    for source in tree.sources:
        if "/" not in source.below_lib:
            yield f"{source.path}: it lies in no folder; every file of lib/ has a floor by the folder that it lies in"


def allowed_folders(folder):
    below = [name for names in FLOORS[:FLOOR_OF[folder]] for name in names]
    return f"{folder}/ itself" + (", and below it " + ", ".join(below) if below else "")


def direction(folder, to):
    """How an include from one folder to another goes wrong; None: it does not."""
    here, there = FLOOR_OF.get(folder), FLOOR_OF.get(to)
    if folder == to or here is None or there is None or there < here:
        return None
    return f"goes up, from floor {here} to {there}" if there > here else f"goes to another folder of floor {here}"


def includes_go_down(tree):
    for source in tree.sources:
        for include in source.includes:
            at = f"{source.path}:{include.line}: includes "
            if include.kind == "public" and tree.target(include) is None:
                yield f"{at}<{include.name}>, which include/ does not have"
            elif include.kind == "lib" and tree.target(include) is None:
                yield f'{at}"{include.name}", which lib/ does not have; allowed: names like "claim/slots.h"'
            elif include.kind == "lib":
                wrong = direction(source.folder, include.name.split("/")[0])
                if wrong and not INCLUDES_ELSEWHERE.allow(source.path, include.name):
                    yield f'{at}"{include.name}", which {wrong}; allowed: {allowed_folders(source.folder)}'


def system_headers_have_places(tree):
    for source in tree.sources:
        for include in source.includes:
            if include.kind != "system" or include.name.removesuffix(".h") in C_HEADERS:
                continue
            if not SYSTEM_HEADERS.allow(source.path, include.name):
                places = ", ".join(SYSTEM_HEADERS.places(include.name))
                yield f"{source.path}:{include.line}: includes <{include.name}>; allowed: in {places}"


def no_circle_of_folders(tree):
    edges = {folder: set(others) for folder, others in house_graph.folder_edges(tree).items()}
    for group in house_graph.groups(edges):
        circle = house_graph.shortest_circle(edges, group[0])
        steps = [house_graph.first_include(tree, folder, to) for folder, to in zip(circle, circle[1:])]
        yield (f"lib/: {', '.join(group)} include each other in circles, and none is allowed; a shortest one: "
               + "; ".join(steps))


def no_circle_of_headers(tree):
    edges = house_graph.header_edges(tree)
    for group in house_graph.groups(edges):
        circle = house_graph.shortest_circle(edges, group[0])
        yield f"{circle[0]}: {' -> '.join(circle)} is a circle of includes; none is allowed"


def headers_for(source):
    """The headers that may declare what is in a .c file: one is enough."""
    noun = source.name.removesuffix(".c")
    public = [f"include/ppar/{noun}.h"] if source.folder in IMPLEMENTS_PUBLIC_HEADERS else []
    return [source.path.removesuffix(".c") + ".h", *public]


def sources_have_headers(tree):
    for source in tree.sources:
        if source.is_header or any(path in tree.texts for path in headers_for(source)):
            continue
        if not WITHOUT_HEADER.allow(source.path, source.name):
            allowed = " or ".join(headers_for(source))
            yield f"{source.path}: no header of its name; allowed: {allowed}, or a line in WITHOUT_HEADER with a reason"


def headers_are_included(tree):
    included = {include.name for source in tree.sources for include in source.includes
                if include.kind == "lib" and include.name != source.below_lib}
    for source in tree.sources:
        if source.is_header and source.below_lib not in included:
            yield f"{source.path}: no file of lib/ includes it; what only tests need belongs to them"


def may_not(tree, rule):
    for source in tree.sources:
        if source.folder == rule.folder:
            for line, what in [*wrong_includes(source, rule), *wrong_code(source, rule)]:
                yield f"{source.path}:{line}: {what}; {rule.folder}/ may not {rule.sentence}: {rule.instead}"


def wrong_includes(source, rule):
    for include in source.includes:
        is_common = include.name.removesuffix(".h") in C_HEADERS or include.name.startswith(rule.folder + "/")
        is_other = rule.only and not is_common and not matches(include.name, rule.only)
        if is_other or matches(include.name, rule.includes):
            if not MAY_NOT_EXCEPTIONS.allow(source.path, include.name):
                only = f" (allowed: {', '.join(rule.only)} and C headers)" if is_other else ""
                yield include.line, f"includes {include.name}{only}"


def wrong_code(source, rule):
    if not rule.code:
        return
    pattern = re.compile(r"\b(?:" + "|".join(rule.code) + r")\b")
    for number, line in enumerate(source.code, 1):
        for match in pattern.finditer(line):
            if not MAY_NOT_EXCEPTIONS.allow(source.path, match[0]):
                yield number, f"says {match[0]}"


def lines_are_short(tree):
    for path, text in sorted(tree.texts.items()):
        if path.split("/")[0] not in COLUMNS_ARE_COUNTED_IN or matches(path, NOT_COUNTED):
            continue
        for number, line in enumerate(house_tree.lines_of(text), 1):
            if len(line) > COLUMNS_ALLOWED and not LONG_LINES.allow(path, line):
                yield f"{path}:{number}: {len(line)} columns; {COLUMNS_ALLOWED} are allowed"


def files_are_short(tree):
    for source in tree.sources:
        if len(source.lines) > LINES_ALLOWED:
            yield f"{source.path}: {len(source.lines)} lines; {LINES_ALLOWED} are allowed: split it by noun"


def long_files(tree):
    """No findings: files that come near."""
    return [f"{source.path}: {len(source.lines)} lines; over {LINES_ALLOWED} fail" for source in tree.sources
            if LINES_LISTED < len(source.lines) <= LINES_ALLOWED]


def word_is_used_rightly(tree, word):
    pattern = re.compile(word.pattern, re.IGNORECASE)
    for path, text in sorted(tree.texts.items()):
        if not matches(path, WORDS_ARE_SEARCHED_IN):
            continue
        if pattern.search(path) and not WORD_EXCEPTIONS.allow(path, word.name):
            yield f"{path}: the file's name has the word {word.name}; say {word.instead}"
        for number, line in enumerate(house_tree.lines_of(text), 1):
            match = pattern.search(line)
            if match and not WORD_EXCEPTIONS.allow(path, word.name):
                yield f"{path}:{number}: {match[0]}; say {word.instead}"


def files_say_their_licence(tree):
    for path, text in sorted(tree.texts.items()):
        first = house_tree.lines_of(text)[0]
        if path.startswith("lib/") and not path.endswith(".md") and LICENCE not in first:
            yield f"{path}:1: {first[:40]!r}; a file's first line is a comment that says {LICENCE!r}"


def files_say_their_names(tree):
    for source in tree.sources:
        wanted = f"/* {source.name}: "
        second = (source.lines + [""])[1]
        if not second.startswith(wanted):
            yield f"{source.path}:2: {second[:40]!r}; a file's second line begins with {wanted!r}, and says what it is"


def exceptions_are_needed(tree):
    """Runs last: only then is it known which exceptions were needed."""
    rules = house_tree.lines_of(tree.texts.get("tests/house.py", ""))
    for exceptions in ALL_EXCEPTIONS:
        for where, what, reason in exceptions.stale():
            number = next((number for number, line in enumerate(rules, 1) if f'"{where}", "{what}"' in line), "?")
            yield f"tests/house.py:{number}: {exceptions.name}: nothing needs {where}, {what} ({reason}); take it out"


def cases():
    """Each case's name and its check."""
    def of(check, data):
        return lambda tree: check(tree, data)
    yield "every folder has a floor", floors_are_known
    yield "includes go down or stay in their folder", includes_go_down
    yield "system headers are where they may be", system_headers_have_places
    yield "no circle between folders", no_circle_of_folders
    yield "no circle between headers", no_circle_of_headers
    yield "every .c file has a header", sources_have_headers
    yield "every header is included", headers_are_included
    for rule in MAY_NOT:
        yield f"{rule.folder}/ may not {rule.sentence}", of(may_not, rule)
    yield f"no line is longer than {COLUMNS_ALLOWED} columns", lines_are_short
    yield f"no file of lib/ is longer than {LINES_ALLOWED} lines", files_are_short
    for word in WORDS:
        yield f"one word, one meaning: {word.name}", of(word_is_used_rightly, word)
    yield "lib/README.md names every file", house_readme.names_files
    yield "lib/README.md gives every folder its floor", of(house_readme.gives_floors, FLOOR_OF)
    yield "every file opens with its licence", files_say_their_licence
    yield "every file goes on with its name", files_say_their_names
    yield "every exception is needed", exceptions_are_needed


def find(tree):
    """What is wrong with a tree: a list of findings for the name of each case."""
    for exceptions in ALL_EXCEPTIONS:
        exceptions.used.clear()
    return {name: list(check(tree)) for name, check in cases()}


# ---- The program

def read_house(root):
    return house_tree.read_folder(root, [*COLUMNS_ARE_COUNTED_IN, "docs/internals.md"])


def write_tap(path, findings):
    lines = [f"1..{len(findings)}"]
    lines += [("not ok" if found else "ok") + f" - {name}" for name, found in findings.items()]
    path.write_text("\n".join(lines) + "\n")


def counted(found):
    return f"{len(found)} finding" + ("" if len(found) == 1 else "s")


def report(tree, findings):
    """The findings, and last their numbers, which are seen even where only an output's end is shown."""
    for name, found in findings.items():
        if found:
            print(f"== {name}: {counted(found)}", *found, sep="\n", end="\n\n")
    if long := long_files(tree):
        print(f"== longer than {LINES_LISTED} lines, which is allowed", *long, sep="\n", end="\n\n")
    print(f"{sum(not found for found in findings.values())} of {len(findings)} cases hold")
    for name, found in findings.items():
        if found:
            print(f"  {name}: {counted(found)}")


def check(root, tap):
    tree = read_house(root)
    findings = find(tree)
    if tap:
        write_tap(tap, findings)
    report(tree, findings)
    return 1 if any(findings.values()) else 0


def graph(root, revision):
    tops = ["lib", "include"]
    trees = [("lib/ now", house_tree.read_folder(root, tops))]
    if revision:
        try:
            trees.insert(0, (f"lib/ in {revision}", house_tree.read_revision(root, revision, tops)))
        except subprocess.CalledProcessError as error:
            print(f"house.py: --old {revision}: {error.stderr.decode(errors='replace').strip()}", file=sys.stderr)
            return 2
    house_graph.show(trees, FLOOR_OF)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tap", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--graph", action="store_true")
    parser.add_argument("--old", metavar="REV")
    parser.add_argument("root", type=pathlib.Path, nargs="?", metavar="SOURCE_ROOT",
                        default=pathlib.Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    if arguments.old and not arguments.graph:
        parser.error("--old: it goes with --graph")
    if not (arguments.root / "lib").is_dir():
        parser.error(f"{arguments.root}: it has no lib/; the root of the sources is wanted")
    return graph(arguments.root, arguments.old) if arguments.graph else check(arguments.root, arguments.tap)


if __name__ == "__main__":
    sys.exit(main())
