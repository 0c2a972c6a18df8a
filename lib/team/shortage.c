/* SPDX-License-Identifier: MIT */
/* shortage.c: the line about a region that has fewer threads than it asks for. */
#include "team/shortage.h"

#include <errno.h>
#include <stdio.h>

static pp_atomic_u32 told;

enum { STACK_TEXT = 64 };

/* A stack that is too large is why the system refuses most often. */
static void write_stack(const ppar_pool *pool, char *text) {
  text[0] = '\0';
  if (pool->stack_size != 0) (void)snprintf(text, STACK_TEXT, " with stacks of %zu KiB", pool->stack_size / 1024);
}

void pp_shortage_tell(const ppar_pool *pool, bool has_lead, uint32_t found, uint32_t asked) {
  const int error = has_lead ? (int)pp_load_relaxed(&pool->refused) : ENOMEM, saved_errno = errno;
  char stack[STACK_TEXT];
  if (error == 0 || pp_add_relaxed(&told, 1) != 0) return;
  write_stack(pool, stack);
  (void)fprintf(stderr, "ppar: a region has %u of the %u threads that it asks for: the system gives no more%s (%s)\n",
                (unsigned)found, (unsigned)asked, stack,
                error == EAGAIN ? "no memory for stacks, or a limit on threads" : "no memory");
  errno = saved_errno;
}
