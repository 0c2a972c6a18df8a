/* SPDX-License-Identifier: MIT */
/* single.c: giving out sections. */
#include "team/single.h"

/* The team's word names the construct that sections are given out of. A thread that finds a later one there has come
 * when all of its own sections are taken: those who went on to the later one had come by all of them. */
uint64_t pp_section_claim(pp_seat *seat) {
  pp_atomic_u64 *sections = &seat->team->sections;
  uint32_t number = (uint32_t)seat->sections;
  uint64_t word = pp_load_relaxed(sections);
  for (;;) {
    uint32_t present = (uint32_t)(word >> 32), next = present == number ? (uint32_t)word : 0;
    if ((int32_t)(present - number) > 0) return UINT64_MAX;
    if (pp_cas_relaxed(sections, &word, (uint64_t)number << 32 | (next + 1))) return next;
  }
}
