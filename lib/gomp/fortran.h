/* SPDX-License-Identifier: MIT */
/* fortran.h: what Fortran passes, as C has it. */
#ifndef PP_GOMP_FORTRAN_H
#define PP_GOMP_FORTRAN_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A 64-bit integer where C has an int: one that does not fit becomes the nearest that does. */
static inline int pp_omp_int(int64_t value) {
  return value > INT_MAX ? INT_MAX : value < INT_MIN ? INT_MIN : (int)value;
}

/* A routine that sets a number, of which set(value, place of the program) is what it does: C's and Fortran's forms. */
#define PP_OMP_SETTER(name, set)                                    \
  void name(int value) { set(value, PP_OMP_PLACE); }                \
  void name##_(const int32_t *value) { set(*value, PP_OMP_PLACE); } \
  void name##_8_(const int64_t *value) { set(pp_omp_int(*value), PP_OMP_PLACE); }

/* Puts a text of so many characters into a variable of `size` characters: cut off, or filled up with blanks. */
static inline void pp_omp_put(char *variable, size_t size, const char *text, size_t length) {
  size_t kept = length < size ? length : size;
  memcpy(variable, text, kept);
  memset(variable + kept, ' ', size - kept);
}

#endif
