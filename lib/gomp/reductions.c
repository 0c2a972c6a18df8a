/* SPDX-License-Identifier: MIT */
/* reductions.c: finding a variable walks all arrays: programs reduce few variables at a time. */
#include "gomp/reductions.h"

#include <stdlib.h>
#include <string.h>

#include "gomp/message.h"

enum { COUNT = 0, BYTES = 1, COPIES = 2, NEXT = 4, OWNS = 5, PAST = 6, VARIABLES = 7, WORDS = 3 };
enum { ADDRESS = 0, OFFSET = 1 };

static uintptr_t make_copies(const uintptr_t *data, uint32_t threads) {
  size_t alignment = data[COPIES], bytes;
  void *copies = NULL;
  if (alignment < sizeof(void *)) alignment = sizeof(void *);
  if (__builtin_mul_overflow((size_t)data[BYTES], (size_t)threads, &bytes) ||
      posix_memalign(&copies, alignment, bytes != 0 ? bytes : 1) != 0)
    pp_omp_no_memory("the copies of a reduction's variables");
  memset(copies, 0, bytes);
  return (uintptr_t)copies;
}

/* The first array of a construct is marked as its owner, so that it is known where the next construct's begin. */
void pp_omp_reductions_register(uintptr_t *data, uintptr_t *old, const uintptr_t *orig, uint32_t threads) {
  uintptr_t *d = data;
  for (;;) {
    d[COPIES] = orig != NULL ? orig[COPIES] : make_copies(d, threads);
    d[PAST] = d[COPIES] + d[BYTES] * threads;
    d[OWNS] = d == data;
    if (orig != NULL) orig = (const uintptr_t *)orig[NEXT];
    if (d[NEXT] == 0) break;
    d = (uintptr_t *)d[NEXT];
  }
  d[NEXT] = (uintptr_t)old;
}

void pp_omp_reductions_forget(uintptr_t *data) {
  uintptr_t *d = data;
  do {
    free((void *)d[COPIES]);
    d = (uintptr_t *)d[NEXT];
  } while (d != NULL && d[OWNS] == 0);
}

void pp_omp_reductions_take_back(uintptr_t *data, const uintptr_t *old) {
  uintptr_t *last = data;
  pp_omp_reductions_forget(data);
  while (last[NEXT] != (uintptr_t)old) last = (uintptr_t *)last[NEXT];
  last[NEXT] = 0;
}

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
