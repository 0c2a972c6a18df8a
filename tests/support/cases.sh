# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# cases.sh: the cases of a test that is a script, written to a file. A script that sources this with the file's name
# calls check for each case, and ends with end_cases.

tap=$1
: >"$tap"
cases=0
failed=0

# check NAME COMMAND...: the command succeeds. (In an if, set -e does not hold: functions chain with &&.)
check() {
  local case_name=$1
  shift
  cases=$((cases + 1))
  if "$@"; then
    echo "ok - $case_name" >>"$tap"
  else
    echo "not ok - $case_name" >>"$tap"
    failed=1
  fi
}

# Says how many cases there were, and ends the script: with status 1 if one has failed.
end_cases() {
  echo "1..$cases" >>"$tap"
  exit "$failed"
}
