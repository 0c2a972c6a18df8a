/* SPDX-License-Identifier: MIT */
/* machine.c: reads what the system says, and sends a cache line back and forth. */
#include "driver/machine.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "driver/peer.h"
#include "driver/statistics.h"

/* Batches short enough that most are not disturbed, their median taken. A word comes after some tens of looks, unless
 * the two threads have one CPU. */
enum { BATCHES = 21, FEW_BATCHES = 11, TRIPS = 8000, FEW_TRIPS = 1000, LOOKS = 1 << 16 };

/* A word that is alone on its pair of lines. Odd on its way there, even on its way back. */
typedef struct line {
  _Alignas(128) _Atomic uint32_t word;
} line;

static line there_line, back_line;
static line *answer;                /* where the answer is written: one of the two */
static int batch_count, trip_count; /* how many of the batches, and trips in each */
static _Atomic bool is_over;        /* there is no other thread */

int bench_machine_cpus(void) {
  cpu_set_t allowed;
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

/* Binds the calling thread to the rank-th CPU that the process may use. */
static void bind_to(int rank) {
  cpu_set_t allowed, one;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &allowed) || rank-- > 0) continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
    return;
  }
}

/* False: it does not come. */
static bool wait_for(line *where, uint32_t value) {
  for (uint32_t looks = 1; atomic_load_explicit(&where->word, memory_order_acquire) != value; looks++) {
    if (looks % LOOKS != 0) continue;
    if (bench_interrupted || atomic_load(&is_over)) return false;
    sched_yield();
  }
  return true;
}

static void *send_back(void *unused) {
  (void)unused;
  bind_to(1);
  for (uint32_t trip = 0; trip < (uint32_t)(batch_count * trip_count); trip++) {
    if (!wait_for(&there_line, 2 * trip + 1)) break;
    atomic_store_explicit(&answer->word, 2 * trip + 2, memory_order_release);
  }
  return NULL;
}

/* Not finished: NULL. */
static void *send_there(void *result) {
  double *batches = result;
  uint32_t trip = 0;
  bind_to(0);
  for (int b = 0; b < batch_count; b++) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int k = 0; k < trip_count; k++, trip++) {
      atomic_store_explicit(&there_line.word, 2 * trip + 1, memory_order_release);
      if (!wait_for(answer, 2 * trip + 2)) return NULL;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    batches[b] = ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) / trip_count;
  }
  return result;
}

/* Of no samples: the system gives no two threads for it, or it was interrupted. */
static bench_summary measure_roundtrip(line *back_in, int batches_wanted, int trips_wanted) {
  double batches[BATCHES];
  pthread_t there, back;
  void *result = NULL;
  atomic_store(&is_over, false);
  answer = back_in;
  batch_count = batches_wanted;
  trip_count = trips_wanted;
  atomic_store_explicit(&there_line.word, 0, memory_order_relaxed);
  atomic_store_explicit(&back_line.word, 0, memory_order_relaxed);
  if (pthread_create(&back, NULL, send_back, NULL) != 0) return bench_summarize(batches, 0);
  if (pthread_create(&there, NULL, send_there, batches) == 0) pthread_join(there, &result);
  atomic_store(&is_over, result == NULL);
  pthread_join(back, NULL);
  return bench_summarize(batches, result != NULL ? (size_t)batches_wanted : 0);
}

static double known(double ns) { return ns > 0 ? ns : 0; }

static void read_processor(char *name, size_t size) {
  FILE *file = fopen("/proc/cpuinfo", "r");
  char text[256];
  snprintf(name, size, "unknown processor");
  while (file != NULL && fgets(text, sizeof text, file) != NULL) {
    char *value = strchr(text, ':');
    if (strncmp(text, "model name", 10) != 0 || value == NULL) continue;
    value[strcspn(value, "\n")] = '\0';
    snprintf(name, size, "%s", value + 1 + strspn(value + 1, " "));
    break;
  }
  if (file != NULL) fclose(file);
}

void bench_machine_measure(bench_machine *out) {
  struct utsname system;
  read_processor(out->processor, sizeof out->processor);
  out->system[0] = '\0';
  if (uname(&system) == 0)
    snprintf(out->system, sizeof out->system, "%.60s %.60s %.60s", system.sysname, system.release, system.machine);
  out->cpus = bench_machine_cpus();
  out->roundtrip_ns = out->cpus > 1 ? known(measure_roundtrip(&there_line, BATCHES, TRIPS).median) : 0;
  out->two_lines_ns = out->cpus > 1 ? known(measure_roundtrip(&back_line, BATCHES, TRIPS).median) : 0;
  out->others = out->stolen = 0;
}

double bench_machine_roundtrip(void) {
  return bench_machine_cpus() > 1 ? known(measure_roundtrip(&there_line, FEW_BATCHES, FEW_TRIPS).lower_quartile) : 0;
}

static double used_by(int who) {
  struct rusage usage;
  if (getrusage(who, &usage) != 0) return 0;
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

/* The first line of /proc/stat: user nice system idle iowait irq softirq steal, in ticks, of all CPUs. */
static void read_all(bench_usage *out) {
  FILE *file = fopen("/proc/stat", "r");
  unsigned long long user = 0, nice = 0, system = 0, irq = 0, softirq = 0, steal = 0;
  double ticks = (double)sysconf(_SC_CLK_TCK);
  out->all = out->stolen = 0;
  if (file == NULL) return;
  if (fscanf(file, "cpu %llu %llu %llu %*u %*u %llu %llu %llu", &user, &nice, &system, &irq, &softirq, &steal) < 5)
    user = nice = system = irq = softirq = steal = 0;
  fclose(file);
  out->all = (double)(user + nice + system + irq + softirq + steal) / ticks;
  out->stolen = (double)steal / ticks;
}

bench_usage bench_usage_now(void) {
  struct timespec now;
  bench_usage usage;
  clock_gettime(CLOCK_MONOTONIC, &now);
  usage.wall = (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
  read_all(&usage);
  usage.own = used_by(RUSAGE_SELF) + used_by(RUSAGE_CHILDREN);
  return usage;
}

double bench_usage_others(const bench_usage *start, const bench_usage *end) {
  double busy = (end->all - start->all) - (end->own - start->own), wall = end->wall - start->wall;
  return busy > 0 && wall > 0 ? busy / wall : 0;
}

double bench_usage_stolen(const bench_usage *start, const bench_usage *end) {
  double wall = end->wall - start->wall, stolen = end->stolen - start->stolen;
  return wall > 0 && stolen > 0 ? stolen / (wall * (double)sysconf(_SC_NPROCESSORS_ONLN)) : 0;
}
