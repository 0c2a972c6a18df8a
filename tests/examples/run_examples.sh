#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_examples.sh: an example program computes what it should, and refuses what it must. No time is looked at.
#
#   run_examples.sh --tap=FILE PROGRAM
set -euo pipefail

program=$2
name=$(basename "$program")

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# shellcheck source=tests/support/cases.sh
. "$(dirname "$0")/../support/cases.sh" "${1#--tap=}"

# passes ARGUMENT...: status 0, and the program's own check of its result has passed and said so.
passes() {
  local output
  output=$("$program" "$@") && grep -q 'passed$' <<<"$output" && ! grep -q FAILED <<<"$output" && return
  echo "$name $*: $output"
  return 1
}

# refuses ARGUMENT...: status 2, one line that says what is allowed, and nothing on standard output.
refuses() {
  local status=0 output
  output=$("$program" "$@" 2>"$errors") || status=$?
  [ "$status" -eq 2 ] && [ -z "$output" ] && [ "$(wc -l <"$errors")" -eq 1 ] && grep -q 'allowed: ' "$errors" && return
  echo "$name $*: status $status, $output, $(cat "$errors")"
  return 1
}

refuses_all() {
  refuses --nothing 1 && refuses extra && refuses --n && refuses --n abc && refuses --n 0 && refuses --n -5 &&
    refuses --n=1.5 && refuses --n 99999999999999999999 && refuses --n '' && refuses --threads -1 &&
    refuses --threads 4097
}

helps() {
  local output
  output=$("$program" --help) && grep -q -- '--n N' <<<"$output" && grep -q -- --threads <<<"$output" &&
    awk 'length($0) > 120 { exit 1 }' <<<"$output"
}

schedules=(static 'static,7' dynamic 'dynamic,3' 'monotonic:dynamic,2' guided 'guided,4' auto)

refuses_schedules() { refuses --schedule fast && refuses --schedule dynamic, && refuses --schedule static,0; }
passes_with_schedules() {
  local schedule
  for schedule in "${schedules[@]}"; do passes "$@" --schedule "$schedule" || return; done
}

# value ARGUMENT...: the line with integration2d's value, whose error has to be small and whose form is fixed.
value() {
  local line number='-?[0-9]\.[0-9]{6}e[-+][0-9]{2}'
  { read -r line && read -r time; } < <("$program" "$@")
  [[ $line =~ ^Integral\ value\ is\ $number,\ Error\ is\ $number$ && $time =~ ^Time\ spent:\ $number\ sec$ ]] &&
    awk -v error="${line##* }" 'BEGIN { exit !(error < 1e-9) }' && echo "$line"
}
serial_digits_are_the_published_ones() {
  [ "$(value --serial --n 10000)" = "Integral value is -7.117752e-17, Error is 7.117752e-17" ]
}
parallel_value_is_right() {
  local threads schedule
  for threads in 1 2 5; do
    for schedule in "${schedules[@]}"; do
      value --n 500 --threads "$threads" --schedule "$schedule" >"$errors" || return
    done
  done
}
reproducible_digits_are_the_same() {
  local expected threads schedule
  expected=$(value --n 1000 --reproducible) || return
  for threads in 1 2 3 4; do
    for schedule in "${schedules[@]}"; do
      if [ "$(value --n 1000 --reproducible --threads "$threads" --schedule "$schedule")" != "$expected" ]; then
        echo "$threads threads and $schedule differ from $expected"
        return 1
      fi
    done
  done
}

reproducible_digits_are_integration2ds() {
  local expected threads fortran=$program
  program=$(dirname "$program")/../integration2d
  expected=$(value --n 1000 --reproducible) || return
  program=$fortran
  for threads in 1 2 3; do
    [ "$(value --n 1000 --reproducible --threads "$threads")" = "$expected" ] || return
  done
}

# The lines with monte_carlo's values, without its time.
values() {
  local output
  output=$("$program" --n 200001 "$@") && grep -v '^Time' <<<"$output"
}
drawn_digits_are_the_same() {
  local expected threads schedule
  expected=$(values --threads 1) || return
  for threads in 1 2 3 8; do
    for schedule in "${schedules[@]}"; do
      if [ "$(values --threads "$threads" --schedule "$schedule")" != "$expected" ]; then
        echo "$threads threads and $schedule differ from $expected"
        return 1
      fi
    done
  done
  [ "$(values --seed 2)" != "$expected" ]
}

passes_with_sizes() {
  local n
  for n in "$@"; do passes --n "$n" --threads 2 --repeat 1 --check || return; done
}
passes_with_sizes_alone() {
  local n
  for n in "$@"; do passes --n "$n" --threads 2 || return; done
}
passes_with_threads() {
  local threads arguments=("$@")
  for threads in 1 2 3 16; do passes "${arguments[@]}" --threads "$threads" || return; done
}

case $name in
  seeing) ;;
  *)
    check "help" helps
    check "what is not allowed is refused in one line" refuses_all
    ;;
esac
case $name in
  seeing)
    for case in static static4 dynamic4 guided auto reduction critical nested tasks barrier; do
      check "$case ends well" "$program" $case
    done
    ;;
  integration2d)
    check "schedules that are none are refused" refuses_schedules
    check "the serial digits are the published ones" serial_digits_are_the_published_ones
    check "the value is right for every schedule" parallel_value_is_right
    check "reproducible digits are the same for all threads and schedules" reproducible_digits_are_the_same
    ;;
  integration2d_fortran)
    check "the serial digits are the published ones" serial_digits_are_the_published_ones
    check "reproducible digits are those of integration2d, for all threads" reproducible_digits_are_integration2ds
    ;;
  matmul)
    check "schedules that are none are refused" refuses_schedules
    check "the product is right for sizes within and across blocks" passes_with_sizes 1 2 7 8 23 24 25 100 256 513 777
    check "the product is right for every number of threads" passes_with_threads --n 130 --repeat 1
    check "the product is right for every schedule" passes_with_schedules --n 300 --repeat 1 --check
    ;;
  monte_carlo)
    check "schedules that are none are refused" refuses_schedules
    check "the digits are the same for all threads and schedules" drawn_digits_are_the_same
    check "the result is right for every number of threads" passes_with_threads --n 1000001
    check "one sample is enough" passes --n 1
    ;;
  histogram)
    check "schedules that are none are refused" refuses_schedules
    check "the counts are right for every number of threads" passes_with_threads --n 100001
    check "the counts are right for every schedule" passes_with_schedules --n 50000
    check "one byte is counted" passes --n 1
    ;;
  fib)
    check "the number is right for every number of threads" passes_with_threads --n 22
    check "one is enough" passes --n 1
    ;;
  nqueens)
    check "the ways are as many for every number of threads" passes_with_threads --n 9
    check "small boards are counted" passes_with_sizes_alone 1 2 3 4 5 6
    ;;
  *)
    check "the result is right for every number of threads" passes_with_threads --n 100001
    check "one element is enough" passes --n 1
    ;;
esac

end_cases
