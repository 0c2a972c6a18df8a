#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""migrating.py: docs/migrating-from-openmp.md has every name of OpenMP 5.2 for C, and its index leads to each.

    migrating.py --tap=FILE SOURCE_ROOT [COMPILER...]     the compilers' omp.h is asked for further routines
    migrating.py --write SOURCE_ROOT                      writes the index, which is made from the rest of the page

A name stands in a section if it is in `code` in the first column of a table there, or in the text under "Devices",
which has no table.
"""
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
PAGE = "docs/migrating-from-openmp.md"

DIRECTIVES = """allocate allocators assume assumes atomic barrier cancel critical declare|mapper
    declare|reduction declare|simd declare|target declare|variant depobj dispatch distribute error flush for
    interop loop masked master metadirective nothing ordered parallel requires scan scope section sections simd
    single target target|data target|enter|data target|exit|data target|update task taskgroup taskloop taskwait
    taskyield teams threadprivate tile unroll cancellation|point begin|assumes begin|declare|target
    begin|declare|variant begin|metadirective""".split()
CLAUSES = """absent acq_rel acquire adjust_args affinity align aligned allocate allocator append_args at
    atomic_default_mem_order bind capture collapse compare contains copyin copyprivate default defaultmap depend
    destroy detach device device_type dist_schedule doacross dynamic_allocators enter exclusive fail filter
    final firstprivate from full grainsize has_device_addr hint holds if in_reduction inbranch inclusive
    indirect init initializer is_device_ptr lastprivate linear link map match mergeable message nocontext
    nogroup no_openmp no_openmp_routines no_parallelism nontemporal notinbranch novariants nowait num_tasks
    num_teams num_threads order ordered otherwise partial priority private proc_bind read reduction relaxed
    release reverse_offload safelen schedule seq_cst severity shared simd simdlen sizes task_reduction
    thread_limit threads to unified_address unified_shared_memory uniform untied update use use_device_addr
    use_device_ptr uses_allocators weak when write inscan conditional monotonic iterator""".split()
VARIABLES = """OMP_AFFINITY_FORMAT OMP_ALLOCATOR OMP_CANCELLATION OMP_DEBUG OMP_DEFAULT_DEVICE
    OMP_DISPLAY_AFFINITY OMP_DISPLAY_ENV OMP_DYNAMIC OMP_MAX_ACTIVE_LEVELS OMP_MAX_TASK_PRIORITY OMP_NESTED
    OMP_NUM_TEAMS OMP_NUM_THREADS OMP_PLACES OMP_PROC_BIND OMP_SCHEDULE OMP_STACKSIZE OMP_TARGET_OFFLOAD
    OMP_TEAMS_THREAD_LIMIT OMP_THREAD_LIMIT OMP_TOOL OMP_TOOL_LIBRARIES OMP_TOOL_VERBOSE_INIT OMP_WAIT_POLICY""".split()
ROUTINES = """omp_aligned_alloc omp_aligned_calloc omp_alloc omp_calloc omp_capture_affinity omp_control_tool
    omp_destroy_allocator omp_destroy_lock omp_destroy_nest_lock omp_display_affinity omp_display_env omp_free
    omp_fulfill_event omp_get_active_level omp_get_affinity_format omp_get_ancestor_thread_num
    omp_get_cancellation omp_get_default_allocator omp_get_default_device omp_get_device_num omp_get_dynamic
    omp_get_initial_device omp_get_interop_int omp_get_interop_name omp_get_interop_ptr omp_get_interop_rc_desc
    omp_get_interop_str omp_get_interop_type_desc omp_get_level omp_get_mapped_ptr omp_get_max_active_levels
    omp_get_max_task_priority omp_get_max_teams omp_get_max_threads omp_get_nested omp_get_num_devices
    omp_get_num_interop_properties omp_get_num_places omp_get_num_procs omp_get_num_teams omp_get_num_threads
    omp_get_partition_num_places omp_get_partition_place_nums omp_get_place_num omp_get_place_num_procs
    omp_get_place_proc_ids omp_get_proc_bind omp_get_schedule omp_get_supported_active_levels omp_get_team_num
    omp_get_team_size omp_get_teams_thread_limit omp_get_thread_limit omp_get_thread_num omp_get_wtick
    omp_get_wtime omp_in_final omp_in_parallel omp_init_allocator omp_init_lock omp_init_lock_with_hint
    omp_init_nest_lock omp_init_nest_lock_with_hint omp_is_initial_device omp_pause_resource
    omp_pause_resource_all omp_realloc omp_set_affinity_format omp_set_default_allocator omp_set_default_device
    omp_set_dynamic omp_set_lock omp_set_max_active_levels omp_set_nest_lock omp_set_nested omp_set_num_teams
    omp_set_num_threads omp_set_schedule omp_set_teams_thread_limit omp_target_alloc omp_target_associate_ptr
    omp_target_disassociate_ptr omp_target_free omp_target_is_accessible omp_target_is_present omp_target_memcpy
    omp_target_memcpy_async omp_target_memcpy_rect omp_target_memcpy_rect_async omp_test_lock omp_test_nest_lock
    omp_unset_lock omp_unset_nest_lock""".split()


def all_names():
    return sorted({name.replace("|", " ") for name in DIRECTIVES + CLAUSES + ROUTINES + VARIABLES}, key=str.lower)


def routines_of(compiler):
    """What the compiler's omp.h declares; None if there is none."""
    run = subprocess.run([compiler, "-fopenmp", "-E", "-x", "c", "-"], input="#include <omp.h>\n",
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    if run.returncode != 0:
        return None
    # Some return a pointer, and some compilers' headers declare what is in no standard.
    return set(re.findall(r"\b(omp_\w+)\s*\(", run.stdout))


def sections(text):
    """(heading, the `code` in which names are looked for) of each section before the index."""
    found, fence = [], False
    for line in text.split("\n## Index")[0].split("\n"):
        fence ^= line.startswith("```")
        if fence or line.startswith("```"):
            continue
        heading = re.match(r"#{2,4} (.*)", line)
        if heading:
            found.append((heading[1], [], []))
        elif found and line.startswith("|"):
            first = re.split(r"(?<!\\)\|", re.sub(r"`[^`]+`", lambda code: code[0].replace("|", "\0"), line))[1]
            found[-1][1].extend(re.findall(r"`([^`]+)`", first))
        elif found:
            found[-1][2].extend(re.findall(r"`([^`]+)`", line))
    return [(heading, in_text if heading == "Devices" else in_table) for heading, in_table, in_text in found]


def place_of(name, text_sections):
    """The heading under which a name is told of: where something begins with it, or has it within."""
    begins = re.compile(rf"(#pragma omp )?{re.escape(name)}(?!\w)")
    has = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for fits in (begins.match, has.search):
        for heading, codes in text_sections:
            if any(fits(code) for code in codes):
                return heading
    return None


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def index_of(text):
    """The index as it should be: a row for each initial, routines and variables by themselves."""
    rows = {}
    text_sections = sections(text)
    for name in all_names():
        heading = place_of(name, text_sections)
        row = re.match(r"omp_(?:get|set|target)_|omp_|OMP_|.", name)[0]
        if heading:
            rows.setdefault(f"`{row}...`" if "_" in row else row, []).append(f"[`{name}`](#{anchor(heading)})")
    order = sorted(rows, key=lambda row: (len(row) > 1, row.startswith("`OMP"), row))
    return "| | |\n|---|---|\n" + "".join(f"| {row} | {', '.join(rows[row])} |\n" for row in order)


def say(problems):
    for problem in problems:
        print(problem)
    return not problems


def main():
    source_root = pathlib.Path(sys.argv[2])
    page = source_root / PAGE
    text = page.read_text(encoding="utf-8")
    if sys.argv[1] == "--write":
        page.write_text(text.split("\n## Index\n")[0] + "\n## Index\n\n" + index_of(text), encoding="utf-8")
        return 0
    names = all_names()
    text_sections = sections(text)
    cases = [
        (f"the page has all {len(names)} names of OpenMP 5.2",
         say([f"{name}: nowhere on {PAGE}" for name in names if not place_of(name, text_sections)])),
        ("the index is as the page", say([] if text.split("\n## Index\n\n")[-1] == index_of(text) else
                                         [f"run {sys.argv[0]} --write {source_root}"])),
    ]
    for compiler in sys.argv[3:]:
        routines = routines_of(compiler) if shutil.which(compiler) else None
        title = f"the page has every routine of {compiler}'s omp.h"
        if routines is None:
            cases.append((f"{title} # SKIP no omp.h", True))
        else:
            cases.append((f"{title} ({len(routines)})", len(routines) > 50 and say(
                [f"{name}: declared by {compiler}, nowhere on {PAGE}" for name in sorted(routines)
                 if not re.search(rf"\b{name}\b", text)])))
    with open(sys.argv[1].removeprefix("--tap="), "w", encoding="utf-8") as file:
        file.write(f"1..{len(cases)}\n")
        file.writelines(f"{'ok' if good else 'not ok'} - {title}\n" for title, good in cases)
    return 0 if all(good for _, good in cases) else 1


sys.exit(main())
