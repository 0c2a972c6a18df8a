/* SPDX-License-Identifier: MIT */
/* Short spans become one with their neighbours: how many are left is bounded, and nothing of them is lost. */
#include <criterion/criterion.h>

#include "../support/runs.h"
#include "show/merged.h"

enum { TAKEN_MAX = 1000 };
static pp_merged taken[TAKEN_MAX];
static int taken_count;

static void take(const pp_merged *merged, void *context) {
  (void)context;
  if (taken_count < TAKEN_MAX) taken[taken_count] = *merged;
  taken_count++;
}

static uint64_t merge(const pp_run *run, uint64_t least) {
  const pp_construct *what = &run->constructs[0].what;
  pp_run_spans spans = pp_run_collect(run, what->number, true, what->begin, what->end);
  taken_count = 0;
  return pp_merge(what, &spans, least, take, NULL);
}

static uint32_t begin(struct runs *made, uint64_t count, uint64_t end) {
  uint32_t caller = runs_thread(made, "main", -1);
  (void)runs_thread(made, "ppar-1", 0);
  return runs_construct(made, runs_site(made, PP_CONSTRUCT_LOOP, "a.c:1 in main", NULL), caller,
                        (pp_construct){.slots = 2, .count = count, .step = 1, .begin = 0, .end = end});
}

Test(show_merged, nothing_is_merged_where_it_need_not_be) {
  struct runs *made = runs_new();
  uint32_t loop = begin(made, 100, 1000);
  for (uint64_t i = 0; i < 100; i++) runs_chunk(made, i % 2, loop, i % 2, 10 * i, 10 * i + 9, i, 1);
  cr_assert(merge(runs_finish(made), 0) == 0 && taken_count == 100);
  for (int k = 0; k < 100; k++) {
    cr_assert(taken[k].spans == 1 && taken[k].count == 1 && taken[k].ns == 9);
    cr_assert(taken[k].first == (uint64_t)(k < 50 ? 2 * k : 2 * (k - 50) + 1) && taken[k].past == taken[k].first + 1);
  }
  runs_free(made);
}

Test(show_merged, few_are_left_and_their_sums_are_those_of_all) {
  enum { CHUNKS = 20000, LEAST = 1000 };
  struct runs *made = runs_new();
  uint32_t loop = begin(made, CHUNKS, 10 * CHUNKS);
  uint64_t ns = 0, count = 0, spans = 0, steals = 0;
  for (uint64_t i = 0; i < CHUNKS; i++) {
    runs_chunk(made, i % 2, loop, i % 2, 10 * i, 10 * i + 9, i, 1);
    if (i % 10 == 0) runs_span(made, i % 2, loop, i % 2, PP_EVENT_STEAL, 10 * i + 9, 10 * i + 9);
  }
  (void)merge(runs_finish(made), LEAST);
  cr_assert(taken_count <= 2 * 2 * 2 * 10 * CHUNKS / LEAST + 4, "%d are left", taken_count);
  for (int k = 0; k < taken_count; k++) {
    if (taken[k].kind == PP_EVENT_STEAL) {
      steals += taken[k].spans;
      continue;
    }
    ns += taken[k].ns;
    count += taken[k].count;
    spans += taken[k].spans;
    cr_assert(taken[k].end - taken[k].begin < LEAST && taken[k].past - taken[k].first >= taken[k].count);
  }
  cr_assert(ns == 9 * CHUNKS && count == CHUNKS && spans == CHUNKS && steals == CHUNKS / 10);
  runs_free(made);
}

Test(show_merged, long_spans_and_other_loops_chunks_stay_apart) {
  struct runs *made = runs_new();
  uint32_t loop = begin(made, 4, 10000);
  runs_chunk(made, 0, loop, 0, 0, 10, 0, 1);
  runs_chunk(made, 0, loop, 0, 20, 30, 1, 1);
  runs_chunk(made, 0, loop + 9, 0, 40, 50, 0, 1);
  runs_chunk(made, 0, loop, 0, 60, 5000, 2, 1);
  runs_chunk(made, 0, loop, 0, 5010, 5020, 3, 1);
  cr_assert(merge(runs_finish(made), 100) == 2);
  cr_assert(taken_count == 4);
  for (int k = 0; k < taken_count; k++) cr_assert(taken[k].is_elsewhere == (taken[k].begin == 40));
  runs_free(made);
}
