/* SPDX-License-Identifier: MIT */
/* choice.c: sets auto against the other schedules, and says which one to pick. */
#include "driver/choice.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/answers_parts.h"
#include "driver/terminal.h"

static bool has_schedule(const bench_row *row, const char *schedule) {
  return strcmp(row->definition->schedule, schedule) == 0;
}

static double median_of(const bench_report *report, const bench_row *row, size_t ppar) {
  return bench_cell_summary(report->results, &row->cells[ppar]).median;
}

/* The rows of one kind stand in one group. */
static bool fill(const bench_report *report, const bench_row *chosen, bench_choice *out) {
  const bench_results *results = report->results;
  size_t ppar = bench_answer_ppar(report, chosen);
  *out = (bench_choice){.name = chosen->definition->group, .chosen = chosen};
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *row = &results->rows[r];
    if (row == chosen || !bench_rows_share_rounds(row, chosen) || row->cells[ppar].outcome != BENCH_MEASURED) continue;
    if (out->best == NULL || median_of(report, row, ppar) < median_of(report, out->best, ppar)) out->best = row;
    if (out->worst == NULL || median_of(report, row, ppar) > median_of(report, out->worst, ppar)) out->worst = row;
  }
  if (out->best == NULL) return false;
  out->to_best = bench_cells_ratio(results, &chosen->cells[ppar], &out->best->cells[ppar], 1);
  out->to_worst = bench_cells_ratio(results, &out->worst->cells[ppar], &chosen->cells[ppar], 1);
  return true;
}

size_t bench_choices_of(const bench_report *report, bench_choice *out) {
  const bench_results *results = report->results;
  size_t count = 0;
  for (size_t r = 0; r < results->row_count && count < BENCH_CHOICES_MAX; r++) {
    const bench_row *row = &results->rows[r];
    if (strcmp(row->suite->name, BENCH_CHOICE_SUITE) != 0 || !has_schedule(row, "auto")) continue;
    if (bench_answer_ppar(report, row) == results->peer_count) continue;
    count += fill(report, row, &out[count]);
  }
  return count;
}

/* Of noisy rows, of two modes and of few rounds nothing is concluded. */
static bool is_sure(const bench_ratio *ratio) { return ratio->conclusive && !ratio->noisy && !ratio->modes.two; }

bool bench_choice_is_other(const bench_choice *choice) {
  return is_sure(&choice->to_best) && choice->to_best.low >= BENCH_WORTH_WHILE;
}

static const char *said_of(const bench_choice *choice) {
  if (!is_sure(&choice->to_best)) return bench_verdict(&choice->to_best);
  return bench_choice_is_other(choice) ? choice->best->definition->schedule : "auto";
}

void bench_choices_print(const bench_report *report) {
  bench_choice choices[BENCH_CHOICES_MAX];
  size_t count = bench_choices_of(report, choices);
  if (count == 0) return;
  printf("%-25s%-14s%-25s%s\n", "auto / the best other", "best other", "auto / it  [95%]", "pick");
  for (size_t k = 0; k < count; k++) {
    char text[BENCH_RATIO_TEXT_MAX];
    bench_ratio_text(&choices[k].to_best, text);
    printf("%-25s%-14s%-25s%s\n", choices[k].name, choices[k].best->definition->schedule, text, said_of(&choices[k]));
  }
}

/* "auto, unless ...": every kind of loop in which another schedule was clearly faster is named. */
bool bench_answer_of_pick(const bench_report *report, bench_answer_line *line) {
  bench_choice choices[BENCH_CHOICES_MAX];
  size_t count = bench_choices_of(report, choices), others = 0, unsure = 0;
  const bench_choice *worst = NULL;
  if (count == 0) return false;
  bench_answer_say(line, "auto");
  for (size_t k = 0; k < count; k++) {
    const bench_choice *choice = &choices[k];
    unsure += !is_sure(&choice->to_best);
    if (is_sure(&choice->to_worst) && choice->to_worst.low > 1 &&
        (worst == NULL || choice->to_worst.median > worst->to_worst.median))
      worst = choice;
    if (!bench_choice_is_other(choice)) continue;
    bench_answer_say(line, "%s %s: %s there (auto took ", others > 0 ? ";" : ", unless your loop is like", choice->name,
                     choice->best->definition->schedule);
    bench_answer_say_ratio(line, choice->name, &choice->to_best, "slower");
    bench_answer_say(line, " of its time)");
    others++;
  }
  if (others == 0 && unsure == count) {
    bench_answer_say(line, ", as long as nothing else is known: these rounds %s",
                     report->results->rounds < BENCH_ROUNDS_SURE ? "are too few to tell." : "are noisy.");
    return true;
  }
  if (others == 0)
    bench_answer_say(line, ": in none of %zu kinds of loops was another schedule faster by more than %.0f %%", count,
                     100 * (BENCH_WORTH_WHILE - 1));
  if (unsure > 0) bench_answer_say(line, " (%zu of them noisy)", unsure);
  bench_answer_say(line, ".");
  if (worst != NULL)
    bench_answer_say(line, " A wrong guess costs up to %.1f times the time (%s in \"%s\").", worst->to_worst.median,
                     worst->worst->definition->schedule, worst->name);
  return true;
}
