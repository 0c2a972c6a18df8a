#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reference.py: makes the man pages and the HTML reference of the public headers, by Doxygen.

    reference.py --source ROOT --build ROOT --out FOLDER --release VERSION [--doxygen PROGRAM] [--depfile FILE TARGET]

FOLDER gets man3, man7 and html; what was there before goes. Doxygen tells what the headers declare
(declarations.py), with their plain comments for doc comments (doc_comments.py); the rest is done here (prose.py,
man_pages.py, html_pages.py), so that both forms say the same. A new header needs nothing but to lie in include/ppar.
The pages' date is that of SOURCE_DATE_EPOCH, or of the newest header. FILE lists what TARGET is made from, as make and
ninja read it.
"""
import argparse
import datetime
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is written into the source tree
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import declarations  # noqa: E402
import html_pages  # noqa: E402
import man_pages  # noqa: E402
import markdown  # noqa: E402

NOT_GUIDES = ["docs/performance.md"]  # the table of one run, too wide for a page

SETTINGS = """
PROJECT_NAME = ppar
OUTPUT_DIRECTORY = {out}
INPUT = {inputs}
FILE_PATTERNS = {patterns}
INCLUDE_PATH = {includes}
RECURSIVE = YES
INPUT_FILTER = "{python} -B {filter}"
STRIP_FROM_INC_PATH = {includes}
GENERATE_XML = YES
XML_PROGRAMLISTING = NO
GENERATE_HTML = NO
GENERATE_LATEX = NO
HAVE_DOT = NO
QUIET = YES
WARN_AS_ERROR = NO
WARN_IF_UNDOCUMENTED = NO
WARN_LOGFILE = {out}/warnings
EXTRACT_ALL = YES
EXTRACT_STATIC = YES
TYPEDEF_HIDES_STRUCT = YES
SORT_MEMBER_DOCS = NO
MARKDOWN_SUPPORT = NO
AUTOLINK_SUPPORT = NO
MACRO_EXPANSION = YES
PREDEFINED = {defines} PPAR_API= PPAR_BEGIN_DECLS= PPAR_END_DECLS= PPAR_ALWAYS_INLINE=inline PPAR_UNUSED_=
"""


def date_of(headers):
    when = os.environ.get("SOURCE_DATE_EPOCH")
    seconds = int(when) if when else max(path.stat().st_mtime for path in headers)
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%B %-d, %Y")


def declared_in(roots, doxygen, out):
    """What the headers in the roots' include/ppar declare: those of C as C has them, those of C++ as C++ does."""
    includes = [root / "include" for root in roots if (root / "include").is_dir()]
    sources = [include / "ppar" for include in includes if (include / "ppar").is_dir()]
    headers = []
    for suffix, defines in ((".h", ""), (".hpp", "__cplusplus=201703L __cpp_exceptions=199711L")):
        if not any(path for source in sources for path in source.rglob(f"*{suffix}")):
            continue
        folder = out / suffix[1:]
        folder.mkdir()
        settings = SETTINGS.format(out=folder, patterns=f"*{suffix}", defines=defines, python=sys.executable,
                                   inputs=" ".join(f'"{path}"' for path in sources), filter=HERE / "doc_comments.py",
                                   includes=" ".join(f'"{path}"' for path in includes))
        subprocess.run([doxygen, "-"], input=settings, text=True, check=True, stdout=subprocess.DEVNULL)
        headers += declarations.headers_of(folder / "xml", sources)
    return headers


def titles_of(headers):
    """Each public name, and the title of the page that tells of it."""
    return {name: page.title for header in headers for page in header.pages for name in page.all_names()}


def variables_of(root):
    """The table of environment variables, which README.md has, or one of the guides."""
    for path in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for head, *rows in markdown.tables(path.read_text(encoding="utf-8")):
            if head[0].lower() == "variable" and any("PPAR_" in row[0] for row in rows):
                return [(row + ["", ""])[:3] for row in rows]
    sys.exit("reference.py: no page has a table of variables (a table whose first column is \"variable\")")


def guides_of(root):
    pages = sorted((str(path.relative_to(root)) for path in (root / "docs").rglob("*.md")),
                   key=lambda page: page.replace("README.md", ""))  # what a folder begins with
    return ["README.md", *(page for page in pages if page not in NOT_GUIDES)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--release", required=True)
    parser.add_argument("--doxygen", default="doxygen")
    parser.add_argument("--depfile", nargs=2, metavar=("FILE", "TARGET"))
    arguments = parser.parse_args()
    source = arguments.source.resolve()
    with tempfile.TemporaryDirectory() as folder:
        headers = declared_in([source, arguments.build.resolve()], arguments.doxygen, pathlib.Path(folder))
    files = [path for path in (source / "include/ppar").rglob("*.h*") if path.suffix in (".h", ".hpp")]
    names = titles_of(headers)
    for folder in ("man3", "man7", "html"):
        shutil.rmtree(arguments.out / folder, ignore_errors=True)
    man_pages.write(arguments.out, headers, (HERE / "ppar.7.in").read_text(encoding="utf-8"),
                    variables_of(source), names, date_of(files), arguments.release)
    html_pages.write(arguments.out / "html", headers, arguments.release, source, guides_of(source), HERE / "style.css")
    if arguments.depfile:
        makers = [path for path in HERE.iterdir() if path.suffix in (".py", ".css", ".in")]
        guides = [source / guide for guide in guides_of(source)]
        made_from = [*files, source / "include/ppar", *makers, *guides, source / "docs"]
        pathlib.Path(arguments.depfile[0]).write_text(
            f"{arguments.depfile[1]}: " + " ".join(str(path).replace(" ", "\\ ") for path in made_from) + "\n",
            encoding="utf-8")


if __name__ == "__main__":
    main()
