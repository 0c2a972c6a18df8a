// SPDX-License-Identifier: MIT
// program.h: what a program of this suite is made of. PROGRAM(name) { ... } is a function that the runner starts by its
// name, in a process of its own, with other environments and other libraries. It expects what OpenMP promises of every
// conforming execution, and nothing of the order in which one implementation does things.
#ifndef PROGRAM_H
#define PROGRAM_H

#include <omp.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Which libraries a program is for: in some places we promise more than GCC's library keeps.
enum program_for { FOR_EVERY_LIBRARY, FOR_OURS_ALONE };

// Puts a program into the list that main() starts programs from.
void program_enter(const char *name, void (*run)(void), enum program_for libraries);

// Writes where an expectation was wrong, and makes the process end with status 1. Any thread may call it.
void program_wrong(const char *file, int line, const char *text, long long actual, long long expected);

// The threads that OMP_NUM_THREADS asked for.
int program_threads(void);

// Whether the program has ended well so far: for handlers that run when main() has returned.
int program_is_right(void);

#ifdef __cplusplus
}
#endif

// Expects that a condition holds.
#define EXPECT(condition) ((condition) ? (void)0 : program_wrong(__FILE__, __LINE__, #condition, 0, 1))

// Expects that one whole number equals another.
#define EXPECT_EQ(actual, expected) \
  program_expect_eq(__FILE__, __LINE__, #actual, (long long)(actual), (long long)(expected))

static inline void program_expect_eq(const char *file, int line, const char *text, long long actual,
                                     long long expected) {
  if (actual != expected) program_wrong(file, line, text, actual, expected);
}

#define PROGRAM_FOR(name, libraries)                                                                                   \
  static void name##_program(void);                                                                                    \
  __attribute__((constructor)) static void name##_is_listed(void) { program_enter(#name, name##_program, libraries); } \
  static void name##_program(void)

#define PROGRAM(name) PROGRAM_FOR(name, FOR_EVERY_LIBRARY)
#define PROGRAM_OF_OURS(name) PROGRAM_FOR(name, FOR_OURS_ALONE)

#endif
