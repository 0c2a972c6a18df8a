/* SPDX-License-Identifier: MIT */
/* reported.c: a program with a place for each thing that a report tells of; report.py looks at what it says. */
#include <ppar/ppar.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CALLS = 20 };

static void work(int us) {
  struct timespec now, end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_nsec += us * 1000;
  if (end.tv_nsec >= 1000000000) {
    end.tv_nsec -= 1000000000;
    end.tv_sec++;
  }
  do {
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
}

static void rising(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) work((int)i * 20);
}

static void empty(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) __asm__ volatile("" ::"r"((int)i));
}

static void fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)arg;
  *(uint64_t *)accumulator += chunk->count;
}

static void outer(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) {
    (void)i;
    (void)ppar_parallel_for(0, 8, empty, arg, PPAR_OPTIONS(.name = "inner loop", .threads = 2));
  }
}

static atomic_int at_the_section;

/* Whoever is in the section first stays until the other thread has come to it, and for some milliseconds more. */
static void region(ppar_team *team, void *arg) {
  (void)arg;
  atomic_fetch_add(&at_the_section, 1);
  for (int k = 0; k < CALLS; k++) {
    ppar_critical_begin(team, "section");
    while (atomic_load(&at_the_section) < ppar_team_size(team)) sched_yield();
    work(k == 0 ? 4000 : 300);
    ppar_critical_end(team, "section");
  }
  ppar_barrier(team);
  ppar_prange(team, i, 0, 64, PPAR_OPTIONS(.name = "the prange", .schedule = ppar_dynamic(4))) work(10);
  /* Thread 1 has all of the work, and thread 0 does not wait for it. */
  ppar_prange(team, i, 0, 2, PPAR_OPTIONS(.name = "no barrier", .schedule = ppar_static(1), .nowait = true))
    work(i == 1 ? 5000 : 0);
}

typedef struct number {
  int of;
  long result;
} number;

/* Compilers that put a copy of it into itself would make several places of one. */
__attribute__((noinline)) static void fib(void *arg) {
  number *n = arg;
  if (n->of < 2) {
    n->result = n->of;
  } else {
    number a = {n->of - 1, 0}, b = {n->of - 2, 0};
    ppar_task_group group;
    ppar_task_group_begin(&group, PPAR_OPTIONS(.name = "fib"));
    ppar_task_spawn(&group, fib, &a);
    fib(&b);
    ppar_task_group_wait(&group);
    n->result = a.result + b.result;
  }
}

int main(void) {
  uint64_t sum = 0;
  int some = 0;
  number n = {12, 0};
  for (int k = 0; k < CALLS; k++) {
    (void)ppar_parallel_for(0, 40, rising, NULL,
                            PPAR_OPTIONS(.name = "rising", .threads = 2, .schedule = ppar_static(0)));
  }
  for (int k = 0; k < CALLS; k++) {
    (void)ppar_parallel_for(0, 8, rising, NULL, PPAR_OPTIONS(.name = "half by one", .threads = 1 + k % 2));
  }
  (void)ppar_parallel_reduce(0, 1000, fold, NULL, &ppar_sum_u64, &sum,
                             PPAR_OPTIONS(.name = "a \"quoted\" sum", .threads = 2, .schedule = ppar_guided(7)));
  (void)ppar_parallel_for(0, 100, outer, &some, PPAR_OPTIONS(.name = "outer loop", .threads = 2));
  (void)ppar_parallel(region, NULL, PPAR_OPTIONS(.name = "the region", .threads = 2));
  fib(&n);
  for (int k = 0; k < 1000; k++) (void)ppar_parallel_for(0, 4, empty, &some, PPAR_OPTIONS(.name = "short"));
  puts(sum == 1000 && n.result == 144 ? "right" : "wrong");
  return 0;
}
