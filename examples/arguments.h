/* SPDX-License-Identifier: MIT */
/* arguments.h: what the examples' command lines have in common.
 *
 *     int64_t n = 1000;
 *     const struct argument arguments[] = {ARGUMENT_INTEGER("n", &n, 1, 1000000, "how many")};
 *     arguments_read(argc, argv, "counts", arguments, ARGUMENT_COUNT(arguments));
 *
 * accepts `--n 5` and `--n=5`. The variables start as the defaults. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stddef.h>
#include <stdint.h>

#include <ppar/ppar.h>

enum argument_kind { ARGUMENT_KIND_FLAG, ARGUMENT_KIND_INTEGER, ARGUMENT_KIND_SCHEDULE };

struct argument {
  const char *name; /* without the dashes */
  enum argument_kind kind;
  void *value;         /* a bool, an int64_t or a ppar_schedule */
  int64_t least, most; /* of an integer */
  const char *help;
};

#define ARGUMENT_FLAG(name, value, help) \
  { (name), ARGUMENT_KIND_FLAG, (value), 0, 0, (help) }
#define ARGUMENT_INTEGER(name, value, least, most, help) \
  { (name), ARGUMENT_KIND_INTEGER, (value), (least), (most), (help) }

/* The two that every loop has. A value of 0 threads leaves the choice to the library. */
#define ARGUMENT_THREADS(value) ARGUMENT_INTEGER("threads", value, 0, PPAR_MAX_THREADS, "threads; 0: one for each CPU")
#define ARGUMENT_SCHEDULE(value)                                           \
  {                                                                        \
    "schedule", ARGUMENT_KIND_SCHEDULE, (value), 0, 0,                     \
        "static, dynamic, guided or auto, or one with a chunk: dynamic,16" \
  }

#define ARGUMENT_COUNT(arguments) (sizeof(arguments) / sizeof *(arguments))

/* Sets the values that the command line gives. --help prints what there is and ends the program with status 0; anything
 * that is not allowed ends it with status 2 and one line on standard error that says what is. */
void arguments_read(int argc, char **argv, const char *purpose, const struct argument *arguments, size_t count);

#endif
