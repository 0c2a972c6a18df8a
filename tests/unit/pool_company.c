/* SPDX-License-Identifier: MIT */
/* pool_company.c: a thread that has lost its CPU once has it for itself, one that has lost it twice shares it. */
#include "pool/company.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "../support/scale.h"
#include "platform/atomics.h"
#include "platform/clock.h"
#include "platform/cpuset.h"
#include "platform/load.h"
#include "platform/thread.h"
#include "schedule/tuning.h"

TestSuite(pool_company, .timeout = SCALE_TIMEOUT);

/* What the system has counted so far is known, so that it is no news. */
static pp_company begin(void) {
  pp_clock_init();
  return (pp_company){.preemptions = pp_thread_preemptions(), .asked = pp_clock_ticks()};
}

Test(pool_company, a_thread_that_has_lost_its_cpu_twice_shares_it_for_a_while) {
  const uint64_t start = 1000000000000;
  pp_company company = begin();
  const uint64_t while_known = pp_ticks_from_ns(PP_COMPANY_NS);
  company.lost = company.before = start; /* long ago */
  cr_expect_not(pp_company_is_known(&company, start + while_known));
  company.lost = start + while_known;
  cr_expect_not(pp_company_is_known(&company, start + while_known), "It has lost it once.");
  company.before = company.lost;
  cr_expect(pp_company_is_known(&company, start + while_known));
  cr_expect(pp_company_is_known(&company, start + 2 * while_known - 1));
  cr_expect_not(pp_company_is_known(&company, start + 2 * while_known));
}

Test(pool_company, what_the_clock_has_shown_counts_once) {
  pp_company company = begin();
  uint64_t now = pp_clock_ticks();
  const uint64_t counted = company.preemptions;
  pp_company_lost_cpu(&company, now);
  cr_expect_eq(company.lost, now);
  if (pp_thread_preemptions() - counted < 2) cr_expect_not(pp_company_is_known(&company, now));
  pp_company_lost_cpu(&company, now + 1);
  cr_expect(pp_company_is_known(&company, now + 1));
}

static pp_atomic_u32 ends;
static void *use_cpu(void *arg) {
  (void)arg;
  while (pp_load_relaxed(&ends) == 0) sched_yield();
  return NULL;
}

/* Two threads on one CPU that give it to each other. */
Test(pool_company, the_system_counts_what_the_clock_has_not_shown) {
  pthread_t thread;
  pp_company company = begin();
  const int cpu = pp_cpuset_here();
  pp_cpuset *all = pp_cpuset_affinity(), *one = pp_cpuset_make(cpu + 1);
  bool is_known = false;
  if (all == NULL || cpu < 0) cr_skip_test("the system does not tell on which CPU a thread is");
  pp_cpuset_add(one, cpu);
  if (pp_cpuset_bind_thread(one) != 0) cr_skip_test("threads cannot be bound");
  cr_assert_eq(pthread_create(&thread, NULL, use_cpu, NULL), 0); /* bound as well */
  for (int round = 0; round < 3000 && !is_known; round++) {
    (void)pp_company_ask(&company, pp_clock_ticks());
    for (int k = 0; k < 4; k++) sched_yield();
    is_known = pp_company_ask(&company, pp_clock_ticks());
  }
  pp_store_relaxed(&ends, 1);
  (void)pthread_join(thread, NULL);
  (void)pp_cpuset_bind_thread(all);
  if (pp_thread_preemptions() == 0) cr_skip_test("the system does not count");
  cr_expect(is_known);
  pp_cpuset_free(one);
  pp_cpuset_free(all);
}

Test(pool_company, what_came_long_before_the_first_question_is_no_news) {
  pp_company company = begin();
  company.preemptions -= company.preemptions < 5 ? company.preemptions : 5;
  company.asked = 0;
  cr_expect_not(pp_company_ask(&company, pp_clock_ticks()));
}

/* What it says hangs on the machine's other programs. */
Test(pool_company, whether_there_is_a_cpu_that_nobody_uses_is_asked_without_a_trace) {
  errno = 7;
  (void)pp_load_leaves_cpus();
  cr_expect_eq(errno, 7);
}

static pp_atomic_u32 has_returned;
static void *ask_as_it_is_cancelled(void *arg) {
  (void)pthread_cancel(pthread_self());
  (void)pp_load_leaves_cpus();
  (void)pp_thread_preemptions();
  pp_store_relaxed(&has_returned, 1);
  pthread_testcancel();
  return arg;
}

Test(pool_company, asking_is_no_cancellation_point) {
  pthread_t thread;
  void *result = NULL;
  cr_assert_eq(pthread_create(&thread, NULL, ask_as_it_is_cancelled, NULL), 0);
  (void)pthread_join(thread, &result);
  cr_expect_eq(pp_load_relaxed(&has_returned), 1);
  cr_expect_eq(result, PTHREAD_CANCELED);
}
