#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# smoke.sh: ppar_bench measures, refuses what it must, and lives with peers that fail. No time is looked at.
#
#   smoke.sh --tap=FILE PPAR_BENCH
set -euo pipefail

tap=${1#--tap=}
bench=$2

peers=$(mktemp -d)
trap 'rm -rf "$peers"' EXIT

echo 1..22 >"$tap"
failed=0

# check NAME COMMAND...: the command succeeds. (In an if, set -e does not hold: functions chain with &&.)
check() {
  local name=$1
  shift
  if "$@"; then
    echo "ok - $name" >>"$tap"
  else
    echo "not ok - $name" >>"$tap"
    failed=1
  fi
}

# refuses ARGUMENT...: status 2, one line that says what is allowed, and nothing on standard output.
refuses() {
  local status=0 output errors
  output=$("$bench" "$@" 2>"$peers/errors") || status=$?
  errors=$(wc -l <"$peers/errors")
  [ "$status" -eq 2 ] && [ -z "$output" ] && [ "$errors" -eq 1 ] && grep -Eq 'allowed: |--help' "$peers/errors"
}

# json TEXT CONDITION: the text is JSON, and the Python condition holds for it as `run`.
json() {
  python3 -c 'import json, sys; run = json.loads(sys.argv[1]); sys.exit(not eval(sys.argv[2]))' "$1" "$2"
}

# fake PEER COMMANDS: puts a peer in the folder that does what the shell commands say for a "run" line.
fake() {
  printf '#!/bin/sh\nwhile read -r word rest; do case $word in hello) echo "hello fake";; *) %s;; esac; done\n' "$2" \
    >"$peers/ppar_bench_$1"
  chmod +x "$peers/ppar_bench_$1"
}

measures() {
  local output
  output=$("$bench" --quick --suite overhead --rounds 1 --format json) &&
    json "$output" '{p["name"] for p in run["peers"] if p["found"]} >= {"serial", "ppar"}' &&
    json "$output" 'all(c["outcome"] == "measured" and c["median"] > 0 for r in run["rows"] for c in r["cells"].values())' &&
    json "$output" 'all("ppar" in r["cells"] for r in run["rows"])'
}

# Every cell that there is was measured, and computed what the others did.
measures_suite() {
  local output
  output=$("$bench" --quick --suite "$1" --rounds 1 --format json) &&
    json "$output" 'all(c["outcome"] == "measured" for r in run["rows"] for c in r["cells"].values())' &&
    json "$output" 'all("ppar" in r["cells"] for r in run["rows"])'
}

# Not every machine lets the tests make a control group.
measures_beside_neighbours() {
  local output
  output=$("$bench" --quick --suite neighbour --rounds 1 --format json) &&
    json "$output" '{c["outcome"] for r in run["rows"] for c in r["cells"].values()} <= {"measured", "not permitted"}' &&
    json "$output" 'all(c["outcome"] == "measured" for r in run["rows"] for c in r["cells"].values() if "quota" not in r["case"])'
}

fits_100_columns() { "$bench" --quick --suite overhead --rounds 1 --peer serial,ppar | awk 'length($0) > 100 { exit 1 }'; }
help_fits_100_columns() { "$bench" --help | awk 'length($0) > 100 { exit 1 }'; }
many_peers_fit_100_columns() { "$bench" --quick --suite overhead,tasks --rounds 1 | awk 'length($0) > 100 { exit 1 }'; }
lists_every_suite() {
  [ "$("$bench" --list | grep -Ec '^suite (overhead|schedules|kernels|reduction|region|nested|tasks|neighbour|idle):')" -eq 9 ]
}
csv_has_a_line_for_each_sample() {
  "$bench" --quick --suite overhead --rounds 2 --peer serial --format csv |
    awk -F, '/^overhead,/ { lines++ } END { exit lines != 16 }'
}

# The fakes' overhead suite: serial answers; ppar does what the test is about.
with_fakes() { PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 2 --format json "$@"; }
says() {
  local outcome=$1
  shift
  json "$(with_fakes "$@")" \
    "all(r['cells']['ppar']['outcome'] == '$outcome' and r['cells']['serial']['outcome'] == 'measured' for r in run['rows'])"
}
crash_is_said() { fake ppar 'kill -9 $$' && says crashed; }
hang_is_said() { fake ppar 'sleep 600' && says hung --timeout 1; }
difference_is_said() { fake ppar 'echo time 0x1p3 9 0x1p9' && says differs; }
refusal_is_said() { fake ppar 'echo error no memory' && says refused; }
nonsense_is_said() { fake ppar 'echo what' && says refused; }

check "measures every case of a suite" measures
check "measures every construct in a region" measures_suite region
check "measures loops in loops" measures_suite nested
check "measures tasks" measures_suite tasks
check "measures beside neighbours, or says that it may not" measures_beside_neighbours
check "measures idleness" measures_suite idle
check "text fits 100 columns" fits_100_columns
check "text of many peers fits 100 columns" many_peers_fit_100_columns
check "help fits 100 columns" help_fits_100_columns
check "list names every suite" lists_every_suite
check "csv has a line for each sample" csv_has_a_line_for_each_sample
check "unknown suite is refused" refuses --suite nothing
check "unknown peer is refused" refuses --peer ppar,nothing
check "unknown format is refused" refuses --format xml
check "0 threads are refused" refuses --threads 0
check "threads beyond reason are refused" refuses --threads 4097
check "unknown option and missing value are refused" eval 'refuses --nothing && refuses --suite && refuses extra'
fake serial 'echo time 0x1p3 9 0x0p0'
check "a peer that crashes shows in its cells alone" crash_is_said
check "a peer that hangs shows in its cells alone" hang_is_said
check "a peer that computes something else shows" difference_is_said
check "a peer that refuses shows" refusal_is_said
check "a peer that answers nonsense shows" nonsense_is_said

exit $failed
