/* SPDX-License-Identifier: MIT */
/* headlines.h: the project's targets, held against the table. */
#ifndef BENCH_HEADLINES_H
#define BENCH_HEADLINES_H

#include "driver/machine.h"
#include "driver/peer.h"
#include "driver/results.h"

enum { BENCH_HEADLINES_MAX = 128 };

typedef struct bench_headline {
  const char *name;
  double target; /* the ratio that may not be exceeded */
  bench_ratio ratio;
  const char *verdict; /* "met", by the median; "unsure": above, but the interval reaches it; "missed"; "-": not
                          measured; with "?" where the rounds are too few for an interval of 95 %; "noisy"
                          and, with the target between the two, "modes" as of bench_verdict */
} bench_headline;

/* As a headline's, of a ratio that may not exceed the limit. */
const char *bench_headline_verdict(double limit, const bench_ratio *ratio);

/* Writes the headlines of which both sides were asked for; returns how many. */
size_t bench_headlines_of(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                          bench_headline *out);

#endif
