/* SPDX-License-Identifier: MIT */
/* openmp_process.c: what a process pays for its runtime: its first region, and what is left of it when the program has
 * no more regions. Each figure is of a process of its own, which this program starts from itself. */
#include "peers/openmp_process.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <omp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "peers/times.h"

extern char **environ;

enum { PROCESSES = 5, PROCESS_FIGURES = 3, LAST_REGIONS = 100, IDLE_S = 1 };

static void region(void) {
#pragma omp parallel
  bench_nothing();
}

static int first_region(void) {
  double start = bench_now_ns();
  region();
  printf("%.0f\n", bench_now_ns() - start);
  return 0;
}

static int threads_now(void) {
  DIR *directory = opendir("/proc/self/task");
  int count = 0;
  if (directory == NULL) return 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) count += entry->d_name[0] != '.';
  closedir(directory);
  return count;
}

/* The memory that is this process's alone, in kB. */
static long own_memory(void) {
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  char line[256];
  long sum = 0, kilobytes;
  while (file != NULL && fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "Private_Clean: %ld", &kilobytes) == 1 || sscanf(line, "Private_Dirty: %ld", &kilobytes) == 1)
      sum += kilobytes;
  if (file != NULL) fclose(file);
  return sum;
}

/* The processor time of the second after the last region, then what is left. */
static int idle_process(void) {
  struct timespec second = {IDLE_S, 0};
  double before, used;
  for (int r = 0; r < LAST_REGIONS; r++) region();
  before = bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
  nanosleep(&second, NULL);
  used = bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before;
  printf("%.0f %d %ld\n", used, threads_now(), own_memory());
  return 0;
}

int bench_process_main(const char *what) { return strcmp(what, "first") == 0 ? first_region() : idle_process(); }

int bench_process_run(const char *program, char *const *arguments, double *numbers, int most) {
  char line[128] = "", *text = line;
  posix_spawn_file_actions_t actions;
  size_t filled = 0;
  ssize_t length;
  int output[2], count = 0;
  pid_t pid;
  if (pipe2(output, O_CLOEXEC) != 0) return 0;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  if (posix_spawnp(&pid, program, &actions, NULL, arguments, environ) != 0) pid = 0;
  posix_spawn_file_actions_destroy(&actions);
  close(output[1]);
  while (filled < sizeof line - 1 && (length = read(output[0], line + filled, sizeof line - 1 - filled)) > 0)
    filled += (size_t)length; /* programs may write it in pieces */
  close(output[0]);
  if (pid > 0) waitpid(pid, NULL, 0);
  line[filled] = '\0';
  for (char *end; count < most; text = end, count++) {
    numbers[count] = strtod(text, &end);
    if (end == text) break;
  }
  return count;
}

static int run_self(const char *what, double *numbers, int most) {
  char self[] = "/proc/self/exe", argument[16];
  char *arguments[] = {self, argument, NULL};
  snprintf(argument, sizeof argument, "%s", what);
  return bench_process_run(self, arguments, numbers, most);
}

char *bench_runtime_path(void) {
  Dl_info info;
  int (*function)(void) = omp_get_max_threads;
  void *address;
  memcpy(&address, &function, sizeof address); /* ISO C has no cast from a function to an object */
  if (dladdr(address, &info) != 0 && info.dli_fname != NULL) return realpath(info.dli_fname, NULL);
  return NULL;
}

/* The medians of some processes: the first region; as a figure the whole process, from its start to its end. */
static void first(bench_job *job) {
  double regions[PROCESSES], wholes[PROCESSES];
  for (int p = 0; p < PROCESSES; p++) {
    double start = bench_now_ns();
    job->check += run_self("first", &regions[p], 1) != 1;
    wholes[p] = bench_now_ns() - start;
  }
  bench_sort(regions, PROCESSES);
  bench_sort(wholes, PROCESSES);
  job->ns = bench_quantile(regions, PROCESSES, 0.5);
  job->figures[0] = bench_quantile(wholes, PROCESSES, 0.5);
  job->figure_count = 1;
}

static void last(bench_job *job) {
  double numbers[PROCESS_FIGURES] = {0};
  job->check = run_self("last", numbers, PROCESS_FIGURES) != PROCESS_FIGURES;
  job->ns = numbers[0];
  job->figures[0] = numbers[1];
  job->figures[1] = numbers[2];
  job->figure_count = 2;
}

static const bench_kernel kernels[] = {
    {.name = "process_first", .run = first, .reports = true},
    {.name = "process_last", .run = last, .reports = true},
};

const bench_kernel_list bench_process_kernels = {kernels, sizeof kernels / sizeof *kernels};
