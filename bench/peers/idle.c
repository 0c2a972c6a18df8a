/* SPDX-License-Identifier: MIT */
/* idle.c: sleeps between loops, and watches the other threads' clocks meanwhile.
 *
 * The process's clock will not do: of threads that run on other processors it knows what they had used at the last
 * tick or when they last slept. What a worker used during a loop then shows in the gap behind it, up to ten
 * milliseconds of it at once, and what it uses in a gap in the loop behind that. A thread's own clock is brought up
 * to date by whoever reads it. */
#include "peers/idle.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "peers/times.h"

enum { GAPS_MAX = 10000, OTHERS_MAX = 4096 };

typedef struct other {
  clockid_t clock;
  double ns; /* when it was last read; a thread that has ended keeps it */
} other;

static other others[OTHERS_MAX];
static size_t other_count;

/* The processor-time clock of a thread by its number, as pthread_getcpuclockid() makes it of a pthread_t, which a
 * runtime's threads do not tell. */
static clockid_t clock_of(long thread) { return (clockid_t)((~(unsigned)thread << 3) | 6u); }

/* All threads of this process but the calling one. */
static void find_others(void) {
  DIR *directory = opendir("/proc/self/task");
  long own = syscall(SYS_gettid);
  other_count = 0;
  if (directory == NULL) return;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL && other_count < OTHERS_MAX;) {
    long thread = strtol(entry->d_name, NULL, 10);
    if (thread > 0 && thread != own) others[other_count++].clock = clock_of(thread);
  }
  closedir(directory);
}

static double others_ns(void) {
  double sum = 0;
  for (size_t k = 0; k < other_count; k++) {
    struct timespec used;
    if (clock_gettime(others[k].clock, &used) == 0) others[k].ns = (double)used.tv_sec * 1e9 + (double)used.tv_nsec;
    sum += others[k].ns;
  }
  return sum;
}

void bench_idle_run(bench_job *job, bench_run *loop) {
  static double times[GAPS_MAX];
  int64_t gaps = job->n < 1 ? 1 : job->n < GAPS_MAX ? job->n : GAPS_MAX;
  struct timespec gap = {job->outer / 1000000, job->outer % 1000000 * 1000L};
  double slept = 0, burnt = 0;
  int slack = prctl(PR_GET_TIMERSLACK);
  loop(job);
  find_others();
  for (int64_t g = 0; g < gaps; g++) {
    double start = bench_now_ns(), before = others_ns(), end;
    prctl(PR_SET_TIMERSLACK, 1); /* the default lengthens a gap of 100 us by half; a loop's own waits keep it */
    nanosleep(&gap, NULL);
    prctl(PR_SET_TIMERSLACK, slack);
    burnt += others_ns() - before;
    end = bench_now_ns();
    slept += end - start;
    loop(job);
    times[g] = bench_now_ns() - end;
  }
  bench_sort(times, (size_t)gaps);
  job->ns = bench_quantile(times, (size_t)gaps, 0.5);
  job->figures[0] = bench_quantile(times, (size_t)gaps, 0.99);
  job->figures[1] = 100 * burnt / slept;
  job->figure_count = 2;
}
