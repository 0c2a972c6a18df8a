/* SPDX-License-Identifier: MIT */
/* reductions.c: finding a variable walks all arrays: programs reduce few variables at a time. */
#include "gomp/reductions.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gomp/message.h"

enum { COUNT = 0, BYTES = 1, COPIES = 2, NEXT = 4, PAST = 6, VARIABLES = 7, WORDS = 3 };
enum { ADDRESS = 0, OFFSET = 1 };

static size_t alignment_of(const uintptr_t *d) { return d[COPIES] > sizeof(void *) ? d[COPIES] : sizeof(void *); }

/* Where an array's copies are in the memory, behind those of the array before, which end at *end; and where they end.
 * False: there is no such number. */
static bool place(const uintptr_t *d, uint32_t threads, size_t *begin, size_t *end) {
  size_t alignment = alignment_of(d), bytes;
  if (__builtin_mul_overflow((size_t)d[BYTES], (size_t)threads, &bytes)) return false;
  if (__builtin_add_overflow(*end, alignment - 1, begin)) return false;
  *begin &= ~(alignment - 1);
  return !__builtin_add_overflow(*begin, bytes, end);
}

void *pp_omp_reductions_make(const uintptr_t *data, uint32_t threads) {
  size_t alignment = sizeof(void *), begin = 0, end = 0;
  void *copies = NULL;
  bool fits = true;
  for (const uintptr_t *d = data; d != NULL && fits; d = (const uintptr_t *)d[NEXT]) {
    if (alignment_of(d) > alignment) alignment = alignment_of(d);
    fits = place(d, threads, &begin, &end);
  }
  if (!fits || posix_memalign(&copies, alignment, end != 0 ? end : 1) != 0)
    pp_omp_no_memory("the copies of a reduction's variables");
  memset(copies, 0, end);
  return copies;
}

void pp_omp_reductions_register(uintptr_t *data, uintptr_t *old, void *copies, uint32_t threads) {
  uintptr_t *d = data;
  size_t begin = 0, end = 0;
  for (;;) {
    (void)place(d, threads, &begin, &end);
    d[COPIES] = (uintptr_t)copies + begin;
    d[PAST] = (uintptr_t)copies + end;
    if (d[NEXT] == 0) break;
    d = (uintptr_t *)d[NEXT];
  }
  d[NEXT] = (uintptr_t)old;
}

/* The first array's come first. */
void pp_omp_reductions_forget(uintptr_t *data) { free((void *)data[COPIES]); }

static uintptr_t *variable_at(uintptr_t *d, uintptr_t number) { return d + VARIABLES + number * WORDS; }

static void *copy_of(const uintptr_t *d, uint32_t thread, uintptr_t offset) {
  return (void *)(d[COPIES] + thread * d[BYTES] + offset);
}

/* By the variable's address. */
static void *find_original(uintptr_t *d, uintptr_t address, uint32_t thread, void **original) {
  for (uintptr_t v = 0; v < d[COUNT]; v++) {
    const uintptr_t *variable = variable_at(d, v);
    if (variable[ADDRESS] != address) continue;
    *original = (void *)address;
    return copy_of(d, thread, variable[OFFSET]);
  }
  return NULL;
}

/* By the address of somebody's copy. */
static void *find_copy(uintptr_t *d, uintptr_t address, uint32_t thread, void **original) {
  uintptr_t offset;
  if (address < d[COPIES] || address >= d[PAST]) return NULL;
  offset = (address - d[COPIES]) % d[BYTES];
  for (uintptr_t v = 0; v < d[COUNT]; v++) {
    const uintptr_t *variable = variable_at(d, v);
    if (variable[OFFSET] == offset) *original = (void *)variable[ADDRESS];
  }
  return copy_of(d, thread, offset);
}

/* Variables of inner constructs come first. */
void *pp_omp_reductions_find(uintptr_t *data, void *variable, uint32_t thread, void **original) {
  for (uintptr_t *d = data; d != NULL; d = (uintptr_t *)d[NEXT]) {
    void *copy = find_original(d, (uintptr_t)variable, thread, original);
    if (copy != NULL) return copy;
  }
  for (uintptr_t *d = data; d != NULL; d = (uintptr_t *)d[NEXT]) {
    void *copy = find_copy(d, (uintptr_t)variable, thread, original);
    if (copy != NULL) return copy;
  }
  return NULL;
}
