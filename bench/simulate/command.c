/* SPDX-License-Identifier: MIT */
/* command.c: --simulate: costs, overheads, forecasts, output. */
#include "simulate/command.h"

#include <stdio.h>

#include "driver/machine.h"
#include "driver/peer.h"
#include "driver/terminal.h"
#include "simulate/costs.h"
#include "simulate/forecast.h"
#include "simulate/measure.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_INTERRUPTED = 130 };

/* Of shapes, times on as many threads as there are CPUs: they show how far the predictions may be trusted. */
static void measure_loops(bench_forecast *forecast, bench_shape shape) {
  if (forecast->threads > (uint32_t)bench_machine_cpus()) return;
  for (size_t p = 0; p < bench_plan_count && !bench_interrupted; p++)
    forecast->measured[p] = bench_measure_loop(shape, forecast->iterations, &bench_plans[p], forecast->threads);
}

static bool forecast_shapes(const bench_simulate_request *request, const bench_overheads *overheads,
                            bench_forecast *forecasts, size_t *count) {
  uint64_t iterations = request->iterations != 0 ? (uint64_t)request->iterations : BENCH_SHAPE_ITERATIONS;
  bool any = false;
  for (size_t s = 0; s < BENCH_SHAPES; s++) any = any || request->shapes[s];
  for (bench_shape shape = 0; shape < BENCH_SHAPES && !bench_interrupted; shape++) {
    bench_forecast *forecast = &forecasts[*count];
    bench_costs costs;
    bool made;
    if (any && !request->shapes[shape]) continue;
    forecast->loop = bench_shape_name(shape);
    forecast->about = bench_shape_about(shape);
    forecast->threads = (uint32_t)request->threads;
    made = bench_costs_measure(shape, iterations, &costs) && bench_forecast_make(forecast, &costs, overheads);
    bench_costs_free(&costs);
    if (!made) return bench_interrupted != 0;
    measure_loops(forecast, shape);
    ++*count;
  }
  return true;
}

static bool write_outlook(const bench_outlook *outlook, bench_format format) {
  switch (format) {
    case BENCH_CSV: return bench_outlook_csv(outlook);
    case BENCH_JSON: return bench_outlook_json(outlook);
    case BENCH_TEXT: break;
  }
  return bench_outlook_text(outlook);
}

int bench_simulate_command(const bench_arguments *arguments) {
  const bench_simulate_request *request = &arguments->simulate;
  bench_forecast forecasts[BENCH_SHAPES];
  bench_overheads overheads = request->overheads;
  bench_outlook outlook = {&overheads, "as given", (uint32_t)request->threads, forecasts, 0};
  bench_costs costs = {NULL, 0};
  bool made;
  if (request->costs != NULL && !bench_costs_read(request->costs, &costs)) return STATUS_USAGE;
  if (!request->overheads_given)
    outlook.source = bench_overheads_measure(&overheads) ? "measured here" : "mostly assumed: there is one CPU";
  if (request->costs != NULL) {
    forecasts[0] = (bench_forecast){.loop = request->costs, .threads = (uint32_t)request->threads};
    made = bench_forecast_make(&forecasts[0], &costs, &overheads);
    outlook.count = 1;
  } else {
    made = forecast_shapes(request, &overheads, forecasts, &outlook.count);
  }
  bench_costs_free(&costs);
  if (!made) {
    fprintf(stderr, "ppar_bench: no memory\n");
    return STATUS_FAILED;
  }
  if (!write_outlook(&outlook, arguments->format)) return STATUS_FAILED;
  return bench_interrupted ? STATUS_INTERRUPTED : 0;
}

enum { OPTION_WIDTH = 26, TEXT_INDENT = 6, SHAPE_INDENT = 8 };

void bench_simulate_help(void) {
  char text[256];
  printf("\nSimulator:\n");
  snprintf(text, sizeof text,
           "measures no peers, but predicts, for P = 1 to %d threads, a CPU each, a loop's time under every schedule, "
           "its imbalance, and the best one",
           BENCH_SIMULATE_THREADS_MAX);
  bench_print_wrapped("  --simulate P", OPTION_WIDTH, text);
  bench_print_wrapped("  --costs FILE", OPTION_WIDTH, "the loop: each iteration's time in ns, one a line");
  bench_print_wrapped("  --shape NAME[,NAME]...", OPTION_WIDTH,
                      "or a loop whose iterations are timed here; default all shapes");
  snprintf(text, sizeof text, "of shapes, 1 to %d; default %d", BENCH_SHAPE_ITERATIONS_MAX, BENCH_SHAPE_ITERATIONS);
  bench_print_wrapped("  --iterations N", OPTION_WIDTH, text);
  printf("  --overheads LOCKED,TRANSFER,CLAIM,FORKJOIN,CALL\n");
  bench_print_wrapped(
      "", OPTION_WIDTH,
      "in ns, for another machine; default: measured here. LOCKED: a locked operation; TRANSFER: moving "
      "a cache line; CLAIM: a claim of a counter that others claim from; FORKJOIN: an empty region of "
      "two threads; CALL: of a body with one chunk");
  bench_print_wrapped(
      "", TEXT_INDENT,
      "It plays each schedule event by event: what will happen past the cores at hand. Loops of shapes "
      "are also measured where P CPUs are there, as a check. Schedules go by blocks, turns, one counter "
      "that all threads claim from (OpenMP's dynamic), or stealing (ppar's). Shapes:");
  for (bench_shape shape = 0; shape < BENCH_SHAPES; shape++) {
    snprintf(text, sizeof text, "%s: %s", bench_shape_name(shape), bench_shape_about(shape));
    bench_print_wrapped("", SHAPE_INDENT, text);
  }
}
