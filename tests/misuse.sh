#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# misuse.sh: mistakes in the use of the macros are found by gcc and clang, with words that help. headers/misuse.c has
# the mistakes, and says how it lists them.
#
#   misuse.sh --tap=FILE SOURCE_ROOT BUILD_ROOT
set -euo pipefail

tap=${1#--tap=}
source_root=$2
build_root=$3

program=$source_root/tests/headers/misuse.c
options=(-Wall -Wextra -Wshadow -Wconversion -pedantic "-I$source_root/include" "-I$build_root/include" -fsyntax-only)
compilers=('C gcc -std=c11 -x c' 'C clang -std=c11 -x c' 'C++ g++ -std=c++17 -x c++' 'C++ clang++ -std=c++17 -x c++')

mapfile -t mistakes < <(sed -n 's/^\/\* MISTAKE(\([A-Z0-9_]*\), \(.*\))$/\1 \2/p' "$program")
messages=$(mktemp)
trap 'rm -f "$messages"' EXIT
failed=0
cases=0

# result GOOD NAME
result() {
  cases=$((cases + 1))
  if [ "$1" = true ]; then
    echo "ok - $2" >>"$tap"
  else
    echo "not ok - $2" >>"$tap"
    failed=1
  fi
}

# The pieces of the message that the mistake must give.
pieces() {
  sed -n "/MISTAKE($1,/,/\*\/\$/{/MISTAKE/d;s/^ \*   *//;s/ *\*\/\$//;p}" "$program"
}

: >"$tap"
for compiler in "${compilers[@]}"; do
  read -r language compile <<<"$compiler"
  if ! command -v "${compile%% *}" >/dev/null; then
    cases=$((cases + 1))
    echo "ok - messages of ${compile%% *} # SKIP no ${compile%% *}" >>"$tap"
    continue
  fi
  good=true
  # shellcheck disable=SC2086 # the compiler's own flags are words
  $compile "${options[@]}" "$program" >"$messages" 2>&1 || good=false
  if [ -s "$messages" ]; then good=false; cat "$messages"; fi
  result "$good" "no message without a mistake, by ${compile%% *}"
  for mistake in "${mistakes[@]}"; do
    read -r name languages <<<"$mistake"
    case " $languages " in *" $language "*) ;; *) continue ;; esac
    # shellcheck disable=SC2086
    $compile "${options[@]}" "-D$name" "$program" >"$messages" 2>&1 || true
    good=true
    while IFS= read -r piece; do
      if ! grep -qF -- "$piece" "$messages"; then
        good=false
        echo "$name: ${compile%% *} does not say: $piece"
      fi
    done < <(pieces "$name")
    [ "$good" = true ] || cat "$messages"
    result "$good" "$name, by ${compile%% *}"
  done
done
echo "1..$cases" >>"$tap"
exit $failed
