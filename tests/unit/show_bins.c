/* SPDX-License-Identifier: MIT */
/* Iterations' times and owners: each chunk's time in equal parts, in bins where there are many iterations. */
#include <criterion/criterion.h>

#include "../support/runs.h"
#include "schedule/tuning.h"
#include "show/bins.h"

/* Of the run's first construct. */
static pp_bins bins_of(const pp_run *run) {
  const pp_construct *what = &run->constructs[0].what;
  pp_run_spans spans = pp_run_collect(run, what->number, true, what->begin, what->end);
  return pp_bins_of(run, what, &spans);
}

static uint32_t begin(struct runs *made, uint32_t slots, uint64_t count) {
  uint32_t caller = runs_thread(made, "main", -1);
  for (uint32_t t = 1; t < slots; t++) (void)runs_thread(made, "ppar", (int32_t)t - 1);
  return runs_construct(made, runs_site(made, PP_CONSTRUCT_LOOP, "a.c:1 in main", NULL), caller,
                        (pp_construct){.slots = (uint16_t)slots, .count = count, .step = 1, .begin = 0, .end = 10000});
}

Test(show_bins, a_chunks_time_is_its_iterations_in_equal_parts) {
  struct runs *made = runs_new();
  uint32_t loop = begin(made, 2, 6);
  pp_bins bins;
  runs_chunk(made, 0, loop, 0, 0, 400, 0, 4);
  runs_chunk(made, 1, loop, 1, 0, 50, 5, 1);
  bins = bins_of(runs_finish(made));
  cr_assert(bins.count == 6 && bins.width == 1 && bins.seen == 5);
  for (int i = 0; i < 4; i++) cr_assert(bins.bin[i].ns == 100 && bins.bin[i].owner == 0 && bins.bin[i].seen == 1);
  cr_assert(bins.bin[4].seen == 0 && bins.bin[4].owner == PP_BIN_NOBODYS);
  cr_assert(bins.bin[5].ns == 50 && bins.bin[5].owner == 1);
  runs_free(made);
}

Test(show_bins, many_iterations_share_bins_and_several_owners_are_told) {
  struct runs *made = runs_new();
  const uint64_t count = 10 * (uint64_t)PP_HTML_BINS + 1;
  uint32_t loop = begin(made, 2, count);
  pp_bins bins;
  double sum = 0;
  runs_chunk(made, 0, loop, 0, 0, 1000, 0, 15);
  runs_chunk(made, 1, loop, 1, 0, 9000, 15, count - 15);
  bins = bins_of(runs_finish(made));
  cr_assert(bins.width == 11 && bins.seen == count && bins.count <= PP_HTML_BINS);
  cr_assert(bins.bin[0].owner == 0 && bins.bin[1].owner == PP_BIN_SEVERALS && bins.bin[2].owner == 1);
  for (uint64_t b = 0; b < bins.count; b++) sum += bins.bin[b].ns;
  cr_assert(sum > 9999 && sum < 10001, "%f ns in all", sum);
  runs_free(made);
}

Test(show_bins, strided_chunks_are_every_few_iterations) {
  struct runs *made = runs_new();
  uint32_t loop = begin(made, 3, 8);
  pp_bins bins;
  runs_event(made, 1,
             (pp_event){.end = 300,
                        .first = 1,
                        .count = 3,
                        .construct = loop,
                        .slot = 1,
                        .kind = PP_EVENT_CHUNK,
                        .flags = PP_EVENT_STRIDED});
  bins = bins_of(runs_finish(made));
  for (uint64_t i = 0; i < 8; i++) {
    cr_assert(bins.bin[i].seen == (i % 3 == 1), "iteration %d", (int)i);
    cr_assert(bins.bin[i].ns == (i % 3 == 1 ? 100 : 0), "iteration %d", (int)i);
  }
  runs_free(made);
}

Test(show_bins, waits_for_locks_and_other_loops_chunks_do_not_count) {
  struct runs *made = runs_new();
  uint32_t loop = begin(made, 1, 2);
  pp_bins bins;
  runs_chunk(made, 0, loop, 0, 0, 1000, 0, 2);
  runs_chunk(made, 0, loop + 7, 0, 100, 200, 1, 1);
  runs_span(made, 0, loop, 0, PP_EVENT_CRITICAL_WAIT, 300, 700);
  bins = bins_of(runs_finish(made));
  cr_assert(bins.bin[0].ns == 300 && bins.bin[1].ns == 300 && bins.seen == 2);
  runs_free(made);
}

Test(show_bins, a_loop_of_all_numbers_has_bins_and_one_of_none_has_none) {
  struct runs *made = runs_new();
  uint32_t loop = begin(made, 1, UINT64_MAX);
  pp_bins bins;
  runs_chunk(made, 0, loop, 0, 0, 1000, UINT64_MAX - 1, 1);
  bins = bins_of(runs_finish(made));
  cr_assert(bins.count <= PP_HTML_BINS && bins.bin[bins.count - 1].seen == 1);
  runs_free(made);
  made = runs_new();
  (void)begin(made, 1, 0);
  bins = bins_of(runs_finish(made));
  cr_assert(bins.count == 0 && bins.bin == NULL);
  runs_free(made);
}
