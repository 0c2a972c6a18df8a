#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""house_mutants.py: house.py finds what it looks for. A small tree is sound; each mutant of it breaks one rule.

    house_mutants.py [--tap=FILE]
"""

import sys

sys.dont_write_bytecode = True  # nothing is written into the source tree
import pathlib  # noqa: E402

import house  # noqa: E402
import house_tree  # noqa: E402


def c_file(name, *lines):
    return "\n".join(["/* SPDX-License-Identifier: MIT */", f"/* {name}: a file of the small tree. */", *lines, ""])


def includes(path, *names):
    """A file that includes these; names as they stand in the text, with quotes or angles."""
    return c_file(path.rpartition("/")[2], *(f"#include {name}" for name in names))


def heading(folder):
    return f"### {folder}/ ({house.FLOOR_OF[folder]})"


README = f"""# Map
| floor | folder |
|---|---|
| {house.FLOOR_OF["platform"]} | `platform/` |
| {house.FLOOR_OF["loop"]} | `loop/`, `team/` |
{heading("platform")}
| file | what it is |
|---|---|
| `clock.h` | a clock |
{heading("schedule")}
| `cut` | a cut |
{heading("claim")}
| `word.h` | a word |
{heading("settings")}
| `text` | a text |
{heading("pool")}
| `work` | work |
{heading("loop")}
| `run` | a run |
{heading("team")}
| `meet.h`, `meet.c` | a meeting |
{heading("algorithm")}
| `sum` | a sum |
{heading("api")}
| `loop.c` | loops |
"""

INCLUDES = {
    "lib/platform/clock.h": ["<stdint.h>"],
    "lib/schedule/cut.h": [],
    "lib/schedule/cut.c": ['"schedule/cut.h"', "<string.h>"],
    "lib/claim/word.h": ['"platform/clock.h"'],
    "lib/settings/text.h": [],
    "lib/settings/text.c": ['"settings/text.h"'],
    "lib/pool/work.h": ['"claim/word.h"'],
    "lib/pool/work.c": ['"pool/work.h"'],
    "lib/loop/run.h": ['"pool/work.h"', '"schedule/cut.h"'],
    "lib/loop/run.c": ['"loop/run.h"'],
    "lib/team/meet.h": ['"claim/word.h"'],
    "lib/team/meet.c": ['"team/meet.h"'],
    "lib/algorithm/sum.h": ["<ppar/loop.h>"],
    "lib/algorithm/sum.c": ['"algorithm/sum.h"', '"schedule/cut.h"'],
    "lib/api/loop.c": ["<ppar/loop.h>", '"algorithm/sum.h"', '"loop/run.h"', '"settings/text.h"', '"team/meet.h"'],
    "include/ppar/loop.h": ["<ppar/version.h>"],
    "include/ppar/version.h.in": [],
}
SOUND = {path: includes(path, *names) for path, names in INCLUDES.items()}
SOUND["lib/README.md"] = README
SOUND["lib/claim/meson.build"] = "# SPDX-License-Identifier: MIT\n"


def more(path, *lines):
    """What a file of the small tree becomes with more lines at its end."""
    return {path: SOUND[path] + "".join(line + "\n" for line in lines)}


def in_readme(old, new):
    return {"lib/README.md": README.replace(old, new)}


def may_not(folder):
    """The case of what the folder may not do."""
    return next(f"{folder}/ may not {rule.sentence}" for rule in house.MAY_NOT if rule.folder == folder)


DOWN = "includes go down or stay in their folder"
SYSTEM = "system headers are where they may be"
FOLDERS = "no circle between folders"
HEADERS = "no circle between headers"
HAS_HEADER = "every .c file has a header"
INCLUDED = "every header is included"
PLATFORM = may_not("platform")
SCHEDULE = may_not("schedule")
CLAIM = may_not("claim")
ALGORITHM = may_not("algorithm")
API = may_not("api")
COLUMNS = f"no line is longer than {house.COLUMNS_ALLOWED} columns"
LINES = f"no file of lib/ is longer than {house.LINES_ALLOWED} lines"
CREW = "one word, one meaning: crew"
FORK = "one word, one meaning: pp_fork_"
NAMED = "lib/README.md names every file"
FLOORS = "lib/README.md gives every folder its floor"
KNOWN = "every folder has a floor"
LICENCE = "every file opens with its licence"
NAME = "every file goes on with its name"
NEEDED = "every exception is needed"
LONG_LINE = "x" * (house.COLUMNS_ALLOWED + 1)

# What the mutant does, which cases it must make fail (no others may), and its texts.
MUTANTS = [
    ("is sound", [], {}),
    ("includes the floor above", [DOWN], more("lib/platform/clock.h", '#include "settings/text.h"')),
    ("includes another folder of its floor", [DOWN], more("lib/loop/run.c", '#include "team/meet.h"')),
    ("includes no file of lib/", [DOWN], more("lib/loop/run.c", '#include "run.h"')),
    ("includes no public header", [DOWN], more("lib/loop/run.c", "#include <ppar/none.h>")),
    ("includes in a comment alone", [], more("lib/platform/clock.h", '/* as in', '#include "settings/text.h" */')),
    ("includes a system's header", [SYSTEM], more("lib/pool/work.c", "# include <unistd.h>")),
    ("makes folders a circle", [DOWN, FOLDERS], more("lib/pool/work.c", '#include "loop/run.h"')),
    ("makes headers a circle", [HEADERS, NAMED], {
        "lib/team/one.h": includes("one.h", '"team/two.h"'), "lib/team/two.h": includes("two.h", '"team/one.h"')}),
    ("makes public headers a circle", [HEADERS], more("include/ppar/version.h.in", "#include <ppar/loop.h>")),
    ("has a .c file alone", [HAS_HEADER, NAMED], {"lib/team/alone.c": c_file("alone.c")}),
    ("has a public header's noun on another floor", [HAS_HEADER, NAMED], {"lib/team/loop.c": c_file("loop.c")}),
    ("has a header alone", [INCLUDED, NAMED], {"lib/team/alone.h": c_file("alone.h")}),
    ("has a header that includes itself", [INCLUDED, HEADERS, NAMED], {
        "lib/team/alone.h": includes("alone.h", '"team/alone.h"')}),
    ("has a folder of its own", [KNOWN, FLOORS], {
        "lib/new/alone.md": "", **in_readme("### api/", "### new/ (9)\n| `alone.md` | |\n### api/")}),
    ("has a file without a folder", [KNOWN, INCLUDED], {"lib/alone.h": c_file("alone.h")}),
    ("knows loops on the ground floor", [PLATFORM], more("lib/platform/clock.h", "#include <ppar/loop.h>")),
    ("shares numbers in schedule/", [SCHEDULE], more("lib/schedule/cut.h", "_Atomic int shared;")),
    ("starts a thread in claim/", [CLAIM], more("lib/claim/word.h", "  pthread_create(&thread);")),
    ("names a start in claim/", [], more("lib/claim/word.h", '/* pthread_create */ "pthread_create" // pthread_join')),
    ("looks inside from algorithm/", [ALGORITHM], more("lib/algorithm/sum.c", '#include "pool/work.h"')),
    ("claims in api/", [API], more("lib/api/loop.c", "  pp_cas_relaxed(word, &old, 1);")),
    ("looks in api/", [], more("lib/api/loop.c", "  pp_load_relaxed(word);")),
    ("has a long line", [COLUMNS], more("lib/pool/work.c", LONG_LINE)),
    ("has a line of letters of two bytes", [], more("lib/pool/work.c", "ä" * house.COLUMNS_ALLOWED)),
    ("has a long file", [LINES], more("lib/pool/work.c", *["x"] * (house.LINES_ALLOWED - 2))),
    ("has a file just short enough", [], more("lib/pool/work.c", *["x"] * (house.LINES_ALLOWED - 3))),
    ("says a word that is gone", [CREW], more("lib/pool/work.c", "/* A crew. */")),
    ("says a name that is gone", [CREW], more("lib/pool/work.c", "int pp_crew_size;")),
    ("says a longer word", [], more("lib/pool/work.c", "/* crewless */")),
    ("says a word out of place", [FORK], more("lib/pool/work.c", "PP_FORK_CHILDREN")),
    ("says it in the page", [CREW], {"docs/internals.md": "Crews\n"}),
    ("leaves a file unnamed", [NAMED], in_readme("| `work` | work |\n", "")),
    ("names half of two files", [NAMED], in_readme("`work`", "`work.c`")),
    ("names no file", [NAMED], in_readme("`work`", "`work`, `none.h`")),
    ("leaves a floor out", [FLOORS], in_readme(heading("pool"), "### pool/")),
    ("tells a wrong floor", [FLOORS], in_readme(heading("pool"), heading("pool").replace("(", "(1"))),
    ("tells a wrong floor in the first table", [FLOORS],
     in_readme(f"| {house.FLOOR_OF['loop']} | `loop/`", "| 9 | `loop/`")),
    ("leaves a folder out", [FLOORS, NAMED], in_readme(heading("pool"), "### Pools")),
    ("has no licence", [LICENCE], {"lib/claim/meson.build": "claim_sources = files()\n"}),
    ("has another file's name", [NAME], {"lib/settings/text.h": c_file("texts.h")}),
    ("is empty", [LICENCE, NAME], {"lib/settings/text.h": ""}),
]

# The same with an exception: the list that it stands in, a path, and what it allows there.
WITH_EXCEPTION = [
    ("is allowed to include", [], more("lib/loop/run.c", '#include "team/meet.h"'),
     (house.INCLUDES_ELSEWHERE, "lib/loop/run.c", "team/meet.h")),
    ("is allowed a system's header", [], more("lib/pool/work.c", "#include <unistd.h>"),
     (house.SYSTEM_HEADERS, "lib/pool/*", "unistd.h")),
    ("is allowed a call", [], more("lib/api/loop.c", "  pp_cas_relaxed(word, &old, 1);"),
     (house.MAY_NOT_EXCEPTIONS, "lib/api/loop.c", "pp_cas_*")),
    ("is allowed a .c file alone", [NAMED], {"lib/team/alone.c": c_file("alone.c")},
     (house.WITHOUT_HEADER, "lib/team/alone.c", "alone.c")),
    ("is allowed a word", [], more("lib/pool/work.c", "PP_FORK_CHILDREN"),
     (house.WORD_EXCEPTIONS, "lib/pool/work.c", "pp_fork_")),
    ("is allowed a long line", [], more("lib/pool/work.c", LONG_LINE),
     (house.LONG_LINES, "lib/pool/work.c", "xxx*")),
    ("is allowed another file's long line", [COLUMNS, NEEDED], more("lib/pool/work.c", LONG_LINE),
     (house.LONG_LINES, "lib/pool/work.h", "xxx*")),
    ("is allowed what it does not do", [NEEDED], {}, (house.INCLUDES_ELSEWHERE, "lib/loop/run.c", "team/meet.h")),
]


def set_exception(exception):
    """Leaves this exception alone, or none."""
    for exceptions in house.ALL_EXCEPTIONS:
        exceptions.entries = []
    if exception:
        exceptions, path, what = exception
        exceptions.entries = [(path, what, "a mutant's")]


def failures():
    """The name of each case, and what is wrong with it, if anything is."""
    for name, wanted, texts, *exception in MUTANTS + WITH_EXCEPTION:
        set_exception(exception[0] if exception else None)
        findings = house.find(house_tree.Tree({**SOUND, **texts}))
        failed = {case: found for case, found in findings.items() if found}
        wrong = [f"  should have failed: {case}" for case in wanted if case not in failed]
        wrong += [f"  failed: {case}: {found[0]}" for case, found in failed.items() if case not in wanted]
        yield f"a tree that {name}", wrong


def main(arguments):
    results = list(failures())
    for name, wrong in results:
        if wrong:
            print(f"{name}:", *wrong, sep="\n")
    lines = [f"1..{len(results)}"] + [("not ok" if wrong else "ok") + f" - {name}" for name, wrong in results]
    for argument in arguments:
        pathlib.Path(argument.removeprefix("--tap=")).write_text("\n".join(lines) + "\n")
    print(f"{sum(not wrong for _, wrong in results)} of {len(results)} mutants did what they should")
    return 1 if any(wrong for _, wrong in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
