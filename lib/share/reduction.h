/* SPDX-License-Identifier: MIT */
/* reduction.h: what partial values of a reduction begin with. */
#ifndef PP_SHARE_REDUCTION_H
#define PP_SHARE_REDUCTION_H

#include <ppar/reduce.h>

#include <string.h>

static inline bool pp_reduction_is_valid(const ppar_reduction *reduction) {
  return reduction != NULL && reduction->combine != NULL && reduction->size != 0;
}

/* Sets a partial value to the identity. */
static inline void pp_reduction_start(const ppar_reduction *reduction, void *value) {
  if (reduction->identity != NULL) {
    memcpy(value, reduction->identity, reduction->size);
  } else {
    memset(value, 0, reduction->size);
  }
}

#endif
