/* SPDX-License-Identifier: MIT */
/* schedule.c: schedules as text, for programs; the grammar is in settings/schedule_text.c. */
#include <ppar/schedule.h>
#include <ppar/status.h>

#include "settings/schedule_text.h"

int ppar_schedule_parse(const char *text, ppar_schedule *out) {
  if (text == NULL || out == NULL) return PPAR_EINVAL;
  return pp_schedule_parse_text(text, out);
}

int ppar_schedule_format(ppar_schedule schedule, char *buffer, size_t size) {
  if (buffer == NULL && size > 0) return PPAR_EINVAL;
  return pp_schedule_format_text(schedule, buffer, size);
}
