# SPDX-License-Identifier: MIT
"""house_graph.py: who includes whom, folder by folder, as tables for a terminal; and circles in such graphs."""

import collections
import shutil
import textwrap

import house_tree

COLUMNS = (("folder", 10), ("floor", 5), ("files", 5), ("lines", 6), ("includes from", 46))
BETWEEN = "   "  # two tables that stand beside each other
TOGETHER = "\u00a0"  # a space at which no line ends


def groups(edges):
    """The sets of nodes that reach each other, as sorted lists. edges: what each node leads to."""
    reached = {node: reach(edges, node) for node in edges}
    found = {tuple(sorted(other for other in reached[node] if node in reached.get(other, ())))
             for node in edges if node in reached[node]}
    return [list(group) for group in sorted(found)]


def reach(edges, start):
    """Everything that some steps lead to; the start itself only where it is in a circle."""
    seen, waiting = set(), list(edges.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(edges.get(node, ()))
    return seen


def shortest_circle(edges, start):
    """The nodes of a shortest way from start back to itself, start at both ends."""
    ways = collections.deque([[start]])
    seen = set()
    while ways:
        way = ways.popleft()
        for node in sorted(edges.get(way[-1], ())):
            if node == start:
                return way + [node]
            if node not in seen:
                seen.add(node)
                ways.append(way + [node])
    return []


def folder_edges(tree):
    """How often each folder includes files of each other folder of lib/, and public headers (the name ppar)."""
    edges = {folder: collections.Counter() for folder in tree.folders()}
    for source in tree.sources:
        for include in source.includes:
            to = include.name.split("/")[0]
            if include.kind != "system" and to != source.folder:
                edges.setdefault(source.folder, collections.Counter())[to] += 1
    return edges


def header_edges(tree):
    """Each header that lib/ or include/ has, and those of them that it includes."""
    edges = {}
    for path, text in tree.texts.items():
        if path.startswith(("lib/", "include/")) and path.removesuffix(".in").endswith(".h"):
            includes = house_tree.source(path, text).includes
            edges[path.removesuffix(".in")] = {tree.target(include) for include in includes} - {None}
    return edges


def first_include(tree, folder, to):
    """One place where a folder includes another one."""
    for source in tree.sources:
        for include in source.includes:
            if source.folder == folder and include.kind == "lib" and include.name.startswith(to + "/"):
                return f'{source.path}:{include.line} includes "{include.name}"'
    return ""


def is_against(floors, folder, to):
    """Whether an include from folder to another one goes up or sideways."""
    return to in floors and folder in floors and floors[to] >= floors[folder]


def in_order(folders, floors):
    """Folders from the ground up; public headers are below all of them, and what has no floor above."""
    places = {"ppar": -1, **{folder: place for place, folder in enumerate(floors)}}
    return sorted(folders, key=lambda folder: (places.get(folder, len(places)), folder))


def rows(tree, floors):
    """Each folder's cells by its name: floor, files, lines, includes."""
    edges = folder_edges(tree)
    result = {}
    for folder in tree.folders():
        files = [source for source in tree.sources if source.folder == folder]
        order = in_order(edges[folder], floors)
        words = [f"{to}{TOGETHER}{edges[folder][to]}" + ("!" if is_against(floors, folder, to) else "") for to in order]
        result[folder] = [str(floors.get(folder, "?")), str(len(files)),
                          str(sum(len(source.lines) for source in files)), ", ".join(words) or "-"]
    return result


def last_row(tree, floors):
    edges = folder_edges(tree)
    against = sum(count for folder, others in edges.items() for to, count in others.items()
                  if is_against(floors, folder, to))
    between = sum(count for others in edges.values() for to, count in others.items() if to != "ppar")
    lines = sum(len(source.lines) for source in tree.sources)
    return ["", str(len(tree.sources)), str(lines), f"{between} between folders, {against} of them up or sideways"]


def circles(tree):
    found = groups({folder: set(others) for folder, others in folder_edges(tree).items()})
    return "; ".join(" ".join(group) for group in found) or "none"


def row_lines(cells):
    """A row as lines of equal length: the last cell goes on below itself where it is long."""
    *short, long = cells
    widths = [width for _, width in COLUMNS]
    parts = [part.replace(TOGETHER, " ") for part in textwrap.wrap(long, widths[-1])] or [""]
    first = short[0].ljust(widths[0]) + "".join(" " + cell.rjust(width) for cell, width in zip(short[1:], widths[1:]))
    return [(first if at == 0 else " " * len(first)) + "  " + part.ljust(widths[-1]) for at, part in enumerate(parts)]


def block_lines(title, tree, floors, folders):
    """A list of lines for each row: title, heading, each of the folders, total, circles."""
    of_folder = rows(tree, floors)
    blocks = [[title], row_lines([name for name, _ in COLUMNS])]
    nothing = ["-"] * (len(COLUMNS) - 1)
    blocks += [row_lines([folder, *of_folder.get(folder, nothing)]) for folder in folders]
    blocks.append(row_lines(["all", *last_row(tree, floors)]))
    blocks.append(["circles between folders: " + circles(tree)])
    return blocks


def beside(left, right):
    """Two tables of the same rows as one."""
    width = max(len(line) for block in left for line in block)
    joined = []
    for first, second in zip(left, right):
        height = max(len(first), len(second))
        first, second = first + [""] * (height - len(first)), second + [""] * (height - len(second))
        joined.append([one.ljust(width) + BETWEEN + two for one, two in zip(first, second)])
    return joined


def show(trees, floors):
    """Prints the tables of some trees, each with its title: beside each other where the terminal is wide enough.

    floors: each folder's floor by its name, from the ground up."""
    folders = in_order({folder for _, tree in trees for folder in tree.folders()}, floors)
    tables = [block_lines(title, tree, floors, folders) for title, tree in trees]
    table_width = max(len(line) for table in tables for block in table for line in block)
    if len(tables) * (table_width + len(BETWEEN)) <= shutil.get_terminal_size().columns + len(BETWEEN):
        for table in tables[1:]:
            tables[0] = beside(tables[0], table)
        tables = tables[:1]
    for number, table in enumerate(tables):
        print("\n" * (number > 0) + "\n".join(line.rstrip() for block in table for line in block))
    print("! goes up, or to another folder of the same floor")
