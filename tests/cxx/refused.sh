#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# refused.sh: what the compiler says of programs that use ppar.hpp wrongly is a sentence that tells what to write.
#
#   refused.sh --tap=FILE SOURCE_ROOT BUILD_ROOT      (CXX: the compiler)
set -euo pipefail

tap=${1#--tap=}
source_root=$2
build_root=$3
cxx=${CXX:-c++}

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
compile=("-std=c++17" "-I$source_root/include" "-I$build_root/include")

# Compiled once: both compilers take the .gch beside a file that -include names.
cat >"$stage/prelude.hpp" <<'END'
#include <list>
#include <string>
#include <vector>
#include <ppar/ppar.hpp>
END
# shellcheck disable=SC2086 # the compiler may have arguments
$cxx "${compile[@]}" -x c++-header "$stage/prelude.hpp" -o "$stage/prelude.hpp.gch"

cases=0
failed=0
: >"$tap"

# refuses NAME SENTENCE STATEMENT: a function with the statement does not compile, and the sentence is said. The line
# breaks of a terminal do not count, and neither do those of the message's own parts.
refuses() {
  local output status=0
  cases=$((cases + 1))
  # shellcheck disable=SC2086 # the compiler may have arguments
  output=$($cxx "${compile[@]}" -fsyntax-only -include "$stage/prelude.hpp" -x c++ - 2>&1 <<END
void wrong(std::vector<double> &x) { $3; (void)x; }
END
  ) || status=$?
  if [ $status -ne 0 ] && grep -Fq "$2" <<<"$output"; then
    echo "ok - $1" >>"$tap"
  else
    echo "not ok - $1" >>"$tap"
    printf '%s: status %s\n%s\n' "$1" "$status" "$output"
    failed=1
  fi
}

refuses "an index of type double" "must be integers of at most 64 bits" 'ppar::for_each_index(0.0, 1.0, [](double) {})'
refuses "an index of type bool" "must be integers of at most 64 bits" 'ppar::for_each_index(false, true, [](bool) {})'
refuses "iterators where indices belong" "iterators go to ppar::for_each" \
  'ppar::for_each_index(x.begin(), x.end(), [](double) {})'
refuses "a callable of something else" "ppar::for_each_index calls f(i) or f(i, thread)" \
  'ppar::for_each_index(0, 9, [](std::string) {})'
refuses "a mutable lambda" "a lambda must not be mutable" 'ppar::for_each_index(0, 9, [n = 0](int) mutable { n++; })'
refuses "a list" "takes random-access iterators" 'std::list<int> l; ppar::for_each(l, [](int) {})'
refuses "no range" "takes two iterators, or a range" 'ppar::for_each(5, [](int) {})'
refuses "a sum of doubles from 0" "write 0.0 for a sum of doubles" \
  '(void)ppar::reduce(0, 9, 0, std::plus<>(), [&](int i) { return x[i]; })'
refuses "a sum of 64 bits from 0" "std::int64_t(0)" \
  '(void)ppar::reduce(0, 9, 0, std::plus<>(), [](int) { return 1LL; })'
refuses "an operator of something else" "ppar::reduce calls op(a, b)" \
  '(void)ppar::reduce(0, 9, 0, [](int) { return 1; }, [](int i) { return i; })'
refuses "a body of one index for two dimensions" "ppar::for_each_index_2d calls f(i, j)" \
  'ppar::for_each_index_2d({0, 1}, {0, 1}, [](auto) {})'
refuses "a region without a team" "ppar::region calls f(ppar::team &)" 'ppar::region([](int) {})'
refuses "a prange's body" "team::prange calls f(i)" \
  'ppar::region([](ppar::team &t) { t.prange(0, 9, [](std::string) {}); })'
refuses "a task with an argument" "calls f() once" 'ppar::task_group g; g.run([](int) {})'

echo "1..$cases" >>"$tap"
exit $failed
