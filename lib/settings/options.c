/* SPDX-License-Identifier: MIT */
/* options.c: the one check that options of all functions go through. */
#include "settings/options.h"

#include <string.h>

#include "settings/schedule_text.h"

const ppar_options pp_options_defaults = PPAR_OPTIONS_INIT();

static const ppar_pool_options pool_defaults = PPAR_POOL_OPTIONS_INIT();

/* The size of release 0.2's, in which name was the last field. */
#define PP_POOL_OPTIONS_FIRST (offsetof(ppar_pool_options, name) + sizeof(const char *))

bool pp_sized_read(void *to, size_t whole, const void *from, size_t first) {
  const unsigned char *bytes = from;
  size_t size;
  memcpy(&size, from, sizeof size);
  if (size == 0) size = first;
  if (size < first || size > PP_SIZE_MOST) return false;
  for (size_t i = whole; i < size; i++) {
    if (bytes[i] != 0) return false;
  }
  if (size > whole) size = whole;
  memmove(to, from, size); /* they may be the same */
  memset((unsigned char *)to + size, 0, whole - size);
  memcpy(to, &whole, sizeof whole);
  return true;
}

int pp_sized_refuse(pp_call call, const char *outcome, const void *from, size_t first) {
  size_t size;
  memcpy(&size, from, sizeof size);
  if (size != 0 && (size < first || size > PP_SIZE_MOST))
    return pp_refuse(call, outcome, "options->size", PP_REFUSED_SIZE, (int64_t)size);
  return pp_refuse(call, outcome, "options", PP_REFUSED_UNKNOWN, 0);
}

static bool are_threads(int threads) { return threads >= 0 && threads <= PPAR_MAX_THREADS; }

/* The schedule as a function has to check it that may take a chunk with any kind. */
static ppar_schedule as_taken(ppar_schedule schedule, unsigned takes) {
  if ((takes & PP_TAKES_CHUNK) != 0 && schedule.kind == PPAR_SCHEDULE_AUTO) schedule.kind = PPAR_SCHEDULE_DYNAMIC;
  return schedule;
}

static bool are_valid(const ppar_options *options, unsigned takes) {
  int64_t tiles = options->tile[0] | options->tile[1] | options->tile[2]; /* below 0 where one of them is */
  if (!are_threads(options->threads)) return false;
  if (options->step != 0 && (takes & PP_TAKES_STEP) == 0) return false;
  if ((options->nowait || options->ordered) && (takes & PP_TAKES_TEAM) == 0) return false;
  if (tiles != 0 && (tiles < 0 || (takes & PP_TAKES_TILE) == 0)) return false;
  return pp_schedule_is_valid(as_taken(options->schedule, takes));
}

/* Finds the field that made them invalid, in the order of are_valid, and tells of it. */
static int refuse_schedule(pp_call call, const char *outcome, ppar_schedule schedule) {
  static const char field[] = "options->schedule";
  if ((unsigned)schedule.kind > PPAR_SCHEDULE_RUNTIME)
    return pp_refuse(call, outcome, field, PP_REFUSED_KIND, (int)schedule.kind);
  if ((unsigned)schedule.order > PPAR_ORDER_NONMONOTONIC)
    return pp_refuse(call, outcome, field, PP_REFUSED_ORDER, (int)schedule.order);
  return pp_refuse(call, outcome, field, schedule.chunk < 0 ? PP_REFUSED_CHUNK : PP_REFUSED_AUTO_CHUNK, schedule.chunk);
}

static int refuse_tile(pp_call call, const char *outcome, const ppar_options *options, unsigned takes) {
  static const char *const fields[] = {"options->tile[0]", "options->tile[1]", "options->tile[2]"};
  pp_refusal refusal = (takes & PP_TAKES_TILE) != 0 ? PP_REFUSED_NEGATIVE : PP_REFUSED_TILE;
  int d = 0;
  while (d < 2 && (refusal == PP_REFUSED_TILE ? options->tile[d] == 0 : options->tile[d] >= 0)) d++;
  return pp_refuse(call, outcome, fields[d], refusal, options->tile[d]);
}

static int refuse(pp_call call, const ppar_options *options, unsigned takes) {
  const char *outcome = (takes & PP_IN_REGION) != 0 ? PP_REGION_CANCELED : PP_NOTHING_RUN;
  bool takes_team = (takes & PP_TAKES_TEAM) != 0;
  if (!are_threads(options->threads))
    return pp_refuse(call, outcome, "options->threads", PP_REFUSED_THREADS, options->threads);
  if (options->step != 0 && (takes & PP_TAKES_STEP) == 0)
    return pp_refuse(call, outcome, "options->step", PP_REFUSED_STEP, options->step);
  if (options->nowait && !takes_team) return pp_refuse(call, outcome, "options->nowait", PP_REFUSED_NOWAIT, 0);
  if (options->ordered && !takes_team) return pp_refuse(call, outcome, "options->ordered", PP_REFUSED_NOWAIT, 0);
  if (pp_schedule_is_valid(as_taken(options->schedule, takes))) return refuse_tile(call, outcome, options, takes);
  return refuse_schedule(call, outcome, options->schedule);
}

int pp_options_check(const ppar_options **options, ppar_options *room, unsigned takes, pp_call call) {
  const ppar_options *given = *options;
  bool readable = true;
  if (!ppar_options_are_whole_(*options)) {
    readable = pp_sized_read(room, sizeof *room, *options, PPAR_OPTIONS_FIRST_);
    *options = room;
  }
  if (readable && are_valid(*options, takes)) return PPAR_OK;
  if (readable) {
    (void)refuse(call, *options, takes);
  } else {
    (void)pp_sized_refuse(call, (takes & PP_IN_REGION) != 0 ? PP_REGION_CANCELED : PP_NOTHING_RUN, given,
                          PPAR_OPTIONS_FIRST_);
  }
  *options = &pp_options_defaults;
  return PPAR_EINVAL;
}

static int check_pool(const ppar_pool_options *options, pp_call call) {
  if (!are_threads(options->threads))
    return pp_refuse(call, PP_NOTHING_DONE, "options->threads", PP_REFUSED_THREADS, options->threads);
  if ((unsigned)options->wait > PPAR_WAIT_PASSIVE)
    return pp_refuse(call, PP_NOTHING_DONE, "options->wait", PP_REFUSED_WAIT, (int)options->wait);
  if ((unsigned)options->bind > PPAR_BIND_SPREAD)
    return pp_refuse(call, PP_NOTHING_DONE, "options->bind", PP_REFUSED_BIND, (int)options->bind);
  return PPAR_OK;
}

int pp_pool_options_read(const ppar_pool_options **options, ppar_pool_options *room, pp_call call) {
  const ppar_pool_options *given = *options;
  *options = &pool_defaults;
  if (given == NULL) return PPAR_OK;
  if (!pp_sized_read(room, sizeof *room, given, PP_POOL_OPTIONS_FIRST))
    return pp_sized_refuse(call, PP_NOTHING_DONE, given, PP_POOL_OPTIONS_FIRST);
  if (check_pool(room, call) != PPAR_OK) return PPAR_EINVAL;
  *options = room;
  return PPAR_OK;
}
