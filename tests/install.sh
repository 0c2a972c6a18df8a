#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# install.sh: the installed library serves programs outside the tree.
#
#   install.sh --tap=FILE SOURCE_ROOT BUILD_ROOT      (CC, CXX: the compilers; FC: Fortran's, where it goes with CC)
set -euo pipefail

tap=${1#--tap=}
source_root=$2
build_root=$3
cc=${CC:-cc}
cxx=${CXX:-}

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

echo 1..13 >"$tap"
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
skip() { echo "ok - $1 # SKIP $2" >>"$tap"; }

find_in_stage() { find "$stage" -name "$1" -print -quit; }

install_all() { meson install -C "$build_root" --no-rebuild --quiet --destdir "$stage"; }

headers_are_all_there() {
  local header
  for header in "$source_root"/include/ppar/{*.h,*.hpp,cxx/*.hpp} "$build_root"/include/ppar/*.h; do
    [ -n "$(find_in_stage "$(basename "$header")")" ] || { echo "not installed: $header"; return 1; }
  done
}

# pkg_config as on a system where the stage is the root.
pkg_config() {
  PKG_CONFIG_PATH=$(dirname "$(find_in_stage ppar.pc)") PKG_CONFIG_SYSROOT_DIR=$stage pkg-config "$@" ppar
}

with_shared_library() {
  # shellcheck disable=SC2046 # flags are words
  $cc -std=c11 "$stage/program.c" -o "$stage/shared" $(pkg_config --cflags --libs) &&
    LD_LIBRARY_PATH=$libdir "$stage/shared"
}

with_static_library() {
  local flags
  flags=$(pkg_config --cflags --libs --static) || return
  # shellcheck disable=SC2086 # flags are words
  $cc -std=c11 "$stage/program.c" -o "$stage/static" ${flags//-lppar/-l:libppar.a} &&
    "$stage/static"
}

with_cmake() {
  local series
  series=$(sed -n 's/^#define PPAR_VERSION_STRING "\([0-9]*\.[0-9]*\)\..*/\1/p' "$build_root/include/ppar/version.h") &&
    mkdir "$stage/cmake" || return
  cat >"$stage/cmake/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.13)
project(outside C)
find_package(ppar $series REQUIRED)
add_executable(with_ppar ../program.c)
target_link_libraries(with_ppar ppar::ppar)
add_executable(with_static ../program.c)
target_link_libraries(with_static ppar::static)
EOF
  cmake -S "$stage/cmake" -B "$stage/cmake/build" -Dppar_DIR="$libdir/cmake/ppar" >/dev/null &&
    cmake --build "$stage/cmake/build" >/dev/null &&
    "$stage/cmake/build/with_ppar" &&
    "$stage/cmake/build/with_static"
}

with_fortran() {
  cat >"$stage/program.f90" <<'EOF'
program outside
  use, intrinsic :: iso_fortran_env, only: int64
  use ppar
  implicit none
  integer :: hits(1000)
  hits = 0
  call ppar_for(1, 1000, hit)
  if (any(hits /= 1)) error stop
contains
  recursive subroutine hit(chunk)
    type(ppar_chunk), intent(in) :: chunk
    hits(chunk%first:chunk%last) = hits(chunk%first:chunk%last) + 1
  end subroutine
end program
EOF
  # shellcheck disable=SC2046,SC2086 # flags and the compiler are words
  $FC -frecursive -J"$stage" $(pkg_config --variable=includedir)/ppar/ppar.f90 "$stage/program.f90" \
    -o "$stage/fortran" $(pkg_config --libs) -Wl,--no-warn-execstack && LD_LIBRARY_PATH=$libdir "$stage/fortran"
}

in_cxx_with_pkg_config() {
  # shellcheck disable=SC2046 # flags are words
  $cxx -std=c++17 "$stage/program.cpp" -o "$stage/cxx" $(pkg_config --cflags --libs) &&
    LD_LIBRARY_PATH=$libdir "$stage/cxx"
}

in_cxx_with_cmake() {
  mkdir "$stage/cmake-cxx" || return
  cat >"$stage/cmake-cxx/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.13)
project(outside CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(ppar REQUIRED)
add_executable(with_ppar ../program.cpp)
target_link_libraries(with_ppar ppar::ppar)
add_executable(with_static ../program.cpp)
target_link_libraries(with_static ppar::static)
EOF
  cmake -S "$stage/cmake-cxx" -B "$stage/cmake-cxx/build" -Dppar_DIR="$libdir/cmake/ppar" >/dev/null &&
    cmake --build "$stage/cmake-cxx/build" >/dev/null &&
    "$stage/cmake-cxx/build/with_ppar" &&
    "$stage/cmake-cxx/build/with_static"
}

# What gcc's -fopenmp makes runs on the stage's libgomp.so.1 by ppar-run, which knows the way from its own folder; and
# nobody finds that library who does not ask for it.
runs_openmp_programs() {
  local library said
  library=$(find_in_stage libgomp.so.1) || return
  [ "$library" = "$libdir/ppar/libgomp.so.1" ] && [ "$(readlink "$library")" = libgomp.so.1.0.0 ] ||
    { echo "libgomp.so.1 is $library"; return 1; }
  cat >"$stage/openmp.c" <<'EOF'
#include <dlfcn.h>
#include <stdio.h>
int main(void) {
  int threads = 0;
#pragma omp parallel reduction(+ : threads)
  threads++;
  printf("%d threads, %s\n", threads, dlsym(RTLD_DEFAULT, "ppar_version") != NULL ? "ppar" : "another library");
  return 0;
}
EOF
  # shellcheck disable=SC2086 # the compiler is words
  $openmp_cc -fopenmp -D_GNU_SOURCE "$stage/openmp.c" -o "$stage/openmp" -ldl || return
  said=$(LD_LIBRARY_PATH=$libdir "$(find_in_stage ppar-run)" --threads 3 "$stage/openmp") || return
  [ "$said" = "3 threads, ppar" ] || { echo "$said"; return 1; }
  said=$(LD_LIBRARY_PATH=$libdir OMP_NUM_THREADS=2 "$stage/openmp") || return
  [ "$said" = "2 threads, another library" ] || { echo "without ppar-run: $said"; return 1; }
}

tells_the_folder() {
  local folder
  folder=$(pkg_config --variable=gompdir) && [ "$folder" = "$libdir/ppar" ] || { echo "pkg-config: $folder"; return 1; }
  command -v cmake >/dev/null || return 0
  mkdir "$stage/cmake-folder" || return
  cat >"$stage/cmake-folder/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.13)
project(outside C)
find_package(ppar REQUIRED)
file(WRITE "${CMAKE_BINARY_DIR}/folder" "${ppar_GOMP_DIR}")
EOF
  cmake -S "$stage/cmake-folder" -B "$stage/cmake-folder/build" -Dppar_DIR="$libdir/cmake/ppar" >/dev/null &&
    folder=$(cat "$stage/cmake-folder/build/folder") && [ "$folder" = "$libdir/ppar" ] ||
    { echo "CMake: $folder"; return 1; }
}

loads_at_run_time() {
  python3 -c 'import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.ppar_version.restype = ctypes.c_char_p
print(library.ppar_version().decode())' "$libdir/libppar.so"
}

# MemorySanitizer begins later than the library, which must not ask it for what it cannot give yet.
under_memory_sanitizer_starts() {
  printf '#include <ppar/ppar.h>\nint main(void) { return ppar_version()[0] != %s; }\n' "'0'" >"$stage/version.c"
  # shellcheck disable=SC2046 # flags are words
  clang -fsanitize=memory "$stage/version.c" -o "$stage/version" $(pkg_config --cflags --libs) &&
    LD_LIBRARY_PATH=$libdir "$stage/version"
}
compiles_for_memory_sanitizer() {
  command -v clang >/dev/null && [ "$(uname -m)" = x86_64 ] && [[ ${CC:-} != *-m32* ]] &&
    echo 'int main(void) { return 0; }' | clang -fsanitize=memory -x c - -o "$stage/nothing" 2>/dev/null
}

# With the library of the stage, which the package finds by itself unless it was made for the system's own folders.
python_package_works() {
  local packages needed=unset
  packages=$(dirname "$(dirname "$(find_in_stage _kernels.so)")") || return
  [[ $libdir != "$stage"/usr/lib* ]] || needed=$libdir
  (cd / && unset LD_LIBRARY_PATH PPAR_LIBRARY_PATH && { [ "$needed" = unset ] || export LD_LIBRARY_PATH="$needed"; } &&
    PYTHONPATH=$packages python3 -c 'import ppar, sys
assert ppar.sum(bytes([1, 2, 3])) == 6
assert ppar.parallel_reduce(100, lambda i: i) == 4950
loaded = {line.split()[-1] for line in open("/proc/self/maps") if "/libppar.so" in line}
assert all(name.startswith(sys.argv[1] + "/") for name in loaded) and len(loaded) == 1, loaded' "$libdir")
}

cat >"$stage/program.c" <<'EOF'
#include <ppar/ppar.h>
#include <stdio.h>
#include <string.h>

struct data { const double *x; };
PPAR_FOLD(add, double, sum, i, struct data, d) { *sum += d->x[i]; }

int main(void) {
  double x[1000], sum = 0;
  for (int i = 0; i < 1000; i++) x[i] = i;
  int status = ppar_parallel_reduce(0, 1000, add, &(struct data){x}, &ppar_sum_f64, &sum, NULL);
  if (status != PPAR_OK || sum != 499500.0 || strcmp(ppar_version(), PPAR_VERSION_STRING) != 0) {
    printf("status %d, sum %g, version %s\n", status, sum, ppar_version());
    return 1;
  }
  return 0;
}
EOF

cat >"$stage/program.cpp" <<'EOF'
#include <ppar/ppar.hpp>
#include <vector>

int main() {
  std::vector<double> x(1000);
  ppar::for_each_index(0, 1000, [&](int i) { x[static_cast<std::size_t>(i)] = i; });
  return ppar::reduce(x, 0.0, std::plus<>()) == 499500.0 ? 0 : 1;
}
EOF

check "meson install" install_all
check "every public header is installed" headers_are_all_there
libdir=$(dirname "$(find_in_stage libppar.so)")
check "a program outside the tree, shared library, pkg-config" with_shared_library
check "a program outside the tree, static library, pkg-config" with_static_library
if command -v cmake >/dev/null; then
  check "a program outside the tree, both libraries, CMake" with_cmake
else
  skip "a program outside the tree, both libraries, CMake" "no cmake"
fi
if [ -n "${FC:-}" ]; then
  check "a program outside the tree, in Fortran" with_fortran
else
  skip "a program outside the tree, in Fortran" "no Fortran compiler that goes with the C compiler"
fi
if [ -z "$cxx" ]; then
  skip "a C++ program outside the tree, pkg-config" "no C++ compiler for this machine"
  skip "a C++ program outside the tree, both libraries, CMake" "no C++ compiler for this machine"
else
  check "a C++ program outside the tree, pkg-config" in_cxx_with_pkg_config
  if command -v cmake >/dev/null; then
    check "a C++ program outside the tree, both libraries, CMake" in_cxx_with_cmake
  else
    skip "a C++ program outside the tree, both libraries, CMake" "no cmake"
  fi
fi
case $cc in
  *gcc*) openmp_cc=$cc ;;
  *) openmp_cc=gcc ;;
esac
if [ -z "$(find_in_stage libgomp.so.1)" ]; then
  skip "OpenMP programs run on the library by ppar-run" "libgomp.so.1 is not built"
  skip "pkg-config and CMake name the folder of libgomp.so.1" "it is not built"
else
  if $openmp_cc --version >/dev/null 2>&1; then
    check "OpenMP programs run on the library by ppar-run" runs_openmp_programs
  else
    skip "OpenMP programs run on the library by ppar-run" "no gcc"
  fi
  check "pkg-config and CMake name the folder of libgomp.so.1" tells_the_folder
fi
check "the shared library loads into a running program" loads_at_run_time
if compiles_for_memory_sanitizer; then
  check "a program under MemorySanitizer starts" under_memory_sanitizer_starts
else
  skip "a program under MemorySanitizer starts" "no compiler for it, or the library is for another machine"
fi
if [ -n "$(find_in_stage _kernels.so)" ]; then
  check "the Python package finds the library" python_package_works
else
  skip "the Python package finds the library" "it is not built"
fi
exit $failed
