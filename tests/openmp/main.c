// SPDX-License-Identifier: MIT
// main.c: starts the program that the command line names; --list writes the names of all, with the word "ours" where a
// program is for our library alone.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum { PROGRAMS = 1024, SHOWN = 10 };

static struct {
  const char *name;
  void (*run)(void);
  enum program_for libraries;
} programs[PROGRAMS];
static int count;
static int wrong;  // expectations; written atomically

void program_enter(const char *name, void (*run)(void), enum program_for libraries) {
  if (count == PROGRAMS) {
    fprintf(stderr, "more than %d programs\n", PROGRAMS);
    exit(2);
  }
  programs[count].name = name;
  programs[count].run = run;
  programs[count].libraries = libraries;
  count++;
}

void program_wrong(const char *file, int line, const char *text, long long actual, long long expected) {
  const char *name = strrchr(file, '/');
  if (__atomic_load_n(&wrong, __ATOMIC_RELAXED) < SHOWN && __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED) < SHOWN)
    fprintf(stderr, "%s:%d: %s is %lld, expected %lld\n", name ? name + 1 : file, line, text, actual, expected);
}

int program_threads(void) {
  const char *text = getenv("OMP_NUM_THREADS");
  return text ? atoi(text) : omp_get_max_threads();
}

int program_is_right(void) { return __atomic_load_n(&wrong, __ATOMIC_RELAXED) == 0; }

int main(int argc, char **argv) {
  for (int i = 0; i < count && argc == 2; i++) {
    if (strcmp(argv[1], "--list") == 0) {
      printf("%s%s\n", programs[i].name, programs[i].libraries == FOR_OURS_ALONE ? " ours" : "");
    } else if (strcmp(argv[1], programs[i].name) == 0) {
      programs[i].run();
      return program_is_right() ? 0 : 1;
    }
  }
  if (argc == 2 && strcmp(argv[1], "--list") == 0) return 0;
  fprintf(stderr, "usage: %s --list | NAME\n", argv[0]);
  return 2;
}
