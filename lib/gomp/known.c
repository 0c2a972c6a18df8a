/* SPDX-License-Identifier: MIT */
/* known.c: which of a Fortran program's allocatable variables have their memory from an allocator.
 *
 * With an `allocators` directive the memory of an allocatable variable is GOMP_alloc's, and it is freed in places that
 * were compiled without knowing of that. So compilers tell of such memory, and ask before they free any. The table is
 * asked at each deallocation of a file that has such a directive: it is read under its lock, unless it is empty. */
#include <pthread.h>

#include "claim/lock.h"
#include "gomp/gomp_abi.h"
#include "gomp/message.h"
#include "platform/at_load.h"
#include "platform/hash.h"
#include "platform/memory.h"
#include "schedule/tuning.h"

typedef struct known {
  struct known *next;
  const void *block;
} known;

static pp_atomic_u32 lock;
static known *table[PP_OMP_KNOWN_LISTS];
static pp_atomic_u64 count;

/* Blocks begin on cache lines mostly, so the lower bits say little. */
static known **list_of(const void *block) {
  uint64_t hash = pp_hash_address(block);
  return &table[(hash >> 32) % PP_OMP_KNOWN_LISTS];
}

void GOMP_add_alloc(void *block) {
  known *fresh, **list = list_of(block);
  if (block == NULL) return;
  fresh = pp_memory_alloc(sizeof *fresh);
  if (fresh == NULL) pp_omp_no_memory("the table of allocated variables");
  fresh->block = block;
  pp_lock(&lock);
  (void)pp_add_relaxed(&count, 1);
  fresh->next = *list;
  *list = fresh;
  pp_unlock(&lock);
}

/* Whoever asks has the block, and so comes after whoever told of it: a relaxed look at the count will do. */
bool GOMP_is_alloc(void *block) {
  known **at = list_of(block), *found;
  if (block == NULL || pp_load_relaxed(&count) == 0) return false;
  pp_lock(&lock);
  while (*at != NULL && (*at)->block != block) at = &(*at)->next;
  found = *at;
  if (found != NULL) {
    *at = found->next;
    (void)pp_add_relaxed(&count, UINT64_MAX);
  }
  pp_unlock(&lock);
  pp_memory_free(found);
  return found != NULL;
}

/* --- Forked children ------------------------------------------------------------------------------------------- */

static void hold_table(void) { pp_lock(&lock); }
static void release_table(void) { pp_unlock(&lock); }
static void renew_table(void) { pp_store_relaxed(&lock, PP_LOCK_FREE); }

PP_AT_LOAD(PP_LOAD_TEAM) static void watch_forks(void) { (void)pthread_atfork(hold_table, release_table, renew_table); }
