/* SPDX-License-Identifier: MIT */
/* schedule_text.c: reads and writes schedules as text. */
#include "settings/schedule_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <ppar/status.h>

#include "settings/scanner.h"

/* Longer than any schedule's text, "nonmonotonic:dynamic,9223372036854775807" being the longest. */
enum { TEXT_MAX = 64 };

/* In the order of ppar_schedule_kind, from 0 on. */
static const pp_word kinds[] = {{"auto", PPAR_SCHEDULE_AUTO},       {"static", PPAR_SCHEDULE_STATIC},
                                {"dynamic", PPAR_SCHEDULE_DYNAMIC}, {"guided", PPAR_SCHEDULE_GUIDED},
                                {"runtime", PPAR_SCHEDULE_RUNTIME}, {NULL, 0}};

/* In the order of ppar_schedule_order, from 1 on: the default has no word. */
static const pp_word orders[] = {
    {"monotonic", PPAR_ORDER_MONOTONIC}, {"nonmonotonic", PPAR_ORDER_NONMONOTONIC}, {NULL, 0}};

static bool takes_chunk(ppar_schedule_kind kind) { return kind != PPAR_SCHEDULE_AUTO && kind != PPAR_SCHEDULE_RUNTIME; }

bool pp_schedule_is_valid(ppar_schedule schedule) {
  /* Fields set by hand may hold any integer; as unsigned the negative ones are too large as well. */
  if ((unsigned)schedule.kind > PPAR_SCHEDULE_RUNTIME) return false;
  if ((unsigned)schedule.order > PPAR_ORDER_NONMONOTONIC) return false;
  return schedule.chunk == 0 || (schedule.chunk > 0 && takes_chunk(schedule.kind));
}

static bool take_chunk(pp_scanner *scanner, int64_t *chunk) {
  uint64_t number;
  if (!pp_scanner_take_number(scanner, &number) || number > INT64_MAX) return false;
  *chunk = (int64_t)number;
  return true;
}

/* Reads the text into *out. *has_chunk: it has a chunk, which may be 0, and may be one of auto. False: it is no
 * schedule. */
static bool parse(const char *text, ppar_schedule *out, bool *has_chunk) {
  pp_scanner scanner = pp_scanner_make(text);
  ppar_schedule schedule = ppar_auto();
  int order, kind;
  if (pp_scanner_take_word(&scanner, orders, &order)) {
    if (!pp_scanner_take(&scanner, ':')) return false;
    schedule.order = (ppar_schedule_order)order;
  }
  if (!pp_scanner_take_word(&scanner, kinds, &kind)) return false;
  /* runtime would name itself, so it is not among those that text may ask for. */
  if (kind == PPAR_SCHEDULE_RUNTIME) return false;
  schedule.kind = (ppar_schedule_kind)kind;
  *has_chunk = pp_scanner_take(&scanner, ',');
  if (*has_chunk && !take_chunk(&scanner, &schedule.chunk)) return false;
  if (!pp_scanner_is_at_end(&scanner)) return false;
  *out = schedule;
  return true;
}

int pp_schedule_parse_text(const char *text, ppar_schedule *out) {
  ppar_schedule schedule;
  bool has_chunk;
  if (!parse(text, &schedule, &has_chunk)) return PPAR_EINVAL;
  if (has_chunk && (schedule.chunk == 0 || !takes_chunk(schedule.kind))) return PPAR_EINVAL;
  *out = schedule;
  return PPAR_OK;
}

int pp_schedule_parse_setting(const char *text, ppar_schedule *out) {
  ppar_schedule schedule;
  bool has_chunk;
  if (!parse(text, &schedule, &has_chunk)) return PPAR_EINVAL;
  if (!takes_chunk(schedule.kind)) schedule.chunk = 0;
  *out = schedule;
  return PPAR_OK;
}

int pp_schedule_format_text(ppar_schedule schedule, char *buffer, size_t size) {
  char text[TEXT_MAX];
  bool has_order = schedule.order != PPAR_ORDER_DEFAULT;
  size_t length, kept;
  if (!pp_schedule_is_valid(schedule)) return PPAR_EINVAL;
  length = (size_t)snprintf(text, sizeof text, "%s%s%s", has_order ? orders[schedule.order - 1].text : "",
                            has_order ? ":" : "", kinds[schedule.kind].text);
  if (schedule.chunk != 0) {
    length += (size_t)snprintf(text + length, sizeof text - length, ",%" PRId64, schedule.chunk);
  }
  if (size > 0) {
    kept = length < size ? length : size - 1;
    memcpy(buffer, text, kept);
    buffer[kept] = '\0';
  }
  return (int)length;
}
