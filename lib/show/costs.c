/* SPDX-License-Identifier: MIT */
/* costs.c: buckets of costs. */
#include "show/costs.h"

#include <math.h>

/* ns: the readings of the clock at its begin and its end are some 5 % of a chunk that takes no longer. */
enum { SHORTEST_NS = 1000 };

static int bucket_of(double cost) {
  int exponent, bucket;
  double fraction = frexp(cost, &exponent); /* 0.5 ... 1 */
  bucket = (exponent - PP_COSTS_LOWEST) * PP_COSTS_PARTS + (int)((fraction - 0.5) * 2 * PP_COSTS_PARTS);
  return bucket < 0 ? 0 : bucket < PP_COSTS_BUCKETS ? bucket : PP_COSTS_BUCKETS - 1;
}

void pp_costs_add(pp_costs *costs, uint64_t ns, uint64_t count) {
  int bucket;
  if (count == 0) return;
  if (ns < SHORTEST_NS) {
    costs->unknown += (double)count;
    return;
  }
  bucket = bucket_of((double)ns / (double)count);
  costs->iterations += (double)count;
  costs->count[bucket] += (double)count;
  costs->ns[bucket] += (double)ns;
}

/* What one iteration of the first `count` costs on average, in the order of buckets from `first` on. */
static double mean_of(const pp_costs *costs, double count, int first, int step) {
  double left = count, ns = 0;
  for (int b = first; b >= 0 && b < PP_COSTS_BUCKETS && left > 0; b += step) {
    double part = costs->count[b] < left ? costs->count[b] : left;
    if (part > 0) ns += costs->ns[b] * (part / costs->count[b]);
    left -= part;
  }
  return ns / (count - (left > 0 ? left : 0));
}

double pp_costs_ratio(const pp_costs *costs) {
  double tenth = costs->iterations / 10;
  if (costs->iterations <= costs->unknown || tenth <= 0) return 0;
  return mean_of(costs, tenth, PP_COSTS_BUCKETS - 1, -1) / mean_of(costs, tenth, 0, 1);
}
