/* SPDX-License-Identifier: MIT */
/* run_sites.c: the threads' sums, added up and in nanoseconds. */
#include "show/run_sites.h"

#include "platform/clock.h"
#include "show/symbols.h"
#include "trace/sites.h"

static bool is_a_count(pp_sum sum) {
  switch (sum) {
    case PP_SUM_CALLS:
    case PP_SUM_ITERATIONS:
    case PP_SUM_SLOTS:
    case PP_SUM_ASKED:
    case PP_SUM_HAD:
    case PP_SUM_ALONE:
    case PP_SUM_LEVEL:
    case PP_SUM_FEWER:
    case PP_SUM_MEMBERS:
    case PP_SUM_CHUNKS:
    case PP_SUM_STEALS:
    case PP_SUM_AT_ONCE: return true;
    default: return false;
  }
}

static void add_schedule(const pp_sums *sums, pp_run_site *site) {
  uint64_t schedule = pp_load_relaxed(&sums->schedule), chunk = pp_load_relaxed(&sums->chunk);
  site->how |= pp_load_relaxed(&sums->how);
  if (schedule == 0) return;
  if (pp_load_relaxed(&sums->differs) != 0) site->schedules_differ = true;
  if (site->has_schedule && (schedule != 1u + site->schedule_kind + 16u * site->schedule_order || chunk != site->chunk))
    site->schedules_differ = true;
  site->has_schedule = true;
  site->schedule_kind = (uint8_t)((schedule - 1) % 16);
  site->schedule_order = (uint8_t)((schedule - 1) / 16);
  site->chunk = chunk;
}

/* Under nowait each thread comes to a prange and leaves it when it likes, so that thread 0's time, which was noted as
 * its calls' time, does not stand for the others': it is the mean of all threads' times. */
static void take_mean_time(pp_run_site *site) {
  uint64_t *sum = site->sum;
  double noted = (double)sum[PP_SUM_WALL], calls = (double)sum[PP_SUM_CALLS], slots = (double)sum[PP_SUM_SLOTS];
  double mean = slots > 0 ? (double)sum[PP_SUM_CAPACITY] / slots * calls : 0;
  if (site->kind != PP_CONSTRUCT_PRANGE || noted <= 0 || mean <= 0) return;
  sum[PP_SUM_INSIDE] = (uint64_t)((double)sum[PP_SUM_INSIDE] / noted * mean);
  sum[PP_SUM_WALL] = (uint64_t)mean;
  sum[PP_SUM_ALL_WALL] = sum[PP_SUM_CAPACITY];
}

static void add_up(const pp_run *run, uint32_t number, pp_run_site *site) {
  uint64_t shortest = 0, longest = 0;
  for (uint32_t t = 0; t < run->thread_count; t++) {
    const pp_sums *sums = &run->threads[t].tracer->sums[number];
    uint64_t own = pp_load_relaxed(&sums->shortest_call);
    for (int s = 0; s < PP_SUMS; s++) site->sum[s] += pp_load_relaxed(&sums->sum[s]);
    add_schedule(sums, site);
    if (own != 0 && (shortest == 0 || own < shortest)) shortest = own;
    if (pp_load_relaxed(&sums->longest_call) > longest) longest = pp_load_relaxed(&sums->longest_call);
  }
  for (int s = 0; s < PP_SUMS; s++) {
    if (!is_a_count((pp_sum)s)) site->sum[s] = pp_ns_from_ticks(site->sum[s]);
  }
  take_mean_time(site);
  site->shortest_call = pp_ns_from_ticks(shortest);
  site->longest_call = pp_ns_from_ticks(longest);
}

bool pp_run_read_sites(pp_run *run, bool careful) {
  uint32_t count = pp_site_count();
  pp_symbols *symbols = pp_symbols_open(run->arena, careful);
  run->sites = pp_arena_array(run->arena, count, sizeof *run->sites);
  if (run->sites == NULL || symbols == NULL) return false;
  for (uint32_t s = 0; s < count; s++) {
    const pp_site *from = pp_site_get(s);
    pp_run_site *site = &run->sites[s];
    pp_symbol symbol;
    site->number = s;
    site->title = site->where = "(unknown)";
    if (from == NULL) continue;
    site->kind = (pp_construct_kind)from->kind;
    site->where = from->name;
    if (from->address != NULL) {
      symbol = pp_symbols_find_inside(symbols, from->address, pp_load_relaxed(&from->inside));
      site->where = pp_symbol_text(run->arena, &symbol, from->address);
    }
    site->title = from->name[0] != '\0' ? pp_arena_text(run->arena, from->name) : site->where;
    add_up(run, s, site);
  }
  run->site_count = count;
  pp_symbols_close(symbols);
  return true;
}
