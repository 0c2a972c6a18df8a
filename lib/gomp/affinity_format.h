/* SPDX-License-Identifier: MIT */
/* affinity_format.h: what a thread says of itself, as OMP_AFFINITY_FORMAT has it. A field is
 *
 *     %type   %size type   %.size type   %0.size type       without the blanks; %% is a percent sign
 *
 * size: the field's least width. What is shorter is filled up with blanks behind it, with "." before it, and with "0."
 * numbers have zeros in place of the blanks. The type is a letter, or a name in braces:
 *
 *     t {team_num}        L {nesting_level}    n {thread_num}    P {process_id}
 *     T {num_teams}       a {ancestor_tnum}    N {num_threads}   i {native_thread_id}
 *     H {host}            A {thread_affinity}
 *
 * Any other one is the word undefined. */
#ifndef PP_GOMP_AFFINITY_FORMAT_H
#define PP_GOMP_AFFINITY_FORMAT_H

#include <stddef.h>

/* The format where nobody has set one: that of GCC's library. */
#define PP_OMP_AFFINITY_FORMAT "level %L thread %i affinity %A"

/* The format from now on: a copy of the text. */
void pp_omp_affinity_set_format(const char *text, size_t length);

/* The present one. It lives as long as the process. */
const char *pp_omp_affinity_get_format(size_t *length);

/* Writes what the calling thread says into a buffer of `size` bytes: as much as there is room for, and a terminator
 * where there is room at all. An empty format is the present one. Returns the whole text's length. */
size_t pp_omp_affinity_write(char *buffer, size_t size, const char *format, size_t length);

/* The same, with an end of line, in memory that the caller frees by free(). */
char *pp_omp_affinity_line(const char *format, size_t length, size_t *line_length);

#endif
