/* SPDX-License-Identifier: MIT */
/* options.h: a caller's options, whole and in range, whichever release's header the caller was compiled with. Every
 * function that takes options begins here. */
#ifndef PP_SETTINGS_OPTIONS_H
#define PP_SETTINGS_OPTIONS_H

#include <ppar/options.h>
#include <ppar/status.h>

#include "settings/refusal.h"

/* What some functions take that others refuse. */
enum {
  PP_TAKES_STEP = 1u << 0,  /* a step other than 0 */
  PP_TAKES_TILE = 1u << 1,  /* tiles of 0 and more */
  PP_TAKES_TEAM = 1u << 2,  /* nowait and ordered */
  PP_TAKES_CHUNK = 1u << 3, /* a chunk whatever the schedule's kind, but for runtime */
  PP_IN_REGION = 1u << 4    /* no field: refused options cancel the region, and the line says so */
};

extern const ppar_options pp_options_defaults;

/* pp_options_read where options are given. */
int pp_options_check(const ppar_options **options, ppar_options *room, unsigned takes, pp_call call);

/* Makes *options, a caller's, point to options that have all fields of this library, all of them in range. That is
 * the caller's own object where it is of this library's layout, and else *room, which the function fills; NULL
 * becomes the defaults. Returns PPAR_OK or PPAR_EINVAL; *options then are the defaults, so that whoever goes on has
 * something to read, and the program has been told (refusal.h). */
static inline int pp_options_read(const ppar_options **options, ppar_options *room, unsigned takes, pp_call call) {
  if (*options != NULL) return pp_options_check(options, room, takes, call);
  *options = &pp_options_defaults;
  return PPAR_OK;
}

static inline int64_t pp_options_step(const ppar_options *options) { return options->step != 0 ? options->step : 1; }

/* The same for the options of pools. */
int pp_pool_options_read(const ppar_pool_options **options, ppar_pool_options *room, pp_call call);

/* Reads a struct that begins with its size, as a program of any release gave it, into *to, of `whole` bytes. A size
 * of 0 stands for `first`, that of the first release. What a shorter one lacks becomes 0. False, and *to as it was:
 * the size is less than `first` or more than PP_SIZE_MOST, or what is beyond `whole` is not all 0. */
enum { PP_SIZE_MOST = 4096 }; /* far above any release's; what is not initialised mostly says more */
bool pp_sized_read(void *to, size_t whole, const void *from, size_t first);

/* Tells why a struct that begins with its size could not be read. Returns PPAR_EINVAL. */
int pp_sized_refuse(pp_call call, const char *outcome, const void *from, size_t first);

#endif
