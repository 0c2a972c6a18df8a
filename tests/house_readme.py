# SPDX-License-Identifier: MIT
"""house_readme.py: whether the tables of lib/README.md say what lib/ has.

Each folder has a heading with its floor, "### claim/ (2)". Below it the first column of a table names the folder's
files in backticks: `slots.h` is that file, `clock` is clock.h and clock.c, or the one of them that is there.
"""

import re

import house_tree

README = "lib/README.md"
HEADING = re.compile(r"### `?(\w+)/`?(?: \((\d+)\))?\s*$")


def named_files(tree):
    """The rows of the tables that stand under a folder's heading: line, folder, the names in the first column."""
    folder = None
    for number, line in enumerate(house_tree.lines_of(tree.texts.get(README, "")), 1):
        if line.startswith("#"):
            heading = HEADING.match(line)
            folder = heading[1] if heading else None
        elif folder and line.startswith("|"):
            names = re.findall(r"`([^`]+)`", line.split("|")[1])
            if names:
                yield number, folder, names


def files_called(tree, folder, name):
    """The paths that a name in a table stands for."""
    path = f"lib/{folder}/{name}"
    return [path for path in ([path] if "." in name else [path + ".h", path + ".c"]) if path in tree.texts]


def names_files(tree):
    """The tables name every file, and no file that is not there."""
    named = set()
    for number, folder, names in named_files(tree):
        for name in names:
            files = files_called(tree, folder, name)
            named.update(files)
            if not files:
                yield f"{README}:{number}: names {name}, which lib/{folder}/ does not have"
    for path in sorted(tree.texts):
        is_told = path.count("/") > 1 and path.startswith("lib/") and not path.endswith("/meson.build")
        if is_told and path not in named:
            folder = path.split("/")[1]
            yield f"{README}: no table names {path}; it belongs in backticks in the first column under ### {folder}/"


def gives_floors(tree, floor_of):
    """Every folder has a heading with its floor. Rows that begin with a number and name folders have the right one."""
    with_heading = set()
    for number, line in enumerate(house_tree.lines_of(tree.texts.get(README, "")), 1):
        told = []
        if heading := HEADING.match(line):
            with_heading.add(heading[1])
            told = [(heading[1], heading[2])]
        elif row := re.match(r"\|\s*(\d+)\s*\|([^|]*)\|", line):
            told = [(folder, row[1]) for folder in re.findall(r"`(\w+)/`", row[2])]
        for folder, floor in told:
            right = str(floor_of.get(folder, "no folder of lib/"))
            if floor != right:
                yield f"{README}:{number}: {folder}/ has the floor {floor}; it is {right}"
    for folder in tree.folders():
        if folder not in with_heading:
            yield f"{README}: no heading for {folder}/; it is ### {folder}/ ({floor_of.get(folder, 'its floor')})"
