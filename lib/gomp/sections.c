/* SPDX-License-Identifier: MIT */
/* sections.c: sections are numbered from 1, and 0 tells a thread that there are no more. Scopes are nothing but
 * their reductions. */
#include "gomp/sections.h"

#include "gomp/check.h"
#include "gomp/gomp_abi.h"
#include "gomp/shared.h"
#include "gomp/team.h"

void pp_omp_sections_open(pp_omp_data *here, uint64_t sections, const void *place) {
  if (pp_omp_is_checked()) pp_omp_check_shared(here, "sections", place);
  here->had_loop = true;
  here->loop.count = sections;
  here->loop.sections = (ppar_sections_state_){.team = NULL};
  if (!pp_omp_is_deferred(here)) here->loop.sections = ppar_sections_begin_(here->seat, true);
}

/* The thread is in a section, or in none. */
static __attribute__((cold)) void note(const pp_omp_data *here, bool is_in) {
  pp_omp_check_leave(here, PP_OMP_SECTIONS);
  if (is_in) pp_omp_check_enter(here, PP_OMP_SECTIONS);
}

static unsigned next(pp_omp_data *here) {
  ppar_sections_state_ *sections = &here->loop.sections;
  uint64_t claimed = ppar_sections_claim_(sections);
  bool has = claimed < here->loop.count;
  if (pp_omp_is_checked()) note(here, has);
  sections->here++; /* In a team of one this is what is claimed next. */
  return has ? (unsigned)claimed + 1 : 0;
}

unsigned GOMP_sections_start(unsigned count) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_sections_open(here, count, PP_OMP_PLACE);
  return next(here);
}

unsigned GOMP_sections2_start(unsigned count, uintptr_t *reductions, void **memory) {
  pp_omp_data *here = pp_omp_here();
  if (reductions != NULL || memory != NULL) pp_omp_shared_come(here, reductions, memory);
  pp_omp_sections_open(here, count, PP_OMP_PLACE);
  return next(here);
}

unsigned GOMP_sections_next(void) { return next(pp_omp_here()); }

/* A thread that was cancelled in a section comes here without having asked for the next one. */
static pp_omp_data *end(void) {
  pp_omp_data *here = pp_omp_here();
  if (pp_omp_is_checked()) pp_omp_check_leave(here, PP_OMP_SECTIONS);
  return here;
}

void GOMP_sections_end(void) { (void)pp_omp_barrier(end()); }

void GOMP_sections_end_nowait(void) { (void)end(); }

bool GOMP_sections_end_cancel(void) { return pp_omp_barrier(end()); }

/* #pragma omp scope reduction(task, ...): the thread comes to it; GOMP_workshare_task_reduction_unregister ends it. */
void GOMP_scope_start(uintptr_t *reductions) {
  if (reductions != NULL) pp_omp_shared_come(pp_omp_here(), reductions, NULL);
}
