#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reference.py: every public name has a man page with something in it, and the pages are as man and browsers want them.

    reference.py --tap=FILE SOURCE_ROOT BUILD_ROOT [FOLDER]

FOLDER is what scripts/reference/reference.py has made (man3, man7, html); without one only the pages that are kept as
they are, of programs, are checked. The last case runs that script on headers with mistakes, which must be found.
"""
import html.parser
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
SECTIONS = {"3": ["NAME", "LIBRARY", "SYNOPSIS", "DESCRIPTION", "SEE ALSO"],
            "7": ["NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "SEE ALSO"],
            "1": ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "SEE ALSO"]}


def headers_in(*roots):
    return [path for root in roots for path in sorted((root / "include/ppar").glob("*.h"))]


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def public_names(source_root, headers):
    """What programs may use: what the library exports, and the headers' macros, types and inline functions, but for
    names that end in an underscore and the headers' guards."""
    names = set(re.findall(r"\b(ppar_\w+);", without_comments((source_root / "lib/ppar.map").read_text())))
    for header in headers:
        text = without_comments(header.read_text())
        guard = re.search(r"#ifndef (\w+)", text)
        names.update(re.findall(r"(?m)^#define (\w+)", text))
        names.discard(guard[1] if guard else "")
        names.update(re.findall(r"(?m)^(?:typedef .*\b|\} *)(ppar_\w+)(?:;|\()", text))
        names.update(re.findall(r"(?m)^(?:static|inline|PPAR_ALWAYS_INLINE)[\w *]*\b(ppar_\w+)\(", text))
    return {name for name in names if re.match(r"(ppar|PPAR)_", name) and not name.endswith("_")}


def say(problems):
    for problem in problems:
        print(problem)
    return not problems


def page_of(folder, name):
    """The page's text, by way of the file that leads to it; None if there is none."""
    path = folder / "man3" / f"{name}.3"
    if not path.exists():
        return None
    text = path.read_text()
    alias = re.match(r"\.so (\S+)\n$", text)
    if alias:
        return (folder / alias[1]).read_text() if (folder / alias[1]).exists() else None
    return text


def names_have_pages(folder, names):
    return say([f"{name}: no page" for name in sorted(names) if page_of(folder, name) is None])


def pages_say_something(folder, names):
    problems = []
    for name in sorted(names):
        text = page_of(folder, name) or ""
        if ".Nd not documented" in text:
            problems.append(f"{name}: its declaration has no comment")
        elif not re.search(rf"(?m)^\.Nm {re.escape(name)}(?: ,)?$", text):
            problems.append(f"{name}: its page does not name it")
    for path in real_pages(folder):  # those of other languages, too
        if path.stem not in names and ".Nd not documented" in path.read_text():
            problems.append(f"{path.stem}: its declaration has no comment")
    return say(problems)


def real_pages(folder):
    return [path for path in sorted(folder.glob("man[37]/*")) if not path.read_text().startswith(".so ")]


def pages_are_whole(pages):
    problems = []
    for path in pages:
        text = path.read_text()
        found = re.findall(r"(?m)^\.Sh (.*)$", text)
        missing = [section for section in SECTIONS[path.suffix[1:]] if section not in found]
        problems += [f"{path.name}: no section {section}" for section in missing]
    return say(problems)


def references_lead_somewhere(folder, pages):
    there = {("ppar_bench", "1"), ("pkg-config", "1")}
    there |= {(path.stem, path.suffix[1:]) for path in folder.glob("man[37]/*")}
    problems = []
    for path in pages:
        for name, section in re.findall(r"(?m)^\.Xr (\S+) (\d)", path.read_text()):
            if (name.replace("\\-", "-"), section) not in there:
                problems.append(f"{path.name}: leads to {name}({section}), which is not there")
    return say(problems)


def lint_is_silent(pages):
    """mandoc finds nothing, not even as to style. It looks for other pages in the system, where ours are not."""
    run = subprocess.run(["mandoc", "-T", "lint", "-W", "style", *map(str, pages)], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True, check=False)
    return say([line for line in run.stdout.splitlines() if "referenced manual not found" not in line])


def man_finds(folder):
    """What a user types."""
    problems = []
    for section, name in (("3", "ppar_parallel_for"), ("3", "ppar_prange"), ("3", "PPAR_FOLD"), ("3", "ppar_sum_f64"),
                          ("7", "ppar")):
        run = subprocess.run(["man", "-M", str(folder), "-w", section, name], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
        if run.returncode != 0:
            problems.append(f"man {section} {name}: {run.stdout.strip()}")
    return say(problems)


def variables_are_told(folder, source_root):
    """Each variable that the library reads is on ppar(7)."""
    page = (folder / "man7/ppar.7").read_text().replace("\\", "")
    grammars = (source_root / "lib/settings/environment_parse.c").read_text()
    read = ["PPAR_" + name for name in re.findall(r"\{\"([A-Z_]+)\", parse_\w+\}", grammars)]
    return say([f"{name}: read by the library, but not on ppar(7)" for name in read
                if not re.search(rf"(?m)^\.It .*\b{name}\b", page)]) and len(read) > 10


def options_are_told(source_root):
    """Each option that ppar_bench --help shows is on its page."""
    page = (source_root / "bench/ppar_bench.1").read_text()
    shown = set()
    for path in (source_root / "bench/driver/help.c", source_root / "bench/simulate/command.c"):
        shown.update(re.findall(r"\"\s*--([a-z-]+)", path.read_text()))
    return say([f"--{option}: not on ppar_bench(1)" for option in sorted(shown)
                if not re.search(rf"(?m)^\.It Fl -{option}\b", page)]) and len(shown) > 10


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.anchors = [], set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.anchors.add(attributes["id"])
        for name in ("href", "src"):
            if name in attributes:
                self.links.append(attributes[name])


def html_links_lead_somewhere(folder, source_root):
    """Within the HTML; what lies beside it once it is installed is looked for in the tree."""
    pages = {}
    for path in (folder / "html").rglob("*.html"):
        pages[path] = Links()
        pages[path].feed(path.read_text(encoding="utf-8"))
    problems = []
    for path, page in pages.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            to = (path.parent / target).resolve() if target else path
            if not to.is_relative_to(folder / "html"):
                good = to.is_relative_to(folder) and (source_root / to.relative_to(folder)).exists()
            else:
                good = to.exists() and (not anchor or to not in pages or anchor in pages[to].anchors)
            if not good:
                problems.append(f"{path.relative_to(folder)}: {link}")
    return say(problems) and len(pages) > 10


def mistakes_are_found(source_root, build_root):
    """A declaration without a comment, and one whose header was not read, are told."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        headers = folder / "include/ppar"
        headers.mkdir(parents=True)
        (folder / "docs").mkdir()
        (folder / "lib").mkdir()
        (folder / "lib/ppar.map").write_text("X { global: ppar_told; ppar_bare; ppar_gone; ppar_inner_; };\n")
        (folder / "README.md").write_text("# x\n\n| variable | says | default |\n|---|---|---|\n| `PPAR_X` | x | |\n")
        (headers / "one.h").write_text(
            "/* SPDX-License-Identifier: MIT */\n/* one.h: a header. */\n#ifndef PPAR_ONE_H\n#define PPAR_ONE_H\n\n"
            "/* Tells. Returns 0. */\nint ppar_told(int a);\n\nint ppar_bare(void);\n\n"
            "/* Is called by macros. */\nint ppar_inner_(void);\n\n#endif\n")
        script = source_root / "scripts/reference/reference.py"
        subprocess.run([sys.executable, "-B", str(script), "--source", name, "--build", name + "/nothing", "--out",
                        name + "/out", "--release", "0"], check=True)
        names = public_names(folder, headers_in(folder))
        expected = {"ppar_told", "ppar_bare", "ppar_gone"}
        out = folder / "out"
        return (names == expected and not names_have_pages(out, names) and names_have_pages(out, names - {"ppar_gone"})
                and not pages_say_something(out, names - {"ppar_gone"})
                and ".Sh RETURN VALUES" in (page_of(out, "ppar_told") or ""))


def main():
    tap = sys.argv[1].removeprefix("--tap=")
    source_root, build_root = (pathlib.Path(argument) for argument in sys.argv[2:4])
    folder = pathlib.Path(sys.argv[4]).resolve() if len(sys.argv) > 4 else None
    kept = [source_root / "bench/ppar_bench.1"]
    cases = [("ppar_bench(1) has every option", lambda: options_are_told(source_root))]
    pages = kept
    if folder:
        names = public_names(source_root, headers_in(source_root, build_root))
        pages = kept + real_pages(folder)
        cases += [
            (f"all {len(names)} public names have a man page", lambda: names_have_pages(folder, names)),
            ("every page says something, and names what it is about", lambda: pages_say_something(folder, names)),
            ("references lead to pages", lambda: references_lead_somewhere(folder, pages)),
            ("ppar(7) has every variable that the library reads", lambda: variables_are_told(folder, source_root)),
            ("links in the HTML lead somewhere", lambda: html_links_lead_somewhere(folder, source_root)),
            ("names without a page or a comment are found", lambda: mistakes_are_found(source_root, build_root)),
        ]
        if shutil.which("man"):
            cases.append(("man finds the pages", lambda: man_finds(folder)))
    cases.append((f"all {len(pages)} pages have their sections", lambda: pages_are_whole(pages)))
    if shutil.which("mandoc"):
        cases.append((f"mandoc's lint is silent on {len(pages)} pages", lambda: lint_is_silent(pages)))
    else:
        cases.append(("mandoc's lint is silent # SKIP no mandoc", lambda: True))
    results = [(title, check()) for title, check in cases]
    with open(tap, "w", encoding="utf-8") as file:
        file.write(f"1..{len(results)}\n")
        file.writelines(f"{'ok' if good else 'not ok'} - {title}\n" for title, good in results)
    return 0 if all(good for _, good in results) else 1


sys.exit(main())
