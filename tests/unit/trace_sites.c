/* SPDX-License-Identifier: MIT */
/* trace_sites.c: a place has one number, whichever threads come to it first; places that are too many are one. */
#include "trace/sites.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "../support/scale.h"

TestSuite(trace_sites, .timeout = SCALE_TIMEOUT);

enum { THREADS = 4, PLACES = 200 };

static const char code[PP_SITES * 2];
static uint32_t numbers[THREADS][PLACES];
static pthread_barrier_t together;

static void *name_all(void *arg) {
  uint32_t *own = arg;
  (void)pthread_barrier_wait(&together);
  for (int p = 0; p < PLACES; p++) own[p] = pp_site_number(PP_CONSTRUCT_LOOP, &code[p], p % 2 != 0 ? "odd" : NULL);
  return NULL;
}

Test(trace_sites, threads_that_come_at_once_get_the_same_numbers) {
  pthread_t threads[THREADS];
  cr_assert_eq(pthread_barrier_init(&together, NULL, THREADS), 0);
  for (int t = 0; t < THREADS; t++) cr_assert_eq(pthread_create(&threads[t], NULL, name_all, numbers[t]), 0);
  for (int t = 0; t < THREADS; t++) cr_assert_eq(pthread_join(threads[t], NULL), 0);
  for (int p = 0; p < PLACES; p++) {
    const pp_site *site = pp_site_get(numbers[0][p]);
    cr_assert_not_null(site);
    cr_assert_eq(site->address, &code[p]);
    cr_assert_str_eq(site->name, p % 2 != 0 ? "odd" : "");
    for (int t = 1; t < THREADS; t++) cr_assert_eq(numbers[t][p], numbers[0][p]);
    for (int q = 0; q < p; q++) cr_assert_neq(numbers[0][q], numbers[0][p]);
  }
}

enum { RACES = 500 };
static atomic_int turn; /* so many times one of two threads has come to the next place */

/* Two threads name one place after the other, each at the same moment as the other one. */
static void *race(void *arg) {
  for (int p = 0; p < RACES; p++) {
    turn++;
    while (turn < 2 * (p + 1)) (void)sched_yield();
    (void)pp_site_number(PP_CONSTRUCT_PRANGE, &code[p], arg);
  }
  return NULL;
}

Test(trace_sites, places_that_two_threads_make_at_once_are_shown_once) {
  static int shown[PP_SITES];
  pthread_t other;
  cr_assert_eq(pthread_create(&other, NULL, race, "raced"), 0);
  (void)race("raced");
  cr_assert_eq(pthread_join(other, NULL), 0);
  for (uint32_t number = 1; number < pp_site_count(); number++) {
    const pp_site *site = pp_site_get(number);
    if (site == NULL || strcmp(site->name, "raced") != 0) continue;
    cr_assert_eq(shown[(const char *)site->address - code]++, 0, "place %d", (int)((const char *)site->address - code));
  }
}

Test(trace_sites, kinds_and_names_tell_places_of_one_address_apart) {
  char name[2 * PP_SITE_NAME_SIZE];
  uint32_t loop = pp_site_number(PP_CONSTRUCT_LOOP, &code[PLACES], NULL), number;
  cr_assert_neq(pp_site_number(PP_CONSTRUCT_REDUCE, &code[PLACES], NULL), loop);
  cr_assert_neq(pp_site_number(PP_CONSTRUCT_LOOP, &code[PLACES], "a"), loop);
  cr_assert_eq(pp_site_number(PP_CONSTRUCT_LOOP, &code[PLACES], NULL), loop);
  memset(name, 'x', sizeof name - 1); /* is cut off */
  name[sizeof name - 1] = '\0';
  number = pp_site_number(PP_CONSTRUCT_LOOP, &code[PLACES], name);
  cr_assert_eq(pp_site_number(PP_CONSTRUCT_LOOP, &code[PLACES], name), number);
  cr_assert_eq(strlen(pp_site_get(number)->name), PP_SITE_NAME_SIZE - 1);
}

/* The last in its file where the runner has one process: the table is full from here on. */
Test(trace_sites, too_many_places_are_one) {
  for (int p = 0; p < PP_SITES * 2; p++) (void)pp_site_number(PP_CONSTRUCT_TASKS, &code[p], NULL);
  cr_assert_eq(pp_site_count(), PP_SITES);
  cr_assert_eq(pp_site_number(PP_CONSTRUCT_TASKS, &code[PP_SITES * 2 - 1], NULL), PP_SITE_OTHERS);
  cr_assert_not_null(pp_site_get(PP_SITE_OTHERS));
  cr_assert_neq(pp_site_number(PP_CONSTRUCT_TASKS, &code[0], NULL), PP_SITE_OTHERS);
}
