/* SPDX-License-Identifier: MIT */
/* faster.c: "1.9 ± 0.1 times faster than libgomp": a median of the rounds' ratios, and how far the farther end of its
 * 95 % interval is from it. */
#include "driver/faster.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/terminal.h"

/* As many decimals for both as show the first digit of what is uncertain, at most three. */
static int decimals_of(double uncertain) {
  int decimals = uncertain > 0 ? -(int)floor(log10(uncertain)) : 3;
  return decimals < 0 ? 0 : decimals > 3 ? 3 : decimals;
}

static void print_times(const bench_ratio *ratio) {
  double uncertain = fmax(ratio->high - ratio->median, ratio->median - ratio->low);
  int decimals = decimals_of(uncertain);
  printf("  %.*f %s %.*f times ", decimals, ratio->median, bench_plus_minus(), decimals, uncertain);
}

/* `faster` is the peer's time over ppar's, `slower` the other way round: each has its own median. */
static void print_line(const char *title, const bench_ratio *faster, const bench_ratio *slower) {
  const char *verdict = bench_verdict(faster);
  if (strcmp(verdict, "modes") == 0) {
    printf("  now %.2f and now %.2f times as fast as %s\n", faster->modes.low, faster->modes.high, title);
  } else if (strcmp(verdict, "faster") == 0) { /* the ratio is below 1: the peer takes less */
    print_times(slower);
    printf("slower than %s\n", title);
  } else if (strcmp(verdict, "slower") == 0) {
    print_times(faster);
    printf("faster than %s\n", title);
  } else {
    print_times(faster);
    printf("as fast as %s: %s\n", title,
           strcmp(verdict, "same") == 0    ? "the same"
           : strcmp(verdict, "noisy") == 0 ? "noisy, not to be believed"
                                           : "too few rounds to be sure, six are needed");
  }
}

/* The k-th peer as the tables' columns have them, from the left. */
static size_t in_place(const bench_report *report, size_t k) {
  size_t p = 0;
  for (; p < report->results->peer_count; p++) {
    size_t before = 0;
    for (size_t q = 0; q < report->results->peer_count; q++)
      before += report->peers[q].kind->place < report->peers[p].kind->place;
    if (before == k) break;
  }
  return p;
}

void bench_faster_print(const bench_report *report, const bench_row *row) {
  const bench_results *results = report->results;
  size_t ppar = bench_peer_subject(report->peers, results->peer_count, row->suite);
  bool any = false;
  if (ppar == results->peer_count || !bench_unit_is_time(row->definition->unit)) return;
  for (size_t k = 0; k < results->peer_count; k++) {
    size_t p = in_place(report, k);
    bench_ratio faster = bench_cells_ratio(results, &row->cells[p], &row->cells[ppar], 1);
    bench_ratio slower = bench_cells_ratio(results, &row->cells[ppar], &row->cells[p], 1);
    if (p == ppar || faster.count == 0) continue;
    if (!any) printf("\n%s: %s ran\n", row->definition->name, report->peers[ppar].kind->title);
    any = true;
    print_line(report->peers[p].kind->title, &faster, &slower);
  }
}
