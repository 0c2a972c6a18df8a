/* SPDX-License-Identifier: MIT */
/* region_bad_input.c: regions refuse bad arguments; PPAR_CHECK=1 ends programs that use worksharing wrongly, with a
 * line that says where, in release builds of the library, too. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(region_bad_input, .timeout = SCALE_TIMEOUT);

/* Before the library reads it. */
__attribute__((constructor)) static void turn_checks_on(void) { setenv("PPAR_CHECK", "1", 1); }

static void count_thread(ppar_team *team, void *arg) {
  ppar_barrier(team);
  atomic_fetch_add((_Atomic uint64_t *)arg, 1);
}

Test(region_bad_input, a_null_region_is_refused) {
  cr_assert_eq(ppar_parallel(NULL, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel(NULL, NULL, PPAR_OPTIONS(.threads = 1)), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel(NULL, NULL, PPAR_OPTIONS(.threads = 3)), PPAR_EINVAL);
}

static void try_bad_options(_Atomic uint64_t *count) {
  static const int threads[] = {-1, INT32_MIN, PPAR_MAX_THREADS + 1, INT32_MAX};
  for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
    errno = EDOM;
    cr_assert_eq(ppar_parallel(count_thread, count, PPAR_OPTIONS(.threads = threads[t])), PPAR_EINVAL);
    cr_assert_eq(errno, EDOM);
  }
}

Test(region_bad_input, options_out_of_range_are_refused_and_nothing_runs) {
  _Atomic uint64_t count = 0;
  try_bad_options(&count);
  cr_assert_eq(atomic_load(&count), 0);
  cr_assert_eq(teams_run(3, count_thread, &count), PPAR_OK);
  try_bad_options(&count);
  cr_assert_eq(atomic_load(&count), 3);
}

static void give_bad_options(ppar_team *team, void *arg) {
  EXPECT((struct findings *)arg, ppar_parallel(NULL, NULL, NULL) == PPAR_EINVAL);
  EXPECT((struct findings *)arg, ppar_parallel(give_bad_options, arg, PPAR_OPTIONS(.threads = -3)) == PPAR_EINVAL);
  EXPECT((struct findings *)arg, ppar_team_current() == team && !ppar_region_is_canceled(team));
  ppar_barrier(team);
}

Test(region_bad_input, a_refused_inner_region_leaves_the_outer_one) {
  struct findings found = {0, NULL};
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    cr_assert_eq(teams_run(teams_sizes[size], give_bad_options, &found), PPAR_OK);
  }
  ASSERT_CLEAN(&found, "bad arguments inside a region");
}

/* Wrong programs, of three threads. */
static void pass_other_bounds(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange(team, i, 0, ppar_team_thread(team) == 1 ? 11 : 10, NULL) {
    work_yield();
  }
}

static void pass_another_begin_without_waiting(ppar_team *team, void *arg) {
  const ppar_options *options = PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = true);
  (void)arg;
  ppar_prange(team, i, ppar_team_thread(team) == 2 ? 1 : 0, 10, options) {
    work_yield();
  }
  ppar_barrier(team);
}

static void wait_in_a_prange(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange(team, i, 0, 300, PPAR_OPTIONS(.schedule = ppar_static(1))) {
    if (i == 2) ppar_barrier(team);
  }
}

static void miss_a_barrier(ppar_team *team, void *arg) {
  (void)arg;
  if (ppar_team_thread(team) != 1) ppar_barrier(team);
}

static void miss_a_barrier_late(ppar_team *team, void *arg) {
  (void)arg;
  ppar_barrier(team);
  if (ppar_team_thread(team) != 1) ppar_barrier(team);
  if (ppar_team_thread(team) == 1) teams_sleep(50 * 1000); /* the others sleep */
}

static void miss_a_prange(ppar_team *team, void *arg) {
  (void)arg;
  if (ppar_team_thread(team) == 0) return;
  ppar_prange(team, i, 0, 10, NULL) {
    work_yield();
  }
}

static void leave_by_return(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange(team, i, 0, 300, PPAR_OPTIONS(.schedule = ppar_static(0))) {
    if (i == 299) return;
  }
}

/* In a function of its own, where compilers do not see that it is called in a prange. */
static __attribute__((noinline)) void inner(ppar_team *team) {
  ppar_prange(team, j, 0, 10, PPAR_OPTIONS(.schedule = ppar_static(0))) {
    work_spin(1);
  }
}
static void nest(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange(team, i, 0, 10, PPAR_OPTIONS(.schedule = ppar_static(0))) {
    inner(team);
  }
}

static void order_nothing(ppar_team *team, void *arg) {
  (void)arg;
  ppar_ordered_begin(team, 0);
  ppar_ordered_end(team, 0);
}

static void stay_inside(ppar_team *team, void *arg) {
  (void)arg;
  if (ppar_team_thread(team) == 2) ppar_critical_begin(team, "stays");
}

/* What the process says that runs the region. */
static void run_wrong_program(ppar_region *region, char *text, size_t size) {
  int messages[2];
  cr_assert_eq(pipe(messages), 0);
  pid_t child = fork();
  cr_assert(child >= 0);
  if (child == 0) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    signal(SIGABRT, SIG_DFL);
    dup2(messages[1], STDERR_FILENO);
    close(messages[0]);
    teams_run(3, region, NULL);
    _exit(0);
  }
  close(messages[1]);
  const int end = children_await(child); /* a line or two fit into the pipe */
  size_t length = 0;
  for (ssize_t got; length < size - 1 && (got = read(messages[0], text + length, size - 1 - length)) > 0;) {
    length += (size_t)got;
  }
  text[length] = '\0';
  close(messages[0]);
  cr_assert_eq(end, CHILDREN_SIGNAL + SIGABRT, "ended with %d: %s", end, text);
}

/* One line names the construct and one of these threads, whose numbers are a set of bits. */
static void expect_abort(ppar_region *region, const char *construct, unsigned threads) {
  char text[8192];
  run_wrong_program(region, text, sizeof text);
  bool named = false;
  for (char *line = text, *end; line != NULL && *line != '\0'; line = end) {
    end = strchr(line, '\n');
    if (end != NULL) *end++ = '\0';
    for (int t = 0; t < 3; t++) {
      char thread[16];
      snprintf(thread, sizeof thread, "thread %d", t);
      named = named || ((threads >> t & 1) != 0 && strstr(line, construct) != NULL && strstr(line, thread) != NULL);
    }
    if (end != NULL) end[-1] = '\n';
  }
  cr_assert(named, "no line names %s and its thread: %s", construct, text);
}

enum { THREAD_2 = 4, ANY_THREAD = 7 };

Test(region_bad_input, bounds_that_differ_among_threads_end_the_program) {
  expect_abort(pass_other_bounds, "prange", ANY_THREAD);
  expect_abort(pass_another_begin_without_waiting, "prange", ANY_THREAD);
}

Test(region_bad_input, a_barrier_in_a_prange_ends_the_program) { expect_abort(wait_in_a_prange, "barrier", THREAD_2); }

Test(region_bad_input, worksharing_that_a_thread_does_not_meet_ends_the_program) {
  expect_abort(miss_a_barrier, "barrier", ANY_THREAD);
  expect_abort(miss_a_barrier_late, "barrier", ANY_THREAD);
  expect_abort(miss_a_prange, "prange", ANY_THREAD);
}

Test(region_bad_input, leaving_a_prange_by_return_ends_the_program) {
  expect_abort(leave_by_return, "prange", THREAD_2);
}

Test(region_bad_input, a_prange_in_a_prange_ends_the_program) { expect_abort(nest, "prange", ANY_THREAD); }

Test(region_bad_input, an_ordered_part_outside_of_a_prange_ends_the_program) {
  expect_abort(order_nothing, "ordered part", ANY_THREAD);
}

Test(region_bad_input, a_section_that_is_not_ended_ends_the_program) {
  expect_abort(stay_inside, "critical", THREAD_2);
}

static void pass(ppar_team *team, void *arg) {
  _Atomic uint64_t *count = arg;
  ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.schedule = ppar_static(0), .ordered = true)) {
    ppar_ordered_begin(team, i);
    atomic_fetch_add(count, 1);
    ppar_ordered_end(team, i);
  }
  if (ppar_single(team)) atomic_fetch_add(count, 1);
  ppar_barrier(team);
}

Test(region_bad_input, right_programs_pass_all_checks) {
  for (size_t t = 0; t < TEAMS_SIZES; t++) {
    _Atomic uint64_t count = 0;
    cr_assert_eq(teams_run(teams_sizes[t], pass, (void *)&count), PPAR_OK);
    cr_assert_eq(count, 101);
  }
}
