#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""links.py: every link within the project's pages leads to a file that is there, and to a heading that is there.

    links.py --tap=FILE SOURCE_ROOT BUILD_ROOT      looks at SOURCE_ROOT's *.md, and at what BUILD_ROOT installs
    links.py SOURCE_ROOT                            looks at SOURCE_ROOT's *.md

Nothing is asked of the network. In the installed tree the pages of HTML are looked at, too.
"""
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scripts/reference"))
import markdown  # noqa: E402


class Page(html.parser.HTMLParser):
    """The links and anchors of a page of HTML."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src"):
                self.links.append((self.getpos()[0], value))
            elif name in ("id", "name"):
                self.anchors.add(value)


def is_local(target):
    return not re.match(r"[a-z][a-z0-9+.-]*:|//", target)


def pages_under(root):
    """The pages of a tree, without what builds and tools have put there."""
    skipped = re.compile(r"(build|subprojects|node_modules|\.).*")
    for path in sorted(root.rglob("*")):
        folders = path.relative_to(root).parts[:-1]
        if path.suffix in (".md", ".html") and not any(skipped.fullmatch(folder) for folder in folders):
            yield path


class Tree:
    def __init__(self, root):
        self.root = root
        self.read = {}

    def links_and_anchors(self, path):
        if path not in self.read:
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".md":
                self.read[path] = markdown.links(text), markdown.anchors(text)
            else:
                page = Page(text)
                self.read[path] = page.links, page.anchors
        return self.read[path]

    def problems_of(self, path):
        for line, target in self.links_and_anchors(path)[0]:
            if not is_local(target):
                continue
            name, _, anchor = target.partition("#")
            to = (path.parent / name).resolve() if name else path
            if not to.exists():
                yield f"{path.relative_to(self.root)}:{line}: {target}: not there"
            elif not to.is_relative_to(self.root):
                yield f"{path.relative_to(self.root)}:{line}: {target}: outside of the tree"
            elif anchor and to.suffix in (".md", ".html") and anchor not in self.links_and_anchors(to)[1]:
                yield f"{path.relative_to(self.root)}:{line}: {target}: no such heading"

    def check(self, suffix):
        """Whether all links of pages of a kind lead somewhere; and how many there are."""
        pages = [path for path in pages_under(self.root) if path.suffix == suffix]
        problems = [problem for path in pages for problem in self.problems_of(path)]
        for problem in problems:
            print(problem)
        count = sum(is_local(target) for path in pages for _, target in self.links_and_anchors(path)[0])
        return not problems and count > 0, count, len(pages)


def mistakes_are_found():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name).resolve()
        (root / "a.md").write_text(
            "# One `two`, three\n\n[a](#one-two-three) [b](#none) [c](b.md) [d](none.md)\n\n    [e](no-link.md)\n\n"
            "```\n[f](no-link.md)\n```\n`[g](no-link.md)` ![h](none.svg)\n")
        (root / "b.md").write_text(
            "[back](a.md#none) [text\nand more](a.md#one-two-three) <https://example.org/x>\n")
        tree = Tree(root)
        found = [problem.rsplit(": ", 2)[1] for path in pages_under(root) for problem in tree.problems_of(path)]
        return found == ["#none", "none.md", "none.svg", "a.md#none"]


def main():
    source_root = pathlib.Path(sys.argv[-1 if len(sys.argv) == 2 else 2]).resolve()
    good, count, pages = Tree(source_root).check(".md")
    cases = [(f"{count} links of {pages} pages", good)]
    if len(sys.argv) > 2:
        cases.append(("links that lead nowhere are found", mistakes_are_found()))
        with tempfile.TemporaryDirectory() as name:
            subprocess.run(["meson", "install", "-C", sys.argv[3], "--no-rebuild", "--quiet", "--destdir", name],
                           stdout=subprocess.DEVNULL, check=True)
            docs = next(pathlib.Path(name).resolve().glob("**/doc/ppar"), None)
            if docs is None:
                cases.append(("links of the installed pages # SKIP they are not installed", True))
            else:
                tree = Tree(docs)
                good, count, pages = tree.check(".md")
                cases.append((f"{count} links of {pages} installed pages", good))
                if (docs / "html").exists():
                    good, count, pages = tree.check(".html")
                    cases.append((f"{count} links of {pages} pages of HTML", good))
        with open(sys.argv[1].removeprefix("--tap="), "w", encoding="utf-8") as file:
            file.write(f"1..{len(cases)}\n")
            file.writelines(f"{'ok' if good else 'not ok'} - {title}\n" for title, good in cases)
    return 0 if all(good for _, good in cases) else 1


sys.exit(main())
