#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs.py: every listing of docs/cxx.md compiles, and those that are programs run.

    docs.py --tap=FILE SOURCE_ROOT BUILD_ROOT LIBRARY      (CXX: the compiler)

A listing that has a main is a program. The others stand inside of a function whose arguments the text of PRELUDE names.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

PRELUDE = """\
#include <cstdint>
#include <functional>
#include <string>
#include <vector>
#include <ppar/ppar.hpp>
double work(double);
void read_left();
void read_right();
[[maybe_unused]] static void listing(double *x, double *y, double alpha, int n, std::vector<std::string> &words) {
(void)x; (void)y; (void)alpha; (void)n; (void)words;
%s}
"""


def main():
    tap, root, build, library = sys.argv[1].removeprefix("--tap="), *sys.argv[2:5]
    compile_it = os.environ.get("CXX", "c++").split() + ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-pthread",
                                                         f"-I{root}/include", f"-I{build}/include", "-x", "c++"]
    text = pathlib.Path(root, "docs/cxx.md").read_text(encoding="utf-8")
    listings = re.findall(r"^```cpp\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    results = []
    with tempfile.TemporaryDirectory() as stage:
        for number, listing in enumerate(listings, 1):
            source = pathlib.Path(stage, "listing.cpp")
            program = pathlib.Path(stage, "listing")
            if "int main" in listing:
                source.write_text(listing, encoding="utf-8")
                link = ["-x", "none", library, f"-Wl,-rpath,{pathlib.Path(library).parent}", "-o", str(program)]
                commands = [compile_it + [str(source)] + link, [str(program)]]
            else:
                source.write_text(PRELUDE % listing, encoding="utf-8")
                commands = [compile_it + ["-fsyntax-only", str(source)]]
            well = all(subprocess.run(command, timeout=50, check=False).returncode == 0 for command in commands)
            if not well:
                print(f"listing {number} of docs/cxx.md:\n{listing}")
            results.append(f"{'ok' if well else 'not ok'} - listing {number}: {listing.strip().splitlines()[0]}\n")
    well = bool(results) and not any(line.startswith("not") for line in results)
    pathlib.Path(tap).write_text(f"1..{len(results)}\n" + "".join(results), encoding="utf-8")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
