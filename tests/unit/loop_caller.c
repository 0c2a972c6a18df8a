/* SPDX-License-Identifier: MIT */
/* loop_caller.c: whom a loop's caller waits for: for those who have something of its loop that is not finished, and
 * for nobody else. */
#include "loop/caller.h"

#include "../support/scale.h"
#include "api/sources.h"
#include "loop_records.h"
#include "platform/memory.h"
#include "share/control.h"

TestSuite(loop_caller, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS = 100 };

/* A loop that the caller runs alone. As soon as all parts are somebody's, another thread joins, and then does not go
 * on. */
typedef struct scene {
  ppar_pool *pool;
  pp_record *record; /* The loop's, once the other one has joined. */
  int joined;        /* The slot of that one. */
  uint64_t ran;
  int64_t fails_at;
} scene;

static void let_somebody_join(scene *s, const ppar_chunk *chunk) {
  pp_record *record = PP_OWNER_OF(pp_record, control, (pp_control *)chunk->loop_);
  uint64_t word = pp_load_relaxed(&record->share.groups[0].word);
  if (s->record != NULL || pp_group_field(word, PP_TAKEN_SHIFT) != PP_GROUP_MASK) return;
  s->record = record;
  s->joined = join(record, 0, true);
  cr_assert_geq(s->joined, 1);
}

static void take(const ppar_chunk *chunk, void *arg) {
  scene *s = arg;
  let_somebody_join(s, chunk);
  s->ran += chunk->count;
  if (chunk->begin <= s->fails_at && s->fails_at < chunk->end) ppar_cancel(chunk, 7);
}

static void fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  let_somebody_join(arg, chunk);
  *(double *)accumulator += (double)chunk->count;
}

static pp_loop make_loop(scene *s, pp_sharing sharing, bool guided) {
  pp_loop loop = {.body = take, .arg = s};
  loop.division = (pp_division){.sharing = sharing, .guided = guided, .chunk = 1, .slots = 4, .parts = 4};
  cr_assert(pp_space_make(&loop.division.space, 0, ITERATIONS, 1));
  loop.division.units = pp_units_make(ITERATIONS, 1);
  return loop;
}

static void begin_scene(scene *s) {
  pp_pool_config config = {.threads = 1, .name = "test", .destroyable = true, .sources = pp_sources};
  *s = (scene){.pool = pp_memory_zalloc(sizeof *s->pool), .fails_at = -1};
  cr_assert_not_null(s->pool);
  cr_assert_eq(pp_pool_init(s->pool, &config), PPAR_OK);
}

static void end_scene(scene *s) {
  pp_pool_finish(s->pool);
  pp_memory_free(s->pool);
}

static const struct way {
  pp_sharing sharing;
  bool guided;
} ways[] = {{PP_BY_RANGE, false}, {PP_BY_COUNTER, false}, {PP_BY_COUNTER, true}};
enum { WAYS = sizeof ways / sizeof ways[0] };

Test(loop_caller, who_has_joined_and_holds_nothing_is_not_waited_for) {
  for (int w = 0; w < WAYS; w++) {
    scene s;
    begin_scene(&s);
    pp_loop loop = make_loop(&s, ways[w].sharing, ways[w].guided);
    cr_expect_eq(pp_loop_run(s.pool, &loop, NULL), PPAR_OK);
    cr_expect_eq(s.ran, ITERATIONS);
    end_scene(&s);
  }
}

Test(loop_caller, a_record_that_somebody_is_in_is_left_to_him) {
  for (int w = 0; w < WAYS; w++) {
    scene s;
    begin_scene(&s);
    pp_loop loop = make_loop(&s, ways[w].sharing, ways[w].guided);
    cr_assert_eq(pp_loop_run(s.pool, &loop, NULL), PPAR_OK);
    pp_record *left = s.record;
    for (int again = 0; again < 3; again++) {
      s.record = NULL;
      s.ran = 0;
      cr_assert_eq(pp_loop_run(s.pool, &loop, NULL), PPAR_OK);
      cr_expect_eq(s.ran, ITERATIONS);
      cr_expect_neq(s.record, left);
      (void)pp_group_leave(&s.record->share.groups[0], (uint32_t)s.joined, 0, false);
    }
    end_scene(&s);
  }
}

/* Where a chunk is skipped, so are all that come after it: they count as finished. */
Test(loop_caller, a_cancelled_loop_ends_without_those_who_hold_nothing) {
  static const int64_t failing[] = {0, ITERATIONS / 2, ITERATIONS - 1};
  for (int w = 0; w < WAYS; w++) {
    for (int f = 0; f < 3; f++) {
      scene s;
      begin_scene(&s);
      s.fails_at = failing[f];
      pp_loop loop = make_loop(&s, ways[w].sharing, ways[w].guided);
      cr_expect_eq(pp_loop_run(s.pool, &loop, NULL), 7);
      end_scene(&s);
    }
  }
}

Test(loop_caller, a_reduction_combines_no_value_of_those_who_hold_nothing) {
  for (int w = 0; w < WAYS; w++) {
    scene s;
    begin_scene(&s);
    pp_loop loop = make_loop(&s, ways[w].sharing, ways[w].guided);
    loop.body = NULL;
    loop.fold = fold;
    loop.reduction = &ppar_sum_f64;
    double sum = 1;
    cr_expect_eq(pp_loop_run(s.pool, &loop, &sum), PPAR_OK);
    cr_expect_eq(sum, 1.0 + ITERATIONS);
    end_scene(&s);
  }
}
