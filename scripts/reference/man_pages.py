# SPDX-License-Identifier: MIT
"""man_pages.py: writes the pages as mdoc(7)."""
import re
import textwrap

import declarations
import markdown
import prose

TEXT_WIDTH = 78  # bytes a line of source, as mandoc's lint wants it


def roff(text):
    """Text as it stands in a paragraph."""
    text = text.replace("\\", "\\e").replace("^", "\\(ha").replace("~", "\\(ti")
    return re.sub(r"(?<![\w-])-(?=[\w-])|--", lambda match: match[0].replace("-", "\\-"), text)


def code(text):
    """A line of a program."""
    return roff(text).replace("-", "\\-").replace("\\\\-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")


def argument(text):
    """An argument of a macro."""
    return '"' + code(text).replace('"', "\\(dq") + '"'


def guarded(line):
    return "\\&" + line if line.startswith((".", "'")) else line


def sentences(text):
    """Lines of source: each sentence begins a new one."""
    lines = []
    for sentence in re.split(r"(?<=[\w)\]\"'`*}][.!?])\s+|(?<=[.!?]\))\s+", text):
        lines += textwrap.wrap(sentence, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)
    return lines


class Writer:
    """The source of one page."""

    def __init__(self, names, date, release):
        self.lines = []
        self.names = names  # all public names, which are bold wherever they stand
        self.date, self.release = date, release

    def add(self, *lines):
        self.lines += lines

    def emphasized(self, text):
        """Names and `code` in bold. Spaces within code stay together."""
        def bold(match):
            word = match[1] or match[0]
            return f"\\fB{word}\\fP" if match[1] or word in self.names or word.endswith("()") else word
        return re.sub(r"`([^`]+)`|\b(?:ppar|PPAR)(?:::)?\w+|\b\w+\(\)", bold, roff(text))

    def paragraph(self, text):
        self.add(*(guarded(line) for line in sentences(self.emphasized(text))))

    def blocks(self, blocks, first=True):
        """Paragraphs, programs and lists; with .Pp between them."""
        for kind, content in blocks:
            if kind == prose.PARAGRAPH:
                if not first:
                    self.add(".Pp")
                self.paragraph(content)
            elif kind == prose.PROGRAM:
                self.add(".Bd -literal -offset indent")
                self.add(*(guarded(code(line)) for line in content.splitlines()))
                self.add(".Ed")
            elif kind == prose.LIST:
                self.add(".Bl -bullet")
                for item in content:
                    self.add(".It")
                    self.paragraph(item)
                self.add(".El")
            else:
                self.add(".Bl -tag -width Ds")
                for term, explanation in content:
                    self.add(f".It {bold_argument(term)}")
                    self.paragraph(explanation)
                self.add(".El")
            first = False

    def head(self, title, section):
        self.add(f".Dd {self.date}", f".Dt {title.upper()} {section}", f".Os ppar {self.release}")

    def name(self, names, what):
        self.add(".Sh NAME")
        self.add(*(f".Nm {code(name)}{' ,' if name != names[-1] else ''}" for name in names))
        self.add(".Nd " + roff(what.replace("`", "")).replace('"', "\\(dq"))

    def see_also(self, references):
        """References: (name, section)."""
        self.add(".Sh SEE ALSO")
        ordered = sorted(set(references), key=lambda reference: (reference[1], reference[0].lower(), reference[0]))
        self.add(*(f".Xr {code(name)} {section}{' ,' if (name, section) != ordered[-1] else ''}"
                   for name, section in ordered))

    def text(self):
        return "\n".join(self.lines) + "\n"


def bold_argument(term):
    return f"Sy {argument(term)}"


def synopsis_of(writer, entry):
    if entry.kind == "function" and "template" not in entry.declaration:
        writer.add(f".Ft {argument(entry.result)}", f".Fo {argument(entry.name)}")
        writer.add(*(f".Fa {argument(parameter)}" for parameter in entry.parameters or ["void"]))
        writer.add(".Fc")
    elif entry.kind == "macro" and "(" in entry.declaration:
        arguments = entry.declaration.split("(", 1)[1].removesuffix(")")
        writer.add(f".Fo {argument(entry.name)}")
        writer.add(*(f".Fa {argument(part.strip())}" for part in arguments.split(",")))
        writer.add(".Fc")
    elif entry.kind == "macro":
        writer.add(f".Fd {argument('#define ' + entry.name)}")
    elif entry.kind == "object":
        writer.add(f".Vt {argument('extern ' + entry.declaration + ';')}", ".Pp")
    elif entry.fields:
        writer.add(".Bd -literal")
        writer.add(*(code(line) for line in entry.with_fields("    ")), ".Ed")
    elif entry.kind == "function":
        lines = (declarations.broken(entry.declaration) + ";").splitlines()
        writer.add(".Bd -literal", *map(code, lines), ".Ed")
    else:
        writer.add(f".Vt {argument(entry.declaration + ';')}", ".Pp")


def fields_of(writer, entry):
    told = [(field, comment) for field, comment in entry.fields if comment]
    if not told:
        return
    writer.add(".Pp", "The values:" if entry.is_enum else "The members:")
    writer.add(".Bl -tag -width Ds")
    for field, comment in entry.fields:
        writer.add(f".It {bold_argument(field)}")
        if comment:
            writer.paragraph(" ".join(comment.split()))
    writer.add(".El")


def page_text(page, headers, names, date, release):
    """The source of a page. names: every public name, and the title of its page."""
    writer = Writer(names, date, release)
    all_names = list(dict.fromkeys(page.all_names()))
    told, returned, mirrored = prose.parts_of(prose.without_calls(page.comment, all_names))
    writer.head(page.title, 3)
    writer.name(all_names, prose.first_words(page.comment, all_names) or "not documented")
    writer.add(".Sh LIBRARY", "ppar (libppar, \\-lppar)", ".Sh SYNOPSIS", f".In {page.include}")
    done = set()
    for entry in page.names:
        if entry.declaration not in done:
            synopsis_of(writer, entry)
        done.add(entry.declaration)
    while writer.lines[-1] == ".Pp":
        writer.lines.pop()
    writer.add(".Sh DESCRIPTION")
    writer.blocks(told)
    for entry in page.names:
        fields_of(writer, entry)
    if returned:
        writer.add(".Sh RETURN VALUES")
        writer.blocks(returned)
    siblings = next(header for header in headers if header.name == page.header)
    references = {(f"ppar_{page.header}", 3), ("ppar", 7)}
    references |= {(other.title, 3) for other in siblings.pages if other is not page}
    references |= {(names[word], 3) for word in re.findall(r"\bppar\w+|\bPPAR\w+", page.comment)
                   if word in names and names[word] != page.title}
    writer.see_also(references)
    if mirrored:
        writer.add(".Sh STANDARDS")
        writer.blocks(mirrored)
    return writer.text()


def header_text(header, names, date, release):
    """The source of a header's own page."""
    writer = Writer(names, date, release)
    told, returned, mirrored = prose.parts_of(prose.capitalized(header.comment))
    title = f"ppar_{header.name}"
    writer.head(title, 3)
    writer.name([title], prose.first_words(header.comment) or "not documented")
    writer.add(".Sh LIBRARY", "ppar (libppar, \\-lppar)", ".Sh SYNOPSIS", f".In {header.include}", ".Sh DESCRIPTION")
    writer.blocks(told + returned)
    if header.pages:
        writer.add(".Pp", "It declares:", ".Bl -tag -width Ds")
        for page in header.pages:
            all_names = list(dict.fromkeys(page.all_names()))
            shown = ", ".join(all_names[:6]) + (", ..." if len(all_names) > 6 else "")
            writer.add(f".It {bold_argument(shown)}")
            writer.paragraph(prose.first_words(page.comment, all_names))
        writer.add(".El")
    writer.see_also([(page.title, 3) for page in header.pages] + [("ppar", 7)])
    if mirrored:
        writer.add(".Sh STANDARDS")
        writer.blocks(mirrored)
    return writer.text()


def overview_text(template, headers, variables, names, date, release):
    """ppar(7): a template in mdoc, with the variables and the list of pages put in."""
    writer = Writer(names, date, release)
    writer.add(".Bl -tag -width Ds")
    for shown, says, default in variables:
        writer.add(f".It {bold_argument(markdown.plain(shown))}")
        writer.paragraph(markdown.plain(says, code="`") + ("." if not says.endswith(".") else ""))
        if default:
            writer.paragraph("Default: " + markdown.plain(default, code="`") + ".")
    writer.add(".El")
    environment = "\n".join(writer.lines)
    writer = Writer(names, date, release)
    writer.add(".Bl -tag -width Ds")
    for header in headers:
        if header.name == "ppar.h":
            continue
        writer.add(f".It {bold_argument(f'ppar_{header.name}')}")
        titles = ", ".join(page.title for page in header.pages)
        writer.paragraph(f"{prose.first_words(header.comment)}: {titles}." if titles
                         else f"{prose.first_words(header.comment)}.")
    writer.add(".El")
    pages = "\n".join(writer.lines)
    return (template.replace("@DATE@", date).replace("@RELEASE@", release)
            .replace("@ENVIRONMENT@", environment).replace("@PAGES@", pages))


def write(folder, headers, template, variables, names, date, release):
    """All pages, and for each further name of a page a file that leads to it."""
    chapter = folder / "man3"
    chapter.mkdir(parents=True)
    (folder / "man7").mkdir()
    for header in headers:
        (chapter / f"ppar_{header.name}.3").write_text(header_text(header, names, date, release), encoding="utf-8")
        for page in header.pages:
            (chapter / f"{page.title}.3").write_text(page_text(page, headers, names, date, release), encoding="utf-8")
            for name in dict.fromkeys(page.all_names()):
                if name != page.title:
                    (chapter / f"{name}.3").write_text(f".so man3/{page.title}.3\n", encoding="utf-8")
    (folder / "man7" / "ppar.7").write_text(
        overview_text(template, headers, variables, names, date, release), encoding="utf-8")
