#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ppar_run.sh: what ppar-run sets, says and refuses.
#
#   ppar_run.sh --tap=FILE SOURCE_ROOT PPAR_RUN LIBRARY     (CC: a compiler that has -fopenmp and calls libgomp)
set -euo pipefail

source_root=$2
ppar_run=$(readlink -f "$3")
folder=$(cd "$(dirname "$4")" && pwd)
# shellcheck source=tests/support/cases.sh
. "$source_root/tests/support/cases.sh" "${1#--tap=}"
read -ra cc <<<"${CC:-gcc}"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset LD_LIBRARY_PATH LD_PRELOAD "${!OMP_@}" "${!PPAR_@}"

# ---- Programs

cat >"$scratch/shows.c" <<'PROGRAM'
#include <omp.h>
#include <stdio.h>
int main(int argc, char **argv) {
  int threads = 0;
#pragma omp parallel reduction(+ : threads)
  threads++;
  printf("%s %d threads\n", argc > 1 ? argv[1] : "no argument", threads);
  return argc > 2 ? 42 : 0;
}
PROGRAM
# Another libgomp, of which ppar's lacks a version; and a copy of libgomp under a name of its own.
cat >"$scratch/future.c" <<'PROGRAM'
void GOMP_future(void);
void GOMP_future(void) {}
PROGRAM
echo 'GOMP_99.0 { global: GOMP_future; };' >"$scratch/future.map"
cat >"$scratch/newer.c" <<'PROGRAM'
void GOMP_future(void);
int main(void) { GOMP_future(); return 0; }
PROGRAM
# A library whose regions are all of one thread; its program finds out whose it gets.
cat >"$scratch/copy.c" <<'PROGRAM'
void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags);
void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags) {
  (void)threads, (void)flags;
  function(data);
}
int omp_get_max_threads(void);
int omp_get_max_threads(void) { return 1; }
PROGRAM
echo 'OMP_1.0 { global: omp_get_max_threads; }; GOMP_4.0 { global: GOMP_parallel; };' >"$scratch/copy.map"
echo 'int main(void) { return 0; }' >"$scratch/plain.c"
printf '#include <omp.h>\nint main(void) { return omp_get_max_threads() < 1; }\n' >"$scratch/routines.c"
echo 'const char *const a_name = "libomp.so.5"; // It is in the program, which does not need that library.' \
  >"$scratch/names.h"
printf '#!/bin/sh\nexec "%s/shows" from-a-script\n' "$scratch" >"$scratch/script"
printf '#!/usr/bin/env -S bash -e\n"%s/shows" from-bash\n' "$scratch" >"$scratch/env-script"
printf '#!/usr/bin/env python3\nimport sys\nprint("modules", len(sys.modules) > 0)\n' >"$scratch/python-script"
printf '#!/usr/bin/env -S -u NAME -i /bin/sh\necho "by options"\n' >"$scratch/options-script"
printf '#!%s/script\n' "$scratch" >"$scratch/second-script"
printf '#!/no/such/interpreter\n' >"$scratch/orphan"
printf '#!/usr/bin/env no-such-interpreter\n' >"$scratch/env-orphan"
printf '#!%s\n' "$scratch" >"$scratch/folder-script"
printf '#!/bin/sh\r\necho windows\r\n' >"$scratch/windows-script"
# shellcheck disable=SC2016 # the script's own
printf 'echo "no first line: $1"\n' >"$scratch/bare-script"
echo 'no program' >"$scratch/not-executable"

build() {
  "${cc[@]}" -fopenmp "$scratch/shows.c" -o "$scratch/shows" &&
    "${cc[@]}" "$scratch/plain.c" -o "$scratch/plain" &&
    "${cc[@]}" -c "$scratch/plain.c" -o "$scratch/object" && chmod +x "$scratch/object" &&
    head -c 2000 "$scratch/plain" >"$scratch/torn" && head -c 40 "$scratch/plain" >"$scratch/torn-header" &&
    mkdir -p "$scratch/future" "$scratch/copies" &&
    "${cc[@]}" -shared -fPIC -Wl,-soname,libgomp.so.1 -Wl,--version-script="$scratch/future.map" "$scratch/future.c" \
      -o "$scratch/future/libgomp.so.1" &&
    "${cc[@]}" "$scratch/newer.c" -o "$scratch/newer" "$scratch/future/libgomp.so.1" &&
    "${cc[@]}" -shared -fPIC -Wl,-soname,libgomp-0123abcd.so.1.0.0 -Wl,--version-script="$scratch/copy.map" \
      "$scratch/copy.c" -o "$scratch/copies/libgomp-0123abcd.so.1.0.0" &&
    "${cc[@]}" -fopenmp -c "$scratch/shows.c" -o "$scratch/shows.o" &&
    "${cc[@]}" "$scratch/shows.o" -o "$scratch/bringing" "$scratch/copies/libgomp-0123abcd.so.1.0.0" \
      -Wl,-rpath,"$scratch/copies" &&
    chmod +x "$scratch"/*script "$scratch"/*orphan "$scratch"/torn*
}

# ---- What to expect

# says STATUS TEXT COMMAND...: it ends with the status, and the text is in what it prints, on stdout or stderr.
says() {
  local expected=$1 text=$2 status=0 output
  shift 2
  output=$("$@" 2>&1 </dev/null) || status=$?
  [ "$status" = "$expected" ] && [[ $output == *"$text"* ]] ||
    { echo "expected status $expected and \"$text\"; $* ended with $status:"; echo "$output"; return 1; }
}

# says_not TEXT COMMAND...: it prints this nowhere.
says_not() {
  local text=$1 output
  shift
  output=$("$@" 2>&1 </dev/null) || true
  [[ $output != *"$text"* ]] || { echo "not expected: \"$text\" from $*:"; echo "$output"; return 1; }
}

# value NAME COMMAND...: what a program finds in a variable.
value() { says 0 "<$2>" "${@:3}" sh -c "echo \"<\${$1-none}>\""; }

runs_on_ppar() { says 0 "$folder/libgomp.so.1" env LD_DEBUG=files "$@"; }

sets_threads() {
  says 0 "no argument 3 threads" "$ppar_run" --threads 3 "$scratch/shows" &&
    says 0 "x 2 threads" "$ppar_run" --threads=2 "$scratch/shows" x &&
    value OMP_NUM_THREADS 4,2 "$ppar_run" --threads 4,2 &&
    value PPAR_NUM_THREADS 4,2 "$ppar_run" --threads 4,2 &&
    value OMP_NUM_THREADS 4096,04096 "$ppar_run" --threads 4096,04096 &&
    value OMP_NUM_THREADS 1,2,3,4,5,6,7,8 "$ppar_run" --threads 1,2,3,4,5,6,7,8 &&
    value OMP_NUM_THREADS none "$ppar_run"
}
sets_schedule_and_trace() {
  value PPAR_SCHEDULE dynamic,16 "$ppar_run" --schedule dynamic,16 &&
    value OMP_SCHEDULE dynamic,16 "$ppar_run" --schedule dynamic,16 &&
    value OMP_SCHEDULE guided env OMP_SCHEDULE=guided "$ppar_run" &&
    value PPAR_SCHEDULE nonmonotonic:guided "$ppar_run" --schedule nonmonotonic:guided &&
    value PPAR_SCHEDULE monotonic:static,0 "$ppar_run" --schedule monotonic:static,0 &&
    value PPAR_SCHEDULE auto,3 "$ppar_run" --schedule auto,3 &&
    value OMP_SCHEDULE Dynamic "$ppar_run" --schedule Dynamic &&
    value OMP_SCHEDULE "dynamic, 4" "$ppar_run" --schedule "dynamic, 4" &&
    value PPAR_SCHEDULE " NonMonotonic : GUIDED ,007 " "$ppar_run" --schedule " NonMonotonic : GUIDED ,007 " &&
    value PPAR_SCHEDULE dynamic,9223372036854775807 "$ppar_run" --schedule dynamic,9223372036854775807 &&
    value PPAR_TRACE picture env PPAR_TRACE=picture "$ppar_run" &&
    value PPAR_TRACE "picture,svg:$scratch/x.svg" "$ppar_run" --trace "picture,svg:$scratch/x.svg"
}
hands_on() {
  # shellcheck disable=SC2016 # the inner shell's own
  says 42 "-x" "$ppar_run" "$scratch/shows" -x more &&
    says 42 "--threads" "$ppar_run" -- "$scratch/shows" --threads more &&
    says 0 "< >" "$ppar_run" sh -c 'echo "<$1 $2>"' name "" "" &&
    says 42 " 1 threads" "$ppar_run" --threads 1 "$scratch/shows" "" "" &&
    (cd "$scratch" && cp shows ./-shows && PATH=.:$PATH says 0 "threads" "$ppar_run" -- -shows)
}
# exec: the program has ppar-run's process, so signals reach it, and its name is what was typed.
becomes_the_program() {
  local status=0 name
  # shellcheck disable=SC2016 # the inner shell's own
  "$ppar_run" sh -c 'kill -PIPE $$' || status=$?
  [ "$status" = 141 ] || { echo "status $status, not SIGPIPE's"; return 1; }
  # shellcheck disable=SC2016
  name=$("$ppar_run" sh -c 'tr "\0" " " </proc/$$/cmdline') && [[ $name == "sh -c "* ]] ||
    { echo "the program is called $name"; return 1; }
}
keeps_variables() {
  value LD_LIBRARY_PATH "$folder:/some/where" env LD_LIBRARY_PATH=/some/where "$ppar_run" &&
    value LD_LIBRARY_PATH "$folder" "$ppar_run" &&
    value LD_PRELOAD "libm.so.6:$folder/libgomp.so.1" env LD_PRELOAD=libm.so.6 "$ppar_run" &&
    value LD_PRELOAD "libm.so.6:$folder/libgomp.so.1:libgomp.so.1" env LD_PRELOAD="libm.so.6 libgomp.so.1" \
      "$ppar_run" &&
    value LD_PRELOAD none "$ppar_run" --no-preload &&
    value LD_PRELOAD libm.so.6 env LD_PRELOAD=libm.so.6 "$ppar_run" --no-preload
}
follows_children() {
  runs_on_ppar "$ppar_run" "$scratch/script" &&
    says 0 "from-a-script 3 threads" "$ppar_run" --threads 3 "$scratch/script" &&
    says 0 "from-bash" "$ppar_run" "$scratch/env-script"
}
replaces_copies() {
  says 0 "1 threads" env OMP_NUM_THREADS=3 "$scratch/bringing" &&
    says 0 "3 threads" "$ppar_run" --threads 3 "$scratch/bringing" &&
    says 0 "1 threads" "$ppar_run" --no-preload --threads 3 "$scratch/bringing"
}
# Where the installed copy has its library, as seen from its own folder.
library_of_installed() { sed -n "s/^installed='\(.*\)'/\1/p" "$ppar_run"; }

folders_with_spaces() {
  local place="$scratch/a folder" way
  way=$(library_of_installed)
  case $way in /*) return 0 ;; esac # Where it is installed, it stays.
  mkdir -p "$place/bin" && mkdir -p "$place/bin/$way" && cp "$ppar_run" "$place/bin/ppar-run" &&
    cp -L "$folder/libgomp.so.1" "$place/bin/$way/libgomp.so.1" || return
  local -x LD_LIBRARY_PATH=$folder/.. # where this build has libppar.so
  says 0 "3 threads" "$place/bin/ppar-run" --threads 3 "$scratch/bringing" &&
    ln -sf "$place/bin/ppar-run" "$scratch/linked" &&
    says 0 "3 threads" "$scratch/linked" --threads 3 "$scratch/shows" &&
    says 0 "ppar's library is $(cd "$place/bin/$way" && pwd)/libgomp.so.1, for" "$scratch/linked" \
      --explain "$scratch/shows" &&
    says_not "of the build in" "$scratch/linked" --explain "$scratch/shows"
}

refuses_options() {
  local wrong
  for wrong in "--threads" "--threads 0" "--threads x" "--threads 4,," "--threads ,4" "--threads -1" "--threads=" \
    "--threads 4097" "--threads 99999999999999999999" "--threads 4,4097" "--threads 4,0" "--threads 00" \
    "--threads 4,2x" "--threads 1,1,1,1,1,1,1,1,1" "--schedule" "--schedule fair" "--schedule dynamic,x" \
    "--schedule auto," "--schedule static," "--schedule dynamic,-1" "--schedule dynamic,99999999999999999999" \
    "--schedule monotonic:" "--schedule :static" "--schedule monotonicx:static" "--schedule dynamicx" \
    "--schedule dynamic,4,5" "--schedule dynamic,9223372036854775808" "--schedule runtime" "--trace" \
    "--trace movie" "--trace svg" "--trace svg:" "--trace picture,,picture" "--threds 4" "-n 4" ""; do
    # shellcheck disable=SC2086 # words
    says 2 "usage: ppar-run" "$ppar_run" $wrong ${wrong:+true} || return
  done
  for wrong in "" "dynamic 4" "sta tic" "dynamic,4 5" "monotonic static"; do
    says 2 "--schedule \"$wrong\": auto, static" "$ppar_run" --schedule "$wrong" true || return
  done
  says 2 'ppar-run: --threads "x": a number from 1 to 4096 is wanted, or up to 8 with commas between them (4,2)' \
    "$ppar_run" --threads x true &&
    says 2 '--threads "99999": a number from 1 to 4096' "$ppar_run" --threads 99999 true &&
    says 2 '--threads "": a number' "$ppar_run" --threads "" true &&
    says 2 '--schedule "fair": auto, static, dynamic or guided is wanted' "$ppar_run" --schedule fair true &&
    says 2 '--trace "movie": picture, picture:FILE, svg:FILE, json:FILE or html:FILE is wanted' \
      "$ppar_run" --trace movie true &&
    says 0 "picture, picture:FILE, svg:FILE" "$ppar_run" --help &&
    says 2 "with monotonic: or nonmonotonic: before it" "$ppar_run" --schedule fair true &&
    says 2 "--threds is none of its options; nothing was run" "$ppar_run" --threds true &&
    says 2 "one program" "$ppar_run" --explain true more
}
# The script has the library's machine in it, unless the build did not know the number: the fifth byte of the file, and
# the 19th and 20th.
knows_machine() {
  local told bytes
  told=$(sed -n "s/^our_machine='\(.*\)'/\1/p" "$ppar_run")
  read -ra bytes <<<"$(od -An -v -tu1 -N 20 "$folder/libgomp.so.1" | tr '\n' ' ')"
  [ -z "$told" ] || [ "$told" = "${bytes[4]}/$((bytes[18] + bytes[19]))" ] || { echo "$told; ${bytes[*]}"; return 1; }
}
# Each program that ppar-run calls takes as long as a shell does to begin.
calls_few_programs() {
  local name real
  mkdir -p "$scratch/counted"
  for name in awk basename cat cut dd dirname env grep head id ls od paste readlink sed sort stat tail tr wc; do
    real=$(command -v "$name") || continue
    printf '#!/bin/sh\necho %s >>"%s/calls"\nexec "%s" "$@"\n' "$name" "$scratch" "$real" >"$scratch/counted/$name" &&
      chmod +x "$scratch/counted/$name" || return
  done
  rm -f "$scratch/calls"
  PATH=$scratch/counted "$ppar_run" "$scratch/plain" && [ "$(sort "$scratch/calls" | paste -sd ' ')" = "grep od wc" ] ||
    { echo "called:" && cat "$scratch/calls"; return 1; }
}
# The script has the library's limits in it.
knows_limits() {
  grep -q "^#define PPAR_MAX_THREADS 4096" "$source_root/include/ppar/pool.h" &&
    grep -q "^#define PP_ENVIRONMENT_LEVELS 8" "$source_root/lib/settings/environment.h" &&
    grep -q "^most_threads=4096" "$ppar_run" && grep -q "^most_levels=8" "$ppar_run"
}
refuses_programs() {
  says 127 "ppar-run: $scratch/none: no such program" "$ppar_run" "$scratch/none" &&
    says 127 "ppar-run: no-such-program-here: no such program" "$ppar_run" no-such-program-here &&
    says 126 "not allowed to be run" "$ppar_run" "$scratch/not-executable" &&
    says 126 "not a program" "$ppar_run" "$scratch" &&
    says 127 "no such program" "$ppar_run" --explain "$scratch/none" &&
    says 126 "not allowed to be run" "$ppar_run" --explain "$scratch/not-executable" &&
    says 127 'ppar-run: "": no such program' "$ppar_run" "" &&
    says 127 'ppar-run: "": no such program' "$ppar_run" --explain ""
}
# says_one STATUS LINE COMMAND...: it prints this line, and no other one.
says_one() {
  local output status=0
  output=$("${@:3}" 2>&1 </dev/null) || status=$?
  [ "$status" = "$1" ] && [ "$output" = "$2" ] ||
    { echo "expected status $1 and \"$2\"; ${*:3} ended with $status:"; echo "$output"; return 1; }
}
refuses_scripts() {
  says_one 127 "ppar-run: $scratch/orphan: a script for /no/such/interpreter, which is not there" \
    "$ppar_run" "$scratch/orphan" &&
    says_one 127 "ppar-run: $scratch/env-orphan: a script for no-such-interpreter, which is not on PATH" \
      "$ppar_run" "$scratch/env-orphan" &&
    says_one 126 \
      "ppar-run: $scratch/folder-script: a script for $scratch, which is no program, or not allowed to be run" \
      "$ppar_run" "$scratch/folder-script" &&
    says 127 "a script for /bin/sh, which is not there under this name: the line ends with a carriage return" \
      "$ppar_run" "$scratch/windows-script" &&
    says 127 "$scratch/orphan: a script for /no/such/interpreter" "$ppar_run" --explain "$scratch/orphan"
}
refuses_torn() {
  local torn="the file is torn: it is shorter than the program that it begins with"
  says_one 126 "ppar-run: $scratch/torn: $torn" "$ppar_run" "$scratch/torn" &&
    says_one 126 "ppar-run: $scratch/torn-header: $torn" "$ppar_run" "$scratch/torn-header" &&
    says 126 "$torn" "$ppar_run" --explain "$scratch/torn" &&
    says 126 "$scratch/object: no program, but another kind of ELF file" "$ppar_run" "$scratch/object"
}
# What the system or a shell would run is run.
runs_scripts() {
  says_one 0 "by options" "$ppar_run" "$scratch/options-script" &&
    says_one 0 "no first line: x" "$ppar_run" "$scratch/bare-script" x &&
    says 0 "from-a-script" "$ppar_run" "$scratch/second-script"
}
# The library's folder is looked for beside ppar-run.
needs_its_library() {
  mkdir -p "$scratch/alone/bin" && cp "$ppar_run" "$scratch/alone/bin/" &&
    says 2 "ppar's libgomp.so.1 is not in" "$scratch/alone/bin/ppar-run" true
}
# A library that lies beside it by chance is not its own: that of a build of somebody's, for instance.
takes_only_its_own() {
  local place="$scratch/chance"
  mkdir -p "$place/bin" "$place/scripts" "$place/lib/gomp" "$place/build/lib/gomp" &&
    cp "$ppar_run" "$place/bin/" && cp "$ppar_run" "$place/scripts/" &&
    cp "$source_root/scripts/ppar-run" "$place/bin/source" &&
    cp -L "$folder/libgomp.so.1" "$place/lib/gomp/" && cp -L "$folder/libgomp.so.1" "$place/build/lib/gomp/" || return
  case $(library_of_installed) in
    /*) ;;
    *)
      says 2 "ppar's libgomp.so.1 is not in" "$place/bin/ppar-run" true &&
        says 2 "ppar's libgomp.so.1 is not in" "$place/scripts/ppar-run" true || return
      ;;
  esac
  says 2 "this copy is the source, which runs in its source tree" "$place/bin/source" true &&
    says 0 "of the build in ${folder%/lib/gomp}." "$ppar_run" --explain "$scratch/shows"
}
helps() { says 0 "--explain: " "$ppar_run" --help && says 0 "--version: " "$ppar_run" --help; }
tells_version() {
  local version
  version=$(sed -n "s/^  version: '\(.*\)'.*/\1/p" "$source_root/meson.build")
  says_one 0 "ppar-run $version" "$ppar_run" --version &&
    says_one 0 "ppar-run $version" "$source_root/scripts/ppar-run" --version
}

explains_programs() {
  says 0 "It needs libgomp.so.1 itself." "$ppar_run" --explain "$scratch/shows" &&
    says 0 "With ppar-run it loads $folder/libgomp.so.1." "$ppar_run" --explain "$scratch/shows" &&
    says 0 "GOMP_4.0" "$ppar_run" --explain "$scratch/shows" &&
    says_not "no parallel regions" "$ppar_run" --explain "$scratch/shows" &&
    says_not "threads" "$ppar_run" --explain "$scratch/shows"
}
# Python, for instance, which loads what runs loops later.
explains_what_needs_none() {
  says 0 "is a dynamic program for" "$ppar_run" --explain "$scratch/plain" &&
    says 0 "Neither it nor the libraries that it begins with need libgomp.so.1." \
      "$ppar_run" --explain "$scratch/plain" &&
    says 0 "What it loads as it runs (modules, plugins), and what it starts, is not known before. What of that needs \
libgomp.so.1 gets ppar's." "$ppar_run" --explain "$scratch/plain"
}
explains_what_has_it_inside() {
  says 1 "OpenMP is inside of it, and cannot be replaced." "$ppar_run" --explain "$scratch/inside"
}
# What clang -fopenmp=libgomp makes of a program, for instance.
explains_routines_alone() {
  "${cc[@]}" -fopenmp "$scratch/routines.c" -o "$scratch/routines" &&
    "${cc[@]}" -Wl,--no-as-needed "$scratch/plain.c" -lgomp -o "$scratch/calls-nothing" &&
    says 0 "All versions that it needs are there: OMP_1.0." "$ppar_run" --explain "$scratch/routines" &&
    says 0 "It calls the routines (omp_...) alone: there are no parallel regions in it" \
      "$ppar_run" --explain "$scratch/routines" &&
    says 0 "It calls nothing of it: there are no parallel regions in it" "$ppar_run" --explain "$scratch/calls-nothing"
}
explains_scripts() {
  says 0 "$scratch/script is a script for /bin/sh." "$ppar_run" --explain "$scratch/script" &&
    says 0 "$scratch/env-script is a script for bash, which env looks for on PATH." \
      "$ppar_run" --explain "$scratch/env-script" &&
    says 0 "$scratch/second-script is a script for $scratch/script." "$ppar_run" --explain "$scratch/second-script" &&
    says 0 "$scratch/script is a script for /bin/sh." "$ppar_run" --explain "$scratch/second-script" &&
    says 0 "What the script loads as it runs (modules), and what it starts, is not known before." \
      "$ppar_run" --explain "$scratch/script"
}
explains_python() {
  says 0 "$scratch/python-script is a script for python3, which env looks for on PATH." \
    "$ppar_run" --explain "$scratch/python-script" &&
    says 0 "is a dynamic program for" "$ppar_run" --explain "$scratch/python-script" &&
    says 0 "(modules)" "$ppar_run" --explain "$scratch/python-script"
}
explains_libraries() {
  "${cc[@]}" -shared -fPIC -fopenmp -Dmain=library_main "$scratch/shows.c" -o "$scratch/libshows.so" &&
    "${cc[@]}" -Wl,--no-as-needed "$scratch/plain.c" -o "$scratch/by-way" "$scratch/libshows.so" &&
    says 0 "It needs libgomp.so.1 by way of $scratch/libshows.so." "$ppar_run" --explain "$scratch/by-way"
}
explains_copies() {
  says 0 "It also brings a copy of libgomp, libgomp-0123abcd.so.1.0.0; what is preloaded comes before it." \
    "$ppar_run" --explain "$scratch/bringing" &&
    says 1 "leave out --no-preload" "$ppar_run" --no-preload --explain "$scratch/bringing"
}
explains_newer() {
  says 1 "It was linked against a newer libgomp than ppar's, which lacks GOMP_99.0" \
    "$ppar_run" --explain "$scratch/newer" &&
    says 1 "GOMP_99.0" "$ppar_run" "$scratch/newer"
}
explains_static() {
  says 1 "$scratch/static is static: what it has of OpenMP is inside of it" "$ppar_run" --explain "$scratch/static" &&
    says 0 "ppar-run: note: $scratch/static is static" "$ppar_run" "$scratch/static" &&
    says 0 "$scratch/static-plain is static: if it has OpenMP, that is inside of it" \
      "$ppar_run" --explain "$scratch/static-plain" &&
    says_not "note" "$ppar_run" "$scratch/static-plain"
}
explains_other_machines() {
  says 1 "$scratch/other is for $1, ppar's library for" "$ppar_run" --explain "$scratch/other" &&
    says 0 "ppar-run: note: $scratch/other is for $1" "$ppar_run" "$scratch/other" &&
    says_not "cannot be preloaded" "$ppar_run" "$scratch/other"
}
explains_llvms() {
  says 1 "LLVM's or Intel's OpenMP, which ppar does not replace" "$ppar_run" --explain "$scratch/llvm" &&
    says 0 "3 threads" "$ppar_run" --threads 3 "$scratch/llvm" &&
    says 0 "ppar-run: note: $scratch/llvm needs libomp" "$ppar_run" "$scratch/llvm" &&
    says_not "note:" "$ppar_run" "$scratch/named"
}
explains_sanitizers() {
  says 0 "compiled with a sanitizer" "$ppar_run" --explain "$scratch/sanitized" &&
    says 0 "3 threads" "$ppar_run" --threads 3 "$scratch/sanitized" &&
    runs_on_ppar "$ppar_run" "$scratch/sanitized"
}
explains_setuid() {
  cp "$scratch/shows" "$scratch/setuid" && chown nobody "$scratch/setuid" && chmod u+s "$scratch/setuid" &&
    says 1 "another user's or group's rights" "$ppar_run" --explain "$scratch/setuid"
}

# check_where POSSIBLE NAME COMMAND...: only where it is possible.
check_where() {
  if $1; then
    check "${@:2}"
  else
    check "$2 # SKIP not possible here" true
  fi
}
compiles() { "$@" 2>/dev/null; }

check "programs for the test are compiled" build
check "--threads" sets_threads
check "--schedule and --trace" sets_schedule_and_trace
check "the program's arguments and status are its own" hands_on
check "the program takes ppar-run's place" becomes_the_program
check "LD_LIBRARY_PATH and LD_PRELOAD keep what they have" keeps_variables
check "the program runs on ppar's library" runs_on_ppar "$ppar_run" "$scratch/shows"
check "what a script starts runs on it, too" follows_children
check "copies of libgomp that have other names are replaced" replaces_copies
check "folders with spaces in their names, and links to ppar-run" folders_with_spaces
check "wrong options are refused: status 2" refuses_options
check "programs that are not there, or may not be run: status 127 and 126" refuses_programs
check "scripts whose interpreter is not there: one line, status 127 or 126" refuses_scripts
check "torn programs: one line, status 126" refuses_torn
check "other scripts run" runs_scripts
check "the limits are the library's" knows_limits
check "the machine is the library's" knows_machine
check "a program begins after three others" calls_few_programs
check "no library: status 2" needs_its_library
check "no library but its own" takes_only_its_own
check "--help" helps
check "--version" tells_version
check "--explain: programs" explains_programs
check "--explain: programs that need none themselves" explains_what_needs_none
check "--explain: programs that call routines alone" explains_routines_alone
possible=false
compiles "${cc[@]}" "$scratch/shows.o" -o "$scratch/inside" -l:libgomp.a -ldl -pthread && possible=true
check_where $possible "--explain: programs that have OpenMP inside" explains_what_has_it_inside
check "--explain: scripts" explains_scripts
possible=false
command -v python3 >/dev/null && possible=true
check_where $possible "--explain: scripts for Python" explains_python
check "--explain: by way of a library" explains_libraries
check "--explain: copies of libgomp" explains_copies
check "--explain: linked against a newer libgomp" explains_newer
possible=false
compiles "${cc[@]}" -fopenmp -static "$scratch/shows.c" -o "$scratch/static" &&
  compiles "${cc[@]}" -static "$scratch/plain.c" -o "$scratch/static-plain" && possible=true
check_where $possible "--explain: static programs" explains_static
possible=false
case $(uname -m) in
  x86_64) compiles gcc -m32 "$scratch/plain.c" -o "$scratch/other" && "$scratch/other" && possible=true ;;
esac
check_where $possible "--explain: programs for another machine" explains_other_machines "32-bit x86"
possible=false
compiles clang -fopenmp=libomp "$scratch/shows.c" -o "$scratch/llvm" && "$scratch/llvm" >/dev/null &&
  "${cc[@]}" -include "$scratch/names.h" "$scratch/plain.c" -o "$scratch/named" && possible=true
check_where $possible "--explain: LLVM's OpenMP" explains_llvms
possible=false
compiles "${cc[@]}" -fopenmp -fsanitize=address "$scratch/shows.c" -o "$scratch/sanitized" && possible=true
check_where $possible "--explain: sanitizers" explains_sanitizers
possible=false
[ "$(id -u)" = 0 ] && possible=true
check_where $possible "--explain: programs with another user's rights" explains_setuid
end_cases
