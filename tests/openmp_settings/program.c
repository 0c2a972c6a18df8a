// SPDX-License-Identifier: MIT
// program.c: what OpenMP's routines say and do, for settings.py, which starts it under many environments:
//
//   program show             writes the settings, "name=value" a line
//   program routines         sets and gets each of them; expects what OpenMP promises
//   program capture FORMAT   writes what a thread of a region says of itself
//   program regions          runs regions of 2, 2, 3, 3 and 2 threads, the last one with an inner one of 1
//   program placed           runs regions of two threads: close, primary, and close again
//   program bound            expects that threads are where their places are
//   program pause            expects that omp_pause_resource gives threads back
//   program display          calls omp_display_env
#include <dirent.h>
#include <omp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int wrong;

#define EXPECT_EQ(actual, expected) expect_eq(__LINE__, #actual, (long long)(actual), (long long)(expected))
#define EXPECT(condition) expect_eq(__LINE__, #condition, !!(condition), 1)

static void expect_eq(int line, const char *text, long long actual, long long expected) {
  if (actual == expected) return;
  fprintf(stderr, "line %d: %s is %lld, expected %lld\n", line, text, actual, expected);
  __atomic_store_n(&wrong, 1, __ATOMIC_RELAXED);
}

static void show(void) {
  omp_sched_t kind;
  int chunk, inner = 0, inner_bind = 0;
  char format[256];
  omp_get_schedule(&kind, &chunk);
  omp_get_affinity_format(format, sizeof format);
#pragma omp parallel num_threads(1)
  {
    inner = omp_get_max_threads();
    inner_bind = omp_get_proc_bind();
  }
  printf("max_threads=%d\ninner_threads=%d\ndynamic=%d\nnested=%d\nschedule=%x,%d\nthread_limit=%d\n",
         omp_get_max_threads(), inner, omp_get_dynamic(), omp_get_nested(), (unsigned)kind, chunk,
         omp_get_thread_limit());
  printf("max_active_levels=%d\nproc_bind=%d\ncancellation=%d\nmax_task_priority=%d\n", omp_get_max_active_levels(),
         omp_get_proc_bind(), omp_get_cancellation(), omp_get_max_task_priority());
  printf("inner_proc_bind=%d\n", inner_bind);
  printf("allocator=%lu\n", (unsigned long)omp_get_default_allocator());
  printf("max_teams=%d\nteams_thread_limit=%d\nnum_places=%d\nplace_num=%d\nformat=%s\n", omp_get_max_teams(),
         omp_get_teams_thread_limit(), omp_get_num_places(), omp_get_place_num(), format);
}

static void check_levels(void) {
  EXPECT_EQ(omp_get_thread_num(), 0);
  EXPECT_EQ(omp_get_num_threads(), 1);
  EXPECT_EQ(omp_get_level(), 0);
  EXPECT_EQ(omp_get_active_level(), 0);
  EXPECT(!omp_in_parallel() && !omp_in_final());
  EXPECT_EQ(omp_get_ancestor_thread_num(0), 0);
  EXPECT_EQ(omp_get_ancestor_thread_num(1), -1);
  EXPECT_EQ(omp_get_ancestor_thread_num(-1), -1);
  EXPECT_EQ(omp_get_team_size(0), 1);
  EXPECT_EQ(omp_get_team_size(1), -1);
  EXPECT_EQ(omp_get_team_num(), 0);
  EXPECT_EQ(omp_get_num_teams(), 1);
  omp_set_max_active_levels(2);
#pragma omp parallel num_threads(3)
#pragma omp parallel num_threads(2)
  {
    EXPECT(omp_in_parallel());
    EXPECT_EQ(omp_get_level(), 2);
    EXPECT_EQ(omp_get_active_level(), 2);
    EXPECT_EQ(omp_get_team_size(1), 3);
    EXPECT_EQ(omp_get_team_size(2), 2);
    EXPECT_EQ(omp_get_ancestor_thread_num(2), omp_get_thread_num());
    EXPECT(omp_get_ancestor_thread_num(1) >= 0 && omp_get_ancestor_thread_num(1) < 3);
    EXPECT(!omp_get_nested());
  }
}

static void check_schedule(omp_sched_t kind, int chunk, int expected) {
  omp_sched_t got_kind = 0;
  int got_chunk = -7;
  omp_set_schedule(kind, chunk);
  omp_get_schedule(&got_kind, &got_chunk);
  EXPECT_EQ(got_kind, kind); /* with the modifier where it was given, and else without */
  if ((kind & ~omp_sched_monotonic) != omp_sched_auto) EXPECT_EQ(got_chunk, expected);
}

static void check_variables(void) {
  omp_set_num_threads(7);
  EXPECT_EQ(omp_get_max_threads(), 7);
  omp_set_num_threads(0);
  EXPECT_EQ(omp_get_max_threads(), 1);
  omp_set_dynamic(5);
  EXPECT_EQ(omp_get_dynamic(), 1);
  omp_set_dynamic(0);
  EXPECT_EQ(omp_get_dynamic(), 0);
  EXPECT(omp_get_supported_active_levels() > 1);
  omp_set_max_active_levels(5);
  EXPECT_EQ(omp_get_max_active_levels(), 5);
  EXPECT(omp_get_nested());
  omp_set_max_active_levels(-1);
  EXPECT_EQ(omp_get_max_active_levels(), 5);
  omp_set_nested(0);
  EXPECT_EQ(omp_get_max_active_levels(), 1);
  EXPECT(!omp_get_nested());
  omp_set_nested(1);
  EXPECT_EQ(omp_get_max_active_levels(), omp_get_supported_active_levels());
  omp_set_max_active_levels(0);
  EXPECT_EQ(omp_get_max_active_levels(), 0);
  check_schedule(omp_sched_static, 0, 0);
  check_schedule(omp_sched_static, 9, 9);
  check_schedule(omp_sched_dynamic, 0, 1);
  check_schedule(omp_sched_dynamic, 4, 4);
  check_schedule(omp_sched_guided, -3, 1);
  check_schedule(omp_sched_guided, 0, 1);
  check_schedule(omp_sched_static, -3, 0);
  check_schedule(omp_sched_auto, 0, 0);
  check_schedule(omp_sched_auto, 9, 0);
  check_schedule(omp_sched_auto | omp_sched_monotonic, 9, 0);
  check_schedule(omp_sched_static | omp_sched_monotonic, 0, 0);
  check_schedule(omp_sched_guided | omp_sched_monotonic, 0, 1);
  check_schedule(omp_sched_dynamic | omp_sched_monotonic, -1, 1);
  check_schedule(omp_sched_dynamic | omp_sched_monotonic, 3, 3);
  check_schedule(omp_sched_static | omp_sched_monotonic, 3, 3);
  omp_set_schedule((omp_sched_t)77, 5);
  check_schedule(omp_sched_guided, 6, 6);
  omp_set_num_teams(6);
  omp_set_num_teams(-2);
  EXPECT_EQ(omp_get_max_teams(), 6);
  omp_set_teams_thread_limit(3);
  EXPECT_EQ(omp_get_teams_thread_limit(), 3);
  EXPECT(omp_get_num_procs() >= 1);
  EXPECT(omp_get_thread_limit() >= 1);
  EXPECT(omp_get_wtick() > 0 && omp_get_wtick() < 1);
  double before = omp_get_wtime();
  EXPECT(omp_get_wtime() >= before);
}

static void check_format(void) {
  char text[64], captured[64];
  omp_set_affinity_format("%n of %N");
  EXPECT_EQ(omp_get_affinity_format(NULL, 0), 8);
  EXPECT_EQ(omp_get_affinity_format(text, 5), 8);
  EXPECT(strcmp(text, "%n o") == 0);
  EXPECT_EQ(omp_capture_affinity(NULL, 0, NULL), 6);
  EXPECT_EQ(omp_capture_affinity(captured, 3, ""), 6);
  EXPECT(strcmp(captured, "0 ") == 0);
  EXPECT_EQ(omp_capture_affinity(captured, sizeof captured, NULL), 6);
  EXPECT(strcmp(captured, "0 of 1") == 0);
}

static void routines(void) {
  check_levels();
  check_variables();
  check_format();
}

static void capture(const char *format) {
#pragma omp parallel num_threads(2)
  if (omp_get_thread_num() == 1) {
    char text[8192];
    omp_capture_affinity(text, sizeof text, format);
    puts(text);
  }
}

static int volatile sink;

static void regions(void) {
  static const int threads[] = {2, 2, 3, 3, 2};
  omp_set_max_active_levels(2);
  for (int r = 0; r < 5; r++) {
#pragma omp parallel num_threads(threads[r])
    if (r == 4) {
#pragma omp parallel num_threads(1)
      sink = 1;
    }
  }
}

static void placed(void) {
#pragma omp parallel num_threads(2) proc_bind(close)
  sink = 1;
#pragma omp parallel num_threads(2) proc_bind(primary)
  sink = 1;
#pragma omp parallel num_threads(2) proc_bind(close)
  sink = 1;
}

static void bound(void) {
  int seen = 0, places = omp_get_num_places();
  EXPECT(places > 0);
#pragma omp parallel num_threads(2) reduction(+ : seen)
  {
    int place = omp_get_place_num();
    cpu_set_t own;
    EXPECT(place >= 0 && place < places);
    EXPECT_EQ(sched_getaffinity(0, sizeof own, &own), 0);
    EXPECT_EQ(CPU_COUNT(&own), omp_get_place_num_procs(place));
    int *cpus = calloc((size_t)omp_get_place_num_procs(place) + 1, sizeof *cpus);
    omp_get_place_proc_ids(place, cpus);
    for (int k = 0; k < omp_get_place_num_procs(place); k++) EXPECT(CPU_ISSET(cpus[k], &own));
    free(cpus);
    if (omp_get_thread_num() == 0) EXPECT_EQ(place, 0);
    seen++;
  }
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(omp_get_partition_num_places(), places);
  int *numbers = calloc((size_t)places, sizeof *numbers);
  omp_get_partition_place_nums(numbers);
  for (int k = 0; k < places; k++) EXPECT_EQ(numbers[k], k);
  free(numbers);
  EXPECT_EQ(omp_get_place_num_procs(places), 0);
  EXPECT_EQ(omp_get_place_num_procs(-1), 0);
}

static int count_threads(void) {
  int count = 0;
  DIR *tasks = opendir("/proc/self/task");
  for (struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;) count += entry->d_name[0] != '.';
  if (tasks != NULL) closedir(tasks);
  return count;
}

// The system may show a thread for a moment after it has been joined.
static int count_threads_in_the_end(void) {
  for (int k = 0; k < 1000 && count_threads() != 1; k++) usleep(1000);
  return count_threads();
}

static void run(int threads) {
  long sum = 0;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1) reduction(+ : sum)
  for (int i = 0; i < 1000; i++) sum += i;
  EXPECT_EQ(sum, 499500);
}

static void pause_program(void) {
  static const int threads[] = {2, 5, 9, 1, 4, 3, 12, 2};
  for (int round = 0; round < 24; round++) {
    int count = threads[round % 8], refused = 0;
    for (int r = 0; r < 3; r++) run(count);
#pragma omp parallel num_threads(count) reduction(+ : refused)
    refused += omp_pause_resource_all(omp_pause_hard) != 0;
    EXPECT_EQ(refused, count);
    EXPECT_EQ(omp_pause_resource(omp_pause_soft, 0), 0);
    run(count);
    EXPECT_EQ(round % 2 ? omp_pause_resource_all(omp_pause_hard) : omp_pause_resource(omp_pause_hard, 0), 0);
    EXPECT_EQ(count_threads_in_the_end(), 1);
  }
  EXPECT(omp_pause_resource(omp_pause_hard, 5) != 0);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (strcmp(what, "show") == 0) show();
  if (strcmp(what, "routines") == 0) routines();
  if (strcmp(what, "capture") == 0 && argc > 2) capture(argv[2]);
  if (strcmp(what, "regions") == 0) regions();
  if (strcmp(what, "placed") == 0) placed();
  if (strcmp(what, "bound") == 0) bound();
  if (strcmp(what, "pause") == 0) pause_program();
  if (strcmp(what, "display") == 0) omp_display_env(1);
  return wrong;
}
