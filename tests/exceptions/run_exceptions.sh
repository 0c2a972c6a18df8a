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
nexts=(loop region group end)
mapfile -t jumps < <("$stage/leave" --list-jumps)
echo "1..$((${#places[@]} * ${#ways[@]} + ${#jumps[@]} * ${#nexts[@]} + 2))" >"$tap"
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

is_found_out() {
  local status=0
  timeout --signal=KILL 60 "$stage/leave" jump "$1" "$2" 2>"$stage/errors" || status=$?
  [ $status -eq 134 ] || { echo "a jump from $1, then $2, ended with status $status"; return 1; }
  grep -q "^ppar: a body, region or task was left without returning" "$stage/errors"
}

for place in "${places[@]}"; do
  for way in "${ways[@]}"; do
    { ends_the_program "$place" "$way"; } 2>/dev/null
    tell "$way in $place" $?
  done
done
for jump in "${jumps[@]}"; do
  for next in "${nexts[@]}"; do
    name="longjmp out of a $jump, then $next"
    case $jump,$next in
      serial_loop,end | region_of_one,end) # which nobody else works for, and the thread has nothing that is given back
        echo "ok - $name # SKIP nobody notices" >>"$tap" ;;
      *)
        { is_found_out "$jump" "$next"; } 2>/dev/null
        tell "$name" $? ;;
    esac
  done
done
timeout 60 "$stage/leave" jumps_inside 2>"$stage/errors"
tell "longjmp and coroutines inside a body" $?
timeout 60 "$stage/leave" caught_inside 2>"$stage/errors"
tell "an exception that the body catches" $?
exit $failed
