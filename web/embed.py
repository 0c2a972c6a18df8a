#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""embed.py: the page as a C file: what comes before its data, and what comes after.

    embed.py PAGE OUT.c

The data's place is marked by the one "@DATA@" of the page. The C file is lib/show/page.h's."""

import pathlib
import sys

MARK = b"@DATA@"
BYTES_A_LINE = 32


def array(name, data):
    lines = [f"const char {name}[] = {{"]
    for at in range(0, len(data), BYTES_A_LINE):
        lines.append("".join(f"{byte}," for byte in data[at:at + BYTES_A_LINE]))
    return "\n".join(lines + ["};", f"const size_t {name}_size = sizeof {name};", ""])


def main():
    page, out = map(pathlib.Path, sys.argv[1:])
    parts = page.read_bytes().split(MARK)
    if len(parts) != 2:
        sys.exit(f"{page}: {len(parts) - 1} times {MARK.decode()}, which marks the data's place and is there once")
    if not page.read_bytes().isascii():
        sys.exit(f"{page}: has bytes that are not ASCII, which a C file's characters may not be")
    out.write_text('#include "show/page.h"\n\n' + array("pp_page_before", parts[0]) + array("pp_page_after", parts[1]),
                   encoding="ascii")


main()
