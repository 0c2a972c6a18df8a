/* SPDX-License-Identifier: MIT */
/* trust.c: judges the rows when all readings are there, and says what came of it. */
#include "driver/trust.h"

#include <math.h>
#include <stdio.h>

/* /proc/stat counts in ticks of a hundredth of a second: so many of them are not enough to tell that others ran. */
#define TICKS_UNSURE 6
#define TICK_S 0.01

/* A round trip is unusual when it takes half as long again as most, and is farther off than three times their
 * spread; where they spread so far that this means nothing, when it takes four times as long. */
#define UNUSUAL 1.5
#define UNUSUAL_SPREADS 3
#define UNUSUAL_EVER 4.0

/* Half an interquartile range of less says where code happens to lie, and nothing about the machine: a loop of a few
 * instructions may take a nanosecond more in one process than in the next. */
#define LITTLE_NS 2

/* More rows than a run has. */
enum { ROWS_MAX = 1024 };

bench_usual bench_usual_of(const double *roundtrips, size_t count) {
  bench_summary summary = bench_summarize(roundtrips, count < BENCH_ROUNDS_MAX ? count : BENCH_ROUNDS_MAX);
  bench_usual usual = {0, 0, INFINITY};
  if (summary.count == 0) return usual;
  usual.ns = summary.median;
  usual.spread = bench_spread(&summary);
  usual.most = usual.ns * fmin(fmax(UNUSUAL, 1 + UNUSUAL_SPREADS * usual.spread), UNUSUAL_EVER);
  return usual;
}

bench_doubt bench_doubt_of(const bench_reading *reading, const bench_usual *usual, double serial_spread) {
  double unsure = reading->seconds > 0 ? TICKS_UNSURE * TICK_S / reading->seconds : INFINITY;
  if (reading->stolen > fmax(BENCH_STOLEN_MAX, unsure)) return BENCH_TICKS_STOLEN;
  if (reading->others > fmax(BENCH_OTHERS_MAX, unsure)) return BENCH_OTHERS_RAN;
  if (reading->roundtrip_ns > usual->most) return BENCH_ROUNDTRIP_UNUSUAL;
  return serial_spread > BENCH_SERIAL_SPREAD_MAX ? BENCH_SERIAL_SCATTERED : BENCH_BELIEVED;
}

static bool has_figures(const bench_results *results, const bench_row *row) {
  for (size_t p = 0; p < results->peer_count; p++)
    if (row->cells[p].outcome == BENCH_MEASURED) return true;
  return false;
}

/* NaN where there is none, or where it is no time that is to be the same again. */
static double serial_spread_of(const bench_results *results, const bench_row *row, size_t serial) {
  bench_summary summary;
  if (serial == results->peer_count || row->definition->figure > 0 || row->definition->beside != BENCH_BESIDE_NOTHING)
    return NAN;
  summary =
      bench_summarize(row->cells[serial].samples, row->cells[serial].outcome == BENCH_MEASURED ? results->rounds : 0);
  if (summary.count < 2 || !(summary.median > 0)) return NAN;
  return summary.upper_quartile - summary.lower_quartile < 2 * LITTLE_NS ? NAN : bench_spread(&summary);
}

bench_trust bench_trust_judge(bench_results *results, size_t serial, bool judge_all) {
  static double roundtrips[ROWS_MAX], spreads[ROWS_MAX];
  size_t taken = 0, spread_count = 0;
  bench_trust trust = {.serial_spread = NAN};
  for (size_t r = 0; r < results->row_count && taken < ROWS_MAX; r++) {
    double ns = results->rows[r].reading.roundtrip_ns;
    roundtrips[taken++] = ns > 0 ? ns : NAN;
  }
  trust.usual = bench_usual_of(roundtrips, taken);
  for (size_t r = 0; r < results->row_count; r++) {
    bench_row *row = &results->rows[r];
    double spread = serial_spread_of(results, row, serial);
    if (!has_figures(results, row)) continue;
    trust.rows++;
    if (!isnan(spread) && spread_count < ROWS_MAX) spreads[spread_count++] = spread;
    row->doubt = judge_all ? BENCH_BELIEVED : bench_doubt_of(&row->reading, &trust.usual, spread);
    for (size_t p = 0; p < results->peer_count; p++) row->cells[p].noisy = row->doubt != BENCH_BELIEVED;
    trust.noisy += row->doubt != BENCH_BELIEVED;
    trust.by_reason[row->doubt]++;
  }
  trust.serial_spread =
      bench_summarize(spreads, spread_count < BENCH_ROUNDS_MAX ? spread_count : BENCH_ROUNDS_MAX).median;
  return trust;
}

/* In the order of bench_doubt. */
static const char *const reasons[BENCH_DOUBTS] = {"", "other programs ran", "ticks were stolen",
                                                  "round trips were unusual", "the serial loop scattered"};

void bench_trust_line(const bench_trust *trust, const bench_machine *machine, char *text, size_t size) {
  const char *before = " (";
  size_t length = (size_t)snprintf(text, size, "This run %s",
                                   trust->noisy == 0                ? "can be believed: "
                                   : 2 * trust->noisy < trust->rows ? "can be believed in part: "
                                                                    : "cannot be believed: ");
  if (trust->noisy == 0) {
    snprintf(text + length, size - length, "others had %.2f of the %d CPUs, and no row was disturbed.", machine->others,
             machine->cpus);
    return;
  }
  length += (size_t)snprintf(text + length, size - length, "%zu of %zu row%s noisy and ha%s no verdict", trust->noisy,
                             trust->rows, trust->rows == 1 ? " is" : "s are", trust->rows == 1 ? "s" : "ve");
  for (int doubt = BENCH_OTHERS_RAN; doubt < BENCH_DOUBTS && length < size; doubt++) {
    if (trust->by_reason[doubt] == 0) continue;
    length +=
        (size_t)snprintf(text + length, size - length, "%s%s: %zu", before, reasons[doubt], trust->by_reason[doubt]);
    before = ", ";
  }
  if (length < size) snprintf(text + length, size - length, "). Close what else runs, and run it again.");
}

void bench_trust_readings(const bench_trust *trust, const bench_machine *machine, char *text, size_t size) {
  size_t length = (size_t)snprintf(text, size, "others kept %.2f of %d CPUs busy, %.1f %% of the ticks were stolen",
                                   machine->others, machine->cpus, 100 * machine->stolen);
  if (trust->usual.ns > 0 && length < size)
    length += (size_t)snprintf(text + length, size - length, ", a cache line's round trip took %.0f ns +-%.0f %%",
                               trust->usual.ns, 100 * trust->usual.spread);
  if (!isnan(trust->serial_spread) && length < size)
    snprintf(text + length, size - length, ", serial rows +-%.1f %%", 100 * trust->serial_spread);
}
