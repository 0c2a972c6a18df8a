#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# examples.sh: the C++ examples compute what they should.
#
#   examples.sh --tap=FILE PROGRAM
set -euo pipefail

tap=${1#--tap=}
program=$2

value() { "$program" "$@" | sed -n 's/^Integral value is \(.*\), Error is .*/\1/p'; }

# The error of 500 bins is far below 1e-9, and the digits are the same for all threads.
integrates() {
  local expected threads
  expected=$(value --n=500 --reproducible) && [ -n "$expected" ] || return
  awk -v value="$expected" 'BEGIN { exit !(value < 1e-9 && value > -1e-9) }' || return
  for threads in 1 2 3 5; do
    [ "$(value --n=500 --reproducible "--threads=$threads")" = "$expected" ] || return
  done
}
refuses() {
  local wrong
  for wrong in --n=0 --n=x --threads=-1 --what; do ! "$program" "$wrong" 2>/dev/null || return; done
}
finds_the_first_failure() {
  [ "$("$program")" = "sum 249999750000.0, greatest 499999.5
no root of element 300000" ]
}

failed=0
check() {
  if "$2"; then
    echo "ok - $1" >>"$tap"
  else
    echo "not ok - $1" >>"$tap"
    failed=1
  fi
}
case $(basename "$program") in
  integration2d*)
    echo 1..2 >"$tap"
    check "the integral is 0, with the same digits for all threads" integrates
    check "what is not allowed is refused" refuses
    ;;
  *)
    echo 1..1 >"$tap"
    check "sums, and the first failure" finds_the_first_failure
    ;;
esac
exit $failed
