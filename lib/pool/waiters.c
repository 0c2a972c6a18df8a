/* SPDX-License-Identifier: MIT */
/* waiters.c: the pool's list of parked waiters. Its lock is not the C library's: race checkers would take that for an
 * order of what the program does around its waits. */
#include "pool/waiters.h"

#include "claim/lock.h"
#include "platform/race_checker.h"
#include "pool/pool.h"

uint32_t pp_waiters_listen(ppar_pool *pool) { return pp_bell_epoch(pp_load_seq_cst(&pool->bell.word)); }

/* The lock is held. */
static void mark(ppar_pool *pool, const pp_waiter *waiter) {
  if (waiter->takes_tasks && pool->task_waiters[pp_scope_mark_number(waiter->ancestor)]++ == 0)
    pp_store_seq_cst(&pool->task_marks, pp_load_relaxed(&pool->task_marks) | pp_scope_mark(waiter->ancestor));
}
static void unmark(ppar_pool *pool, const pp_waiter *waiter) {
  if (waiter->takes_tasks && --pool->task_waiters[pp_scope_mark_number(waiter->ancestor)] == 0)
    pp_store_relaxed(&pool->task_marks, pp_load_relaxed(&pool->task_marks) & ~pp_scope_mark(waiter->ancestor));
}

bool pp_waiters_add(ppar_pool *pool, pp_waiter *waiter, uint32_t heard) {
  pp_checks_leave_out(waiter, sizeof *waiter);
  pp_lock(&pool->waiters_lock);
  waiter->link = &pool->waiters;
  waiter->next = pool->waiters;
  if (waiter->next != NULL) waiter->next->link = &waiter->next;
  pool->waiters = waiter;
  mark(pool, waiter);
  pp_unlock(&pool->waiters_lock);
  (void)pp_add_seq_cst(&pool->waiter_count, 1);
  if (pp_waiters_listen(pool) == heard) return true;
  pp_waiters_remove(pool, waiter);
  return false;
}

void pp_waiters_remove(ppar_pool *pool, pp_waiter *waiter) {
  (void)pp_add_seq_cst(&pool->waiter_count, UINT32_MAX);
  pp_lock(&pool->waiters_lock);
  *waiter->link = waiter->next;
  if (waiter->next != NULL) waiter->next->link = waiter->link;
  unmark(pool, waiter);
  pp_unlock(&pool->waiters_lock);
}

void pp_waiters_tell(ppar_pool *pool, const pp_scope *scope) {
  if (pp_load_seq_cst(&pool->waiter_count) == 0) return;
  pp_lock(&pool->waiters_lock);
  for (pp_waiter *waiter = pool->waiters; waiter != NULL; waiter = waiter->next) {
    if (pp_scope_is_within(scope, waiter->ancestor)) waiter->wake(waiter->arg);
  }
  pp_unlock(&pool->waiters_lock);
}

void pp_waiters_wake_one(ppar_pool *pool, pp_waiter_suits *suits, void *arg) {
  pp_waiter *waiter;
  pp_lock(&pool->waiters_lock);
  waiter = pool->waiters;
  while (waiter != NULL && !(waiter->takes_tasks && !waiter->told && suits(arg, waiter))) waiter = waiter->next;
  if (waiter != NULL) {
    waiter->told = true;
    waiter->wake(waiter->arg);
  }
  pp_unlock(&pool->waiters_lock);
}
