#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# snippets.sh: every program in docs/fortran.md compiles without a warning, runs, and prints what the page says.
#
#   snippets.sh --tap=FILE SOURCE_ROOT LIBRARY FORTRAN_COMPILER [ARGUMENT...]
set -euo pipefail

tap=${1#--tap=}
source_root=$2
library=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The programs as 1.f90, 2.f90 and so on, with what each prints in 1.txt ...
awk -v folder="$folder" '
  /^```fortran$/ { number++; to = folder "/" number ".f90"; next }
  /^```text$/ { to = folder "/" number ".txt"; next }
  /^```$/ { to = ""; next }
  to != "" { print > to }' "$source_root/docs/fortran.md"

compile() {
  "$@" -std=f2018 -Wall -Wextra -Wpedantic -Werror -fimplicit-none -frecursive -O2
}

cases=0
failed=0
: >"$tap"
cd "$folder"
compile "$@" -c "$source_root/bindings/fortran/ppar.f90"
while [ -f $((cases + 1)).f90 ]; do
  cases=$((cases + 1))
  name=$(sed -n 's/^program //p' $cases.f90)
  if compile "$@" $cases.f90 ppar.o "$library" "-Wl,-rpath,$(dirname "$library")" -Wl,--no-warn-execstack \
    -o $cases && timeout 50 ./$cases >$cases.out && diff $cases.txt $cases.out; then
    echo "ok - $name of docs/fortran.md compiles, and prints what the page says" >>"$tap"
  else
    echo "not ok - $name of docs/fortran.md compiles, and prints what the page says" >>"$tap"
    failed=1
  fi
done
echo "1..$cases" >>"$tap"
[ "$cases" -gt 0 ] && exit $failed
