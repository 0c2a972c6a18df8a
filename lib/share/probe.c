/* SPDX-License-Identifier: MIT */
/* probe.c: planning, and what three calls tell. */
#include "share/probe.h"

#include "platform/clock.h"
#include "schedule/batches.h"

bool pp_probe_plan(pp_probe *probe, uint32_t length, uint32_t piece, bool wanted) {
  uint32_t few = piece / 2 + (piece == 1);
  uint32_t ratio = length / few >= PP_PROBE_RATIO + 2 ? PP_PROBE_RATIO : 2;
  if (length / few < ratio + 2) {
    if (!wanted || length < ratio + 2) return false;
    few = length / (PP_PROBE_RATIO + 2) + (length < PP_PROBE_RATIO + 2);
    probe->few = few;
    probe->many = length - 2 * few; /* so that there is no fourth call */
    return true;
  }
  probe->few = few;
  probe->many = few * ratio;
  return true;
}

static uint64_t cost_of(const pp_probe *probe) {
  uint64_t first = probe->ticks[0], last = probe->ticks[2], cost;
  cost = pp_batch_call_cost(probe->few, (double)(first < last ? first : last), probe->many, (double)probe->ticks[1]);
  return cost < pp_ticks_from_ns(PP_CALL_NS) ? 0 : cost; /* A little is as good as nothing: the clock costs that. */
}

bool pp_probe_step(pp_probe *probe, uint32_t next, uint64_t now, uint64_t *cost) {
  if (next - probe->from != pp_probe_units(probe)) {
    probe->running = 0;
    return false;
  }
  probe->ticks[probe->running - 1] = now - probe->since;
  probe->from = next;
  probe->since = now;
  if (probe->running++ != PP_PROBE_CALLS) return false;
  probe->running = 0;
  *cost = cost_of(probe);
  return true;
}

bool pp_call_cost_learn(pp_call_cost *call, uint64_t cost) {
  uint64_t lower = cost < call->latest ? cost : call->latest;
  uint64_t upper = cost < call->latest ? call->latest : cost;
  uint64_t little = pp_ticks_from_ns(PP_CALL_NS);
  if (call->latest == UINT64_MAX) {
    call->known = cost;
  } else if (lower > call->known) {
    call->known = lower;
  } else if (upper < call->known) {
    call->known = upper;
  }
  call->latest = cost;
  return cost / 2 <= call->known + little && call->known / 2 <= cost + little;
}
