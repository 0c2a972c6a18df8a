/* SPDX-License-Identifier: MIT */
/* What can be believed: samples of two modes are found, disturbed rows are marked, and neither has a verdict. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "driver/trust.h"

enum { ROUNDS = 9, PEERS = 2, ROWS = 10 };

static const double two_modes[ROUNDS] = {0.053, 0.377, 0.055, 0.052, 0.371, 0.054, 0.380, 0.053, 0.374};
static const double one_mode[ROUNDS] = {1.00, 1.02, 0.98, 1.01, 0.99, 1.03, 0.97, 1.00, 1.01};

Test(trust, two_modes_are_found_with_their_medians) {
  bench_modes modes = bench_find_modes(two_modes, ROUNDS);
  cr_assert(modes.two && modes.low_count == 5 && modes.high_count == 4);
  cr_assert(fabs(modes.low - 0.053) < 1e-12 && fabs(modes.high - 0.3755) < 1e-12);
}

Test(trust, noise_has_one_mode) {
  double wide[ROUNDS], outlier[ROUNDS], close[ROUNDS];
  for (int k = 0; k < ROUNDS; k++) {
    wide[k] = 1 + 0.2 * (k * 5 % ROUNDS);
    outlier[k] = k == 3 ? 50 : one_mode[k];
    close[k] = k < 4 ? 1 + 0.001 * k : 1.1 + 0.001 * k;
  }
  cr_assert(!bench_find_modes(one_mode, ROUNDS).two);
  cr_assert(!bench_find_modes(wide, ROUNDS).two);
  cr_assert(!bench_find_modes(outlier, ROUNDS).two);
  cr_assert(!bench_find_modes(close, ROUNDS).two);
}

Test(trust, few_samples_and_those_not_taken_have_one_mode) {
  double holes[ROUNDS];
  for (int k = 0; k < ROUNDS; k++) holes[k] = k % 2 == 0 ? NAN : two_modes[k];
  cr_assert(!bench_find_modes(two_modes, 5).two);
  cr_assert(!bench_find_modes(holes, ROUNDS).two);
  cr_assert(!bench_find_modes(two_modes, 0).two);
  for (int k = 0; k < ROUNDS; k++) holes[k] = 0;
  cr_assert(!bench_find_modes(holes, ROUNDS).two);
}

Test(trust, a_ratio_of_two_modes_has_no_verdict) {
  double ones[ROUNDS];
  bench_ratio ratio;
  for (int k = 0; k < ROUNDS; k++) ones[k] = 1;
  ratio = bench_ratio_of(two_modes, ones, ROUNDS, 1);
  cr_assert(ratio.high < 1);
  cr_assert_str_eq(bench_verdict(&ratio), "modes");
  ratio = bench_ratio_of(one_mode, ones, ROUNDS, 0.5);
  cr_assert_str_eq(bench_verdict(&ratio), "faster");
  ratio.noisy = true;
  cr_assert_str_eq(bench_verdict(&ratio), "noisy");
}

Test(trust, readings_are_doubted_for_what_is_unusual_in_them) {
  const double roundtrips[] = {98, 100, 101, 99, 103, 100, 102};
  bench_usual usual = bench_usual_of(roundtrips, sizeof roundtrips / sizeof *roundtrips);
  bench_reading quiet = {.seconds = 2, .roundtrip_ns = 104}, changed;
  cr_assert(fabs(usual.ns - 100) < 1e-9 && usual.most > 149 && usual.most < 200);
  cr_assert_eq(bench_doubt_of(&quiet, &usual, 0.01), BENCH_BELIEVED);
  cr_assert_eq(bench_doubt_of(&quiet, &usual, NAN), BENCH_BELIEVED);
  cr_assert_eq(bench_doubt_of(&quiet, &usual, 0.2), BENCH_SERIAL_SCATTERED);
  changed = quiet;
  changed.others = 0.5;
  cr_assert_eq(bench_doubt_of(&changed, &usual, 0.01), BENCH_OTHERS_RAN);
  changed = quiet;
  changed.others = changed.stolen = 0.1;
  cr_assert_eq(bench_doubt_of(&changed, &usual, 0.01), BENCH_TICKS_STOLEN);
  changed = quiet;
  changed.roundtrip_ns = 12000;
  cr_assert_eq(bench_doubt_of(&changed, &usual, 0.01), BENCH_ROUNDTRIP_UNUSUAL);
}

/* Six ticks of a hundredth of a second are nothing to go by: in a row of a tenth they are 0.6 of a processor. */
Test(trust, a_few_ticks_of_a_short_row_are_no_reason) {
  bench_usual usual = bench_usual_of(NULL, 0);
  bench_reading reading = {.seconds = 0.1, .others = 0.55, .stolen = 0.3};
  cr_assert_eq(bench_doubt_of(&reading, &usual, NAN), BENCH_BELIEVED);
  reading.seconds = 10;
  cr_assert_eq(bench_doubt_of(&reading, &usual, NAN), BENCH_TICKS_STOLEN);
}

static const bench_case plain = {.name = "plain"};
static double samples[ROWS][PEERS][ROUNDS];

/* Serial and ppar, of so many rows; in the first `disturbed` of them others ran. */
static void fill(bench_results *results, bench_row *rows, size_t disturbed) {
  *results = (bench_results){rows, ROWS, PEERS, ROUNDS, 2};
  memset(rows, 0, ROWS * sizeof *rows);
  for (size_t r = 0; r < ROWS; r++) {
    rows[r].definition = &plain;
    rows[r].reading = (bench_reading){.seconds = 1, .others = r < disturbed ? 0.9 : 0.01, .roundtrip_ns = 100};
    for (size_t p = 0; p < PEERS; p++) {
      memcpy(samples[r][p], one_mode, sizeof one_mode);
      rows[r].cells[p].samples = samples[r][p];
      rows[r].cells[p].outcome = BENCH_MEASURED;
    }
  }
}

Test(trust, the_rows_in_which_others_ran_are_noisy_and_no_others) {
  static bench_row rows[ROWS];
  bench_results results;
  bench_trust trust;
  fill(&results, rows, 3);
  trust = bench_trust_judge(&results, 0, false);
  cr_assert(trust.rows == ROWS && trust.noisy == 3 && trust.by_reason[BENCH_OTHERS_RAN] == 3);
  for (size_t r = 0; r < ROWS; r++) cr_assert(rows[r].cells[0].noisy == (r < 3) && rows[r].cells[1].noisy == (r < 3));
  trust = bench_trust_judge(&results, 0, true);
  cr_assert(trust.noisy == 0 && !rows[0].cells[1].noisy);
}

Test(trust, a_serial_loop_that_scatters_makes_its_row_noisy_alone) {
  static bench_row rows[ROWS];
  bench_results results;
  bench_trust trust;
  fill(&results, rows, 0);
  for (int k = 0; k < ROUNDS; k++) samples[4][0][k] = 1000 * (1 + 0.3 * k);
  trust = bench_trust_judge(&results, 0, false);
  cr_assert(trust.noisy == 1 && rows[4].doubt == BENCH_SERIAL_SCATTERED);
  trust = bench_trust_judge(&results, PEERS, false); /* without a serial peer there is nothing to go by */
  cr_assert(trust.noisy == 0 && isnan(trust.serial_spread));
}

Test(trust, a_nanosecond_is_no_reason_to_doubt) {
  static bench_row rows[ROWS];
  bench_results results;
  fill(&results, rows, 0);
  for (int k = 0; k < ROUNDS; k++) samples[4][0][k] = 2 + 0.3 * k;
  cr_assert_eq(bench_trust_judge(&results, 0, false).noisy, 0);
}

Test(trust, the_line_says_whether_to_believe_and_why_not) {
  static bench_row rows[ROWS];
  const bench_machine machine = {.cpus = 2, .others = 0.25, .stolen = 0.003};
  bench_results results;
  bench_trust trust;
  char text[512];
  fill(&results, rows, 0);
  trust = bench_trust_judge(&results, 0, false);
  bench_trust_line(&trust, &machine, text, sizeof text);
  cr_assert(strstr(text, "This run can be believed: others had 0.25 of the 2 CPUs") == text, "%s", text);
  bench_trust_readings(&trust, &machine, text, sizeof text);
  cr_assert(strstr(text, "others kept 0.25 of 2 CPUs busy, 0.3 % of the ticks") == text, "%s", text);
  fill(&results, rows, 3);
  trust = bench_trust_judge(&results, 0, false);
  bench_trust_line(&trust, &machine, text, sizeof text);
  cr_assert(strstr(text, "This run can be believed in part: 3 of 10 rows are noisy") == text, "%s", text);
  cr_assert(strstr(text, "(other programs ran: 3)") != NULL, "%s", text);
  trust.noisy = trust.rows = 1;
  bench_trust_line(&trust, &machine, text, sizeof text);
  cr_assert(strstr(text, "This run cannot be believed: 1 of 1 row is noisy and has no verdict") == text, "%s", text);
  fill(&results, rows, ROWS);
  trust = bench_trust_judge(&results, 0, false);
  bench_trust_line(&trust, &machine, text, sizeof text);
  cr_assert(strstr(text, "This run cannot be believed: 10 of 10") == text, "%s", text);
}

Test(trust, a_sample_far_outside_is_an_outlier) {
  double outlier[ROUNDS], two[ROUNDS];
  bench_outliers found;
  memcpy(outlier, one_mode, sizeof outlier);
  cr_assert_eq(bench_find_outliers(outlier, ROUNDS).count, 0);
  outlier[3] = 50;
  found = bench_find_outliers(outlier, ROUNDS);
  cr_assert(found.count == 1 && found.farthest == 50 && bench_is_outlier(50, outlier, ROUNDS));
  cr_assert(!bench_is_outlier(1, outlier, ROUNDS) && !bench_is_outlier(NAN, outlier, ROUNDS));
  outlier[3] = 0.1;
  cr_assert(bench_find_outliers(outlier, ROUNDS).count == 1);
  outlier[3] = 1.3; /* far for these, but not half as long again */
  cr_assert_eq(bench_find_outliers(outlier, ROUNDS).count, 0);
  memcpy(two, two_modes, sizeof two);
  cr_assert_eq(bench_find_outliers(two, ROUNDS).count, 0);
  cr_assert_eq(bench_find_outliers(outlier, 5).count, 0);
  cr_assert_eq(bench_find_outliers(outlier, 0).count, 0);
}

Test(trust, a_median_has_the_interval_of_its_samples) {
  bench_ratio median = bench_median_of(one_mode, ROUNDS);
  cr_assert(median.conclusive && median.median == 1.00 && median.low == 0.98 && median.high == 1.02);
  cr_assert_eq(bench_median_of(one_mode, 0).count, 0);
}
