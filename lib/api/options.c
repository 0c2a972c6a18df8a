/* SPDX-License-Identifier: MIT */
/* options.c: options as functions of the program's own hand them on. */
#include <ppar/options.h>

#include <string.h>

#include <ppar/status.h>

#include "settings/options.h"

int ppar_options_copy_(ppar_options *to, size_t size, const ppar_options *from) {
  if (from == NULL) from = &pp_options_defaults;
  return to != NULL && pp_sized_read(to, size, from, PPAR_OPTIONS_FIRST_) ? PPAR_OK : PPAR_EINVAL;
}
