/* SPDX-License-Identifier: MIT */
/* library.h: where a library of this project's lies that a peer's program is to find in place of the system's. */
#ifndef BENCH_LIBRARY_H
#define BENCH_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

enum { BENCH_LIBRARY_VARIABLE_SIZE = 8192 };

/* Writes the folder of this program. False where the system does not tell. */
bool bench_own_directory(char *directory, size_t size);

/* Writes the folder that has the library of this name: of the build that this program is of, else the installed one.
 * False where neither has it. */
bool bench_library_find(const char *name, char *directory, size_t size);

/* True of the variable that names the folders in which the loader looks before all others. */
bool bench_library_is_path(const char *variable);

/* Writes that variable with the folder before those that it has in this process. False when it does not fit. */
bool bench_library_path(const char *directory, char *variable, size_t size);

#endif
