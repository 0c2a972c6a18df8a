/* SPDX-License-Identifier: MIT */
/* settings_places.c: places on synthetic machines, binding on this one, and OMP_PROC_BIND's
 * assignment of threads to places. */
#include <criterion/criterion.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/pool.h>
#include <ppar/status.h>

#include "../support/scale.h"
#include "platform/cpuset.h"
#include "platform/standing.h"
#include "settings/places.h"

enum { TEXT_SIZE = 1024 };

static void append(char *out, const char *format, int value) {
  size_t length = strlen(out);
  snprintf(out + length, TEXT_SIZE - length, format, value);
}

/* hwloc 2.9 copies overlapping bytes as it makes a machine up, which Valgrind reports. */
static void skip_where_made_up_machines_fail(void) {
  if (scale_is_emulated()) cr_skip_test("hwloc's synthetic machines are not clean under Valgrind");
}

#if !defined(PP_NO_HWLOC)

static void places_text(const pp_places *places, char *out) {
  out[0] = '\0';
  for (int place = 0; place < pp_places_count(places); place++) {
    int cpus[64];
    int count = pp_places_cpus(places, place, cpus, 64);
    for (int i = 0; i < count && i < 64; i++) append(out, i > 0 ? ",%d" : place > 0 ? " %d" : "%d", cpus[i]);
  }
}

static void expect_places(const char *machine, const char *text, const char *wanted) {
  pp_places *places = NULL;
  char got[TEXT_SIZE];
  if (machine != NULL) skip_where_made_up_machines_fail();
  cr_assert_eq(pp_places_make(&places, text, machine), PPAR_OK, "%s on %s", text, machine);
  places_text(places, got);
  cr_expect_str_eq(got, wanted, "%s on %s: got %s", text, machine, got);
  pp_places_free(places);
}

Test(settings_places, names_follow_the_machine) {
  const char *machine = "package:2 numa:2 l3:1 core:2 pu:2";
  expect_places(machine, "threads", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
  expect_places(machine, "cores", "0,1 2,3 4,5 6,7 8,9 10,11 12,13 14,15");
  expect_places(machine, NULL, "0,1 2,3 4,5 6,7 8,9 10,11 12,13 14,15");
  expect_places(machine, "ll_caches", "0,1,2,3 4,5,6,7 8,9,10,11 12,13,14,15");
  expect_places(machine, "numa_domains", "0,1,2,3 4,5,6,7 8,9,10,11 12,13,14,15");
  expect_places(machine, "sockets", "0,1,2,3,4,5,6,7 8,9,10,11,12,13,14,15");
}

Test(settings_places, a_count_takes_the_first_places) {
  expect_places("numa:2 core:4 pu:2", "numa_domains(1)", "0,1,2,3,4,5,6,7");
  expect_places("numa:2 core:4 pu:2", "cores(3)", "0,1 2,3 4,5");
  expect_places("numa:2 core:4 pu:2", "threads(2)", "0 1");
  expect_places("numa:2 core:4 pu:2", "cores(100)", "0,1 2,3 4,5 6,7 8,9 10,11 12,13 14,15");
}

Test(settings_places, the_last_level_cache_is_the_outermost) {
  expect_places("l3:2 l2:2 core:1 pu:1", "ll_caches", "0,1 2,3");
  expect_places("l2:4 core:1 pu:2", "ll_caches", "0,1 2,3 4,5 6,7");
}

Test(settings_places, what_the_machine_does_not_tell_is_one_level_off) {
  expect_places("pu:4", "cores", "0 1 2 3");
  expect_places("pu:4", "sockets", "0,1,2,3");
  expect_places("pu:4", "ll_caches", "0,1,2,3");
  expect_places("pu:4", "numa_domains", "0,1,2,3");
  expect_places("package:2 pu:2", "ll_caches", "0,1 2,3");
}

Test(settings_places, neighbours_are_next_to_each_other_whatever_their_numbers) {
  expect_places("package:2 core:2 pu:2(indexes=0,4,2,6,1,5,3,7)", "cores", "0,4 2,6 1,5 3,7");
  expect_places("package:2 core:2 pu:2(indexes=0,4,2,6,1,5,3,7)", "threads", "0 4 2 6 1 5 3 7");
  expect_places("package:2 core:2 pu:2(indexes=0,4,2,6,1,5,3,7)", "sockets", "0,2,4,6 1,3,5,7");
}

Test(settings_places, explicit_lists_work_on_synthetic_machines) {
  expect_places("numa:2 core:4 pu:2", "{0:4}:8:4", "0,1,2,3 4,5,6,7 8,9,10,11 12,13,14,15");
  expect_places("numa:2 core:4 pu:2", "{14:4}", "14,15");
}

Test(settings_places, large_machines_work) {
  skip_where_made_up_machines_fail();
  pp_places *places = NULL;
  int last[2];
  cr_assert_eq(pp_places_make(&places, "cores", "package:8 core:128 pu:2"), PPAR_OK);
  cr_expect_eq(pp_places_count(places), 1024);
  cr_expect_eq(pp_places_cpus(places, 1023, last, 2), 2);
  cr_expect_eq(last[1], 2047);
  pp_places_free(places);
}

Test(settings_places, synthetic_places_cannot_be_bound_to) {
  skip_where_made_up_machines_fail();
  pp_places *places = NULL;
  cr_assert_eq(pp_places_make(&places, "threads", "pu:1"), PPAR_OK);
  cr_expect_eq(pp_places_bind_thread(places, 0), PPAR_EINVAL);
  pp_places_free(places);
}

#endif

Test(settings_places, bad_descriptions_are_refused_and_write_nothing) {
  skip_where_made_up_machines_fail();
  static const struct {
    const char *text, *machine;
  } cases[] = {{"cores", "nonsense"}, {"nonsense", "pu:2"}, {"", "pu:2"},      {"{9}", "pu:2"},
               {"nonsense", NULL},    {"{0},", NULL},       {"{65535}", NULL}, {"cores(0)", NULL}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    pp_places *places = NULL;
    cr_expect_eq(pp_places_make(&places, cases[i].text, cases[i].machine), PPAR_EINVAL, "%s", cases[i].text);
    cr_expect_null(places);
  }
  pp_places_free(NULL);
}

Test(settings_places, a_small_buffer_gets_what_fits) {
  pp_places *places = NULL;
  char text[32];
  int cpus[2] = {-7, -7};
  pp_cpuset *affinity = pp_cpuset_affinity();
  int cpu = pp_cpuset_next(affinity, -1);
  snprintf(text, sizeof text, "{%d}", cpu);
  cr_assert_eq(pp_places_make(&places, text, NULL), PPAR_OK);
  cr_expect_eq(pp_places_cpus(places, 0, NULL, 0), 1);
  cr_expect_eq(pp_places_cpus(places, 0, cpus, 2), 1);
  cr_expect_eq(cpus[0], cpu);
  cr_expect_eq(cpus[1], -7);
  pp_places_free(places);
  pp_cpuset_free(affinity);
}

Test(settings_places, this_machines_places_cover_the_affinity_mask) {
  static const char *const texts[] = {"threads", "cores", "ll_caches", "numa_domains", "sockets"};
  pp_cpuset *affinity = pp_cpuset_affinity();
  for (int i = 0; i < 5; i++) {
    pp_cpuset *covered = pp_cpuset_make(PP_CPU_LIMIT);
    pp_places *places = NULL;
    cr_assert_eq(pp_places_make(&places, texts[i], NULL), PPAR_OK);
    for (int place = 0; place < pp_places_count(places); place++) {
      const pp_cpuset *set = pp_places_cpuset(places, place);
      for (int cpu = -1; (cpu = pp_cpuset_next(set, cpu)) >= 0;) pp_cpuset_add(covered, cpu);
    }
    cr_expect(pp_cpuset_equal(covered, affinity), "%s", texts[i]);
    pp_places_free(places);
    pp_cpuset_free(covered);
  }
  pp_cpuset_free(affinity);
}

#if defined(__linux__)

/* Its own mask says nothing of the process's. */
static void *places_of_a_bound_thread(void *arg) {
  const pp_cpuset *process = arg;
  pp_cpuset *one = pp_cpuset_make(PP_CPU_LIMIT), *affinity;
  pp_places *places = NULL;
  pp_cpuset_add(one, pp_cpuset_next(process, -1));
  cr_assert_eq(pp_cpuset_bind_thread(one), 0);
  cr_assert_eq(pp_places_make(&places, "threads", NULL), PPAR_OK);
  cr_expect_eq(pp_places_count(places), pp_cpuset_count(process));
  pp_places_free(places);
  affinity = pp_cpuset_affinity();
  cr_expect(pp_cpuset_equal(affinity, one), "making places leaves the thread where it is");
  pp_cpuset_free(affinity);
  pp_cpuset_free(one);
  return NULL;
}

Test(settings_places, places_are_within_the_processs_affinity_mask) {
  pthread_t thread;
  pp_places *places = NULL;
  pp_cpuset *one = pp_cpuset_make(PP_CPU_LIMIT), *affinity = pp_cpuset_affinity();
  cr_assert_eq(pthread_create(&thread, NULL, places_of_a_bound_thread, affinity), 0);
  pthread_join(thread, NULL);
  pp_cpuset_add(one, pp_cpuset_next(affinity, -1));
  cr_assert(pp_standing_set_cpus(pp_cpuset_copy(one)));
  cr_assert_eq(pp_places_make(&places, "sockets", NULL), PPAR_OK);
  cr_expect_eq(pp_places_count(places), 1);
  cr_expect(pp_cpuset_equal(pp_places_cpuset(places, 0), one));
  pp_places_free(places);
  pp_cpuset_free(affinity);
  pp_cpuset_free(one);
}

static void *bind_to_each_place(void *arg) {
  const pp_places *places = arg;
  for (int place = 0; place < pp_places_count(places); place++) {
    pp_cpuset *affinity;
    cr_assert_eq(pp_places_bind_thread(places, place), PPAR_OK);
    affinity = pp_cpuset_affinity();
    cr_expect(pp_cpuset_equal(affinity, pp_places_cpuset(places, place)));
    pp_cpuset_free(affinity);
  }
  cr_expect_eq(pp_places_bind_thread(places, -1), PPAR_EINVAL);
  cr_expect_eq(pp_places_bind_thread(places, pp_places_count(places)), PPAR_EINVAL);
  return NULL;
}

Test(settings_places, a_bound_thread_runs_in_its_place_alone) {
  pthread_t thread;
  pp_places *places = NULL;
  cr_assert_eq(pp_places_make(&places, "threads", NULL), PPAR_OK);
  cr_assert_eq(pthread_create(&thread, NULL, bind_to_each_place, places), 0);
  pthread_join(thread, NULL);
  pp_places_free(places);
}

#endif

/* The assignment of all threads as text. */
static void assignment(int policy, int places, int threads, int caller, char *out) {
  out[0] = '\0';
  for (int thread = 0; thread < threads; thread++) {
    append(out, thread == 0 ? "%d" : " %d", pp_places_assign(policy, places, threads, thread, caller));
  }
}

Test(settings_places, assignments_are_those_of_openmps_examples) {
  static const struct {
    int policy, places, threads, caller;
    const char *wanted;
  } cases[] = {
      {PPAR_BIND_PRIMARY, 8, 4, 5, "5 5 5 5"},
      {PPAR_BIND_CLOSE, 8, 4, 0, "0 1 2 3"},
      {PPAR_BIND_CLOSE, 8, 4, 6, "6 7 0 1"},
      {PPAR_BIND_TRUE, 8, 4, 6, "6 7 0 1"},
      {PPAR_BIND_CLOSE, 8, 16, 0, "0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7"},
      {PPAR_BIND_CLOSE, 4, 8, 2, "2 2 3 3 0 0 1 1"},
      {PPAR_BIND_SPREAD, 8, 4, 0, "0 2 4 6"},
      {PPAR_BIND_SPREAD, 8, 4, 3, "3 4 6 0"},
      {PPAR_BIND_SPREAD, 8, 3, 0, "0 3 6"},
      {PPAR_BIND_SPREAD, 10, 4, 7, "7 8 0 3"},
      {PPAR_BIND_CLOSE, 4, 10, 1, "1 1 1 2 2 2 3 3 0 0"},
      {PPAR_BIND_SPREAD, 8, 1, 5, "5"},
      {PPAR_BIND_SPREAD, 8, 16, 0, "0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7"},
      {PPAR_BIND_FALSE, 8, 2, 0, "-1 -1"},
      {PPAR_BIND_DEFAULT, 8, 2, 0, "-1 -1"},
      {PPAR_BIND_CLOSE, 0, 2, 0, "-1 -1"},
      {PPAR_BIND_CLOSE, 4, 2, 9, "0 1"},
      {PPAR_BIND_CLOSE, 4, 2, -1, "0 1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char got[TEXT_SIZE];
    assignment(cases[i].policy, cases[i].places, cases[i].threads, cases[i].caller, got);
    cr_expect_str_eq(got, cases[i].wanted, "case %zu: got %s", i, got);
  }
}

/* How many threads each place has, checking that the caller is where it was. */
static void count_threads(int policy, int places, int threads, int caller, int *counts) {
  memset(counts, 0, (size_t)places * sizeof *counts);
  for (int thread = 0; thread < threads; thread++) {
    int place = pp_places_assign(policy, places, threads, thread, caller);
    cr_assert(place >= 0 && place < places);
    if (thread == 0) cr_assert_eq(place, caller);
    counts[place]++;
  }
}

Test(settings_places, close_and_spread_fill_places_evenly) {
  enum { MOST = 12 };
  for (int places = 1; places <= MOST; places++) {
    for (int threads = 1; threads <= 3 * MOST; threads++) {
      for (int caller = 0; caller < places; caller++) {
        int close[MOST], spread[MOST];
        count_threads(PPAR_BIND_CLOSE, places, threads, caller, close);
        count_threads(PPAR_BIND_SPREAD, places, threads, caller, spread);
        for (int place = 0; place < places; place++) {
          int most = (threads + places - 1) / places;
          cr_assert(close[place] >= threads / places && close[place] <= most);
          cr_assert(spread[place] >= threads / places && spread[place] <= most);
        }
      }
    }
  }
}

/* From the second thread on each starts a run of places; a run has floor or ceil(places / threads) of them. */
Test(settings_places, spread_threads_are_a_run_of_places_apart) {
  for (int places = 1; places <= 24; places++) {
    for (int threads = 2; threads <= places; threads++) {
      for (int thread = 2; thread < threads; thread++) {
        int before = pp_places_assign(PPAR_BIND_SPREAD, places, threads, thread - 1, 0);
        int distance = pp_places_assign(PPAR_BIND_SPREAD, places, threads, thread, 0) - before;
        cr_assert(distance == places / threads || distance == (places + threads - 1) / threads);
      }
    }
  }
}

/* What OpenMP says, done place by place and thread by thread, for a caller in whole.first + at: where each thread is,
 * and what it has. */
typedef struct dealt {
  int place;
  pp_partition part;
} dealt;

enum { MOST_PLACES = 16, MOST_THREADS = 40 };

/* Runs of threads, one for each place from the caller's on; those with one thread more come first. */
static void deal_runs(pp_partition whole, int threads, int at, dealt *out) {
  for (int run = 0, thread = 0; run < whole.count; run++) {
    int length = threads / whole.count;
    if (run < threads % whole.count) length++;
    for (; length > 0; length--) {
      out[thread].place = whole.first + (at + run) % whole.count;
      out[thread++].part = whole;
    }
  }
}

/* Parts of places, one for each thread; those with one place more come first. */
static void deal_parts(pp_partition whole, int threads, int at, dealt *out) {
  pp_partition parts[MOST_PLACES];
  int next = whole.first, own = -1;
  for (int p = 0; p < threads; p++) {
    parts[p] = (pp_partition){next, whole.count / threads};
    if (p < whole.count % threads) parts[p].count++;
    next += parts[p].count;
    if (own < 0 && whole.first + at < next) own = p;
  }
  for (int thread = 0; thread < threads; thread++) {
    out[thread].part = parts[(own + thread) % threads];
    out[thread].place = thread == 0 ? whole.first + at : out[thread].part.first;
  }
}

static void deal(int policy, pp_partition whole, int threads, int at, dealt *out) {
  if (policy == PPAR_BIND_SPREAD && threads <= whole.count) {
    deal_parts(whole, threads, at, out);
    return;
  }
  deal_runs(whole, threads, at, out);
  for (int thread = 0; thread < threads; thread++) {
    if (policy == PPAR_BIND_PRIMARY) out[thread].place = whole.first + at;
    if (policy == PPAR_BIND_SPREAD) out[thread].part = (pp_partition){out[thread].place, 1};
  }
}

static void expect_dealt(int policy, pp_partition whole, int threads, int at) {
  dealt wanted[MOST_THREADS];
  deal(policy, whole, threads, at, wanted);
  for (int thread = 0; thread < threads; thread++) {
    pp_partition part = {-7, -7};
    int place = pp_places_divide(policy, whole, threads, thread, whole.first + at, &part);
    cr_assert(place == wanted[thread].place && part.first == wanted[thread].part.first &&
                  part.count == wanted[thread].part.count,
              "policy %d, places %d+%d, caller %d, thread %d of %d: %d of %d+%d, not %d of %d+%d", policy, whole.first,
              whole.count, at, thread, threads, place, part.first, part.count, wanted[thread].place,
              wanted[thread].part.first, wanted[thread].part.count);
    if (whole.first == 0)
      cr_assert_eq(pp_places_assign(policy, whole.count, threads, thread, at), wanted[thread].place);
  }
}

Test(settings_places, places_and_parts_are_those_that_openmp_deals) {
  for (int first = 0; first <= 7; first += 7) {
    for (int count = 1; count <= MOST_PLACES; count++) {
      for (int threads = 1; threads <= MOST_THREADS; threads++) {
        for (int at = 0; at < count; at++) {
          for (int policy = PPAR_BIND_TRUE; policy <= PPAR_BIND_SPREAD; policy++)
            expect_dealt(policy, (pp_partition){first, count}, threads, at);
        }
      }
    }
  }
}

/* So each level of a nest has its own places, however deep it is. */
Test(settings_places, spread_threads_parts_are_divided_further) {
  for (int count = 1; count <= MOST_PLACES; count++) {
    for (int outer = 1; outer <= count; outer++) {
      int seen[MOST_PLACES] = {0};
      for (int thread = 0; thread < outer; thread++) {
        pp_partition part, inner;
        int place = pp_places_divide(PPAR_BIND_SPREAD, (pp_partition){0, count}, outer, thread, count / 2, &part);
        cr_assert(place >= part.first && place < part.first + part.count);
        for (int k = 0; k < part.count; k++) {
          int deeper = pp_places_divide(PPAR_BIND_SPREAD, part, part.count, k, place, &inner);
          cr_assert(inner.count == 1 && inner.first == deeper);
          seen[deeper]++;
        }
      }
      for (int place = 0; place < count; place++) cr_assert_eq(seen[place], 1);
    }
  }
}

Test(settings_places, a_callers_place_out_of_its_own_is_the_first_one) {
  static const int out[] = {-1, 0, 4, 8, INT_MAX, INT_MIN};
  for (int policy = PPAR_BIND_TRUE; policy <= PPAR_BIND_SPREAD; policy++) {
    for (size_t k = 0; k < sizeof out / sizeof out[0]; k++) {
      for (int thread = 0; thread < 6; thread++) {
        pp_partition part, expected;
        int place = pp_places_divide(policy, (pp_partition){5, 3}, 6, thread, out[k], &part);
        cr_assert_eq(place, pp_places_divide(policy, (pp_partition){5, 3}, 6, thread, 5, &expected));
        cr_assert(part.first == expected.first && part.count == expected.count);
      }
    }
  }
}

Test(settings_places, where_nothing_is_bound_nothing_is_written) {
  static const struct {
    int policy, count, threads, thread;
  } cases[] = {{PPAR_BIND_FALSE, 4, 2, 0},      {PPAR_BIND_DEFAULT, 4, 2, 1},
               {PPAR_BIND_CLOSE, 0, 2, 0},      {PPAR_BIND_SPREAD, 4, 2, 2},
               {PPAR_BIND_SPREAD, 4, 2, -1},    {PPAR_BIND_SPREAD, 4, 0, 0},
               {PPAR_BIND_SPREAD + 1, 4, 2, 0}, {-1, 4, 2, 0}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    pp_partition part = {-7, -7};
    cr_expect_eq(pp_places_divide(cases[k].policy, (pp_partition){0, cases[k].count}, cases[k].threads, cases[k].thread,
                                  0, &part),
                 -1);
    cr_expect(part.first == -7 && part.count == -7);
  }
}

Test(settings_places, huge_counts_do_not_overflow) {
  cr_expect_eq(pp_places_assign(PPAR_BIND_CLOSE, INT_MAX, INT_MAX, INT_MAX - 1, INT_MAX - 1), INT_MAX - 2);
  cr_expect_eq(pp_places_assign(PPAR_BIND_SPREAD, INT_MAX, INT_MAX, INT_MAX - 1, 0), INT_MAX - 1);
  cr_expect_eq(pp_places_assign(PPAR_BIND_CLOSE, 2, INT_MAX, INT_MAX - 1, 0), 1);
}
