/* SPDX-License-Identifier: MIT */
/* lines.c: an object to be loaded, with code whose lines and functions tests look for. Built twice: with information on
 * lines, and without; calls that are the last thing of a function stay calls. */

/* Where its call returns to. */
__attribute__((noinline)) static const void *here(void) { return __builtin_return_address(0); }

/* Stands for what ppar's headers put into a program. */
__attribute__((always_inline)) static inline const void *ppar_in_a_header(void) { return here(); }

/* Stands for what ppar's macros make under names of the program's. */
__attribute__((always_inline, artificial)) static inline const void *made_by_a_macro(void) { return here(); }

__attribute__((always_inline)) static inline const void *put_into_others(int *line) {
  const void *address = here();
  *line = __LINE__ - 1;
  return address;
}

/* Not exported, so that the dynamic linker does not know of it. */
__attribute__((noinline)) static const void *hidden(int *line) {
  const void *address = here();
  *line = __LINE__ - 1;
  return address;
}

__attribute__((visibility("default"))) const void *lines_exported(int *line) {
  const void *address = here();
  *line = __LINE__ - 1;
  return address;
}

__attribute__((visibility("default"))) const void *lines_hidden(int *line) { return hidden(line); }

__attribute__((visibility("default"))) const void *lines_inlined(int *line) { return put_into_others(line); }

__attribute__((visibility("default"))) const void *lines_of_header(int *line) {
  const void *address = ppar_in_a_header();
  *line = __LINE__ - 1;
  return address;
}

__attribute__((visibility("default"))) const void *lines_of_macro(int *line) {
  const void *address = made_by_a_macro();
  *line = __LINE__ - 1;
  return address;
}
