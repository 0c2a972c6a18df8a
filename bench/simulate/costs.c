/* SPDX-License-Identifier: MIT */
/* costs.c: costs of iterations as running sums. */
#include "simulate/costs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/peer.h"
#include "peers/times.h"

/* A pass that something disturbed makes single iterations long; the least of a few passes is the iteration's own. */
enum { PASSES = 5, CLOCK_READINGS = 1000, LINE_SIZE = 128 };

void bench_costs_free(bench_costs *costs) {
  free(costs->sums);
  *costs = (bench_costs){NULL, 0};
}

double bench_costs_longest(const bench_costs *costs) {
  double longest = 0;
  for (uint64_t i = 0; i < costs->count; i++) longest = fmax(longest, costs->sums[i + 1] - costs->sums[i]);
  return longest;
}

/* Room for one more; doubles what there is. */
static bool append(bench_costs *costs, uint64_t *room, double cost) {
  if (costs->count + 1 >= *room) {
    uint64_t wanted = *room == 0 ? 1024 : *room * 2;
    double *sums = realloc(costs->sums, wanted * sizeof *sums);
    if (sums == NULL) return false;
    sums[0] = 0;
    costs->sums = sums;
    *room = wanted;
  }
  costs->sums[costs->count + 1] = costs->sums[costs->count] + cost;
  costs->count++;
  return true;
}

static bool parse_cost(char *line, double *cost) {
  char *end;
  bool whole = strlen(line) < LINE_SIZE - 1;
  line[strcspn(line, "\r\n")] = '\0';
  *cost = strtod(line, &end);
  return whole && end != line && end[strspn(end, " \t")] == '\0' && isfinite(*cost) && *cost >= 0;
}

static bool read_lines(FILE *file, const char *path, bench_costs *out) {
  char line[LINE_SIZE];
  uint64_t room = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    double cost;
    bool taken = parse_cost(line, &cost) && isfinite(cost + (out->count > 0 ? out->sums[out->count] : 0));
    if (!taken || out->count == BENCH_COSTS_MAX) {
      fprintf(stderr,
              "ppar_bench: --costs %s, line %llu: '%.40s'; allowed: one number in ns, 0 or more, on each of up to %d "
              "lines, and a sum that is a number\n",
              path, (unsigned long long)out->count + 1, line, BENCH_COSTS_MAX);
      return false;
    }
    if (!append(out, &room, cost)) {
      fprintf(stderr, "ppar_bench: no memory\n");
      return false;
    }
  }
  if (!ferror(file) && out->count > 0) return true;
  fprintf(stderr, "ppar_bench: --costs %s: %s; allowed: a file with one number in ns on each line\n", path,
          ferror(file) ? strerror(errno) : "empty");
  return false;
}

bool bench_costs_read(const char *path, bench_costs *out) {
  FILE *file = fopen(path, "r");
  bool complete;
  *out = (bench_costs){NULL, 0};
  if (file == NULL) {
    fprintf(stderr, "ppar_bench: --costs %s: %s; allowed: a file with one number in ns on each line\n", path,
            strerror(errno));
    return false;
  }
  complete = read_lines(file, path, out);
  fclose(file);
  if (!complete) bench_costs_free(out);
  return complete;
}

/* What reading the clock adds to every measured time. */
static double clock_ns(void) {
  double least = INFINITY;
  for (int k = 0; k < CLOCK_READINGS; k++) {
    double start = bench_now_ns();
    least = fmin(least, bench_now_ns() - start);
  }
  return least;
}

bool bench_costs_measure(bench_shape shape, uint64_t count, bench_costs *out) {
  double reading = clock_ns(), sum = 0;
  double *sums = calloc(count + 1, sizeof *sums);
  *out = (bench_costs){sums, count};
  if (sums == NULL) return false;
  for (uint64_t i = 1; i <= count; i++) sums[i] = INFINITY;
  for (int pass = 0; pass < PASSES; pass++) {
    for (uint64_t i = 0; i < count; i++) {
      double start = bench_now_ns();
      if (bench_interrupted) {
        bench_costs_free(out);
        return false;
      }
      bench_shape_iteration(shape, i, count);
      sums[i + 1] = fmin(sums[i + 1], fmax(0, bench_now_ns() - start - reading));
    }
  }
  for (uint64_t i = 1; i <= count; i++) sums[i] = sum += sums[i];
  return true;
}
