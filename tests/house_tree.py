# SPDX-License-Identifier: MIT
"""house_tree.py: the texts of a source tree, and what the C files of its lib/ include.

A tree is read from a folder, or from a revision that git knows. What looks at it does not know which.
"""

import collections
import functools
import pathlib
import re
import subprocess

# A comment, a string or a character. Whichever begins first hides what is inside it.
TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)

# name is what stands between the quotes or angles. kind: "lib" in quotes, "public" for <ppar/...>, else "system".
Include = collections.namedtuple("Include", "line name kind")


def blank(text):
    """Spaces in place of everything but the line ends, so that what follows keeps its line number."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text, strings):
    """The text with blanks for its comments; for its strings too, where strings is "blank" and not "keep"."""
    def replace(match):
        is_comment = match[0].startswith("/")
        return blank(match[0]) if is_comment or strings == "blank" else match[0]
    return TOKEN.sub(replace, text)


def lines_of(text):
    return text.removesuffix("\n").split("\n")


class Source:
    """A .c or .h file of lib/."""

    def __init__(self, path, text):
        self.path = path                                  # lib/claim/slots.h
        self.below_lib = path.removeprefix("lib/")        # claim/slots.h, as an include names it
        self.folder = self.below_lib.rpartition("/")[0]   # claim
        self.name = path.rpartition("/")[2]               # slots.h
        self.is_header = path.endswith(".h")
        self.lines = lines_of(text)
        self.code = lines_of(without_comments(text, "blank"))
        self.includes = list(find_includes(text))


@functools.lru_cache(maxsize=None)
def source(path, text):
    return Source(path, text)


def find_includes(text):
    text = without_comments(text, "keep")
    for match in INCLUDE.finditer(text):
        name = match[1] or match[2]
        kind = "lib" if match[1] else "public" if name.startswith("ppar/") else "system"
        yield Include(text.count("\n", 0, match.start()) + 1, name, kind)


class Tree:
    """texts: each file's text by its path from the root."""

    def __init__(self, texts):
        self.texts = texts
        self.sources = [source(path, text) for path, text in sorted(texts.items())
                        if path.startswith("lib/") and path.endswith((".c", ".h"))]

    def folders(self):
        """The folders of lib/ that have files."""
        return sorted({path.split("/")[1] for path in self.texts if path.startswith("lib/") and path.count("/") > 1})

    def target(self, include):
        """The path of the file that an include names; None where there is none. A header that is configured counts."""
        path = ("lib/" if include.kind == "lib" else "include/") + include.name
        return path if path in self.texts or path + ".in" in self.texts else None

    def with_texts(self, texts):
        """This tree with other texts for some files, or with more files."""
        return Tree({**self.texts, **texts})


def is_kept(path):
    """Whether a file is the project's, and not an editor's or an interpreter's."""
    return not path.name.startswith(".") and not path.name.endswith("~") and path.suffix != ".pyc"


def read_folder(root, tops):
    """The tree of what lies in these folders (or is one of these files) below root."""
    texts = {}
    for top in tops:
        start = pathlib.Path(root, top)
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.is_file() and is_kept(path):
                texts[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8", errors="replace")
    return Tree(texts)


def read_revision(root, revision, tops):
    """The same of a revision. subprocess.CalledProcessError: git does not know it."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True).stdout.decode(
            "utf-8", errors="replace")
    paths = git("ls-tree", "-r", "-z", "--name-only", "--full-tree", revision, "--", *tops).split("\0")
    return Tree({path: git("show", f"{revision}:{path}") for path in paths if path})
