#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""snippets.py: the programs in README.md and docs/ compile without a warning, and run.

    snippets.py --tap=FILE SOURCE_ROOT BUILD_ROOT LIBRARY      (CC: the compiler; C++ by g++)

Pieces of C stand in fences (```c). What belongs outside of functions is put there: includes, types, functions, bodies,
reductions, whatever begins with "static". The rest becomes a main. In front of it all comes snippets/PAGE.h, for the
page's name, or snippets/prelude.h. What has a main, or makes one, is run; it has to return 0. Both gcc and clang
compile it, the one that is not CC for its warnings alone. A fence of C++ (```cpp) is treated in the same way, if there
is a ppar.hpp; one of Python has to be Python. What stands behind a paragraph that begins with "Wrong" or "Slow" has to
compile, with or without warnings, and is not run.

A comment before the fence says what else a piece needs, or why it cannot be checked; readers do not see it:

    <!-- snippet: with struct data { double *x; }; -->    this code in front, outside of functions
    <!-- snippet: goes on -->                             what stood outside of functions in the piece before
    <!-- snippet: flags -fopenmp-simd -->                 for the compiler
    <!-- snippet: do not run because it asks the user -->
    <!-- snippet: skip because it is a part of a struct -->

Commands for the compiler that a page shows, as `cc ...` in a line of its own or in a table, are run on the program that
stands before them on the page. There pkg-config finds the library of this build, by a ppar.pc of the test's own.
"""
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

NOT_SEARCHED = ["docs/performance.md", "docs/course/*", "docs/cxx.md"]  # the last two have checks of their own
WARNINGS = ["-Wall", "-Werror", "-Wno-unused-variable", "-Wno-unused-but-set-variable", "-Wno-unused-function",
            "-Wno-unknown-pragmas"]
RUN_SECONDS = 60


@dataclasses.dataclass
class Snippet:
    page: str
    line: int
    language: str
    code: str
    before: list = dataclasses.field(default_factory=list)  # code outside of functions
    flags: list = dataclasses.field(default_factory=list)
    runs: bool = True
    warns: bool = False  # and may do so
    skip: str = ""

    @property
    def title(self):
        return f"{self.page}:{self.line}"


def pages(root):
    found = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    return [path for path in found if not any(path.relative_to(root).match(glob) for glob in NOT_SEARCHED)]


def snippets_of(path, root):
    """The fences of a page, with what the comments before them say."""
    found, notes, lines, number = [], [], path.read_text(encoding="utf-8").split("\n"), 0
    previous, paragraph = [], ""
    while number < len(lines):
        note = re.match(r"<!-- snippet: (.*?) -->$", lines[number])
        fence = re.match(r"( *)```(\w+)$", lines[number])
        if note:
            notes.append(note[1])
        elif fence:
            first = number + 1
            number = first
            while lines[number].strip() != "```":
                number += 1
            code = "\n".join(line[len(fence[1]):] for line in lines[first:number])
            snippet = Snippet(str(path.relative_to(root)), first, fence[2], code)
            if re.match(r"(Wrong|Slow)\b", paragraph):
                snippet.runs, snippet.warns = False, True
            for text in notes:
                take_note(snippet, text, previous)
            found.append(snippet)
            previous = snippet.before + [item for item in items_of(code) if is_outside(item)]
            notes = []
        elif lines[number].strip():
            notes = []
            paragraph = lines[number] if not lines[number - 1].strip() else paragraph
        number += 1
    return found


def take_note(snippet, text, previous):
    for word, use in (("with ", lambda rest: snippet.before.append(rest)),
                      ("goes on", lambda rest: snippet.before.extend(previous)),
                      ("flags ", lambda rest: snippet.flags.extend(rest.split())),
                      ("do not run because ", lambda rest: setattr(snippet, "runs", False)),
                      ("skip because ", lambda rest: setattr(snippet, "skip", rest))):
        if text.startswith(word):
            use(text.removeprefix(word))
            return
    sys.exit(f"{snippet.title}: <!-- snippet: {text} --> is not understood")


def items_of(code):
    """The code in pieces: preprocessor lines, declarations, definitions and statements."""
    items, item, depth = [], "", 0
    comment, text = r"/\*.*?\*/|//[^\n]*", r'"(?:\\.|[^"\\])*"|' + r"'(?:\\.|[^'\\])*'"
    pattern = rf"{comment}|{text}|^[ \t]*#[^\n]*(?:\\\n[^\n]*)*\n?|\n|."
    tokens = re.findall(pattern, code, flags=re.DOTALL | re.MULTILINE)
    for place, token in enumerate(tokens):
        if re.match(r"[ \t]*#", token) and depth == 0 and not item.strip() and "#pragma" not in token:
            items.append(token.rstrip("\n"))
            continue
        item += token
        depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(token, 0)
        if depth != 0 or token not in (";", "}"):
            continue
        rest = "".join(tokens[place + 1:])
        if token == "}" and re.match(r"\s*(;|,|\)|while\b|else\b|[\w*]+\s*(\[[^\]]*\])?\s*[;=])", rest) and \
                not re.match(r"\s*(static|struct|enum|typedef)\b", rest) and is_type_or_initializer(item, rest):
            continue
        items.append(item)
        item = ""
    if re.sub(r"/\*.*?\*/|//[^\n]*|\s", "", item, flags=re.DOTALL):
        items.append(item)
    return items


def is_type_or_initializer(item, rest):
    """Whether what follows a closing brace still belongs to the item."""
    if re.match(r"\s*(;|,|\)|else\b)", rest):
        return True
    if re.match(r"\s*while\b", rest):
        return bare(item).startswith("do")
    return re.match(r"(typedef |static )?(struct|union|enum)\b[^()]*\{", bare(item)) is not None


def bare(item):
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", item, flags=re.DOTALL).strip()


def is_outside(item):
    """Whether the item belongs outside of functions."""
    text = bare(item)
    if text.startswith("#"):
        return not text.startswith("#pragma")
    if re.match(r"(static|typedef|extern|template|namespace|using)\b|PPAR_(BODY|FOLD|REDUCTION)\w*\(", text):
        return True
    if re.match(r"(struct|union|enum|class)\b[^()=]*\{.*\}\s*;$", text, flags=re.DOTALL):
        return True
    statement = r"(?:if|for|while|switch|return|else|do)\b"
    function = re.match(rf"(?!{statement})[\w:<>,\s*&]+?[\s*&](\w+)\s*\([^;{{}}]*\)\s*\{{", text)
    return function is not None and not re.match(r"ppar_(prange|sections|section|for_each)\w*", function[1])


def program_of(snippet, prelude):
    """The whole source, and whether it has a main."""
    items = items_of(snippet.code)
    outside = [item for item in items if is_outside(item)]
    inside = [item for item in items if not is_outside(item)]
    if any(re.search(r"\bmain\s*\(", bare(item)) for item in outside):
        return snippet.code + "\n", True
    text = f'#include "{prelude}"\n' + ("#include <ppar/ppar.hpp>\n" if snippet.language == "cpp" else "")
    text += "\n".join(snippet.before + outside) + "\n"
    if inside:
        text += "int main(void) {\n" + "\n".join(inside) + "\nreturn 0;\n}\n"
    return text, bool(inside)


class Checker:
    def __init__(self, source_root, build_root, library, folder):
        self.root, self.folder, self.library = source_root, folder, pathlib.Path(library).resolve()
        self.preludes = source_root / "tests/snippets"
        self.cc = shlex.split(os.environ.get("CC", "cc"))
        own = subprocess.run([*self.cc, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.other = "gcc" if "clang" in own else "clang"
        self.includes = [f"-I{source_root}/include", f"-I{build_root}/include"]
        self.has_cpp = (source_root / "include/ppar/ppar.hpp").exists()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "PPAR_"))}
        self.environment |= {"LD_LIBRARY_PATH": str(self.library.parent),
                             "PKG_CONFIG_PATH": str(folder)}
        (folder / "ppar.pc").write_text(
            f"Name: ppar\nDescription: not installed\nVersion: 0\nCflags: {' '.join(self.includes)}\n"
            f"Libs: -L{self.library.parent} -lppar\n", encoding="utf-8")

    def run(self, title, command, **more):
        """Whether a command succeeds; says what it printed if it does not."""
        try:
            run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                                 env=self.environment, cwd=self.folder, timeout=RUN_SECONDS, **more)
        except subprocess.TimeoutExpired:
            print(f"{title}: still running after {RUN_SECONDS} s: {command}")
            return False
        if run.returncode != 0:
            print(f"{title}: {command} gives {run.returncode}\n{run.stdout}")
        return run.returncode == 0

    def check(self, snippet):
        """Yields (title, result): result is true, false, or why nothing was checked."""
        if snippet.skip:
            return [(snippet.title, snippet.skip)]
        if snippet.language == "python":
            try:
                compile(snippet.code, snippet.title, "exec")
            except SyntaxError as error:
                print(f"{snippet.title}: {error}")
                return [(snippet.title, False)]
            return [(f"{snippet.title} is Python", True)]
        is_cpp = snippet.language == "cpp"
        if is_cpp and not (self.has_cpp and shutil.which("g++")):
            return [(snippet.title, "no ppar.hpp, or no g++")]
        prelude = self.preludes / f"{pathlib.Path(snippet.page).stem}.h"
        text, has_main = program_of(snippet, prelude if prelude.exists() else self.preludes / "prelude.h")
        stem = self.folder / re.sub(r"\W", "_", snippet.title)
        source = stem.with_suffix(".cpp" if is_cpp else ".c")
        source.write_text(text, encoding="utf-8")
        flags = [flag for flag in WARNINGS if flag != "-Werror" or not snippet.warns]
        flags += [*self.includes, *snippet.flags, "-std=c++17" if is_cpp else "-std=gnu11", "-O1"]
        flags += ["-fopenmp"] if "#pragma omp" in text and not snippet.flags else []
        compiler = ["g++"] if is_cpp else self.cc
        if not has_main:
            results = [(f"{snippet.title} compiles",
                        self.run(snippet.title, [*compiler, *flags, "-c", str(source), "-o", f"{stem}.o"]))]
        else:
            good = self.run(snippet.title, [*compiler, *flags, str(source), "-o", str(stem), str(self.library), "-lm",
                                            "-pthread"])
            results = [(f"{snippet.title} compiles{' and runs' if snippet.runs else ''}",
                        good and (not snippet.runs or self.run(snippet.title, [str(stem)])))]
        if not is_cpp and shutil.which(self.other):
            results.append((f"{snippet.title} under {self.other}",
                            self.run(snippet.title, [self.other, *flags, "-fsyntax-only", str(source)])))
        return results

    def commands(self, path):
        """The page's commands for the compiler, on the program before them."""
        text = path.read_text(encoding="utf-8")
        programs = [snippet for snippet in snippets_of(path, self.root)
                    if snippet.language == "c" and re.search(r"\bmain\s*\(", snippet.code)]
        results = []
        in_a_line, in_code = r"(cc [^#\n]*?\b(\w+\.c)\b[^#\n]*)", r"(cc [^`\n]*?\b(\w+\.c)\b[^`]*)"
        for match in re.finditer(rf"(?m)^(?: {{4,}}|){in_a_line}|`{in_code}`", text):
            command, name = match[1] or match[3], match[2] or match[4]
            line = text.count("\n", 0, match.start()) + 1
            before = [snippet for snippet in programs if snippet.line < line]
            if not before:
                continue
            title = f"{path.relative_to(self.root)}:{line}: {command.split(' ')[0]} ... {name}"
            (self.folder / name).write_text(before[-1].code + "\n", encoding="utf-8")
            command = re.sub(r"^cc", " ".join(self.cc), command.replace("\\|", "|"))
            results.append((title, self.run(title, ["sh", "-c", command])))
        return results


def main():
    tap = sys.argv[1].removeprefix("--tap=")
    source_root, build_root = (pathlib.Path(argument).resolve() for argument in sys.argv[2:4])
    with tempfile.TemporaryDirectory() as name:
        checker = Checker(source_root, build_root, sys.argv[4], pathlib.Path(name))
        snippets = [snippet for path in pages(source_root) for snippet in snippets_of(path, source_root)
                    if snippet.language in ("c", "cpp", "python")]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = [result for found in pool.map(checker.check, snippets) for result in found]
        for path in pages(source_root):
            results += checker.commands(path)
    results.append((f"{len(snippets)} pieces of code found", len(snippets) > 30))
    with open(tap, "w", encoding="utf-8") as file:
        file.write(f"1..{len(results)}\n")
        for title, good in results:
            skipped = isinstance(good, str)
            file.write(f"{'ok' if good else 'not ok'} - {title}{f' # SKIP {good}' if skipped else ''}\n")
    return 0 if all(good for _, good in results) else 1


sys.exit(main())
