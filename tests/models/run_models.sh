#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_models.sh: Spin explores every model here: no error in the model, and an error in each of its mutants.
#
#   run_models.sh --tap=FILE [MODEL...]
set -euo pipefail

tap=${1#--tap=}
shift
models_dir=$(cd "$(dirname "$0")" && pwd)
models=("$@")
[ ${#models[@]} -gt 0 ] || models=(aside awaited barrier bell cancel children close completion critical deque fork group
  heir leave lock mutex parking quiet range reach reach_late reduce rest seats slots stage taken turns)

jobs=2              # at once: each takes up to memory_mib
memory_mib=900
depth=200000        # of the search: a model that goes deeper was not searched whole, and fails
seconds=200         # for one model: they take up to five on a CPU of their own

# A mutant's error is found soon, so that compiling is most of the time that it takes. T_REVERSE looks at the last of
# several ways first: mostly that of a thread which sleeps, and so the one that errors lie on.
compiling=(-O1) mutant_compiling=(-O0 -DT_REVERSE)
room=24 mutant_room=18 # of the table of states: 2 to this power

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mutants_of() { sed -n 's/^#define MUTANTS //p' "$models_dir/$1.pml"; }

# name MODEL MUTANT: the case's
name() {
  if [ "$2" = 0 ]; then echo "$1 holds"; else echo "$1 mutant $2 fails"; fi
}

# explore MODEL MUTANT: leaves what was said in $work/MODEL.MUTANT/report. Mutant 0 is the model itself.
explore() {
  local model=$1 mutant=$2 dir="$work/$1.$2"
  [ "$mutant" = 0 ] || compiling=("${mutant_compiling[@]}") room=$mutant_room
  mkdir "$dir"
  cd "$dir"
  {
    spin -a -DMUTANT="$mutant" "$models_dir/$model.pml" &&
      gcc "${compiling[@]}" -w -DSAFETY -DMEMLIM="$memory_mib" -o pan pan.c &&
      timeout "$seconds" ./pan -m"$depth" -w"$room"
  } >report 2>&1 || echo "exit status $?" >>report
}

# verdict MODEL MUTANT: says whether the report is what it should be.
verdict() {
  local report="$work/$1.$2/report"
  grep -q 'State-vector .*errors: [0-9]' "$report" || return 1
  if [ "$2" = 0 ]; then
    grep -q 'errors: 0$' "$report" &&
      ! grep -qE 'max search depth|Search not completed|exit status|out of memory' "$report"
  else
    grep -qE '^pan:1: (assertion violated|invalid end state)' "$report"
  fi
}

cases=()
for model in "${models[@]}"; do
  for ((mutant = 0; mutant <= $(mutants_of "$model"); mutant++)); do cases+=("$model $mutant"); done
done
echo "1..${#cases[@]}" >"$tap"

if ! command -v spin >/dev/null || ! command -v gcc >/dev/null; then
  # shellcheck disable=SC2086 # a model and a number
  for case in "${cases[@]}"; do echo "ok - $(name $case) # SKIP no spin, or no gcc for what it writes" >>"$tap"; done
  exit 0
fi

running=0
for case in "${cases[@]}"; do
  # shellcheck disable=SC2086
  explore $case &
  running=$((running + 1))
  if [ $running -ge $jobs ]; then
    wait -n
    running=$((running - 1))
  fi
done
wait

failed=0
for case in "${cases[@]}"; do
  # shellcheck disable=SC2086
  if verdict $case; then
    echo "ok - $(name $case)" >>"$tap"
  else
    echo "not ok - $(name $case)" >>"$tap"
    cat "$work/${case/ /.}/report"
    failed=1
  fi
done
exit $failed
