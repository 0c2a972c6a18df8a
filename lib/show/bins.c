/* SPDX-License-Identifier: MIT */
/* bins.c: a chunk's time belongs to its iterations in equal parts. */
#include "show/bins.h"

#include "schedule/divide.h"
#include "schedule/tuning.h"

/* Iterations first, first + stride, ... of which `count` are there. */
typedef struct progression {
  uint64_t first, stride, count;
} progression;

/* So many of its iterations are numbered below `past`. */
static uint64_t below(const progression *p, uint64_t past) {
  uint64_t reached = past > p->first ? pp_divide_up(past - p->first, p->stride) : 0;
  return reached < p->count ? reached : p->count;
}

static void add(pp_bins *bins, const progression *p, double ns, int32_t slot) {
  uint64_t last = p->first + (p->count - 1) * p->stride, taken = 0;
  for (uint64_t b = p->first / bins->width; taken < p->count && b < bins->count && b <= last / bins->width; b++) {
    uint64_t upto = b + 1 < bins->count ? below(p, (b + 1) * bins->width) : p->count, here = upto - taken;
    pp_bin *bin = &bins->bin[b];
    if (here == 0) continue;
    bin->ns += ns * (double)here / (double)p->count;
    bin->seen += here;
    bin->owner = bin->owner == PP_BIN_NOBODYS || bin->owner == slot ? slot : PP_BIN_SEVERALS;
    bins->seen += here;
    taken = upto;
  }
}

static bool is_delay(const pp_event *event) {
  return event->kind == PP_EVENT_CRITICAL_WAIT || event->kind == PP_EVENT_ORDERED_WAIT;
}

/* Waits inside of the chunk come after it among a thread's spans, and begin before its end. */
static uint64_t delays_in(const pp_run_spans *spans, uint64_t chunk) {
  const pp_run_span *of = &spans->span[chunk];
  uint64_t ns = 0;
  for (uint64_t k = chunk + 1; k < spans->count; k++) {
    const pp_run_span *span = &spans->span[k];
    if (span->thread != of->thread || span->event.begin >= of->event.end) break;
    if (is_delay(&span->event)) ns += span->event.end - span->event.begin;
  }
  return ns;
}

pp_bins pp_bins_of(const pp_run *run, const pp_construct *construct, const pp_run_spans *spans) {
  pp_bins bins = {.iterations = construct->count};
  if (construct->count == 0) return bins;
  bins.width = pp_divide_up(construct->count, PP_HTML_BINS);
  bins.count = pp_divide_up(construct->count, bins.width);
  bins.bin = pp_arena_array(run->arena, bins.count, sizeof *bins.bin);
  if (bins.bin == NULL) return (pp_bins){.iterations = construct->count};
  for (uint64_t b = 0; b < bins.count; b++) bins.bin[b].owner = PP_BIN_NOBODYS;
  for (uint64_t k = 0; k < spans->count; k++) {
    const pp_event *event = &spans->span[k].event;
    uint64_t ns = event->end - event->begin, delays;
    progression p = {event->first, 1, event->count};
    if (event->kind != PP_EVENT_CHUNK || event->construct != construct->number || p.count == 0) continue;
    if ((event->flags & PP_EVENT_STRIDED) != 0 && construct->slots > 1) p.stride = construct->slots;
    delays = delays_in(spans, k);
    add(&bins, &p, (double)(delays < ns ? ns - delays : 0), (int32_t)event->slot);
  }
  return bins;
}
