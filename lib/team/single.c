/* SPDX-License-Identifier: MIT */
/* single.c: two numbers of the team: how many singles it has given, and which section of which construct is next. */
#include "team/single.h"

#include "team/pair.h"

/* The team's number of singles that have been given is the same as the thread's own number of those before, or more. */
bool pp_single_claim(pp_seat *seat) {
  uint64_t number = seat->singles++;
  pp_atomic_u64 *given = pp_team_singles(seat->team, seat->head.size);
  if (pp_team_looks_first(seat->head.size) && pp_load_relaxed(given) != number) return false;
  return pp_cas_relaxed(given, &number, number + 1);
}

/* The team's word names the construct that sections are given out of. A thread that finds a later one there has come when
 * all of its own sections are taken: those who went on to the later one had come by all of them. */
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
