/* SPDX-License-Identifier: MIT */
/* schedule_text.h: schedules as text, in OMP_SCHEDULE's grammar, and which schedules are valid at all. */
#ifndef PP_SETTINGS_SCHEDULE_TEXT_H
#define PP_SETTINGS_SCHEDULE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <ppar/schedule.h>

/* Known kind and order, chunk >= 0, and 0 for auto and runtime, which have none. */
bool pp_schedule_is_valid(ppar_schedule schedule);

/* As ppar_schedule_parse and ppar_schedule_format (ppar/schedule.h), of arguments that are not NULL; a buffer of
 * size 0 may be. */
int pp_schedule_parse_text(const char *text, ppar_schedule *out);
int pp_schedule_format_text(ppar_schedule schedule, char *buffer, size_t size);

/* pp_schedule_parse_text for environment variables, whose authors may have other libraries in mind: GCC's takes a chunk
 * of 0 for none, and one of auto, which has no meaning. So does this function. */
int pp_schedule_parse_setting(const char *text, ppar_schedule *out);

#endif
