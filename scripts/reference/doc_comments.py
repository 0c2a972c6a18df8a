#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""doc_comments.py: prints a header as Doxygen wants it: its plain comments as doc comments.

    doc_comments.py HEADER

Doxygen calls it for each header that it reads (INPUT_FILTER), so that the headers need no marks for Doxygen. It learns
the declarations from the header. The text of a comment it only hands on, verbatim and with a bar before each line, so
that nothing in it means anything to Doxygen; prose.py makes paragraphs, lists and programs of it. Lines keep their
numbers.

  - The comment that opens a file with the file's name is the file's.
  - A comment on lines of its own belongs to the declaration that follows it. One with an empty line after it belongs to
    none, and stays as it is.
  - A comment after a field of a struct, or after an enumerator, belongs to that.
"""
import pathlib
import re
import sys

BEGIN, END = "@verbatim |", " @endverbatim "


def in_types(lines):
    """For each line whether it is inside of a struct's, union's or enum's braces."""
    inside, result = False, []
    for line in lines:
        result.append(inside)
        code = re.sub(r"/\*.*?\*/", "", line)
        if re.match(r"\s*(typedef )?(struct|union|enum|class)\b[^;()]*\{\s*(/\*.*)?$", code):
            inside = True
        elif re.match(r"\s*\}", code):
            inside = False
    return result


def last_line_of_comment(lines, first):
    while "*/" not in lines[first]:
        first += 1
    return first


def convert(lines, first, last, opening):
    """Makes a doc comment of the comment in these lines; `opening` takes the place of its slash and star."""
    before, text = lines[first].split("/*", 1)
    lines[first] = before + opening + BEGIN + text.removeprefix(" ")
    for number in range(first + 1, last + 1):
        lines[number] = " * |" + re.sub(r"^\s*(\*(?!/) ?)?", "", lines[number], count=1)
    lines[last] = re.sub(r"\s*\*/", lambda _: END + "*/", lines[last], count=1)


def documented(text):
    """The header's lines, with doc comments."""
    lines = text.splitlines()
    inside = in_types(lines)
    number = 0
    while number < len(lines):
        line = lines[number]
        own = re.match(r"\s*/\*(?!\*)", line)
        after = inside[number] and not own and re.match(r".*[;,{}\w]\s*/\*(?!\*)", line)
        if not own and not after:
            number += 1
            continue
        last = last_line_of_comment(lines, number)
        alone = not lines[last].split("*/", 1)[1].strip()
        if number == 0:  # the licence; the next comment is about the file
            if len(lines) > 1 and re.match(r"/\* [\w.+-]+\.\w+: ", lines[1]):
                last = last_line_of_comment(lines, 1)
                lines[0] = "/** @file"
                convert(lines, 1, last, " * ")
        elif after:
            convert(lines, number, last, "/**< ")
        elif alone and last + 1 < len(lines) and lines[last + 1].strip():
            convert(lines, number, last, "/** ")
        number = last + 1
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(documented(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")))
