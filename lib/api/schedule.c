/* SPDX-License-Identifier: MIT */
/* schedule.c: schedules as text, for programs; the grammar is in settings/schedule_text.c. Texts and schedules that are
 * none are told of by the status alone: programs ask so whether what a user wrote is one. */
#include <ppar/schedule.h>
#include <ppar/status.h>

#include "settings/refusal.h"
#include "settings/schedule_text.h"

int ppar_schedule_parse(const char *text, ppar_schedule *out) {
  pp_call call = PP_CALL("ppar_schedule_parse");
  if (text == NULL) return pp_refuse(call, PP_NOTHING_DONE, "text", PP_REFUSED_NULL, 0);
  if (out == NULL) return pp_refuse(call, PP_NOTHING_DONE, "out", PP_REFUSED_NULL, 0);
  return pp_schedule_parse_text(text, out);
}

int ppar_schedule_format(ppar_schedule schedule, char *buffer, size_t size) {
  pp_call call = PP_CALL("ppar_schedule_format");
  if (buffer == NULL && size > 0) return pp_refuse(call, PP_NOTHING_DONE, "buffer", PP_REFUSED_NULL, 0);
  return pp_schedule_format_text(schedule, buffer, size);
}
