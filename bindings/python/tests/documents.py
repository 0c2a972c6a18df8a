# SPDX-License-Identifier: MIT
"""documents.py: the snippets of docs/python.md run and give what they say, and so does the example.

A line `expression  # -> value` is evaluated, and its repr compared. A block of C after a line <!-- file: NAME --> is
written to NAME; blocks of sh are run. A block after <!-- needs: MODULE --> is skipped where there is no such module.
All blocks of Python run in one interpreter, one after the other.
"""

import ast
import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import tap  # noqa: E402

ROOT = pathlib.Path(os.environ["PPAR_TEST_SOURCE"])
PAGE = ROOT / "docs" / "python.md"
BLOCK = re.compile(r"(?:^<!-- (file|needs): (\S+) -->\n)?^```(python|c|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_python(text, first_line, names):
    """Runs a block, whose first line is that of the page, and compares what is said of its values."""
    values = 0
    lines = enumerate(text.split("\n"), 1)
    said = {number: line.split("# -> ", 1)[1].strip() for number, line in lines if "# -> " in line}
    for node in ast.parse(text).body:
        code = ast.increment_lineno(node, first_line - 1)
        place = node.end_lineno - first_line + 1
        if isinstance(node, ast.Expr):
            value = eval(compile(ast.Expression(code.value), str(PAGE), "eval"), names)
            if place in said:
                if repr(value) != said[place]:
                    raise AssertionError(f"{PAGE.name}:{node.lineno}: {value!r}, and the page says {said[place]}")
                values += 1
        else:
            exec(compile(ast.Module([code], []), str(PAGE), "exec"), names)
    if values != len(said):
        raise AssertionError(f"{PAGE.name}:{first_line}: {len(said)} values are said, {values} were computed")


@unittest.skipUnless(tap.has("numpy"), "no NumPy")
class Documents(unittest.TestCase):
    def test_the_snippets_of_the_page(self):
        page = PAGE.read_text(encoding="utf-8")
        names = {"__name__": "page"}
        here, blocks, printed = os.getcwd(), 0, io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                for mark, what, language, text in BLOCK.findall(page):
                    line = page[: page.index(f"```{language}\n{text}")].count("\n") + 2
                    blocks += 1
                    if mark == "needs" and not tap.has(what):
                        continue
                    with self.subTest(line=line), contextlib.redirect_stdout(printed):
                        if language == "c":
                            pathlib.Path(what).write_text(text, encoding="utf-8")
                        elif language == "sh":
                            subprocess.run(["sh", "-e", "-c", text], check=True, timeout=100)
                        else:
                            run_python(text, line, names)
            finally:
                os.chdir(here)
        self.assertGreater(blocks, 12)
        self.assertEqual(printed.getvalue(), "300\n")

    def test_links_of_the_page(self):
        for link in re.findall(r"\]\(([^)#:]+)", PAGE.read_text(encoding="utf-8")):
            self.assertTrue((PAGE.parent / link).exists(), link)

    def test_the_example(self):
        done = subprocess.run(
            [sys.executable, str(ROOT / "examples" / "python" / "integration2d.py"), "300"],
            capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 5)
        for line in lines:
            if "no Numba" not in line:
                self.assertLess(abs(float(re.search(r"Integral value is (\S+),", line)[1])), 1e-9, line)


if __name__ == "__main__":
    tap.main()
