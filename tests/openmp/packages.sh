#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packages.sh: programs that Debian has packaged print the same under ppar-run as on GCC's libgomp, at T = 1, 2, 4; and
# go on after fork. What is not installed is left out. No part of scripts/test: it takes some minutes.
#
#   apt-get install clustalo cython3 fasttree gmic graphicsmagick imagemagick libblis4-openmp libfftw3-dev \
#     libopenblas0-openmp octave primecount-bin python3-dev python3-numba python3-pytest python3-sklearn \
#     python3-threadpoolctl r-cran-data.table
#
# scikit-learn's and data.table's own tests are run too, on ppar's library.
#   tests/openmp/packages.sh --tap=FILE SOURCE_ROOT PPAR_RUN [NAME...]      (NAME: only these)
set -euo pipefail

source_root=$(readlink -f "$2")
ppar_run=$(readlink -f "$3")
# shellcheck source=tests/support/cases.sh
. "$source_root/tests/support/cases.sh" "${1#--tap=}"
only=" ${*:4} "

libraries=/usr/lib/$(gcc -print-multiarch)
python=/usr/bin/python3 # Debian's, which has Debian's packages
hangs=300               # seconds
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
unset LD_LIBRARY_PATH LD_PRELOAD "${!OMP_@}" "${!PPAR_@}"

# timed OUTPUT COMMAND...: sets `seconds`.
timed() {
  local output=$1 begin=$EPOCHREALTIME status=0
  shift
  timeout "$hangs" "$@" >"$output" 2>"$output.err" </dev/null || status=$?
  seconds=$(awk -v begin="$begin" -v end="$EPOCHREALTIME" 'BEGIN { printf "%.2f", end - begin }')
  [ "$status" = 0 ] || { echo "status $status: $*"; tail -n 5 "$output.err"; }
  return "$status"
}

# same COMMAND...: with either library, it prints the same.
same() {
  local threads on_gcc
  for threads in 1 2 4; do
    OMP_NUM_THREADS=$threads timed gcc "$@" || return
    on_gcc=$seconds
    timed ppar "$ppar_run" --threads "$threads" "$@" || return
    echo "$case_title, T=$threads: $on_gcc s on GCC's library, $seconds s on ppar's"
    diff gcc ppar || return
  done
}
ends_on_ppar() { timed ppar "$ppar_run" --threads 2 "$@" && cat ppar; }

# try NAME PACKAGE POSSIBLE COMMAND...: a case, where what it needs is there.
try() {
  case_title=$1
  local package=$2 possible=$3
  shift 3
  [[ $only = "  " || $only = *" $case_title "* ]] || return 0
  if eval "$possible" >/dev/null 2>&1; then
    check "$case_title" "$@"
  else
    check "$case_title # SKIP no $package" true
  fi
}

# ---- What they do

pictures() {
  gm convert -size 900x600 plasma:fractal in.png &&
    same sh -c "gm convert in.png -blur 0x5 -resize 60% -rotate 7 -modulate 110,80 -sharpen 0x2 ppm:-"
}

# family SEED LETTERS LENGTH COUNT CHANGED: in.fa gets sequences that differ from one in that part of their letters.
family() {
  awk -v seed="$1" -v letters="$2" -v size="$3" -v count="$4" -v changed="$5" 'BEGIN {
    srand(seed)
    kinds = length(letters)
    for (i = 0; i < size; i++) base[i] = int(kinds * rand())
    for (s = 0; s < count; s++) {
      print ">s" s
      for (i = 0; i < size; i++) printf "%s", substr(letters, 1 + (rand() < changed ? int(kinds * rand()) : base[i]), 1)
      print ""
    }
  }' >in.fa
}

sequences() {
  family 1 ACDEFGHIKLMNPQRSTVWY 250 60 0.25
  # shellcheck disable=SC2016 # the inner shell's own
  same sh -c 'clustalo -i in.fa --threads=$OMP_NUM_THREADS'
}

trees() {
  family 2 ACGT 400 80 0.15
  same fasttreeMP -nt -quiet in.fa
}

magick() { same convert -size 900x600 gradient:red-blue -gaussian-blur 0x4 -sharpen 0x2 -distort Arc 60 ppm:-; }

cat >own_tests.py <<'PROGRAM'
import sys
import pytest

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:warnings", "--pyargs",
                      "sklearn.cluster.tests.test_k_means", "sklearn.ensemble._hist_gradient_boosting",
                      "sklearn.metrics.tests.test_pairwise_distances_reduction"]))
PROGRAM

cat >linear.py <<'PROGRAM'
import os
import sys
import numpy

def results():
    a = numpy.sin(numpy.arange(360000.0)).reshape(600, 600)
    b = a @ a.T
    s = numpy.linalg.svd(a[:200, :200] + numpy.eye(200))[1]
    print(f"{b.sum():.6f} {numpy.linalg.eigvalsh(b)[-3:].sum():.6f} {s[:3].sum():.6f}", flush=True)

results()
if "fork" in sys.argv:
    child = os.fork()
    results()
    if child == 0:
        os._exit(0)
    sys.exit(os.waitpid(child, 0)[1] != 0)
PROGRAM
linear() { LD_LIBRARY_PATH=$libraries/$1 "${@:2}"; }

cat >learn.py <<'PROGRAM'
import multiprocessing
import sys
import numpy
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import pairwise_distances_argmin

def results(_=None):
    x = numpy.random.RandomState(0).rand(8000, 16)
    y = 3 * x[:, 0] + numpy.sin(5 * x[:, 1])
    trees = HistGradientBoostingRegressor(max_iter=20, random_state=0).fit(x, y)
    return (f"{KMeans(8, n_init=2, random_state=0).fit(x).inertia_:.4f} {trees.score(x, y):.6f} "
            f"{pairwise_distances_argmin(x[:2000], x[2000:4000])[:20]}")

print(results())
if "fork" in sys.argv:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert len({results(), *pool.map(results, range(4))}) == 1
PROGRAM

cat >control.py <<'PROGRAM'
import sklearn.cluster._k_means_lloyd
import threadpoolctl

runtimes = [entry for entry in threadpoolctl.threadpool_info() if entry["user_api"] == "openmp"]
print([(entry["prefix"], entry["num_threads"]) for entry in runtimes])
with threadpoolctl.threadpool_limits(limits=1, user_api="openmp"):
    print([entry["num_threads"] for entry in threadpoolctl.threadpool_info() if entry["user_api"] == "openmp"])
PROGRAM

cat >compiled.py <<'PROGRAM'
import numba
import numpy

numba.config.THREADING_LAYER = "omp"

@numba.njit(parallel=True)
def squares(x):
    total = 0.0
    for i in numba.prange(x.size):
        total += x[i] * x[i]
    return total

print(squares(numpy.arange(100000.0)), numba.threading_layer())
PROGRAM

cat >extension.pyx <<'PROGRAM'
# cython: language_level=3
from cython.parallel cimport prange

def total(double[:] x):
    cdef Py_ssize_t i
    cdef double sum = 0
    for i in prange(x.shape[0], nogil=True, schedule="dynamic", chunksize=64):
        sum += x[i]
    return sum
PROGRAM
cython() {
  # shellcheck disable=SC2046 # flags are words
  cython3 extension.pyx 2>/dev/null &&
    gcc -O2 -fopenmp -shared -fPIC $(python3-config --includes) extension.c -o extension.so &&
    same $python -c 'import array, extension; print(extension.total(array.array("d", range(100000))))'
}

cat >transform.c <<'PROGRAM'
#include <complex.h>
#include <fftw3.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
int main(void) {
  enum { N = 512 };
  fftw_complex *x = fftw_alloc_complex(N * N);
  fftw_plan plan;
  double sum = 0;
  fftw_init_threads();
  fftw_plan_with_nthreads(omp_get_max_threads());
  plan = fftw_plan_dft_2d(N, N, x, x, FFTW_FORWARD, FFTW_ESTIMATE);
  for (int i = 0; i < N * N; i++) x[i] = sin(i);
  for (int k = 0; k < 10; k++) fftw_execute(plan);
  for (int i = 0; i < N * N; i++) sum += cabs(x[i]);
  printf("%.6e\n", sum);
  return 0;
}
PROGRAM
fourier() { gcc -O2 -fopenmp transform.c -o transform -lfftw3_omp -lfftw3 -lm && same ./transform; }

cat >tables.R <<'PROGRAM'
library(data.table)
setDTthreads(percent = 100)
x <- data.table(k = as.integer(abs(sin(1:400000)) * 1000), v = cos(1:400000))
print(x[, .(n = .N, s = sum(v)), keyby = k][1:10])
print(frank(x$v)[1:10])
f <- tempfile()
fwrite(x, f)
print(fread(f)[, sum(v)])
PROGRAM

numeric='a = reshape(sin(1:250000), 500, 500); b = a * a; printf("%.6f %.6f\n", sum(b(:)), norm(b)); pause(0.1)'

try graphicsmagick graphicsmagick "command -v gm" pictures
try clustalo clustalo "command -v clustalo" sequences
try imagemagick imagemagick "command -v convert && convert -version | grep OpenMP" magick
try gmic gmic "command -v gmic" \
  same gmic -v -1 300,200,1,3 rand 0,255 -srand 3 fill "'x*y+c'" blur 4 median 5 output -.ppm
try primecount primecount-bin "command -v primecount" same primecount 1e13
try fasttree fasttree "command -v fasttreeMP" trees
try openblas "libopenblas0-openmp or python3-numpy" \
  "[ -e $libraries/openblas-openmp/libblas.so.3 ] && $python -c 'import numpy'" \
  linear openblas-openmp same $python linear.py
try openblas-fork "libopenblas0-openmp or python3-numpy" \
  "[ -e $libraries/openblas-openmp/libblas.so.3 ] && $python -c 'import numpy'" \
  linear openblas-openmp ends_on_ppar $python linear.py fork
try blis "libblis4-openmp or python3-numpy" "[ -e $libraries/blis-openmp/libblas.so.3 ] && $python -c 'import numpy'" \
  linear blis-openmp same $python linear.py
try blis-fork "libblis4-openmp or python3-numpy" \
  "[ -e $libraries/blis-openmp/libblas.so.3 ] && $python -c 'import numpy'" \
  linear blis-openmp ends_on_ppar $python linear.py fork
try scikit-learn python3-sklearn "$python -c 'import sklearn'" same $python learn.py
try scikit-learn-fork python3-sklearn "$python -c 'import sklearn'" ends_on_ppar $python learn.py fork
try scikit-learn-tests "python3-sklearn or python3-pytest" "$python -c 'import sklearn, pytest'" \
  ends_on_ppar $python own_tests.py
try threadpoolctl "python3-sklearn or python3-threadpoolctl" "$python -c 'import sklearn, threadpoolctl'" \
  same $python control.py
try numba python3-numba "$python -c 'import numba'" same $python compiled.py
try cython "cython3 or python3-dev" "command -v cython3 && command -v python3-config" cython
try fftw libfftw3-dev "[ -e $libraries/libfftw3_omp.so ] && [ -e /usr/include/fftw3.h ]" fourier
try data.table r-cran-data.table "Rscript -e 'library(data.table)'" same Rscript tables.R
try data.table-tests r-cran-data.table "Rscript -e 'library(data.table)'" \
  ends_on_ppar Rscript -e 'library(data.table); test.data.table()'
try octave octave "command -v octave-cli" same octave-cli --no-init-file --eval "$numeric"
end_cases
