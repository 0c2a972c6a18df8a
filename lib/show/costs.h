/* SPDX-License-Identifier: MIT */
/* costs.h: how much a loop's iterations differ in what they cost, from what its chunks took.
 *
 * An iteration is taken to cost its chunk's time divided by the chunk's iterations. Costs are counted in buckets, eight
 * for each factor of two, so that no list of chunks has to be kept or sorted; a bucket keeps its time and its
 * iterations, so means are exact. */
#ifndef PP_SHOW_COSTS_H
#define PP_SHOW_COSTS_H

#include <stdint.h>

enum {
  PP_COSTS_PARTS = 8,    /* Buckets for each factor of two. */
  PP_COSTS_LOWEST = -20, /* Less than 2^-20 ns an iteration counts as that, */
  PP_COSTS_OCTAVES = 64, /* and more than 2^44 ns, five hours, as that. */
  PP_COSTS_BUCKETS = PP_COSTS_PARTS * PP_COSTS_OCTAVES,
};

typedef struct pp_costs {
  double iterations, unknown; /* Counted, and in chunks that are too short to tell. */
  double count[PP_COSTS_BUCKETS], ns[PP_COSTS_BUCKETS];
} pp_costs;

/* A chunk of `count` iterations took so long, waits not counted. */
void pp_costs_add(pp_costs *costs, uint64_t ns, uint64_t count);

/* How many times as long as one of the quickest tenth of all iterations one of the slowest tenth takes, on average.
 * 0: it is not known, since most iterations are in chunks too short to tell. */
double pp_costs_ratio(const pp_costs *costs);

#endif
