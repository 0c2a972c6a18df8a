/* SPDX-License-Identifier: MIT */
/* results.c: a reduction run again, and what can be said of a difference. Each question rules out a cause for those
 * after it; the runs are serial, so what they show is no accident of time. */
#include "algorithm/results.h"

#include <stdio.h>
#include <string.h>

#include <ppar/loop.h>
#include <ppar/status.h>

#include "algorithm/compare.h"
#include "platform/boundary.h"
#include "platform/memory.h"
#include "schedule/tuning_checks.h"
#include "trace/serves.h"

/* Values in results->values; parts from PART on. */
enum { INCOMING, SERIAL, FIRST, SECOND, PART, VALUES = PART + PP_RESULTS_PARTS };

enum { TEXT_SIZE = 96, LINE_SIZE = 640 };

static unsigned char *value_of(const pp_results *r, int number) {
  return r->values + (size_t)number * r->reduction->size;
}
static void copy(const pp_results *r, int to, int from) {
  memcpy(value_of(r, to), value_of(r, from), r->reduction->size);
}
static void start(const pp_results *r, int number) { ppar_reduction_start_(r->reduction, value_of(r, number)); }
static void combine(const pp_results *r, int into, int from) {
  r->reduction->combine(value_of(r, into), value_of(r, from));
  PP_BOUNDARY();
}

struct serial_run {
  const pp_results *results;
  void *value;
};

static void fold_chunk(const ppar_chunk *chunk, void *arg) {
  const struct serial_run *run = arg;
  run->results->fold(chunk, run->value, run->results->arg);
}

/* Folds iterations first ... past - 1 into the value, by one call. Returns the loop's status. The index behind a loop's
 * last iteration may be none of 64 bits, so of no iterations no loop is made. */
static int fold(const pp_results *r, uint64_t first, uint64_t past, int number) {
  struct serial_run run = {r, value_of(r, number)};
  ppar_options alone = PPAR_OPTIONS_INIT(.threads = 1);
  alone.pool = r->options->pool;
  alone.step = r->space.step;
  if (first == past) return PPAR_OK;
  return ppar_parallel_for(pp_space_index(&r->space, first), pp_space_end(&r->space, past), fold_chunk, &run, &alone);
}

/* The serial loop, again. */
static int fold_all(const pp_results *r, int number) {
  copy(r, number, INCOMING);
  return fold(r, 0, r->space.count, number);
}

static uint64_t part_begin(const pp_results *r, uint64_t part) {
  uint64_t size = r->space.count / PP_RESULTS_PARTS, larger = r->space.count % PP_RESULTS_PARTS;
  return part * size + (part < larger ? part : larger);
}

/* --- How large rounding may be -------------------------------------------------------------------------------- */

/* False: there is no memory, or the loop failed. */
static bool measure(const pp_results *r, pp_rounding *rounding) {
  size_t f64 = r->reduction->size / sizeof(double), f32 = r->reduction->size / sizeof(float);
  uint64_t every = r->space.count / PP_RESULTS_SAMPLES + 1;
  rounding->as_f64 = pp_memory_zalloc((f64 + f32 + 1) * sizeof(double));
  if (rounding->as_f64 == NULL) return false;
  rounding->as_f32 = rounding->as_f64 + f64;
  for (uint64_t i = 0; i < r->space.count; i += every) {
    start(r, FIRST);
    if (fold(r, i, i + 1, FIRST) != PPAR_OK) return false;
    pp_rounding_add(rounding, value_of(r, FIRST), (double)every);
    if (r->space.count - i <= every) break;
  }
  return true;
}

/* --- Why ------------------------------------------------------------------------------------------------------- */

typedef struct finding {
  const char *text;
  int a, b; /* values that show it; equal: none do */
} finding;

static bool agree(const pp_results *r, const pp_rounding *rounding, int a, int b) {
  return pp_values_agree(rounding, value_of(r, a), value_of(r, b));
}

/* FIRST = SERIAL combined with the identity, on its right (on its left). */
static bool is_neutral(const pp_results *r, const pp_rounding *rounding, bool right) {
  start(r, FIRST);
  if (right) {
    start(r, SECOND);
    copy(r, FIRST, SERIAL);
    combine(r, FIRST, SECOND);
  } else {
    combine(r, FIRST, SERIAL);
  }
  return agree(r, rounding, FIRST, SERIAL);
}

/* FIRST = (a op b) op c, SECOND = a op (b op c), of parts a, b, c. */
static bool is_associative(const pp_results *r, const pp_rounding *rounding, int a) {
  copy(r, FIRST, a + 1);
  combine(r, FIRST, a + 2);
  copy(r, SECOND, a);
  combine(r, SECOND, FIRST);
  copy(r, FIRST, a);
  combine(r, FIRST, a + 1);
  combine(r, FIRST, a + 2);
  return agree(r, rounding, FIRST, SECOND);
}

static bool is_commutative(const pp_results *r, const pp_rounding *rounding, int a) {
  copy(r, FIRST, a);
  combine(r, FIRST, a + 1);
  copy(r, SECOND, a + 1);
  combine(r, SECOND, a);
  return agree(r, rounding, FIRST, SECOND);
}

static finding look_at_parts(const pp_results *r, const pp_rounding *rounding) {
  for (int k = 0; k < PP_RESULTS_PARTS; k++) {
    start(r, PART + k);
    (void)fold(r, part_begin(r, (uint64_t)k), part_begin(r, (uint64_t)k + 1), PART + k);
  }
  for (int k = 0; k + 2 < PP_RESULTS_PARTS; k++) {
    if (!is_associative(r, rounding, PART + k))
      return (finding){
          "combine is not associative: for values a, b, c of three parts (a op b) op c and a op (b op c) are", FIRST,
          SECOND};
  }
  if (!is_neutral(r, rounding, false))
    return (finding){"the identity is not neutral: a value, and the identity combined with it, are", SERIAL, FIRST};
  copy(r, FIRST, INCOMING);
  for (int k = 0; k < PP_RESULTS_PARTS; k++) combine(r, FIRST, PART + k);
  if (!agree(r, rounding, FIRST, SERIAL))
    return (finding){
        "fold and combine do not do the same: one fold of all iterations, and folds of parts combined, are", SERIAL,
        FIRST};
  for (int k = 0; k + 1 < PP_RESULTS_PARTS && !r->in_order; k++) {
    if (!is_commutative(r, rounding, PART + k))
      return (finding){"combine depends on the order (ppar_static(0) keeps it): a op b and b op a are", FIRST, SECOND};
  }
  start(r, FIRST);
  for (uint64_t k = PP_RESULTS_PARTS; k-- > 0;) (void)fold(r, part_begin(r, k), part_begin(r, k + 1), FIRST);
  copy(r, SECOND, INCOMING);
  combine(r, SECOND, FIRST);
  if (!r->in_order && !agree(r, rounding, SECOND, SERIAL))
    return (finding){"the body depends on the order of the iterations: in order, and the last fifth first, it gives",
                     SERIAL, SECOND};
  return (finding){
      "only at the same time do bodies come to another value: they write to what others use, or depend on "
      "their thread",
      FIRST, FIRST};
}

static finding find_cause(const pp_results *r, const pp_rounding *rounding) {
  if (fold_all(r, FIRST) != PPAR_OK || !agree(r, rounding, FIRST, SERIAL))
    return (finding){
        "a further serial run gives another value: the body changes what it reads, or reads a clock or "
        "random numbers, so that its results cannot be compared",
        FIRST, FIRST};
  if (!is_neutral(r, rounding, true))
    return (finding){"the identity is not neutral: a value, and it combined with the identity, are", SERIAL, FIRST};
  return look_at_parts(r, rounding);
}

/* --- Telling ---------------------------------------------------------------------------------------------------- */

/* Where the fields of a type lie is not known: bytes between them that a program leaves unset may differ, too. */
static const char all_bytes[] = " (or only bytes between the value's fields differ, which it leaves unset)";

static void tell(const pp_results *r, const pp_rounding *rounding, const char *parallel, const finding *found) {
  char serial[TEXT_SIZE], a[TEXT_SIZE], b[TEXT_SIZE], line[LINE_SIZE];
  pp_value_print(rounding->kind, value_of(r, SERIAL), serial, sizeof serial);
  pp_value_print(rounding->kind, value_of(r, found->a), a, sizeof a);
  pp_value_print(rounding->kind, value_of(r, found->b), b, sizeof b);
  if (rounding->kind == PP_VALUE_UNKNOWN) {
    (void)snprintf(line, sizeof line, "in parallel and serially the values differ: %s%s%s", found->text,
                   found->a != found->b ? " different" : "", all_bytes);
  } else if (found->a != found->b) {
    (void)snprintf(line, sizeof line, "in parallel %s, serially %s: %s %s and %s", parallel, serial, found->text, a, b);
  } else {
    (void)snprintf(line, sizeof line, "in parallel %s, serially %s: %s", parallel, serial, found->text);
  }
  pp_tell_results(r->call, r->options->name, line);
}

bool pp_results_begin(pp_results *r, const void *result) {
  size_t size = r->reduction->size, bytes;
  r->values = NULL;
  if (__builtin_mul_overflow(size, (size_t)VALUES, &bytes)) return false;
  r->values = pp_memory_alloc_values(bytes, size);
  if (r->values != NULL) memcpy(value_of(r, INCOMING), result, size);
  return r->values != NULL;
}

static void check(pp_results *r, const void *result) {
  pp_rounding rounding = {.kind = pp_value_kind_of(r->reduction), .size = r->reduction->size, .count = r->space.count};
  char parallel[TEXT_SIZE];
  finding found;
  int status = fold_all(r, SERIAL);
  if (status == PPAR_OK && pp_values_agree(&rounding, result, value_of(r, SERIAL))) return;
  if (status != PPAR_OK) {
    if (pp_results_are_news(r->call.place))
      pp_tell_results(
          r->call, r->options->name,
          "run again, serially, the loop fails, which it did not in parallel: the body changes what it reads");
    return;
  }
  (void)measure(r, &rounding);
  if (!pp_values_agree(&rounding, result, value_of(r, SERIAL)) && pp_results_are_news(r->call.place)) {
    pp_value_print(rounding.kind, result, parallel, sizeof parallel);
    found = find_cause(r, &rounding);
    tell(r, &rounding, parallel, &found);
  }
  pp_memory_free(rounding.as_f64);
}

/* Of a program that is recorded, too, these are no loops. */
void pp_results_check(pp_results *r, const void *result) {
  pp_trace_pause();
  check(r, result);
  pp_trace_go_on();
}

void pp_results_end(pp_results *r) { pp_memory_free(r->values); }
