/* SPDX-License-Identifier: MIT */
/* help.c: finding loops and tasks inside of what a thread waits for. */
#include "pool/help.h"

#include "loop/execute.h"
#include "pool/pool.h"

bool pp_help(ppar_pool *pool, const pp_awaited *awaited) {
  uint32_t count = pp_load_acquire(&pool->record_count);
  uint64_t mark = pp_scope_mark(awaited->ancestor), worked;
  pp_self *self = pp_self_get();
  uint32_t preferred = self->worker != NULL ? self->worker->number + 1 : 0;
  for (uint32_t number = 0; number < count; number++) {
    pp_record *record = pp_pool_record(pool, number);
    if ((pp_load_relaxed(&record->marks) & mark) == 0 || pp_load_relaxed(&record->active) == 0) continue;
    if (pp_execute_visit(pool, preferred, awaited, record, &worked) == PP_VISIT_WORKED) return true;
  }
  return awaited->is_over == NULL && pp_tasks_help(pool, self, awaited->ancestor);
}
