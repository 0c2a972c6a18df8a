# SPDX-License-Identifier: MIT
"""declarations.py: what the public headers declare, as Doxygen's XML has it, gathered into pages.

A page is what one comment is about: the declarations that follow it without an empty line between them. Names that end
in an underscore are the library's own, and are left out.
"""
import dataclasses
import pathlib
import re
import xml.etree.ElementTree

import prose


@dataclasses.dataclass
class Name:
    """Something that a header declares."""
    name: str
    kind: str  # function, macro, type, object, constant
    line: int
    comment: str
    declaration: str = ""  # as C has it; of a macro: how it is called
    result: str = ""  # of a function: its type
    parameters: list = dataclasses.field(default_factory=list)  # of a function: "int64_t begin"; of a macro: "begin"
    fields: list = dataclasses.field(default_factory=list)  # of a type: (declaration, comment)
    calls: list = dataclasses.field(default_factory=list)  # of a macro: how its comment calls it, if it does

    @property
    def is_enum(self):
        return re.match(r"(typedef )?enum\b", self.declaration) is not None

    def with_fields(self, indent):
        """A type as it is declared, on several lines."""
        inside = [f"{indent}{field}{',' if self.is_enum else ';'}" for field, _ in self.fields]
        return [self.declaration + " {", *inside, f"}} {self.name};" if "typedef" in self.declaration else "};"]


@dataclasses.dataclass
class Page:
    """One comment, and what it is about."""
    header: str
    include: str
    names: list
    comment: str
    constants: list = dataclasses.field(default_factory=list)  # enumerators, which the page of their type tells of

    @property
    def title(self):
        return self.names[0].name

    def all_names(self):
        return [name.name for name in self.names] + self.constants


@dataclasses.dataclass
class Header:
    """A header: what its opening comment says, and its pages."""
    name: str  # "loop.h"
    include: str  # "ppar/loop.h"; of a part of another one, which programs do not include: "ppar/ppar.hpp"
    comment: str
    pages: list


def is_public(name):
    return re.match(r"(ppar_|PPAR_)\w*[^_]$", name) is not None


def is_guard(name, header):
    return name.rstrip("_") == "PPAR_" + re.sub(r"\W", "_", header).strip("_").upper().replace("__", "_")


def text_of(element):
    return "" if element is None else "".join(element.itertext())


def comment_of(element):
    """The comment that doc_comments.py has handed on."""
    lines = []
    for kind in ("briefdescription", "detaileddescription"):
        for verbatim in element.iterfind(f"{kind}//verbatim"):
            lines += [line.split("|", 1)[1].rstrip() for line in text_of(verbatim).splitlines() if "|" in line]
    return "\n".join(lines).strip("\n")


def spaced(type_text):
    """A type without what only says where it is kept."""
    words = re.sub(r"\b(static|inline|extern|constexpr|PPAR_\w+)\b", "", type_text)
    return re.sub(r"\s+([*&])", r" \1", re.sub(r"\s+", " ", words)).strip()


def declared(type_text, name, array=""):
    """A variable of a type: "int64_t begin", "void *arg", "int (*compare)(const void *, const void *)"."""
    type_text = spaced(type_text)
    if not name:
        return type_text
    if "(*)" in type_text:
        return re.sub(r"\s*\(\*\)\s*", f" (*{name})", type_text, count=1) + array
    if "(" in type_text or "<" in type_text:
        return f"{type_text} {name}{array}"
    return f"{type_text}{'' if type_text.endswith(('*', '&')) else ' '}{name}{array}"


def split_at_commas(text):
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, "<": 1, "[": 1, ")": -1, ">": -1, "]": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def broken(declaration):
    """A long declaration on several lines, a parameter each; what a template takes is on lines of its own."""
    template = re.match(r"template <((?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*)> ", declaration)
    if template:
        head = f"template <{template[1]}>"
        if len(head) > 72:
            head = "template <" + ",\n          ".join(split_at_commas(template[1])) + ">"
        return head + "\n" + broken(declaration[template.end():])
    call = re.match(r"([^()]*\w)\((.*)\)([^()]*)$", declaration)
    if len(declaration) <= 72 or not call:
        return declaration
    return f"{call[1]}(\n    " + ",\n    ".join(split_at_commas(call[2])) + f"){call[3]}"


def parameters_of(member):
    found = []
    for parameter in member.iterfind("param"):
        name = text_of(parameter.find("declname")) or text_of(parameter.find("defname"))
        default = text_of(parameter.find("defval"))
        found.append(declared(text_of(parameter.find("type")), name, text_of(parameter.find("array"))) +
                     (f" = {default}" if default else ""))
    return [] if found == ["void"] else found


def field_of(member):
    name = text_of(member.find("name"))
    if member.get("kind") == "function":
        declaration = f"{declared(text_of(member.find('type')), name)}{text_of(member.find('argsstring'))}"
    else:
        declaration = declared(text_of(member.find("type")), name, text_of(member.find("argsstring")))
    return declaration.strip(), comment_of(member)


def public_fields(compound):
    """The fields of a struct or class, those of one line together."""
    fields = []
    for member in compound.iterfind("sectiondef/memberdef"):
        name = text_of(member.find("name"))
        is_one = member.get("kind") in ("variable", "function")
        if is_one and member.get("prot") == "public" and not name.endswith("_"):
            fields.append(field_of(member))
    return fields


def name_of(member, scope=""):
    """The name that a member of a header or a namespace declares."""
    kind, name = member.get("kind"), scope + text_of(member.find("name"))
    location = member.find("location")
    entry = Name(name, "", int(location.get("declline") or location.get("line")), comment_of(member))
    type_text, arguments = text_of(member.find("type")), text_of(member.find("argsstring"))
    template = member.find("templateparamlist")
    if kind == "define":
        entry.kind = "macro"
        entry.parameters = [text_of(parameter.find("defname")) for parameter in member.iterfind("param")]
        entry.declaration = name + (f"({', '.join(entry.parameters)})" if member.find("param") is not None else "")
    elif kind == "function":
        entry.kind = "function"
        entry.result, entry.parameters = spaced(type_text), parameters_of(member)
        entry.declaration = f"{declared(type_text, name)}({', '.join(entry.parameters) or 'void'})"
        if template is not None:
            entry.declaration = f"template <{', '.join(parameters_of(template))}> {entry.declaration}"
    elif kind == "variable":
        entry.kind = "object"
        entry.declaration = declared(type_text, name, arguments)
    elif kind == "typedef":
        entry.kind = "type"
        if "(*" in type_text:
            entry.declaration = f"typedef {type_text}{name}{arguments}"
        else:
            entry.declaration = f"typedef {declared(type_text, name)}{arguments}"
    elif kind == "enum":
        entry.kind = "type"
        entry.declaration = f"typedef enum {name}" if is_public(name) else "enum"
        for value in member.iterfind("enumvalue"):
            constant = f"{text_of(value.find('name'))} {text_of(value.find('initializer'))}".strip()
            entry.fields.append((constant, comment_of(value)))
    return entry


def compounds(element, kind, folder):
    """The structs, classes or namespaces that a header or a namespace has inside."""
    for inner in element.iterfind(kind):
        yield xml.etree.ElementTree.parse(folder / f"{inner.get('refid')}.xml").find("compounddef")


def names_of(compound, folder):
    """All names that a header declares, in their order. Those of inline namespaces are their outer namespace's."""
    header = text_of(compound.find("compoundname"))
    found = [name_of(member) for member in compound.iterfind("sectiondef/memberdef")]
    inline = [""]
    for inside in compounds(compound, "innernamespace", folder):
        name = text_of(inside.find("compoundname"))
        if inside.get("inline") == "yes":
            inline.append(name.rsplit("::", 1)[-1] + "::")
        scope = name + "::"
        found += [name_of(member, scope) for member in inside.iterfind("sectiondef/memberdef")
                  if pathlib.Path(member.find("location").get("file")).name == header]
    for inside in compounds(compound, "innerclass", folder):
        name = text_of(inside.find("compoundname"))
        entry = Name(name, "type", int(inside.find("location").get("line")), comment_of(inside))
        template = inside.find("templateparamlist")
        entry.declaration = f"{'typedef ' if header.endswith('.h') else ''}{inside.get('kind')} {name}"
        if template is not None:
            entry.declaration = f"template <{', '.join(parameters_of(template))}> {entry.declaration}"
        entry.fields = public_fields(inside)
        found.append(entry)
    classes = {entry.name for entry in found if entry.kind == "type"}
    found = [entry for entry in found if "::" not in entry.name or entry.name.rsplit("::", 1)[0] not in classes]
    for entry in found:
        for scope in inline[1:]:
            entry.declaration = entry.declaration.replace("::" + scope, "::")
            entry.name = entry.name.replace("::" + scope, "::")
    return sorted(found, key=lambda entry: entry.line)


def belongs_to_all(entry, header):
    """Whether programs may use the name."""
    if "::" in entry.name:
        return "detail" not in entry.name and not entry.name.endswith("_")
    if entry.kind == "type" and not entry.name:
        return True  # an enum without a name
    if re.match(r"@\d+", entry.name):
        return True
    return is_public(entry.name) and not is_guard(entry.name, header)


def is_together(lines, first, last):
    """Whether there is no empty line between the two lines (counted from 1)."""
    return all(line.strip() for line in lines[first - 1:last])


def is_named_in(name, comment):
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", comment) is not None


def pages_of(compound, folder, lines, include):
    """The header's pages. A declaration without a comment of its own belongs to the comment above it, if no empty line
    is between them, or else to one that names it."""
    header = text_of(compound.find("compoundname"))
    pages, inner, seen = [], [], {}
    for entry in names_of(compound, folder):
        if not belongs_to_all(entry, header):
            if entry.comment:  # what public names call, or are made by
                inner.append(entry)
            continue
        if entry.name in seen and "::" in entry.name:  # an overload, or the same in an inline namespace
            page = seen[entry.name]
            page.names.append(entry)
            page.comment += "\n\n" + entry.comment if entry.comment not in page.comment else ""
            continue
        if entry.name in seen and not entry.comment:
            continue  # declared and then defined, or the same for another language
        named = [page for page in pages if is_named_in(entry.name, page.comment)]
        if entry.comment:
            pages.append(Page(header, include, [entry], entry.comment))
        elif pages and is_together(lines, pages[-1].names[-1].line, entry.line):
            pages[-1].names.append(entry)
        elif inner and is_together(lines, inner[-1].line, entry.line):
            pages.append(Page(header, include, [entry], inner[-1].comment))
        elif named:
            named[-1].names.append(entry)
        elif about := [other for other in inner if is_named_in(entry.name, other.comment)]:
            pages.append(Page(header, include, [entry], about[-1].comment))
        else:
            pages.append(Page(header, include, [entry], ""))
        seen[entry.name] = next(page for page in pages if entry in page.names)
    for page in pages:
        finish(page)
    return pages


def finish(page):
    """Enumerators become names of the page; macros are called as their comment calls them."""
    for entry in page.names:
        if entry.is_enum:
            constants = [field.split()[0] for field, _ in entry.fields if is_public(field.split()[0])]
            page.constants += constants
            if re.match(r"@\d+$|$", entry.name):
                entry.name = constants[0]
                page.constants.remove(constants[0])
        if entry.kind == "macro":
            entry.calls = prose.calls_of(entry.name, page.comment) if "..." in entry.declaration else []
            if entry.calls:
                entry.declaration = entry.calls[0]


def headers_of(xml_folder, sources):
    """All headers; sources are the folders in which Doxygen found them."""
    folder = pathlib.Path(xml_folder)
    index = xml.etree.ElementTree.parse(folder / "index.xml")
    found = []
    for item in index.iterfind("compound[@kind='file']"):
        compound = xml.etree.ElementTree.parse(folder / f"{item.get('refid')}.xml").find("compounddef")
        name = text_of(compound.find("compoundname"))
        source = next(path for root in sources for path in pathlib.Path(root).rglob(name))
        lines = source.read_text(encoding="utf-8").splitlines()
        include = f"ppar/{name}" if source.parent in map(pathlib.Path, sources) else "ppar/ppar.hpp"
        found.append(Header(name, include, prose.without_file_name(comment_of(compound)),
                            pages_of(compound, folder, lines, include)))
    leave_once(found)
    found = [header for header in found if header.pages or header.name == "ppar.h"]  # others are the library's own
    return sorted(found, key=lambda header: header.name)


def leave_once(headers):
    """A function that two headers declare is told of where a comment is about it."""
    told = {page.title for header in headers for page in header.pages}
    homes = {}
    for header in headers:
        for page in header.pages:
            for entry in page.names[1:]:
                homes.setdefault(entry.name, []).append((page, entry))
    for name, places in homes.items():
        functions = [(page, entry) for page, entry in places if entry.kind == "function"]
        keep = [place for place in functions if is_named_in(name.split("_")[-1], place[0].comment)][-1:]
        keep = keep or functions[-1:]
        for page, entry in functions:
            if "::" not in name and (name in told or (page, entry) != keep[0]):
                page.names.remove(entry)
