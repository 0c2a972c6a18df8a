/* SPDX-License-Identifier: MIT */
/* check_objects.c: a table under a lock, in which each address has a place from its first use on. */
#include "gomp/check_objects.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "claim/lock.h"
#include "platform/hash.h"
#include "platform/memory.h"

enum { FIRST_SIZE = 1024 }; /* a power of two, as all sizes are */

typedef struct object {
  const void *address; /* NULL: the place is free */
  const void *owner;
  pp_omp_object state;
} object;

static pp_atomic_u32 lock; /* For all of these. */
static object *objects;
static size_t size, used;
static bool is_lost; /* There was no memory for all. */

static void hold(void) { pp_lock(&lock); }
static void give_up(void) { pp_unlock(&lock); }

/* Where the address is, or would be. The table has a free place. */
static object *search(object *in, size_t places, const void *address) {
  size_t at = (size_t)(pp_hash_address(address) >> 32) & (places - 1);
  while (in[at].address != NULL && in[at].address != address) at = (at + 1) & (places - 1);
  return &in[at];
}

/* Twice as large, once it is three quarters full. */
static bool grow(void) {
  size_t larger = size != 0 ? 2 * size : FIRST_SIZE;
  object *fresh = pp_memory_zalloc(larger * sizeof *fresh);
  if (fresh == NULL) return false;
  if (size == 0) (void)pthread_atfork(hold, give_up, give_up);
  for (size_t k = 0; k < size; k++) {
    if (objects[k].address != NULL) *search(fresh, larger, objects[k].address) = objects[k];
  }
  pp_memory_free(objects);
  objects = fresh;
  size = larger;
  return true;
}

void pp_omp_object_put(const void *address, pp_omp_object state, const void *owner) {
  pp_lock(&lock);
  if (used < size / 4 * 3 || grow()) {
    object *o = search(objects, size, address);
    used += o->address == NULL;
    *o = (object){address, owner, state};
  } else {
    is_lost = true;
  }
  pp_unlock(&lock);
}

pp_omp_object pp_omp_object_get(const void *address, const void **owner) {
  pp_omp_object state = PP_OMP_NEVER_MADE;
  pp_lock(&lock);
  *owner = NULL;
  if (size != 0) {
    object *o = search(objects, size, address);
    if (o->address != NULL) {
      state = o->state;
      *owner = o->owner;
    }
  }
  if (is_lost) state = PP_OMP_UNSURE;
  pp_unlock(&lock);
  return state;
}
