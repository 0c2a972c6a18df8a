/* SPDX-License-Identifier: MIT */
/* loop_division.c: which auto loops a caller gives out in blocks: short ones, once their pace is known. */
#include "loop/caller.h"

#include "../support/scale.h"
#include "api/sources.h"
#include "loop_records.h"
#include "platform/clock.h"
#include "platform/memory.h"

TestSuite(loop_division, .timeout = SCALE_TIMEOUT);

/* Far from both ends of what comes in blocks: a machine may be slow. */
enum { SLOTS = 2, LOOP_NS = 5000, LOOPS_MOST = 20000 };

static void spin(const ppar_chunk *chunk, void *arg) {
  const uint64_t *iterations = arg;
  const uint64_t ticks = pp_ticks_from_ns(chunk->count * LOOP_NS / *iterations), start = pp_clock_ticks();
  while (pp_clock_ticks() - start < ticks) continue;
}

/* Whether one of many loops over so many iterations is given out in blocks. Which one it is depends on how often the
 * thread loses its CPU. */
static bool comes_in_blocks(uint64_t iterations) {
  pp_pool_config config = {.threads = 1, .name = "test", .destroyable = true, .sources = pp_sources};
  ppar_pool *pool = pp_memory_zalloc(sizeof *pool);
  bool in_blocks = false;
  cr_assert_not_null(pool);
  cr_assert_eq(pp_pool_init(pool, &config), PPAR_OK);
  for (int l = 0; l < LOOPS_MOST && !in_blocks; l++) {
    pp_loop loop = {.body = spin, .arg = &iterations};
    loop.division = (pp_division){.sharing = PP_BY_RANGE, .adaptive = true, .slots = SLOTS, .parts = SLOTS};
    cr_assert(pp_space_make(&loop.division.space, 0, (int64_t)iterations, 1));
    loop.division.units = pp_units_make(iterations, 1);
    cr_assert_eq(pp_loop_run(pool, &loop, NULL), PPAR_OK);
    in_blocks = pp_record_of(this_thread()->owned[PP_OWNED_RECORD])->loop.division.sharing == PP_BY_SLOT;
  }
  pp_pool_finish(pool);
  pp_memory_free(pool);
  return in_blocks;
}

/* Three calls tell what a call costs, and some of these loops have too few iterations in a slot for them. */
Test(loop_division, a_short_loop_comes_in_blocks_however_few_its_iterations) {
  for (uint64_t iterations = SLOTS + 1; iterations <= 8; iterations++)
    cr_expect(comes_in_blocks(iterations), "%d iterations", (int)iterations);
}
