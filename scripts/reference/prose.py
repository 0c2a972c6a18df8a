# SPDX-License-Identifier: MIT
"""prose.py: the text of a comment as paragraphs, programs, lists and terms.

The headers' comments are plain text with few habits, which are all that is understood here:

  - Lines that are indented by four or more are a program, or a table.
  - Lines that begin with "  - " are a list. Other lines that are indented by less than four are terms: what is before
    two or more spaces is the term, what is behind them its explanation.
  - A sentence that begins with "Returns" is what a function returns, up to the end of the paragraph.
  - A line or sentence that begins with "OpenMP:" (or MPI_) names what is mirrored, up to the end of the paragraph.
"""
import re
import textwrap

LONG = 90  # letters of a line of a list
PARAGRAPH, PROGRAM, LIST, TERMS = "paragraph", "program", "list", "terms"


def without_file_name(text):
    return re.sub(r"^[\w.+-]+: *", "", text)


def kind_of(line):
    if line.startswith("    "):
        return PROGRAM
    if line.startswith("  "):
        return LIST if line.startswith("  - ") else TERMS
    return PARAGRAPH


def blocks_of(text):
    """The text as (kind, content): a paragraph's and a program's text, a list's items, a list's terms in pairs."""
    blocks = []
    kind, lines = None, []

    def close():
        if not lines:
            return
        while lines and not lines[-1].strip():
            lines.pop()
        if kind == PARAGRAPH:
            blocks.append((kind, " ".join(line.strip() for line in lines)))
        elif kind == PROGRAM:
            blocks.append((kind, textwrap.dedent("\n".join(lines))))
        elif kind == LIST:
            items = re.split(r"(?m)^  - ", "\n".join(lines))[1:]
            blocks.append((kind, [" ".join(item.split()) for item in items]))
        else:
            pairs = []
            for line in lines:
                parts = re.match(r" {2,3}(\S.*?) {2,}(.*)", line)
                if parts:
                    pairs.append([parts[1], parts[2]])
                elif pairs:
                    pairs[-1][1] += " " + line.strip()
                else:
                    pairs.append([line.strip(), ""])
            blocks.append((kind, pairs))

    for line in text.splitlines():
        if not line.strip():
            if kind == PROGRAM:
                lines.append("")
            else:
                close()
                kind, lines = None, []
            continue
        here = kind_of(line)
        if kind in (LIST, TERMS) and here == PROGRAM:
            here = kind  # an item goes on
        if kind in (LIST, TERMS) and here == TERMS and line.startswith("    "):
            here = kind
        if here != kind:
            close()
            kind, lines = here, []
        lines.append(line)
    close()
    return blocks


SENTENCE_END = r"(?:(?<=[.!?])|(?<=\.\)))\s+"


def parts_of(text):
    """The text's blocks in three: what is told, what is returned, and what of OpenMP or MPI it mirrors."""
    told, returned, mirrored = [], [], []
    for kind, content in blocks_of(text):
        if kind != PARAGRAPH:
            told.append((kind, content))
            continue
        match = re.search(r"(?:^|(?<=[.;:)] )|(?<=\*\. ))(?=OpenMP: |MPI_\w+[,.])", content)
        if match:
            content, rest = content[:match.start()].strip(), content[match.start():].strip()
            mirrored.append((PARAGRAPH, rest))
        match = re.search(r"(?:^|(?<=[.)] ))(?=Returns\b)", content)
        if match:
            content, rest = content[:match.start()].strip(), content[match.start():].strip()
            returned.append((PARAGRAPH, rest))
        if content:
            told.append((PARAGRAPH, content))
    return told, returned, mirrored


def calls_of(name, text):
    """How a comment calls a macro: NAME(arguments), at the beginning of a sentence or after a comma."""
    return [re.sub(r"\s+", " ", match[0])
            for match in re.finditer(rf"(?:(?<=^)|(?<=, )|(?<=and ))\b{name}\([^()]*\)", text.split(":")[0])]


def capitalized(text):
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+[ ,;:.]", text) else text


def without_calls(text, names):
    """A comment without the calls that it begins with, "NAME(arguments): "."""
    call = "|".join(re.escape(name) for name in names)
    match = re.match(rf"(?:(?:{call})\([^()]*\)(?:,\s+|\s+and\s+)?)+:\s*", text)
    return capitalized(text[match.end():]) if match else text


def first_words(text, names=()):
    """The first sentence, or what stands before its semicolon, for a line of a list; before a colon if it is long."""
    content = next((content for kind, content in blocks_of(text) if kind == PARAGRAPH), "")
    content = without_calls(content, names) if names else content
    content = re.split(r"(?<!\.\.)\.(?:\s|$)|;\s|:$", content, maxsplit=1)[0].strip()
    head = content.split(": ")[0]
    if len(content) > LONG and len(head.split()) > 2:
        content = head
    if content.count("(") > content.count(")"):
        content = content[:content.rindex("(")].strip()
    first = content.split(" ")[0]
    is_name = re.search(r"[A-Z_0-9*]", first[1:]) or len(first) == 1 and first != "A"
    return content if is_name else content[:1].lower() + content[1:]
