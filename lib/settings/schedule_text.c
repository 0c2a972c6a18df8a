/* SPDX-License-Identifier: MIT */
/* schedule_text.c: reads and writes schedules as text. */
#include "settings/schedule_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <ppar/status.h>

/* Longer than any schedule's text, "nonmonotonic:dynamic,9223372036854775807" being the longest. */
enum { TEXT_MAX = 64 };

/* Indexed by ppar_schedule_kind. */
static const char *const kind_names[] = {"auto", "static", "dynamic", "guided", "runtime"};

/* Indexed by ppar_schedule_order. */
static const char *const order_names[] = {"", "monotonic", "nonmonotonic"};

static bool takes_chunk(ppar_schedule_kind kind) { return kind != PPAR_SCHEDULE_AUTO && kind != PPAR_SCHEDULE_RUNTIME; }

bool pp_schedule_is_valid(ppar_schedule schedule) {
  /* Fields set by hand may hold any integer; as unsigned the negative ones are too large as well. */
  if ((unsigned)schedule.kind > PPAR_SCHEDULE_RUNTIME) return false;
  if ((unsigned)schedule.order > PPAR_ORDER_NONMONOTONIC) return false;
  return schedule.chunk == 0 || (schedule.chunk > 0 && takes_chunk(schedule.kind));
}

/* isspace and tolower ask the locale; these do not. */
static const char *skip_space(const char *text) {
  while (*text == ' ' || (*text >= '\t' && *text <= '\r')) text++;
  return text;
}

static char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter; }

/* Moves *text past the word and the white space after it, if the word is next. A longer word that starts with it
 * is refused later, when neither ':' nor ',' nor the end follows. */
static bool take_word(const char **text, const char *word) {
  const char *rest = *text;
  for (; *word != '\0'; word++, rest++) {
    if (lower(*rest) != *word) return false;
  }
  *text = skip_space(rest);
  return true;
}

/* Decimal digits, 1 to INT64_MAX; no sign. */
static bool take_chunk(const char **text, int64_t *chunk) {
  const char *rest = *text;
  int64_t value = 0;
  for (; *rest >= '0' && *rest <= '9'; rest++) {
    const int digit = *rest - '0';
    if (value > (INT64_MAX - digit) / 10) return false;
    value = value * 10 + digit;
  }
  *text = skip_space(rest);
  *chunk = value;
  return value > 0;
}

int pp_schedule_parse_text(const char *text, ppar_schedule *out) {
  ppar_schedule schedule = ppar_auto();
  int kind = PPAR_SCHEDULE_AUTO;
  text = skip_space(text);
  for (int order = PPAR_ORDER_MONOTONIC; order <= PPAR_ORDER_NONMONOTONIC; order++) {
    if (!take_word(&text, order_names[order])) continue;
    if (*text != ':') return PPAR_EINVAL;
    text = skip_space(text + 1);
    schedule.order = (ppar_schedule_order)order;
    break;
  }
  /* runtime would name itself, so it is not among those that text may ask for. */
  while (kind < PPAR_SCHEDULE_RUNTIME && !take_word(&text, kind_names[kind])) kind++;
  if (kind == PPAR_SCHEDULE_RUNTIME) return PPAR_EINVAL;
  schedule.kind = (ppar_schedule_kind)kind;
  if (*text == ',') {
    text = skip_space(text + 1);
    if (!takes_chunk(schedule.kind) || !take_chunk(&text, &schedule.chunk)) return PPAR_EINVAL;
  }
  if (*text != '\0') return PPAR_EINVAL;
  *out = schedule;
  return PPAR_OK;
}

int pp_schedule_format_text(ppar_schedule schedule, char *buffer, size_t size) {
  char text[TEXT_MAX];
  size_t length, kept;
  if (!pp_schedule_is_valid(schedule)) return PPAR_EINVAL;
  (void)snprintf(text, sizeof text, "%s%s%s", order_names[schedule.order],
                 schedule.order == PPAR_ORDER_DEFAULT ? "" : ":", kind_names[schedule.kind]);
  length = strlen(text);
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
