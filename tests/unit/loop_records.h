/* SPDX-License-Identifier: MIT */
/* loop_records.h: what tests of records do to them: acquire, open, join. */
#ifndef TESTS_LOOP_RECORDS_H
#define TESTS_LOOP_RECORDS_H

#include <criterion/criterion.h>
#include <ppar/status.h>

#include "loop/record.h"
#include "pool/pool.h"

/* No worker starts before a loop wants one, so all that happens to the records is the test's doing. */
static inline void begin_pool(ppar_pool *pool, int threads) {
  pp_pool_config config = {.threads = threads, .name = "test", .destroyable = true};
  cr_assert_eq(pp_pool_init(pool, &config), PPAR_OK);
}

/* Not inlined: gcc 12's check for NULL misreads the address of a thread's own variable. */
static __attribute__((noinline, unused)) pp_self *this_thread(void) { return pp_self_get(); }

static inline pp_record *acquire(ppar_pool *pool, uint32_t parts) {
  return pp_record_acquire(pool, this_thread(), parts);
}

static inline void release_all(void) {
  for (pp_owned *owned = this_thread()->owned[PP_OWNED_RECORD]; owned != NULL; owned = owned->next_owned)
    pp_record_release(pp_record_of(owned));
}

static inline bool is_quiet(pp_record *record) {
  for (uint32_t g = 0; g < record->capacity / PP_GROUP_SLOTS; g++) {
    if (!pp_group_is_quiet(&record->share.groups[g], pp_load_relaxed(&record->share.groups[g].word))) return false;
  }
  return true;
}

static inline void open_loop(pp_record *record, pp_sharing sharing, uint32_t parts) {
  record->loop = (pp_loop){.division = {.sharing = sharing, .parts = parts, .slots = parts}};
  pp_record_open(record);
}

static inline int join(pp_record *record, uint32_t group, bool as_thief) {
  return pp_group_join(&record->share.groups[group], 0, as_thief).slot;
}

#endif
