# SPDX-License-Identifier: MIT
"""text.py: what stands in a lesson: its sections, sentences, listings, outputs and pictures."""

import re

SECTIONS = ["Question", "Prediction", "Program", "Run", "Picture", "Explanation", "Exercise", "Solution"]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LISTING = re.compile(r"^<!-- from (\S+)(?: (\S+))? -->\n```c\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
MARK = re.compile(r"^\s*/\* \[/?[\w-]+\] \*/\n", re.MULTILINE)
NUMBER = re.compile(r"(?<![A-Za-z_])(?:[-+]?0x[0-9a-f.]+(?:p[-+]?\d+)?|[-+]?\d[\d.]*(?:e[-+]?\d+)?)")


def words(text):
    """White space makes no difference."""
    return " ".join(text.split())


def masked(line):
    """A line of output without its numbers, which differ from run to run, and the space that they leave."""
    return words(NUMBER.sub(" # ", line))


def part_of(source, part):
    """The lines between the comments [part] and [/part] of a program; without a part all but the licence's line."""
    if part is None:
        return MARK.sub("", re.sub(r"\A/\* SPDX[^\n]*\n", "", source))
    found = re.search(rf"^\s*/\* \[{re.escape(part)}\] \*/\n(.*?)^\s*/\* \[/{re.escape(part)}\] \*/$", source,
                      re.MULTILINE | re.DOTALL)
    return None if found is None else MARK.sub("", found[1])


class Text:
    """docs/course/NN-name.md. Every method yields or returns what is wrong as a sentence, or says whether it is so."""

    def __init__(self, root, name):
        self.root, self.path = root, root / "docs/course" / f"{name}.md"
        self.text = self.path.read_text(encoding="utf-8")
        self.prose = words(FENCE.sub(" ", self.text))

    def says(self, sentence):
        return words(sentence) in self.prose

    def wrong_sections(self):
        found = re.findall(r"^## (.+)$", FENCE.sub("", self.text), re.MULTILINE)
        ours = [heading for heading in found if heading in SECTIONS]
        if ours != SECTIONS:
            yield f"its sections are {', '.join(ours)}; they should be {', '.join(SECTIONS)}"

    def wrong_listings(self):
        listings = LISTING.findall(self.text)
        if not listings:
            yield "it has no listing: a line <!-- from FILE [PART] -->, and the code between ```c and ```"
        for file, part, listed in listings:
            path = self.root / file
            wanted = part_of(path.read_text(encoding="utf-8"), part or None) if path.exists() else None
            if wanted is None:
                yield f"{file} {part}: there is no such file, or no such part in it"
            elif wanted.strip("\n") != listed.strip("\n"):
                yield f"{file} {part}: the listing is not the program's text"

    def write_listings(self):
        """Puts the programs' text between the fences, as it is now."""
        def filled(found):
            file, part, listed = found.groups()
            wanted = part_of((self.root / file).read_text(encoding="utf-8"), part)
            return found[0] if wanted is None else found[0].replace(f"```c\n{listed}```", "```c\n" + wanted.strip("\n")
                                                                    + "\n```")
        self.path.write_text(LISTING.sub(filled, self.text), encoding="utf-8")
        self.text = self.path.read_text(encoding="utf-8")

    def wrong_links(self):
        for _, target in PICTURE.findall(self.text):
            if not (self.path.parent / target).exists():
                yield f"picture {target} is not there"
        for target in LINK.findall(self.text):
            if "://" not in target and not (self.path.parent / target).exists():
                yield f"link to {target}, which is not there"

    def has_picture(self, target):
        return any(found == target and said.strip() for said, found in PICTURE.findall(self.text))

    def shows(self, output):
        """Whether a block of the text is this output, numbers aside. The block may have commands (`$ ...`) above the
        output's lines, and leave lines out (`...`)."""
        printed = {masked(line) for line in output.splitlines()}
        for kind, block in FENCE.findall(self.text):
            lines = [masked(line) for line in block.splitlines()
                     if line.strip() not in ("", "...") and not line.startswith("$ ")]
            if kind == "" and lines and all(line in printed for line in lines):
                return True
        return False
