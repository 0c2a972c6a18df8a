#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""exports.py: the public headers, lib/ppar.map, the built shared library and the Debian package name the same things,
in the same versions.

  exports.py --tap=FILE SOURCE_ROOT BUILD_ROOT LIBRARY [unversioned]      (CC: the compiler)

unversioned: the linker knows no versions, so the library cannot be compared.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys


# The version of what libgomp.so.1 is built with: no header declares it, and no other program may use it.
PRIVATE = "PPAR_PRIVATE"
PRIVATE_SINCE = "0.3.0"


def declared(source_root, build_root):
    """The names that the headers declare as PPAR_API."""
    headers = [path for root in (source_root, build_root) for path in sorted((root / "include/ppar").glob("*.h"))]
    program = "".join(f"#include <ppar/{path.name}>\n" for path in headers)
    compiler = shlex.split(os.environ.get("CC", "cc"))
    text = subprocess.run(
        [*compiler, "-std=c11", "-E", "-P", f"-I{source_root}/include", f"-I{build_root}/include", "-x", "c", "-"],
        input=program, stdout=subprocess.PIPE, text=True, check=True).stdout
    names = set()
    for declaration in re.findall(r'__attribute__\s*\(\(visibility\("default"\)\)\)([^;]*);', text):
        if "(" in declaration:  # a function: the name is before the parameters
            names.add(re.search(r"(\w+)\s*\(", declaration).group(1))
        else:  # objects: each name is before a comma or the end
            names.update(re.findall(r"(\w+)\s*(?:,|$)", declaration))
    return names


def listed(path):
    """Each name in the linker's script, with its version; and whether each version's names are in order, once each."""
    versions, in_order = {}, True
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    for version, names in re.findall(r"(\S+)\s*\{\s*global:(.*?)(?:local:\s*\*;\s*)?\}", text, flags=re.DOTALL):
        names = re.findall(r"(\w+)\s*;", names)
        in_order = in_order and names == sorted(set(names)) and not versions.keys() & set(names)
        versions.update(dict.fromkeys(names, version))
    return versions, in_order


def exported(library):
    """Each name that the library exports, with its version."""
    text = subprocess.run(["nm", "-D", "--defined-only", library], stdout=subprocess.PIPE, text=True, check=True).stdout
    versions = {}
    for line in text.splitlines():
        _, kind, name = line.split()
        if kind != "A":  # a version itself
            name, _, version = name.partition("@")
            versions[name] = version.lstrip("@")
    return versions


def is_for_race_checkers(library):
    """Whether it was compiled with ThreadSanitizer."""
    names = subprocess.run(["nm", "-D", "--undefined-only", library], stdout=subprocess.PIPE, text=True, check=True)
    return "__tsan_init" in names.stdout


def packaged(path):
    """Each line of the Debian package's symbols file: what is exported, and since which release."""
    return {line.strip() for line in path.read_text().splitlines() if line.startswith(" ")}


def with_releases(versions):
    """The lines that this file has for these names, and for the versions themselves. All private names are one line."""
    lines = {f"{version}@{version} {version.removeprefix('PPAR_')}.0" for version in versions.values()}
    lines.add(f"(symver){PRIVATE} {PRIVATE_SINCE}")
    return lines | {f"{name}@{version} {version.removeprefix('PPAR_')}.0" for name, version in versions.items()}


def with_versions(versions):
    return {f"{name}@{version}" for name, version in versions.items()}


def differences(left, right, here, there):
    """Prints what one of the two has and the other one has not; true if there is nothing."""
    for names, ours, others in ((left - right, here, there), (right - left, there, here)):
        for name in sorted(names):
            print(f"{name}: {ours} has it, {others} does not")
    return left == right


def main():
    tap = sys.argv[1].removeprefix("--tap=")
    source_root, build_root, library = (pathlib.Path(argument) for argument in sys.argv[2:5])
    versions, in_order = listed(source_root / "lib/ppar.map")
    public = {name: version for name, version in versions.items() if version != PRIVATE}
    cases = [
        ("lib/ppar.map has each name once, in order", in_order),
        ("lib/ppar.map lists what the headers declare",
         differences(declared(source_root, build_root), set(public), "a header", "lib/ppar.map")),
        ("packaging/debian/libppar0.symbols lists what lib/ppar.map does, since the release of its version",
         differences(packaged(source_root / "packaging/debian/libppar0.symbols"), with_releases(public),
                     "packaging/debian/libppar0.symbols", "lib/ppar.map")),
    ]
    title = "the library exports what lib/ppar.map lists, in its versions"
    if "unversioned" in sys.argv[5:]:
        cases.append((f"{title} # SKIP the linker knows no versions", True))
    else:
        there, wanted = exported(library), dict(versions)
        if is_for_race_checkers(library):  # by itself: it has nothing to tell them in other ways
            wanted = {name: version for name, version in wanted.items() if version != PRIVATE or name in there}
        cases.append((title, differences(with_versions(there), with_versions(wanted), "the library", "lib/ppar.map")))
    with open(tap, "w", encoding="utf-8") as file:
        file.write(f"1..{len(cases)}\n")
        file.writelines(f"{'ok' if good else 'not ok'} - {case}\n" for case, good in cases)
    return 0 if all(good for _, good in cases) else 1


sys.exit(main())
