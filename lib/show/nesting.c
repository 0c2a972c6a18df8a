/* SPDX-License-Identifier: MIT */
/* nesting.c: the stack of what contains the present moment, which moves backwards. */
#include "show/nesting.h"

#include <string.h>

bool pp_nesting_place(pp_nesting *nesting, uint64_t *begin, uint64_t *end, pp_is_work work, int *change) {
  uint32_t place;
  bool around;
  *change = 0;
  /* A thread that goes on while it is read may break N1. */
  if (*end > nesting->latest) *end = nesting->latest;
  if (*begin > *end) *begin = *end;
  nesting->latest = *end;
  while (nesting->depth != 0 && nesting->stack[nesting->depth - 1].begin >= *end) nesting->depth--;
  if (nesting->depth == PP_NESTING_DEPTH) return false;
  /* It goes below all that begin later. */
  for (place = nesting->depth; place != 0 && nesting->stack[place - 1].begin > *begin; place--)
    *end = nesting->stack[place - 1].begin;
  around = place != 0 && nesting->stack[place - 1].is_work;
  if (place != 0 && *end > nesting->stack[place - 1].end) *end = nesting->stack[place - 1].end;
  memmove(&nesting->stack[place + 1], &nesting->stack[place], (nesting->depth - place) * sizeof nesting->stack[0]);
  nesting->stack[place] = (pp_nested){*begin, *end, work == PP_IS_AS_AROUND ? around : work == PP_IS_WORK};
  nesting->depth++;
  *change = (int)nesting->stack[place].is_work - (int)around;
  return true;
}
