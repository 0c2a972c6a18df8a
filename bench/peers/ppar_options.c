/* SPDX-License-Identifier: MIT */
/* ppar_options.c: how ppar's programs get ready for a sample. */
#include "peers/ppar_options.h"

#include <string.h>

ppar_options bench_ppar_options;

/* "searched" is left to the kernels that search. */
bool bench_ppar_prepare(bench_job *job) {
  bench_ppar_options = *PPAR_OPTIONS(.threads = job->threads);
  return strcmp(job->schedule, "default") == 0 || strcmp(job->schedule, "searched") == 0 ||
         ppar_schedule_parse(job->schedule, &bench_ppar_options.schedule) == PPAR_OK;
}

PPAR_BODY(nothing, i, bench_job, job) { bench_nothing(); }
void bench_ppar_wake(bench_job *job) {
  int64_t threads = job->threads > 0 ? job->threads : ppar_max_threads(NULL);
  ppar_parallel_for(0, threads, nothing, job, PPAR_OPTIONS(.threads = job->threads));
}

static void fill_chunk(const ppar_chunk *chunk, void *arg) {
  const bench_data *data = arg;
  bench_data_fill(data, chunk->begin, chunk->end);
}
void bench_ppar_fill(bench_job *job) {
  ppar_parallel_for(0, job->data.count, fill_chunk, &job->data, PPAR_OPTIONS(.schedule = ppar_static(0)));
}
