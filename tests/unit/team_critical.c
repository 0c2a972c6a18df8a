/* SPDX-License-Identifier: MIT */
/* team_critical.c: critical sections of a program that has no pool. */
#include "team/critical.h"

#include <pthread.h>

#include <criterion/criterion.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/tasks.h"
#include "../support/teams.h"
#include "platform/clock.h"
#include "platform/thread.h"

TestSuite(team_critical, .timeout = SCALE_TIMEOUT);

typedef struct passage {
  _Atomic uint64_t begun, through; /* begun: the thread's number for the system, where that has one */
} passage;

static void *pass(void *arg) {
  passage *p = arg;
  atomic_store(&p->begun, TASKS_VISIBLE ? (uint64_t)pp_thread_id() : 1);
  pp_critical_begin(NULL, NULL, PP_CALL("pp_critical_begin"));
  atomic_store(&p->through, 1);
  pp_critical_end(NULL, PP_CALL("pp_critical_end"));
  return NULL;
}

/* Nothing else in this process measures the clock. Without that, whoever waits would not spin at all. */
Test(team_critical, whoever_waits_knows_the_length_of_a_tick) {
  passage p = {0};
  pthread_t thread;
  cr_assert_eq(pp_ticks_from_ns(1000000), 0, "no pool, and nobody has waited");
  pp_critical_begin(NULL, NULL, PP_CALL("pp_critical_begin"));
  cr_assert_eq(pthread_create(&thread, NULL, pass, &p), 0);
  cr_expect(teams_await(&p.begun, 1));
  if (TASKS_VISIBLE) {
    cr_expect(tasks_await_sleep((long)atomic_load(&p.begun)), "it waits for the section");
  } else {
    teams_sleep(20000);
  }
  cr_expect_eq(atomic_load(&p.through), 0);
  pp_critical_end(NULL, PP_CALL("pp_critical_end"));
  pthread_join(thread, NULL);
  cr_expect_eq(atomic_load(&p.through), 1);
  cr_expect_gt(pp_ticks_from_ns(1000000), 0);
}
