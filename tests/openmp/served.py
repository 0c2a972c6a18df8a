#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""served.py: the table of docs/openmp-programs.md that says what is served: construct by construct, how many of the
names in lib/gomp/gomp.map are for it, and which test programs have it.

    served.py --tap=FILE SOURCE_ROOT     the table is what the map and the tests make of it
    served.py --write SOURCE_ROOT        writes the table
"""
import collections
import pathlib
import re
import sys

sys.dont_write_bytecode = True
import gomp_map  # noqa: E402

PAGE = "docs/openmp-programs.md"
BEGIN, END = "<!-- served.py writes from here -->", "<!-- to here -->"
SHOWN = 4  # test programs of a construct that are named; of more only some are

# A construct; how it is served; which names are for it; and what its test programs say, by which they are known: words
# of a directive, or the names themselves. A name belongs to the first construct that matches it.
Construct = collections.namedtuple("Construct", "title served names tests")


def directive(words):
    """A directive with these words, in C or Fortran, on its own or behind others."""
    return rf"(?:#\s*pragma|_Pragma\(\"|!\$)\s*omp\b[^\n]*\b(?:{words})\b"


def routine(words):
    return rf"\b(?:{words})_?\s*\("


CONSTRUCTS = [
    Construct("cancellation", "with `OMP_CANCELLATION=true`, of regions, loops and sections",
              r"GOMP_(cancel|cancellation_point|.*_cancel)|omp_get_cancellation_?", directive("cancel|cancellation")),
    Construct("`parallel`", "teams as large as was asked, of threads that all run at once; nested, from any thread",
              r"GOMP_parallel(_start|_end|_reductions)?", directive("parallel")),
    Construct("`parallel for`, `parallel sections`", "as a region with the construct in it",
              r"GOMP_parallel_.*", directive("parallel (for|do|sections)")),
    Construct("`for`, `do`: `ordered(n)`, `depend(sink)`", "iterations wait for those that they name",
              r"GOMP_(loop_(ull_)?)?doacross_.*", directive(r"ordered\s+(depend|doacross)|ordered\(\d\)")),
    Construct("`ordered`", "one iteration after the other",
              r"GOMP_(loop_(ull_)?)?ordered_.*", directive("ordered")),
    Construct("`for`, `do`", "every schedule with its modifiers; `dynamic` and `guided` from ranges of the threads' "
              "own, which others steal from",
              r"GOMP_loop_.*", directive("for|do") + r"|\bGOMP_loop_\w+"),
    Construct("`sections`", "given out one by one", r"GOMP_sections2?_.*", directive("sections")),
    Construct("`single`, `copyprivate`", "the first thread that comes", r"GOMP_single_.*", directive("single")),
    Construct("`scope`", "with reductions", r"GOMP_scope_start", directive("scope")),
    Construct("`masked`, `master`", "compiled into a comparison of thread numbers", None, directive("masked|master")),
    Construct("`critical`, `atomic`", "a lock for each name; atomic operations that the processor does not have",
              r"GOMP_(critical|atomic)_.*", directive("critical|atomic")),
    Construct("`barrier`", "whoever waits lends its CPU to others", r"GOMP_barrier", directive("barrier")),
    Construct("`task`, `taskloop`, `taskwait`, `taskgroup`, `depend`, `detach`",
              "a deque of each thread's, from which threads that wait steal",
              r"GOMP_task(|wait.*|yield|group_(start|end)|loop.*)|omp_(fulfill_event|in_final|in_explicit_task|"
              r"get_max_task_priority)_?",
              directive("task|taskloop|taskwait|taskgroup|taskyield")),
    Construct("`task_reduction`, `in_reduction`", "with the tasks",
              r"GOMP_.*task(group)?_reduction.*", directive("task_reduction|in_reduction|reduction\\(task")),
    Construct("`teams`, `distribute`", "a league of one team after the other",
              r"GOMP_teams.*|omp_(get|set)_(num_teams|team_num|max_teams|teams_thread_limit)(_8)?_?",
              directive("teams")),
    Construct("locks", "plain and nestable ones, with hints, in both sizes that OpenMP has had",
              r"omp_(init|destroy|set|unset|test)_(nest_)?lock(_with_hint)?_?",
              routine("omp_(init|set|test)_(nest_)?lock")),
    Construct("threads and levels", "per task, as the standard has them",
              r"omp_[gs]et_(num_threads|max_threads|thread_num|num_procs|dynamic|nested|schedule|thread_limit|level|"
              r"active_level|max_active_levels|supported_active_levels|ancestor_thread_num|team_size)(_8)?_?|"
              r"omp_in_parallel_?",
              routine("omp_[gs]et_(max_threads|num_threads|dynamic|schedule|level|max_active_levels|team_size)")),
    Construct("places and affinity", "the places of `OMP_PLACES`, each level's policy, clauses",
              r"omp_[gs]et_(proc_bind_?|affinity_format_?|num_places_?|place_.*|partition_.*)|"
              r"omp_(capture|display)_affinity_?",
              routine("omp_get_(proc_bind|num_places|place_num)|omp_(capture|display)_affinity")),
    Construct("memory", "allocators with their traits, on the host's memory",
              r"omp_(alloc|calloc|realloc|free|aligned_.*)|omp_(init|destroy|get_default|set_default)_allocator(_8)?_?|"
              r"GOMP_(alloc|free|add_alloc|is_alloc)",
              routine("omp_(alloc|calloc|init_allocator)")),
    Construct("time", "ppar's clock", r"omp_get_wti(me|ck)_?", routine("omp_get_wtime")),
    Construct("the environment shown; resources given back; `error`", "as the standard says",
              r"omp_(display_env(_8)?_?|pause_resource(_all)?_?)|GOMP_(error|warning)",
              routine("omp_display_env|omp_pause_resource|omp_pause_resource_all") + "|" + directive("error")),
    Construct("`target` and devices", "there are none: regions run on the host, and the routines say so",
              r"GOMP_(target|offload).*|GOMP_interop|omp_target_.*|omp_get_interop_.*|omp_get_num_interop_properties|"
              r"omp_((get|set)_default_device|get_num_devices|is_initial_device|get_initial_device|get_device_num|"
              r"get_mapped_ptr|get_device_from_uid|get_uid_from_device)(_8)?_?",
              directive("target") + "|" + routine("omp_get_num_devices|omp_target_alloc")),
    Construct("OpenACC", "on the host, as without a device", r"acc_.*|GOACC_.*", r"\bacc_\w+\s*\(|pragma\s+acc|!\$acc"),
    Construct("tools", "there are none", r"omp_control_tool.*", routine("omp_control_tool")),
    Construct("what plug-ins for devices call", "none are loaded", r"GOMP_PLUGIN_.*", r"GOMP_PLUGIN_\w+"),
]


def names_of(root):
    """For each construct the names that are for it. A lock's two versions are one name."""
    listed, _ = gomp_map.read(root / "lib/gomp/gomp.map")
    found = {construct.title: set() for construct in CONSTRUCTS}
    lost = []
    for name in sorted({entry.split("@")[0] for entry in listed}):
        for construct in CONSTRUCTS:
            if construct.names and re.fullmatch(construct.names, name):
                found[construct.title].add(name)
                break
        else:
            lost.append(name)
    return found, lost


def programs(root):
    """The test programs and what they say. Files without a program of their own have what others share."""
    paths = [path for folder in ("openmp", "openmp_settings") for path in sorted((root / "tests" / folder).rglob("*"))]
    for path in paths:
        if path.suffix in (".c", ".cpp", ".f90", ".F90") and path.parent.name != "openmp":
            yield f"{path.parent.name}/{path.name}", path.read_text()


def table(root):
    found, _ = names_of(root)
    texts = list(programs(root))
    lines = ["| construct | how it is served | names | test programs |", "|---|---|---|---|"]
    for construct in CONSTRUCTS:
        pattern = re.compile(construct.tests, re.IGNORECASE)
        tests = [name for name, text in texts if pattern.search(text)]
        shown = ", ".join(f"`{name}`" for name in tests[:SHOWN]) or "none"
        if len(tests) > SHOWN:
            shown += " and more"  # no number, which each new test would change
        lines.append(f"| {construct.title} | {construct.served} | {len(found[construct.title]) or ''} | {shown} |")
    total = sum(len(names) for names in found.values())
    lines += ["", f"{total} names in all. Each is there in the version in which GCC's library has it."]
    return "\n".join(lines)


def main():
    root = pathlib.Path(sys.argv[2])
    page = root / PAGE
    text = page.read_text()
    before, _, rest = text.partition(BEGIN)
    written, _, after = rest.partition(END)
    if sys.argv[1] == "--write":
        page.write_text(f"{before}{BEGIN}\n\n{table(root)}\n\n{END}{after}")
        return 0
    _, lost = names_of(root)
    for name in lost:
        print(f"{name}: no construct of tests/openmp/served.py has it")
    current = written.strip() == table(root).strip()
    if not current:
        print(f"{PAGE}: its table is not what the map and the tests make of it: tests/openmp/served.py --write .")
    cases = [("every name of lib/gomp/gomp.map belongs to a construct", not lost),
             ("every construct's names are there", all(names for title, names in names_of(root)[0].items()
                                                       if title != "`masked`, `master`")),
             (f"the table of {PAGE} is up to date", current)]
    with open(sys.argv[1].removeprefix("--tap="), "w", encoding="utf-8") as file:
        file.write(f"1..{len(cases)}\n")
        file.writelines(f"{'ok' if good else 'not ok'} - {case}\n" for case, good in cases)
    return 0 if all(good for _, good in cases) else 1


sys.exit(main())
