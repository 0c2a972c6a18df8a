#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_exceptions.sh: what leaves a function that the program gave to the library otherwise than by returning ends the
# program with a line that says so, wherever the library calls the function, and on every thread.
#
#   run_exceptions.sh --tap=FILE SOURCE_ROOT BUILD_ROOT LIBRARY
set -uo pipefail

tap=${1#--tap=}
source_root=$2
build_root=$3
library=$4

case $(uname -m) in
  x86_64 | i?86 | aarch64 | riscv*) ;;
  *) printf '1..1\nok - exceptions # SKIP boundary.h has nothing for this processor\n' >"$tap"; exit 0 ;;
esac
if ! command -v g++ >/dev/null; then
  printf '1..1\nok - exceptions # SKIP no g++\n' >"$tap"
  exit 0
fi

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
ulimit -c 0

if ! g++ -std=c++17 -Wall -Wextra -pthread "-I$source_root/include" "-I$build_root/include" \
  "$source_root/tests/exceptions/leave.cpp" -o "$stage/leave" "$library" "-Wl,-rpath,$(dirname "$library")"; then
  printf '1..1\nnot ok - leave.cpp compiles\n' >"$tap"
  exit 1
fi

ways=(throw exit cancel)
mapfile -t places < <("$stage/leave" --list)
echo "1..$((${#places[@]} * ${#ways[@]} + 1))" >"$tap"
failed=0

tell() { # tell NAME STATUS
  if [ "$2" -eq 0 ]; then
    echo "ok - $1" >>"$tap"
  else
    echo "not ok - $1" >>"$tap"
    cat "$stage/errors"
    failed=1
  fi
}

# By SIGABRT, with the library's line, and where it was an exception with the C++ library's on what was thrown.
ends_the_program() {
  local status=0
  timeout --signal=KILL 60 "$stage/leave" "$1" "$2" 2>"$stage/errors" || status=$?
  [ $status -eq 134 ] || { echo "$1 $2 ended with status $status"; return 1; }
  grep -q "^ppar: .* would leave a function that the program gave to the library" "$stage/errors" || return 1
  [ "$2" != throw ] || grep -q "thrown by the test" "$stage/errors"
}

for place in "${places[@]}"; do
  for way in "${ways[@]}"; do
    { ends_the_program "$place" "$way"; } 2>/dev/null
    tell "$way in $place" $?
  done
done
timeout 60 "$stage/leave" caught_inside 2>"$stage/errors"
tell "an exception that the body catches" $?
exit $failed
