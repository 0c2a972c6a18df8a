#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_mpi.sh: an MPI example computes what it should, with the same digits for any number of ranks, and refuses what it
# must. All ranks are on this machine. No time is looked at.
#
#   run_mpi.sh --tap=FILE MPIRUN PROGRAM
set -euo pipefail

tap=${1#--tap=}
mpirun=$2
program=$3
name=$(basename "$program")

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# Ranks that wait give their CPU away: there are more of them than CPUs. Tests may be run by root, in containers.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl=self,vader,tcp OMPI_MCA_btl_vader_single_copy_mechanism=none

# shellcheck source=tests/support/cases.sh
. "$(dirname "$0")/../support/cases.sh" "${1#--tap=}"

# ranks COUNT ARGUMENT...: the program on so many ranks; 0: without mpirun. One that hangs is ended.
ranks() {
  local count=$1
  shift
  if [ "$count" -eq 0 ]; then
    timeout 50 "$program" "$@"
  else
    timeout 50 "$mpirun" --oversubscribe --bind-to none -n "$count" "$program" "$@"
  fi
}

# The lines that do not depend on the time, on who computed, or on how.
digits() { ranks "$@" | grep -v -e '^Time ' -e '^Ranks:' -e GFLOP/s -e 'ranks, best of'; }

# same_digits ARGUMENT...: on 1 to 4 ranks what one process without mpirun prints, and in one copy.
same_digits() {
  local expected found count
  expected=$(digits 0 --threads 1 "$@") && [ -n "$expected" ] || return
  for count in 1 2 3 4; do
    found=$(digits "$count" --threads $((1 + count % 2)) "$@") || return
    if [ "$found" != "$expected" ]; then
      echo "$name $* on $count ranks: $found"
      echo "and as one process: $expected"
      return 1
    fi
  done
}

refuses() {
  local status=0 output
  output=$(ranks 2 "$@" 2>"$errors") || status=$?
  [ "$status" -eq 2 ] && ! grep -q '[0-9]' <<<"$output" && [ "$(grep -c 'allowed: ' "$errors")" -eq 1 ] && return
  echo "$name $*: status $status, $output, $(cat "$errors")"
  return 1
}

refuses_all() { refuses --nothing 1 && refuses --n 0; }

# Each rank has its part: with 5 ranks some have none where there are fewer things than ranks.
runs_with_little() {
  ranks 5 --n 1 --threads 1 >"$errors" && ranks 5 --n 3 --threads 1 >"$errors" && ! grep -q FAILED "$errors"
}

says_how_many() { ranks 3 --n 10 --threads 2 | grep -x 'Ranks: 3, threads of each: 2' >/dev/null; }

error_is_small() {
  ranks 3 --n 500 --threads 2 | awk '/^Integral value/ { small = $NF < 1e-9 } END { exit !small }'
}

passes() { [ "$(ranks "$@" | grep -c 'passed$')" -eq 1 ]; }

if ! ranks 2 --n 10 --threads 1 >/dev/null 2>"$errors"; then
  printf 'ok - ranks compute what one process does # SKIP mpirun starts no processes here\n1..1\n' >>"$tap"
  cat "$errors"
  exit 0
fi
check "what is not allowed is refused, by one rank for all" refuses_all
check "ranks may be more than things to do" runs_with_little
check "the ranks and threads are told" says_how_many
case $name in
  integration2d_mpi)
    check "reproducible digits are the same for any number of ranks" same_digits --reproducible --n 999
    check "the same for fewer rows than blocks" same_digits --reproducible --n 7 --schedule dynamic,1
    check "without them the error is small" error_is_small
    ;;
  matmul_mpi)
    check "the digits are the same for any number of ranks" same_digits --n 600 --repeat 1
    check "the product is right for 2 ranks" passes 2 --n 100 --threads 2 --repeat 1
    check "the product is right for 3 ranks" passes 3 --n 201 --threads 1 --repeat 1
    check "the product is right for 6 ranks and panels across blocks" passes 6 --n 530 --threads 1 --repeat 1 --check
    ;;
  bootstrap_mpi)
    check "the digits are the same for any number of ranks" same_digits --n 1000 --resamples 500
    check "the same for fewer resamples than ranks" same_digits --n 100 --resamples 2 --confidence 50
    ;;
esac

end_cases
