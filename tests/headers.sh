#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# headers.sh: every public header compiles alone, its macros work and its structs have their layout, in each C from C99
# to C23 and as C++17, with gcc and with clang. ppar.hpp does so as C++17, C++20 and C++23, and without exceptions.
#
#   headers.sh --tap=FILE SOURCE_ROOT BUILD_ROOT
set -euo pipefail

tap=${1#--tap=}
source_root=$2
build_root=$3

warnings=(-Wall -Wextra -Wshadow -Wconversion -pedantic -Werror)
cxx_warnings='-Wold-style-cast -Wzero-as-null-pointer-constant'
includes=("-I$source_root/include" "-I$build_root/include")
compilers=('gcc -std=c11 -x c' 'clang -std=c11 -x c'
  "g++ -std=c++17 -x c++ $cxx_warnings" "clang++ -std=c++17 -x c++ $cxx_warnings")
others=('gcc -std=c99 -x c' 'clang -std=c99 -x c' 'gcc -std=c17 -x c' 'clang -std=c17 -x c'
  'gcc -std=c2x -x c' 'clang -std=c2x -x c') # of these the macros and the layout, which include all headers

headers=()
for header in "$source_root"/include/ppar/*.h "$build_root"/include/ppar/*.h; do
  headers+=("$(basename "$header")")
done

cxx_compilers=("g++ -std=c++17 -x c++ $cxx_warnings" "clang++ -std=c++17 -x c++ $cxx_warnings"
  "g++ -std=c++20 -x c++ $cxx_warnings" "clang++ -std=c++20 -x c++ $cxx_warnings"
  "g++ -std=c++2b -x c++ $cxx_warnings" "clang++ -std=c++2b -x c++ $cxx_warnings"
  "g++ -std=c++17 -fno-exceptions -x c++ $cxx_warnings" "clang++ -std=c++17 -fno-exceptions -x c++ $cxx_warnings")
cxx_parts=()
for part in "$source_root"/include/ppar/cxx/*.hpp; do
  cxx_parts+=("cxx/$(basename "$part")")
done

in_c=$((${#compilers[@]} * (${#headers[@]} + 2) + ${#others[@]} * 2))
echo "1..$((in_c + ${#cxx_compilers[@]} + ${#cxx_parts[@]}))" >"$tap"

# check NAME COMPILER: the program on standard input compiles without a warning.
check() {
  local name=$1 compiler=$2
  if ! command -v "${compiler%% *}" >/dev/null; then
    cat >/dev/null # or what writes the program would end by SIGPIPE
    echo "ok - $name # SKIP no ${compiler%% *}" >>"$tap"
  elif $compiler "${warnings[@]}" "${includes[@]}" -fsyntax-only -; then
    echo "ok - $name" >>"$tap"
  else
    echo "not ok - $name" >>"$tap"
  fi
}

for compiler in "${compilers[@]}"; do
  for header in "${headers[@]}"; do
    # Twice: a header guards itself against a second inclusion.
    printf '#include <ppar/%s>\n#include <ppar/%s>\nextern int nothing;\n' "$header" "$header" |
      check "ppar/$header alone as ${compiler%% -x*}" "$compiler"
  done
done
for compiler in "${compilers[@]}" "${others[@]}"; do
  check "macros as ${compiler%% -x*}" "$compiler" <"$source_root/tests/headers/macros.c"
  check "layout as ${compiler%% -x*}" "$compiler" <"$source_root/tests/headers/layout.c"
done
for compiler in "${cxx_compilers[@]}"; do
  printf '#include <ppar/ppar.hpp>\n#include <ppar/ppar.hpp>\n' |
    check "ppar/ppar.hpp alone as ${compiler%% -x*}" "$compiler"
done
for part in "${cxx_parts[@]}"; do
  printf '#include <ppar/%s>\n#include <ppar/%s>\n' "$part" "$part" |
    check "ppar/$part alone as ${cxx_compilers[0]%% -x*}" "${cxx_compilers[0]}"
done
! grep -q '^not ok' "$tap" # some checks ran in a pipe's subshell
