/* SPDX-License-Identifier: MIT */
/* options.c: options as functions of the program's own hand them on. */
#include <ppar/options.h>

#include <string.h>

#include <ppar/status.h>

#include "settings/options.h"

int ppar_options_copy_(ppar_options *to, size_t size, const ppar_options *from) {
  pp_call call = PP_CALL("ppar_options_copy");
  if (from == NULL) from = &pp_options_defaults;
  if (to == NULL) return pp_refuse(call, PP_NOTHING_DONE, "to", PP_REFUSED_NULL, 0);
  if (pp_sized_read(to, size, from, PPAR_OPTIONS_FIRST_)) return PPAR_OK;
  return pp_sized_refuse(call, PP_NOTHING_DONE, from, PPAR_OPTIONS_FIRST_);
}
