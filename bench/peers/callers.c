/* SPDX-License-Identifier: MIT */
/* callers.c: threads of a program that runs loops from several of them. */
#include <pthread.h>

#include "peers/nested.h"

enum { CALLERS_MAX = 64 };

typedef struct caller {
  pthread_t thread;
  int64_t loops;
  bench_run *loop;
  bench_job *job;
} caller;

static void *call(void *arg) {
  const caller *own = arg;
  for (int64_t k = 0; k < own->loops; k++) own->loop(own->job);
  return NULL;
}

void bench_callers_run(bench_job *job, bench_run *loop) {
  int64_t count = job->outer < 1 ? 1 : job->outer < CALLERS_MAX ? job->outer : CALLERS_MAX;
  caller callers[CALLERS_MAX];
  int64_t started = 1;
  for (int64_t c = 0; c < count; c++)
    callers[c] = (caller){.loops = job->n * (c + 1) / count - job->n * c / count, .loop = loop, .job = job};
  while (started < count && pthread_create(&callers[started].thread, NULL, call, &callers[started]) == 0) started++;
  call(&callers[0]);
  for (int64_t c = 1; c < started; c++) pthread_join(callers[c].thread, NULL);
  job->check = (double)(count - started);
}
