#!/bin/sh
# SPDX-License-Identifier: MIT
# newest_libomp.sh: says which clang and which libomp ppar_bench is to measure, a line each: the newest that are here.
# A line is empty where there is none. Code that an older clang compiled runs on a newer libomp.
#
# Debian's versions of libomp cannot be installed side by side; another one's folder in LD_LIBRARY_PATH is measured in
# place of this one.
set -eu

newest() { sort -V | tail -n 1; }

clang=
for found in $(IFS=:; for folder in $PATH; do ls "$folder"/clang-[0-9]* 2>/dev/null || true; done |
  grep -E '/clang-[0-9]+$' | sed 's|.*/||' | newest) clang; do
  # A clang whose omp.h is not installed cannot compile OpenMP.
  if command -v "$found" >/dev/null 2>&1 &&
    echo '#include <omp.h>' | "$found" -fopenmp=libomp -E -x c - >/dev/null 2>&1; then
    clang=$(command -v "$found")
    break
  fi
done
echo "$clang"

libomp=$(ls /usr/lib/llvm-*/lib/libomp.so.5 2>/dev/null | newest)
if [ -z "$libomp" ] && [ -n "$clang" ]; then
  libomp=$("$clang" -print-file-name=libomp.so)
  [ -e "$libomp" ] || libomp=
fi
echo "$libomp"
