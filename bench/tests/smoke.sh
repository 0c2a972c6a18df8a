#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# smoke.sh: ppar_bench measures, refuses what it must, and lives with peers that fail. No time is looked at.
#
#   smoke.sh --tap=FILE PPAR_BENCH
set -euo pipefail

bench=$2

unset COLUMNS         # the widths below are those of a pipe
unset LD_LIBRARY_PATH # where this project's libgomp.so.1 may come before GCC's
peers=$(mktemp -d)
trap 'rm -rf "$peers"' EXIT

# shellcheck source=tests/support/cases.sh
. "$(dirname "$0")/../../tests/support/cases.sh" "${1#--tap=}"

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
    json "$output" 'all(c["outcome"] == "measured" and c["median"] > 0
      for r in run["rows"] for c in r["cells"].values())' &&
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
    json "$output" '({c["outcome"] for r in run["rows"] for c in r["cells"].values()} <=
      {"measured", "not permitted"})' &&
    json "$output" 'all(c["outcome"] == "measured"
      for r in run["rows"] for c in r["cells"].values() if "quota" not in r["case"])'
}

# A body with a set-up has fewer schedules.
measures_choices() {
  local output
  output=$("$bench" --quick --suite choice --rounds 1 --format json) &&
    json "$output" 'len(run["rows"]) > 20 and all(r["cells"]["ppar"]["outcome"] == "measured" for r in run["rows"])'
}

# OpenMP's program on this project's libgomp.so.1 is there where both were built. (Here and below grep reads to the end:
# where it leaves at the first match, a program that still writes fails.)
has_gomp() { ! "$bench" --list | grep '^peer ppar-gomp: .*absent' >/dev/null; }
# csv CONDITION: the Python condition holds for the lines of a table that is read, as `rows`.
csv() {
  python3 -c 'import csv, sys
rows = list(csv.DictReader(line for line in sys.stdin if not line.startswith("#")))
sys.exit(not eval(sys.argv[1]))' "$1"
}
# Both libraries compute the same. Rows of more threads than T, whose names end with it, take libgomp long.
measures_openmp() {
  has_gomp || return 0
  "$bench" --quick --filter '^openmp.*([^T]|[^24]T)$' --peer libgomp,ppar-gomp --rounds 1 --format csv \
    >"$peers/run" || return
  tells_of_the_unmeasured <"$peers/run"
  # GCC's library may take very long where something else needs the processors.
  csv '({r["outcome"] for r in rows if r["peer"] == "ppar-gomp"} == {"measured"} and
      {r["outcome"] for r in rows} <= {"measured", "hung"} and
      len({(r["suite"], r["case"]) for r in rows}) > 60 and
      sum(r["peer"] == "ppar-gomp" for r in rows) * 2 == len(rows))' <"$peers/run" &&
    grep -q '^# peer ppar-gomp: .*/gomp,' "$peers/run" && ! grep -q '^# peer libgomp: .*/gomp,' "$peers/run"
}
tells_of_the_unmeasured() { grep -v -e '^#' -e ',measured,' -e '^suite,' || true; }
# The same of the rows of many threads, which ppar is quick with.
measures_openmp_on_many_threads() {
  has_gomp || return 0
  "$bench" --quick --filter '^openmp.*[24]T$' --peer ppar-gomp --rounds 1 --format csv |
    csv 'len(rows) > 60 and {r["outcome"] for r in rows} == {"measured"}'
}
# What is not under --quick. Without gfortran its rows are left out, and that is said.
measures_large_solvers() {
  has_gomp || return 0
  "$bench" --filter '^openmp-programs/.*, W$' --peer ppar-gomp --rounds 1 --format csv >"$peers/run" &&
    csv '({r["outcome"] for r in rows} == {"measured"} and
      {r["case"] for r in rows} >= {c + ", W" for c in ["CG", "MG", "EP", "IS", "FT", "BT", "SP", "LU"]})' \
      <"$peers/run" &&
    [ "$(grep -Ec '^(# left out: )?openmp-programs,.*Fortran' "$peers/run")" -eq 3 ]
}
# Of the packages that are there the rows are measured; of the others it is said that they are not.
measures_packages() {
  has_gomp || return 0
  "$bench" --quick --suite openmp-packages --peer ppar-gomp --rounds 1 --format csv >"$peers/run" &&
    csv 'all(r["outcome"] == "measured" for r in rows)' <"$peers/run" &&
    [ "$(grep -Ec '^(# left out: openmp-packages, |openmp-packages,.*,measured,)' "$peers/run")" -eq 10 ]
}

says_what_was_found() {
  local output
  output=$("$bench" --quick --suite imbalance --rounds 1 --peer ppar --format json) &&
    json "$output" 'all(("found" in r["cells"]["ppar"]) == ("searched" in r["case"]) for r in run["rows"])'
}

is_100_columns_wide() { awk 'length($0) > 100 { exit 1 }'; }
fits_100_columns() { "$bench" --quick --suite overhead --rounds 1 --peer serial,ppar | is_100_columns_wide; }
help_fits_100_columns() { "$bench" --help | is_100_columns_wide; }
is_80_columns_wide() { awk 'length($0) > 80 { exit 1 }'; }
many_peers_fit_100_columns() {
  "$bench" --quick --suite overhead,tasks,imbalance,memory,grain --rounds 1 | is_100_columns_wide
}
lists_every_suite() {
  local names='overhead|schedules|kernels|reduction|region|nested|tasks|imbalance|memory|scaling|neighbour|idle'
  names="$names|grain|setup|asleep|choice|random|openmp|openmp-tasks|openmp-programs|openmp-packages"
  names="$names|openmp-process"
  [ "$("$bench" --list | grep -Ec "^suite ($names):")" -eq 22 ]
}
csv_has_a_line_for_each_sample() {
  "$bench" --quick --suite overhead --rounds 2 --peer serial --format csv |
    awk -F, '/^overhead,/ { lines++ } END { exit lines != 34 }'
}

# The fakes' overhead suite: serial answers; ppar does what the test is about.
with_fakes() { PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 2 --format json "$@"; }
says() {
  local outcome=$1
  shift
  json "$(with_fakes "$@")" \
    "all(r['cells']['ppar']['outcome'] == '$outcome' and r['cells']['serial']['outcome'] == 'measured'
      for r in run['rows'])"
}
crash_is_said() { fake ppar 'kill -9 $$' && says crashed; }
hang_is_said() { fake ppar 'sleep 600' && says hung --timeout 1; }
# ppar answers nine times, eight of them in the first rows' first round, and then dies: what it gave stays, but for the
# three rows in which it was tried in vain.
failures_leave_other_rows_alone() {
  rm -f "$peers/answers"
  fake ppar "echo >>$peers/answers
    if [ \$(wc -l <$peers/answers) -gt 9 ]; then kill -9 \$\$; fi
    echo time 0x1p3 9 0x0p0"
  json "$(with_fakes)" "(lambda outcomes: outcomes.count('measured') == 5 and outcomes[4:7] == ['crashed'] * 3)(
    [r['cells']['ppar']['outcome'] for r in run['rows']])"
}
# libgomp's fake ends at once, each time.
no_start_is_said() {
  printf '#!/bin/sh\nexit 1\n' >"$peers/ppar_bench_libgomp"
  chmod +x "$peers/ppar_bench_libgomp"
  fake ppar 'echo time 0x1p3 9 0x0p0'
  json "$(with_fakes)" "all(r['cells']['libgomp']['outcome'] == 'crashed' and
    r['cells']['ppar']['outcome'] == 'measured' and r['cells']['serial']['outcome'] == 'measured'
    for r in run['rows'])" &&
    PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 2 | grep -E 'libgomp: does not start' >/dev/null
}
absence_is_said() {
  rm -f "$peers/ppar_bench_libgomp"
  fake ppar 'echo time 0x1p3 9 0x0p0'
  PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 1 | grep -E 'libgomp: absent' >/dev/null
}

# The second sample never ends: Ctrl-C finds one cell measured, and the table is whole and says so.
interrupt_prints_what_is_there() {
  local status=0 output pid
  rm -f "$peers/asked"
  fake ppar "touch $peers/asked; sleep 600"
  PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 2 --format json >"$peers/interrupted" &
  pid=$!
  for _ in {1..300}; do [ -e "$peers/asked" ] || sleep 0.1; done
  kill -TERM $pid # SIGINT is ignored in what a script starts in the background; both are handled as one
  wait $pid || status=$?
  output=$(cat "$peers/interrupted")
  [ $status -eq 130 ] && json "$output" 'run["interrupted"]' &&
    json "$output" 'any(c["outcome"] == "measured" for r in run["rows"] for c in r["cells"].values())'
}
no_progress_in_a_pipe() {
  fake ppar 'echo time 0x1p3 9 0x0p0'
  [ -z "$(with_fakes 2>&1 >/dev/null | cat)" ]
}

# The same answer from both: every line is "same"; too few rounds for it: none is.
same_is_same() {
  local output
  fake ppar 'echo time 0x1p3 9 0x0p0'
  output=$(PPAR_BENCH_PEERS=$peers "$bench" --noise --quick --suite overhead --judge-all) &&
    grep -q '17 lines: 17 same' <<<"$output" && awk 'length($0) > 100 { exit 1 }' <<<"$output" &&
    ! PPAR_BENCH_PEERS=$peers "$bench" --noise --rounds 3 --quick --suite overhead --judge-all >/dev/null
}

# An older build that took twice as long, and one that took half as long: only being slower is a fault.
against() { PPAR_BENCH_PEERS=$peers "$bench" --against "$peers/old" --quick --suite overhead --rounds 15 --judge-all; }
builds_are_set_against_each_other() {
  local output status=0
  mkdir -p "$peers/old"
  fake ppar 'echo time 0x1p4 9 0x0p0'
  mv "$peers/ppar_bench_ppar" "$peers/old/"
  fake ppar 'echo time 0x1p3 9 0x0p0'
  output=$(against) && grep -q '17 lines: 0 same, 17 faster, 0 slower' <<<"$output" || return
  fake ppar 'echo time 0x1p5 9 0x0p0'
  output=$(against) || status=$?
  [ "$status" -eq 1 ] && grep -q '17 lines: 0 same, 0 faster, 17 slower' <<<"$output" &&
    awk 'length($0) > 100 { exit 1 }' <<<"$output"
}

# libgomp's time is twice ppar's: ppar's is marked as the best, and the ratio says so.
best_is_marked() {
  local output
  fake ppar 'echo time 0x1p3 9 0x0p0'
  fake libgomp 'echo time 0x1p4 9 0x0p0'
  output=$(PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 6 --judge-all) &&
    grep -Eq '^empty, 2 iterations .* 8\.00\*.* 16\.0 .* 0\.500 \[0\.500-0\.500\] +faster$' <<<"$output"
}
# What libgomp's fake takes is 16 ns, and 8 or 32 are ppar's.
answers() { PPAR_BENCH_PEERS=$peers COLUMNS=80 "$bench" --rounds 7 --judge-all "$@"; }
begins_with_six_answers() {
  local output
  fake libgomp 'echo time 0x1p4 9 0x0p0'
  fake ppar 'echo time 0x1p3 9 0x0p0'
  output=$(answers) && is_80_columns_wide <<<"$output" &&
    [ "$(grep -Eo '^(This run|balanced loops|uneven loops|start cost|with company|what to pick) ' <<<"$output" |
      tr -s '\n ' '|')" = "This|run|balanced|loops|uneven|loops|start|cost|with|company|what|to|pick|" ] &&
    sed -n 1p <<<"$output" | grep -Eq '^This run can be believed: ' &&
    [ "$(wc -l <<<"$output")" -lt 32 ] && tr -s '\n ' ' ' <<<"$output" >"$peers/words" &&
    grep -q "balanced loops ppar's time is 0.500 \[0.500-0.500\] of libgomp's: faster" "$peers/words" &&
    grep -q "a loop of 2 iterations takes 8.00 ns, 0.500 \[0.500-0.500\] of libgomp's 16.0 ns: faster" "$peers/words" &&
    grep -q 'what to pick auto: in none of' "$peers/words" && grep -q 'not compared.* libomp (absent' "$peers/words"
}
misses_are_named() {
  fake ppar 'echo time 0x1p5 9 0x0p0'
  answers | tr -s '\n ' ' ' >"$peers/words"
  grep -q "balanced loops ppar's time is 2.000 \[2.000-2.000\] of libgomp's: slower, a miss" "$peers/words" &&
    grep -q 'of the ideal, work / T (aim: 1.02): a miss' "$peers/words"
}
# The word of the schedule says which one: static takes half as long as any other.
another_schedule_is_picked() {
  fake ppar 'case $rest in *" static "*) echo time 0x1p2 9 0x0p0;; *) echo time 0x1p3 9 0x0p0;; esac'
  answers | tr -s '\n ' ' ' >"$peers/words"
  grep -q 'what to pick auto, unless your loop is like .*rising: static there (auto took 2.000' "$peers/words"
}
nobody_to_compare_with_is_said() {
  fake ppar 'echo time 0x1p3 9 0x0p0'
  rm -f "$peers/ppar_bench_libgomp"
  answers | tr -s '\n ' ' ' >"$peers/words"
  grep -q 'balanced loops .* no other runtime was measured' "$peers/words" &&
    grep -q 'not compared libgomp (absent.*libomp (absent' "$peers/words"
}
# Suites of one program on several runtimes: who takes part, whom the ratio is about and to, and when they are measured.
# The library is told of by a variable: what is there is kept.
one_program_is_compared() {
  local output few=(--quick --filter '^(openmp-tasks/taskl|tasks/quick)')
  fake ppar 'echo time 0x1p3 9 0x0p0'
  fake gomp-libomp 'echo time 0x1.8p4 9 0x0p0'
  fake libgomp 'case $LD_LIBRARY_PATH in */?*gomp*:/nowhere | */ppar:/nowhere) echo time 0x1p3 9 0x0p0;;
    /nowhere) echo time 0x1p5 9 0x0p0;; esac'
  PPAR_BENCH_PEERS=$peers "$bench" --quick --rounds 1 --peer serial --format csv |
    csv 'not any("openmp" in r["suite"] for r in rows)' || return
  output=$(LD_LIBRARY_PATH=/nowhere answers "${few[@]}" --format json) &&
    json "$output" '(all(set(r["cells"]) <= {"libgomp", "gomp-libomp", "ppar-gomp"} and r["against"] == "gomp-libomp"
      for r in run["rows"] if r["suite"] == "openmp-tasks") and
      all(set(r["cells"]) == {"serial", "ppar", "libgomp"} for r in run["rows"] if r["suite"] == "tasks"))' || return
  has_gomp || return 0
  json "$output" 'all(r["cells"]["ppar-gomp"]["median"] == 8 and r["cells"]["libgomp"]["median"] == 32 and
    r["verdict"] == "faster" and abs(r["ratio"]["median"] - 1 / 3) < 1e-6
    for r in run["rows"] if r["suite"] == "openmp-tasks")' &&
    LD_LIBRARY_PATH=/nowhere answers "${few[@]}" | grep 'ppar-gomp / the better' >/dev/null
}
# A peer that lacks something for a row says what: the row is not in the table, and the word is below it.
packages() { PPAR_BENCH_PEERS=$peers "$bench" --suite openmp-packages --rounds 7 --peer libgomp --judge-all "$@"; }
left_out_is_said() {
  fake libgomp 'case $rest in *fftw*) echo absent no transforms here;; *) echo time 0x1p3 9 0x0p0 - 0x1p3;; esac'
  packages >"$peers/run" && is_100_columns_wide <"$peers/run" && ! grep '^FFTW' "$peers/run" &&
    grep -q '^OpenBLAS, dgemm of 128 .*8\.00' "$peers/run" && tr -s '\n ' ' ' <"$peers/run" >"$peers/words" &&
    grep -q 'left out: FFTW, 2^14 points; .* 64 x 64 x 64 points: no transforms here' "$peers/words" &&
    [ "$(packages --format csv | grep -c '^# left out: .*: no transforms here$')" -eq 4 ] &&
    json "$(packages --format json)" '[r["case"][:4] for r in run["rows"] if r.get("left_out") == "no transforms here"
      and not r["cells"]] == ["FFTW"] * 4' || return
  fake libgomp 'echo absent no package here'
  packages >"$peers/run" && tr -s '\n ' ' ' <"$peers/run" >"$peers/words" &&
    grep -q 'left out: FFTW, 2^14 .* scikit-learn, boosting: no package here' "$peers/words"
}
answers_come_before_tables() {
  fake ppar 'echo time 0x1p3 9 0x0p0'
  PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead,region --rounds 6 >"$peers/run" &&
    awk '/^start cost/ && !answer { answer = NR } /^overhead:/ { table = NR } /^start cost/ { last = NR }
      END { exit !(answer > 0 && answer < table && table < last) }' "$peers/run"
}
answers_are_in_json() {
  fake libgomp 'echo time 0x1p4 9 0x0p0'
  fake ppar 'echo time 0x1p3 9 0x0p0'
  json "$(answers --suite kernels,overhead --quick --format json)" \
    '([a["name"] for a in run["answers"]] == ["to be believed", "balanced loops", "start cost"] and
      run["answers"][1]["ratios"][0]["median"] == 0.5 and run["answers"][1]["ratios"][0]["verdict"] == "faster")'
}

# The page has the run in it, and what its model needs; what the file had is gone.
page_has_the_run() {
  local data
  fake ppar 'echo time 0x1p3 9 0x0p0 "found </script>"'
  printf '%0500000d' 0 >"$peers/page.html"
  PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 6 --html "$peers/page.html" >/dev/null &&
    [ "$(head -c 15 "$peers/page.html")" = "<!doctype html>" ] && ! grep -q 00000000000000 "$peers/page.html" &&
    data=$(sed -n 's|.*id="data">\(.*\)</script>$|\1|p' "$peers/page.html") &&
    json "$data" '(run["bench"]["rows"][0]["cells"]["ppar"]["median"] == 8 and
      len(run["bench"]["rows"][0]["cells"]["ppar"]["samples"]) == 6 and "overheads" in run["bench"])'
}

# Rows by name: one that is there, the row that a figure is taken from, a curve's size; in words; none.
filters() { PPAR_BENCH_PEERS=$peers "$bench" --quick --rounds 7 --judge-all "$@"; }
filter_takes_rows() {
  fake ppar 'echo time 0x1p3 9 0x0p0'
  json "$(filters --filter '^overhead/empty, (2|16) ' --format json)" \
    '[r["case"] for r in run["rows"]] == ["empty, 2 iterations", "empty, 16 iterations"]' &&
    json "$(filters --filter '/20 ms: CPU' --format json)" \
      '[r["case"] for r in run["rows"]] == ["20 ms: next loop", "20 ms: CPU burnt"]' &&
    json "$(filters --filter '/stream of 64, static' --format json)" 'len(run["rows"]) == 3' &&
    json "$(filters --filter one --suite neighbour,overhead --format json)" \
      '{r["suite"] for r in run["rows"]} == {"neighbour", "overhead"}'
}
filter_says_how_many_times_faster() {
  local output
  fake libgomp 'echo time 0x1p4 9 0x0p0'
  fake ppar 'echo time 0x1p3 9 0x0p0'
  output=$(filters --filter 'overhead/empty, 2 ') && grep -q '^empty, 2 iterations: ppar ran$' <<<"$output" &&
    grep -Eq '^  2\.000 .* 0\.000 times faster than libgomp$' <<<"$output" &&
    grep -Eq '^  1\.000 .* times as fast as serial: the same$' <<<"$output" || return
  fake ppar 'echo time 0x1p5 9 0x0p0'
  output=$(filters --filter 'overhead/empty, 2 ') &&
    grep -Eq '^  2\.000 .* times slower than libgomp$' <<<"$output"
}
refuses_filters() {
  refuses --filter '(' && refuses --filter 'no such row' && refuses --filter '' --filter a &&
    refuses --quick --filter '64 slots' && refuses --suite tasks --filter '^overhead'
}

# ppar takes eight, but a thousand in one round of nine.
outliers_are_warned_of() {
  local output
  rm -f "$peers/answers"
  fake ppar "echo >>$peers/answers
    if [ \$(wc -l <$peers/answers) = 4 ]; then echo time 0x1p10 9 0x0p0; else echo time 0x1p3 9 0x0p0; fi"
  output=$(PPAR_BENCH_PEERS=$peers "$bench" --quick --filter 'overhead/empty, 2 ' --judge-all) &&
    grep -q '^outliers, empty, 2 iterations: ppar 1.02 us in one of its rounds, median 8.00 ns' <<<"$output" &&
    tr '\n' ' ' <<<"$output" | grep -q 'Outliers: 1 of the samples, in 1 of the rows, .* --rounds' || return
  rm -f "$peers/answers"
  json "$(PPAR_BENCH_PEERS=$peers "$bench" --quick --filter 'overhead/empty, 2 ' --judge-all --format json)" \
    '(lambda c: c["outliers"] == [3] and len(c["samples"]) == 9 and c["low"] == c["median"] == c["high"] == 8)(
      run["rows"][0]["cells"]["ppar"])'
}

# The title of a table names its unit; no row has one.
tables_have_one_unit() {
  "$bench" --quick --suite overhead,kernels,idle,schedules,choice,tasks --rounds 1 >"$peers/run" &&
    [ "$(grep -Ec '^((ns|us|ms|s) (per (loop|iteration|run)|each)|% of one CPU) ' "$peers/run")" -ge 7 ] &&
    ! grep -E '^[a-z0-9].* (ns|us|ms)/' "$peers/run"
}
fits_80_columns() {
  COLUMNS=80 "$bench" --quick --suite overhead,tasks,imbalance,memory,grain,choice --rounds 1 | is_80_columns_wide &&
    COLUMNS=80 "$bench" --help | is_80_columns_wide
}
says_its_version() { "$bench" --version | grep -Eqx 'ppar_bench [0-9]+\.[0-9]+\.[0-9]+'; }

# A machine is as it is: only that the first line says so, one way or the other.
first_line_says_whether_to_believe() {
  fake ppar 'echo time 0x1p3 9 0x0p0'
  PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 6 | sed -n 1p |
    grep -E '^This run can(not)? be believed' >/dev/null
}
# ppar takes eight or sixty-four, from one round to the next: two modes, and no verdict.
modes_have_no_verdict() {
  local output
  fake libgomp 'echo time 0x1p4 9 0x0p0'
  rm -f "$peers/answers"
  fake ppar "echo >>$peers/answers
    if [ \$(((\$(wc -l <$peers/answers) - 1) / 8 % 2)) = 0 ]; then echo time 0x1p3 9 0x0p0
    else echo time 0x1p6 9 0x0p0; fi"
  output=$(PPAR_BENCH_PEERS=$peers "$bench" --quick --suite overhead --rounds 8 --judge-all) &&
    grep -Eq '^empty, 2 iterations .* 0\.500 or 4\.000 +modes$' <<<"$output" &&
    grep -Eq '^in two modes, empty, 2 iterations: ppar 8\.00 ns \(4 rounds\) or 64\.0 ns \(4\)' <<<"$output"
}
# The best is libgomp's 64: the bound is 1.03 times that and 40, 105.92. ppar has 104, and then 108.
curve() { PPAR_BENCH_PEERS=$peers "$bench" --quick --suite grain --rounds 7 --judge-all; }
curve_has_a_bound() {
  local output
  fake serial 'echo time 0x1p7 9 0x0p0 - 0x1p7'
  fake libgomp 'echo time 0x1p6 9 0x0p0 - 0x1p6'
  fake ppar 'echo time 0x1.ap6 9 0x0p0 - 0x1.bp6'
  output=$(curve) && grep -Eq '^64 +later .* 0\.982 \[0\.982-0\.982\] +met$' <<<"$output" &&
    grep -Eq '^ +first .* 1\.020 \[1\.020-1\.020\] +missed$' <<<"$output" &&
    grep -Eq '^auto, streaming, its worst size, .* met$' <<<"$output" &&
    grep -Eq '^auto, computing, first calls, .* missed$' <<<"$output"
}
difference_is_said() { fake ppar 'echo time 0x1p3 9 0x1p9' && says differs; }
refusal_is_said() { fake ppar 'echo error no memory' && says refused; }
nonsense_is_said() { fake ppar 'echo what' && says refused; }

# simulates THREADS ARGUMENT...: json of a simulation in which the given Python condition, last, holds.
simulates() {
  local threads=$1 condition=${*: -1}
  json "$("$bench" --simulate "$threads" "${@:2:$#-2}" --format json)" "$condition"
}
predicts_a_file() {
  seq 1 100 >"$peers/costs"
  simulates 4 --costs "$peers/costs" --overheads 0,0,0,0,0 \
    '(run["loops"][0]["total_ns"] == 5050 and
      {s["schedule"]: s["predicted_ns"] for s in run["loops"][0]["schedules"]}["static"] == 2200)'
}
predicts_shapes() {
  simulates 1024 --iterations 50 'len(run["loops"]) >= 4 and all(sum(s["best"] for s in l["schedules"]) == 1 and
    all(s["predicted_ns"] >= l["ideal_ns"] * 0.999999 and s["imbalance"] >= 0.999999 for s in l["schedules"])
    for l in run["loops"])'
}
predicts_in_csv() {
  "$bench" --simulate 64 --shape random --iterations 50 --format csv |
    awk -F, '/^"random"/ { lines++ } END { exit lines < 10 }'
}
simulation_fits_100_columns() {
  "$bench" --simulate 2 --iterations 50 | awk 'length($0) > 100 { exit 1 }'
}
refuses_simulations() {
  printf '1\n2 3\n' >"$peers/two"
  printf '1\n-2\n' >"$peers/negative"
  printf '1e308\n1e308\n' >"$peers/endless"
  : >"$peers/empty"
  refuses --simulate 0 && refuses --simulate 1025 && refuses --simulate 2x && refuses --simulate '' &&
    refuses --simulate 4 --costs "$peers/none" && refuses --simulate 4 --costs "$peers" &&
    refuses --simulate 4 --costs "$peers/two" && refuses --simulate 4 --costs "$peers/negative" &&
    refuses --simulate 4 --costs "$peers/empty" && refuses --simulate 4 --costs "$peers/endless" &&
    refuses --simulate 4 --shape round &&
    refuses --simulate 4 --iterations 0 && refuses --simulate 4 --overheads 1,2,3 &&
    refuses --simulate 4 --overheads 1,2,3,4,-5 && refuses --costs "$peers/two" && refuses --shape random &&
    refuses --simulate 4 --costs "$peers/two" --shape random
}

# What ppar took when it was a fake that says so many ns, in hexadecimal.
saves() {
  fake ppar "echo time $1 9 0x0p0" && PPAR_BENCH_PEERS=$peers "$bench" "${fake_run[@]}" --format json >"$peers/$2"
}
fake_run=(--quick --suite overhead --rounds 7 --judge-all)
# compares STATUS TEXT NS: the comparison of a fake that takes so long with the saved run ends and reads so.
compares() {
  local status=0 output
  fake ppar "echo time $3 9 0x0p0"
  output=$(PPAR_BENCH_PEERS=$peers "$bench" "${fake_run[@]}" --compare "$peers/old.json") || status=$?
  [ "$status" -eq "$1" ] && grep -Eq "ppar .* $2\$" <<<"$output" && grep -Eq 'serial .* same$' <<<"$output"
}
comparison_judges() {
  saves 0x1p3 old.json && compares 0 same 0x1p3 && compares 1 slower 0x1p4 && compares 0 faster 0x1p2
}
comparison_says_what_is_lost() {
  local status=0 output
  saves 0x1p3 old.json
  fake ppar 'kill -9 $$'
  output=$(PPAR_BENCH_PEERS=$peers "$bench" "${fake_run[@]}" --compare "$peers/old.json") || status=$?
  [ "$status" -eq 1 ] && grep -Eq 'ppar .* crashed$' <<<"$output" &&
    grep -Eq ' [1-9][0-9]* are no longer measured' <<<"$output"
}
comparison_of_nothing_is_said() {
  local status=0 output
  echo '{"ppar_bench": "0", "rows": []}' >"$peers/nothing.json"
  output=$(PPAR_BENCH_PEERS=$peers "$bench" "${fake_run[@]}" --compare "$peers/nothing.json") || status=$?
  [ "$status" -eq 1 ] && grep -q 'nothing to compare' <<<"$output"
}
refuses_comparisons() {
  echo '{"rows": 1}' >"$peers/foreign.json"
  echo '{"ppar_bench": "0", "rows": [{"suite": 1}]}' >"$peers/mended.json"
  echo 'suite,case' >"$peers/table.csv"
  "$bench" --simulate 2 --shape random --iterations 5 --format json >"$peers/simulation.json"
  for file in none.json foreign.json mended.json table.csv simulation.json .; do
    refuses --compare "$peers/$file" || return 1
  done
  echo '{"ppar_bench": "0", "rows": []}' >"$peers/nothing.json"
  refuses --compare "$peers/nothing.json" --format csv && refuses --compare "$peers/nothing.json" --simulate 2
}

check "measures every case of a suite" measures
check "measures every construct in a region" measures_suite region
check "measures loops in loops" measures_suite nested
check "measures tasks" measures_suite tasks
check "measures beside neighbours, or says that it may not" measures_beside_neighbours
check "measures idleness" measures_suite idle
check "measures loops whose iterations differ" measures_suite imbalance
check "measures schedules to choose from" measures_choices
check "measures uniform loops, set-ups and sleepers" measures_suite grain,setup,asleep
check "measures random numbers" measures_suite random
check "measures one program of OpenMP's on two libraries" measures_openmp
check "measures it on more threads than processors" measures_openmp_on_many_threads
check "measures large solvers, in C and Fortran" measures_large_solvers
check "measures packages, or says that they are not there" measures_packages
check "says what a search found" says_what_was_found
check "measures allocation, first touch and ever more threads" measures_suite memory,scaling
check "measures loops over lambdas" measures_suite cxx
check "text fits 100 columns" fits_100_columns
check "text of many peers fits 100 columns" many_peers_fit_100_columns
check "help fits 100 columns" help_fits_100_columns
check "list names every suite" lists_every_suite
check "csv has a line for each sample" csv_has_a_line_for_each_sample
check "predicts a file's loop" predicts_a_file
check "predicts loops of shapes on any number of threads" predicts_shapes
check "predicts in csv" predicts_in_csv
check "predictions fit 100 columns" simulation_fits_100_columns
check "unknown suite is refused" refuses --suite nothing
check "unknown peer is refused" refuses --peer ppar,nothing
check "unknown format is refused" refuses --format xml
check "0 threads are refused" refuses --threads 0
check "threads beyond reason are refused" refuses --threads 4097
check "unknown option and missing value are refused" eval 'refuses --nothing && refuses --suite && refuses extra'
check "a simulation of nonsense is refused" refuses_simulations
check "a comparison with nonsense is refused" refuses_comparisons
fake serial 'echo time 0x1p3 9 0x0p0'
check "a comparison says faster, same and slower" comparison_judges
check "a comparison of nothing is said" comparison_of_nothing_is_said
check "a comparison says what is no longer measured" comparison_says_what_is_lost
check "a peer that crashes shows in its cells alone" crash_is_said
check "a peer that hangs shows in its cells alone" hang_is_said
check "failures leave what was measured before alone" failures_leave_other_rows_alone
check "a peer that computes something else shows" difference_is_said
check "a peer that refuses shows" refusal_is_said
check "a peer that answers nonsense shows" nonsense_is_said
check "a peer that does not start shows in its cells alone" no_start_is_said
check "a peer that is not built is named" absence_is_said
check "an interrupted run prints what is there" interrupt_prints_what_is_there
check "no progress line without a terminal" no_progress_in_a_pipe
check "ppar against itself is the same" same_is_same
check "builds are set against each other" builds_are_set_against_each_other
check "--noise with --peer is refused" refuses --noise --peer ppar
check "the best of a row is marked" best_is_marked
check "two modes have no verdict" modes_have_no_verdict
check "a curve is held against its bound" curve_has_a_bound
check "the first line says whether to believe" first_line_says_whether_to_believe
fake serial 'echo time 0x1p3 9 0x0p0'
check "a run begins with six answers" begins_with_six_answers
check "a miss is named as a miss" misses_are_named
check "another schedule is picked where it is faster" another_schedule_is_picked
check "nobody to compare with is said" nobody_to_compare_with_is_said
check "one program on several runtimes is compared with the better" one_program_is_compared
check "what a peer lacks is left out, and said" left_out_is_said
rm -f "$peers/ppar_bench_libgomp" "$peers/ppar_bench_gomp-libomp"
check "the answers come before the tables, and behind them again" answers_come_before_tables
check "the answers are in json" answers_are_in_json
check "the page has the run" page_has_the_run
check "a page that cannot be written is refused" refuses --html "$peers/none/page.html"
check "a page of a simulation is refused" refuses --html "$peers/page.html" --simulate 2
check "a filter takes rows by name" filter_takes_rows
check "a row in words says how many times faster" filter_says_how_many_times_faster
check "filters that are none, or match nothing, are refused" refuses_filters
check "outliers are warned of" outliers_are_warned_of
check "a table has one unit" tables_have_one_unit
check "text and help fit 80 columns" fits_80_columns
check "says its version" says_its_version

end_cases
