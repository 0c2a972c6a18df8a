// SPDX-License-Identifier: MIT
// loaded.c: ends a program before it begins when it has another OpenMP library loaded than the runner wants to test. A
// wrong path would otherwise test GCC's library twice, and pass.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRONG_LIBRARY = 3 };

__attribute__((constructor)) static void check_the_library(void) {
  const char *wanted = getenv("OPENMP_TEST_LIBRARY");  // "ppar" or "gcc"; without it any will do
  if (!wanted) return;
  const char *loaded = dlsym(RTLD_DEFAULT, "ppar_version") ? "ppar" : "gcc";
  if (strcmp(wanted, loaded) != 0) {
    fprintf(stderr, "the library loaded is %s's, and %s's was to be tested\n", loaded, wanted);
    _Exit(WRONG_LIBRARY);
  }
}
