/* SPDX-License-Identifier: MIT */
/* pieces.c: options read, and the pool checked and T found out by loops that do nothing: loops know all the rules. */
#include "algorithm/pieces.h"

#include <ppar/pool.h>
#include <ppar/status.h>

#include "trace/serves.h"

static void tell_slots(const ppar_chunk *chunk, void *slots) {
  (void)chunk;
  *(uint32_t *)slots = (uint32_t)ppar_num_threads();
}

int pp_pieces_prepare(pp_pieces *pieces, const ppar_options *options, unsigned takes, pp_call call) {
  ppar_options room;
  int status = pp_options_read(&options, &room, takes, call);
  pieces->options = *options;
  pieces->step = pp_options_step(options);
  pieces->options.step = 0;
  pieces->place = call.place;
  if (status == PPAR_OK) status = ppar_parallel_for(0, 0, tell_slots, NULL, &pieces->options);
  pieces->options.schedule = ppar_dynamic(1);
  return status;
}

uint32_t pp_pieces_slots(const pp_pieces *pieces) {
  uint32_t slots = 1;
  (void)pp_pieces_run(pieces, 1, tell_slots, &slots);
  return slots;
}

int pp_pieces_run(const pp_pieces *pieces, uint64_t count, ppar_body *body, void *arg) {
  const void *serves = pp_trace_serves(pieces->place);
  int status = ppar_parallel_for(0, (int64_t)count, body, arg, &pieces->options);
  pp_trace_served(serves);
  return status;
}
