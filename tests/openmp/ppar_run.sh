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
printf '#!/bin/sh\nexec "%s/shows" from-a-script\n' "$scratch" >"$scratch/script"
printf '#!/usr/bin/env -S bash -e\n"%s/shows" from-bash\n' "$scratch" >"$scratch/env-script"
echo 'no program' >"$scratch/not-executable"

build() {
  "${cc[@]}" -fopenmp "$scratch/shows.c" -o "$scratch/shows" &&
    "${cc[@]}" "$scratch/plain.c" -o "$scratch/plain" &&
    mkdir -p "$scratch/future" "$scratch/copies" &&
    "${cc[@]}" -shared -fPIC -Wl,-soname,libgomp.so.1 -Wl,--version-script="$scratch/future.map" "$scratch/future.c" \
      -o "$scratch/future/libgomp.so.1" &&
    "${cc[@]}" "$scratch/newer.c" -o "$scratch/newer" "$scratch/future/libgomp.so.1" &&
    "${cc[@]}" -shared -fPIC -Wl,-soname,libgomp-0123abcd.so.1.0.0 -Wl,--version-script="$scratch/copy.map" \
      "$scratch/copy.c" -o "$scratch/copies/libgomp-0123abcd.so.1.0.0" &&
    "${cc[@]}" -fopenmp -c "$scratch/shows.c" -o "$scratch/shows.o" &&
    "${cc[@]}" "$scratch/shows.o" -o "$scratch/bringing" "$scratch/copies/libgomp-0123abcd.so.1.0.0" \
      -Wl,-rpath,"$scratch/copies" &&
    chmod +x "$scratch/script" "$scratch/env-script"
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
    value OMP_NUM_THREADS none "$ppar_run"
}
sets_schedule_and_trace() {
  value PPAR_SCHEDULE dynamic,16 "$ppar_run" --schedule dynamic,16 &&
    value PPAR_SCHEDULE nonmonotonic:guided "$ppar_run" --schedule nonmonotonic:guided &&
    value PPAR_TRACE picture env PPAR_TRACE=picture "$ppar_run" &&
    value PPAR_TRACE "picture,svg:$scratch/x.svg" "$ppar_run" --trace "picture,svg:$scratch/x.svg"
}
hands_on() {
  says 42 "-x" "$ppar_run" "$scratch/shows" -x more &&
    says 42 "--threads" "$ppar_run" -- "$scratch/shows" --threads more &&
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
folders_with_spaces() {
  local place="$scratch/a folder"
  mkdir -p "$place/bin" "$place/lib/gomp" && cp "$ppar_run" "$place/bin/ppar-run" &&
    cp -L "$folder/libgomp.so.1" "$place/lib/gomp/libgomp.so.1" || return
  local -x LD_LIBRARY_PATH=$folder/.. # where this build has libppar.so
  says 0 "3 threads" "$place/bin/ppar-run" --threads 3 "$scratch/bringing" &&
    ln -sf "$place/bin/ppar-run" "$scratch/linked" &&
    says 0 "3 threads" "$scratch/linked" --threads 3 "$scratch/shows" &&
    says 0 "$place/lib/gomp" "$scratch/linked" --explain "$scratch/shows"
}

refuses_options() {
  local wrong
  for wrong in "--threads" "--threads 0" "--threads x" "--threads 4,," "--threads ,4" "--threads -1" "--threads=" \
    "--schedule" "--schedule fair" "--schedule dynamic,0" "--schedule auto,4" "--schedule static," \
    "--trace" "--trace movie" "--trace svg" "--trace svg:" "--trace picture,,picture" "--threds 4" "-n 4" ""; do
    # shellcheck disable=SC2086 # words
    says 2 "usage: ppar-run" "$ppar_run" $wrong ${wrong:+true} || return
  done
  says 2 "--threads x: a number" "$ppar_run" --threads x true &&
    says 2 "--threds is none of its options; nothing was run" "$ppar_run" --threds true &&
    says 2 "one program" "$ppar_run" --explain true more
}
refuses_programs() {
  says 127 "ppar-run: $scratch/none: no such program" "$ppar_run" "$scratch/none" &&
    says 127 "ppar-run: no-such-program-here: no such program" "$ppar_run" no-such-program-here &&
    says 126 "not allowed to be run" "$ppar_run" "$scratch/not-executable" &&
    says 126 "not a program" "$ppar_run" "$scratch" &&
    says 127 "no such program" "$ppar_run" --explain "$scratch/none" &&
    says 126 "not allowed to be run" "$ppar_run" --explain "$scratch/not-executable"
}
# The library's folder is looked for beside ppar-run.
needs_its_library() {
  mkdir -p "$scratch/alone/bin" && cp "$ppar_run" "$scratch/alone/bin/" &&
    says 2 "ppar's libgomp.so.1 is not in" "$scratch/alone/bin/ppar-run" true
}
helps() { says 0 "--explain: " "$ppar_run" --help; }

explains_programs() {
  says 0 "It needs libgomp.so.1 itself." "$ppar_run" --explain "$scratch/shows" &&
    says 0 "With ppar-run it loads $folder/libgomp.so.1." "$ppar_run" --explain "$scratch/shows" &&
    says 0 "GOMP_4.0" "$ppar_run" --explain "$scratch/shows" &&
    says 0 "is a dynamic program for" "$ppar_run" --explain "$scratch/plain" &&
    says 0 "Neither it nor the libraries that it begins with need libgomp.so.1." \
      "$ppar_run" --explain "$scratch/plain" &&
    says_not "threads" "$ppar_run" --explain "$scratch/shows"
}
explains_scripts() {
  says 0 "$scratch/script is a script for /bin/sh." "$ppar_run" --explain "$scratch/script" &&
    says 0 "$scratch/env-script is a script for bash." "$ppar_run" --explain "$scratch/env-script"
}
explains_libraries() {
  "${cc[@]}" -shared -fPIC -fopenmp -Dmain=library_main "$scratch/shows.c" -o "$scratch/libshows.so" &&
    "${cc[@]}" -Wl,--no-as-needed "$scratch/plain.c" -o "$scratch/by-way" "$scratch/libshows.so" &&
    says 0 "It needs libgomp.so.1 by way of $scratch/libshows.so." "$ppar_run" --explain "$scratch/by-way"
}
explains_copies() {
  says 0 "It also brings a copy of libgomp, libgomp-0123abcd.so.1.0.0; what is preloaded comes before it." \
    "$ppar_run" --explain "$scratch/bringing" &&
    says 0 "leave out --no-preload" "$ppar_run" --no-preload --explain "$scratch/bringing"
}
explains_newer() {
  says 1 "It was linked against a newer libgomp than ppar's, which lacks GOMP_99.0" \
    "$ppar_run" --explain "$scratch/newer" &&
    says 1 "GOMP_99.0" "$ppar_run" "$scratch/newer"
}
explains_static() {
  says 1 "$scratch/static is static" "$ppar_run" --explain "$scratch/static" &&
    says 0 "ppar-run: note: $scratch/static is static" "$ppar_run" "$scratch/static"
}
explains_other_machines() {
  says 1 "$scratch/other is for $1, ppar's library for" "$ppar_run" --explain "$scratch/other" &&
    says 0 "ppar-run: note: $scratch/other is for $1" "$ppar_run" "$scratch/other" &&
    says_not "cannot be preloaded" "$ppar_run" "$scratch/other"
}
explains_llvms() {
  says 1 "LLVM's or Intel's OpenMP, which ppar does not replace" "$ppar_run" --explain "$scratch/llvm" &&
    says 0 "3 threads" "$ppar_run" --threads 3 "$scratch/llvm"
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
check "no library: status 2" needs_its_library
check "--help" helps
check "--explain: programs" explains_programs
check "--explain: scripts" explains_scripts
check "--explain: by way of a library" explains_libraries
check "--explain: copies of libgomp" explains_copies
check "--explain: linked against a newer libgomp" explains_newer
possible=false
compiles "${cc[@]}" -static "$scratch/plain.c" -o "$scratch/static" && possible=true
check_where $possible "--explain: static programs" explains_static
possible=false
case $(uname -m) in
  x86_64) compiles gcc -m32 "$scratch/plain.c" -o "$scratch/other" && "$scratch/other" && possible=true ;;
esac
check_where $possible "--explain: programs for another machine" explains_other_machines "32-bit x86"
possible=false
compiles clang -fopenmp=libomp "$scratch/shows.c" -o "$scratch/llvm" && "$scratch/llvm" >/dev/null && possible=true
check_where $possible "--explain: LLVM's OpenMP" explains_llvms
possible=false
compiles "${cc[@]}" -fopenmp -fsanitize=address "$scratch/shows.c" -o "$scratch/sanitized" && possible=true
check_where $possible "--explain: sanitizers" explains_sanitizers
possible=false
[ "$(id -u)" = 0 ] && possible=true
check_where $possible "--explain: programs with another user's rights" explains_setuid
end_cases
