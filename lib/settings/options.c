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

static bool are_threads(int threads) { return threads >= 0 && threads <= PPAR_MAX_THREADS; }

static bool are_valid(const ppar_options *options, unsigned takes) {
  ppar_schedule schedule = options->schedule;
  int64_t tiles = options->tile[0] | options->tile[1] | options->tile[2]; /* below 0 where one of them is */
  if (!are_threads(options->threads)) return false;
  if (options->step != 0 && (takes & PP_TAKES_STEP) == 0) return false;
  if ((options->nowait || options->ordered) && (takes & PP_TAKES_TEAM) == 0) return false;
  if (tiles != 0 && (tiles < 0 || (takes & PP_TAKES_TILE) == 0)) return false;
  if ((takes & PP_TAKES_CHUNK) != 0 && schedule.kind == PPAR_SCHEDULE_AUTO) schedule.kind = PPAR_SCHEDULE_DYNAMIC;
  return pp_schedule_is_valid(schedule);
}

int pp_options_check(const ppar_options **options, ppar_options *room, unsigned takes) {
  bool readable = true;
  if (!ppar_options_are_whole_(*options)) {
    readable = pp_sized_read(room, sizeof *room, *options, PPAR_OPTIONS_FIRST_);
    *options = room;
  }
  if (readable && are_valid(*options, takes)) return PPAR_OK;
  *options = &pp_options_defaults;
  return PPAR_EINVAL;
}

static bool are_pool_valid(const ppar_pool_options *options) {
  return are_threads(options->threads) && (int)options->wait >= PPAR_WAIT_DEFAULT &&
         options->wait <= PPAR_WAIT_PASSIVE && (int)options->bind >= PPAR_BIND_DEFAULT &&
         options->bind <= PPAR_BIND_SPREAD;
}

int pp_pool_options_read(const ppar_pool_options **options, ppar_pool_options *room) {
  const ppar_pool_options *given = *options;
  *options = &pool_defaults;
  if (given == NULL) return PPAR_OK;
  if (!pp_sized_read(room, sizeof *room, given, PP_POOL_OPTIONS_FIRST) || !are_pool_valid(room)) return PPAR_EINVAL;
  *options = room;
  return PPAR_OK;
}
