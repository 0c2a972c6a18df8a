#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# headers.sh: every public header compiles alone, its macros work and its structs have their layout, as C11 and C++17,
# with gcc and with clang.
#
#   headers.sh --tap=FILE SOURCE_ROOT BUILD_ROOT
set -euo pipefail

tap=${1#--tap=}
source_root=$2
build_root=$3

warnings=(-Wall -Wextra -Wshadow -Wconversion -pedantic -Werror)
includes=("-I$source_root/include" "-I$build_root/include")
compilers=('gcc -std=c11 -x c' 'clang -std=c11 -x c' 'g++ -std=c++17 -x c++' 'clang++ -std=c++17 -x c++')

headers=()
for header in "$source_root"/include/ppar/*.h "$build_root"/include/ppar/*.h; do
  headers+=("$(basename "$header")")
done

echo "1..$((${#compilers[@]} * (${#headers[@]} + 2)))" >"$tap"
failed=0

# check NAME COMPILER: the program on standard input compiles without a warning.
check() {
  local name=$1 compiler=$2
  if ! command -v "${compiler%% *}" >/dev/null; then
    echo "ok - $name # SKIP no ${compiler%% *}" >>"$tap"
  elif $compiler "${warnings[@]}" "${includes[@]}" -fsyntax-only -; then
    echo "ok - $name" >>"$tap"
  else
    echo "not ok - $name" >>"$tap"
    failed=1
  fi
}

for compiler in "${compilers[@]}"; do
  for header in "${headers[@]}"; do
    # Twice: a header guards itself against a second inclusion.
    printf '#include <ppar/%s>\n#include <ppar/%s>\nextern int nothing;\n' "$header" "$header" |
      check "ppar/$header alone as ${compiler%% -x*}" "$compiler"
  done
  check "macros as ${compiler%% -x*}" "$compiler" <"$source_root/tests/headers/macros.c"
  check "layout as ${compiler%% -x*}" "$compiler" <"$source_root/tests/headers/layout.c"
done
exit $failed
