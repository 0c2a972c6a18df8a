/* SPDX-License-Identifier: MIT */
/* answers_parts.c: finds rows, combines ratios, writes words. */
#include "driver/answers_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driver/quantity.h"

size_t bench_answer_find(const bench_report *report, const bench_answer_rows *rows, const bench_row **out,
                         size_t *noisy) {
  size_t count = 0, believed = 0, left_out = 0;
  for (size_t k = 0; rows->names[k] != NULL; k++) {
    const bench_row *row = bench_results_find(report->results, rows->suite, rows->names[k]);
    if (row == NULL) continue;
    believed += row->doubt == BENCH_BELIEVED;
    out[count++] = row;
  }
  for (size_t k = 0; k < count && believed > 0;) {
    if (out[k]->doubt == BENCH_BELIEVED) {
      k++;
      continue;
    }
    memmove(out + k, out + k + 1, (count - k - 1) * sizeof *out);
    count--;
    left_out++;
  }
  if (noisy != NULL) *noisy = left_out;
  return count;
}

size_t bench_answer_ppar(const bench_report *report, const bench_row *row) {
  size_t peer_count = report->results->peer_count, ppar = bench_peer_find(report->peers, peer_count, "ppar");
  return ppar < peer_count && row->cells[ppar].outcome == BENCH_MEASURED ? ppar : peer_count;
}

static bool has_all(const bench_row *const *rows, size_t count, size_t p) {
  for (size_t k = 0; k < count; k++)
    if (rows[k]->cells[p].outcome != BENCH_MEASURED) return false;
  return count > 0;
}

size_t bench_answer_rivals(const bench_report *report, const bench_row *const *rows, size_t count, size_t *out) {
  size_t all[BENCH_PEERS_MAX], found = 0;
  for (size_t p = 0; p < report->results->peer_count; p++) {
    const bench_peer_kind *kind = report->peers[p].kind;
    size_t at = found;
    if (bench_peer_is_ours(kind) || bench_peer_is(kind, "serial") || !has_all(rows, count, p)) continue;
    for (; at > 0 && report->peers[all[at - 1]].kind->place > kind->place; at--) all[at] = all[at - 1];
    all[at] = p;
    found++;
  }
  if (found > BENCH_ANSWER_RIVALS_MAX) found = BENCH_ANSWER_RIVALS_MAX;
  memcpy(out, all, found * sizeof *out);
  return found;
}

bench_ratio bench_answer_combine(const bench_report *report, const bench_cell *const *above,
                                 const bench_cell *const *below, const double *scales, size_t count) {
  double means[BENCH_ROUNDS_MAX], ones[BENCH_ROUNDS_MAX];
  bench_ratio ratio = BENCH_NO_RATIO;
  bool noisy = false;
  for (size_t k = 0; k < count; k++) {
    if (above[k]->outcome != BENCH_MEASURED || below[k]->outcome != BENCH_MEASURED) return ratio;
    noisy = noisy || above[k]->noisy || below[k]->noisy;
  }
  for (size_t round = 0; round < report->results->rounds; round++) {
    double sum = 0;
    for (size_t k = 0; k < count; k++)
      sum += log(scales[k] * above[k]->samples[round] / below[k]->samples[round]) / (double)count;
    means[round] = isfinite(sum) ? exp(sum) : NAN;
    ones[round] = 1;
  }
  ratio = bench_ratio_of(means, ones, count > 0 ? report->results->rounds : 0, 1);
  ratio.noisy = noisy;
  return ratio;
}

bench_ratio bench_answer_to_peer(const bench_report *report, const bench_row *const *rows, size_t count, size_t p) {
  const bench_cell *above[BENCH_ANSWER_ROWS_MAX], *below[BENCH_ANSWER_ROWS_MAX];
  double scales[BENCH_ANSWER_ROWS_MAX];
  size_t ppar = bench_peer_find(report->peers, report->results->peer_count, "ppar");
  if (ppar == report->results->peer_count) return (bench_ratio)BENCH_NO_RATIO;
  for (size_t k = 0; k < count; k++) {
    above[k] = &rows[k]->cells[ppar];
    below[k] = &rows[k]->cells[p];
    scales[k] = 1;
  }
  return bench_answer_combine(report, above, below, scales, count);
}

void bench_answer_say(bench_answer_line *line, const char *format, ...) {
  size_t length = strlen(line->text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line->text + length, sizeof line->text - length, format, arguments);
  va_end(arguments);
}

void bench_answer_say_ratio(bench_answer_line *line, const char *what, const bench_ratio *ratio, const char *verdict) {
  char text[BENCH_RATIO_TEXT_MAX];
  bench_ratio_text(ratio, text);
  bench_answer_say(line, "%s", text);
  if (line->part_count == BENCH_ANSWER_PARTS_MAX) return;
  line->parts[line->part_count] = (bench_answer_part){.ratio = *ratio, .verdict = verdict};
  snprintf(line->parts[line->part_count].what, sizeof line->parts->what, "%s", what);
  line->part_count++;
}

const char *bench_answer_word(const char *verdict) {
  static const char *const words[][2] = {
      {"slower", "slower, a miss"},   {"missed", "a miss"},         {"missed?", "a miss, of few rounds"},
      {"met?", "met, of few rounds"}, {"unsure", "perhaps a miss"}, {"?", "too few rounds"},
      {"modes", "two modes"},         {"-", "not measured"},
  };
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (strcmp(words[k][0], verdict) == 0) return words[k][1];
  return verdict;
}

void bench_answer_say_rivals(const bench_report *report, bench_answer_line *line, const bench_row *const *rows,
                             size_t count, const char *what, bool times) {
  size_t rivals[BENCH_ANSWER_RIVALS_MAX], found = bench_answer_rivals(report, rows, count, rivals);
  for (size_t k = 0; k < found; k++) {
    const char *title = report->peers[rivals[k]].kind->title;
    bench_ratio ratio = bench_answer_to_peer(report, rows, count, rivals[k]);
    double ns = bench_cell_summary(report->results, &rows[0]->cells[rivals[k]]).median;
    char name[96];
    snprintf(name, sizeof name, "%s, to %s", what, title);
    bench_answer_say(line, "%s", k > 0 ? "; " : "");
    bench_answer_say_ratio(line, name, &ratio, bench_verdict(&ratio));
    bench_answer_say(line, " of %s's%s%s: %s", title, times ? " " : "", times ? bench_time_text(ns).text : "",
                     bench_answer_word(bench_verdict(&ratio)));
  }
  if (found == 0) bench_answer_say(line, "compared with nobody, since no other runtime was measured");
}
