// SPDX-License-Identifier: MIT
// places.c: which places the threads of regions are bound to, and which ones they have for regions of their own. The
// programs start themselves again with OMP_PLACES and OMP_PROC_BIND, since these are read as a process begins. A place
// may stand in the list more than once, so that two CPUs are enough for long lists.
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forking.h"
#include "program.h"

enum { MOST_PLACES = 8, MOST_THREADS = 9, MOST_INNER = 5, TEXT = 256 };

void GOMP_parallel_start(void (*function)(void *), void *arg, unsigned threads);
void GOMP_parallel_end(void);

// --- Starting a program again

// Lists of places: A and B stand for two CPUs of the process.
static const char *const lists[] = {"{A},{B}", "{A,B}", "{A},{B},{A},{B}", "{A},{A,B},{B},{A},{B}",
                                    "{A},{B},{A},{B},{A},{B},{A},{B}"};
enum { LISTS = sizeof lists / sizeof lists[0] };

static void write_list(const char *list, char *text) {
  cpu_set_t cpus;
  int chosen[2] = {-1, -1};
  CPU_ZERO(&cpus);
  EXPECT_EQ(sched_getaffinity(0, sizeof cpus, &cpus), 0);
  for (int cpu = 0; cpu < CPU_SETSIZE && chosen[1] < 0; cpu++) {
    if (CPU_ISSET(cpu, &cpus)) chosen[chosen[0] >= 0] = cpu;
  }
  if (chosen[1] < 0) chosen[1] = chosen[0];
  for (; *list != '\0'; list++) {
    if (*list == 'A' || *list == 'B') {
      text += sprintf(text, "%d", chosen[*list == 'B']);
    } else {
      *text++ = *list;
    }
  }
  *text = '\0';
}

// In the program that is started again; in the first one, whose environment has no such variables, it is false.
static int is_started(void) { return getenv("OMP_PROC_BIND") != NULL; }

static void start(const char *name, const char *list, const char *bind) {
  int status = -1;
  pid_t child = fork();
  if (child == 0) {
    char text[TEXT];
    write_list(list, text);
    setenv("OMP_PLACES", text, 1);
    setenv("OMP_PROC_BIND", bind, 1);
    execl("/proc/self/exe", "openmp_c", name, (char *)NULL);
    _exit(1);
  }
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  if (status != 0) fprintf(stderr, "that was with OMP_PLACES=%s OMP_PROC_BIND=%s\n", list, bind);
}

// --- What threads see

// A thread's place, and its places: first, first + 1, ...
typedef struct spot {
  int place, first, count;
} spot;

// Whether the calling thread may run on the place's CPUs, and on no others.
static int is_bound_to(int place) {
  int ids[CPU_SETSIZE], count = omp_get_place_num_procs(place);
  cpu_set_t own;
  CPU_ZERO(&own);
  if (sched_getaffinity(0, sizeof own, &own) != 0 || CPU_COUNT(&own) != count) return 0;
  omp_get_place_proc_ids(place, ids);
  for (int k = 0; k < count; k++) {
    if (!CPU_ISSET(ids[k], &own)) return 0;
  }
  return 1;
}

static spot look(void) {
  int numbers[MOST_PLACES] = {-1};
  spot seen = {.place = omp_get_place_num(), .count = omp_get_partition_num_places()};
  EXPECT(seen.count >= 1 && seen.count <= MOST_PLACES);
  if (seen.count < 1 || seen.count > MOST_PLACES) return seen;
  omp_get_partition_place_nums(numbers);
  for (int k = 1; k < seen.count; k++) EXPECT_EQ(numbers[k], numbers[0] + k);
  seen.first = numbers[0];
  EXPECT(is_bound_to(seen.place));
  return seen;
}

// --- What OpenMP promises

static int floor_of(int items, int groups) { return items / groups; }
static int ceiling_of(int items, int groups) { return (items + groups - 1) / groups; }

static void expect_whole(const spot *seen, int threads, spot whole) {
  for (int t = 0; t < threads; t++) EXPECT(seen[t].first == whole.first && seen[t].count == whole.count);
}

static void expect_close(const spot *seen, int threads, spot whole) {
  expect_whole(seen, threads, whole);
  if (threads > whole.count) return;
  for (int t = 0; t < threads; t++)
    EXPECT_EQ(seen[t].place, whole.first + (whole.place - whole.first + t) % whole.count);
}

// Each thread has a part of its own, and the next one the next part.
static void expect_spread(const spot *seen, int threads, spot whole) {
  if (threads > whole.count) {
    for (int t = 0; t < threads; t++) EXPECT(seen[t].count == 1 && seen[t].first == seen[t].place);
    return;
  }
  for (int t = 0; t < threads; t++) {
    int past = seen[t].first + seen[t].count;
    if (past == whole.first + whole.count) past = whole.first;
    EXPECT_EQ(past, seen[(t + 1) % threads].first);
    EXPECT(seen[t].count >= floor_of(whole.count, threads) && seen[t].count <= ceiling_of(whole.count, threads));
    EXPECT(seen[t].place >= seen[t].first && seen[t].place < seen[t].first + seen[t].count);
    EXPECT(t == 0 || seen[t].place == seen[t].first);
  }
}

// What the threads of a region have seen, whose first thread has `whole`. How many threads are in a place, where they
// are more than the places, is left out: GCC's library counts wrong as a team grows.
static void expect_team(omp_proc_bind_t policy, const spot *seen, int threads, spot whole) {
  for (int t = 0; t < threads; t++) {
    if (seen[t].place < whole.first || seen[t].place >= whole.first + whole.count) {
      EXPECT_EQ(seen[t].place, whole.first);
      return;
    }
  }
  EXPECT_EQ(seen[0].place, whole.place);
  if (policy == omp_proc_bind_close || policy == omp_proc_bind_true) expect_close(seen, threads, whole);
  if (policy == omp_proc_bind_spread) expect_spread(seen, threads, whole);
  if (policy != omp_proc_bind_primary) return;
  expect_whole(seen, threads, whole);
  for (int t = 0; t < threads; t++) EXPECT_EQ(seen[t].place, whole.place);
}

static void look_in_region(omp_proc_bind_t clause, int threads, spot *seen) {
  switch (clause) {
    case omp_proc_bind_primary:
#pragma omp parallel num_threads(threads) proc_bind(primary)
      seen[omp_get_thread_num()] = look();
      break;
    case omp_proc_bind_close:
#pragma omp parallel num_threads(threads) proc_bind(close)
      seen[omp_get_thread_num()] = look();
      break;
    case omp_proc_bind_spread:
#pragma omp parallel num_threads(threads) proc_bind(spread)
      seen[omp_get_thread_num()] = look();
      break;
    default:
#pragma omp parallel num_threads(threads)
      seen[omp_get_thread_num()] = look();
  }
}

// A region of the calling thread's, with this clause (omp_proc_bind_false: with none).
static void expect_region(omp_proc_bind_t clause, int threads) {
  spot seen[MOST_THREADS], whole = look(), after;
  omp_proc_bind_t policy = clause != omp_proc_bind_false ? clause : omp_get_proc_bind();
  look_in_region(clause, threads, seen);
  expect_team(policy, seen, threads, whole);
  after = look();
  EXPECT(after.place == whole.place && after.first == whole.first && after.count == whole.count);
}

// --- Programs

static const omp_proc_bind_t clauses[] = {omp_proc_bind_false, omp_proc_bind_primary, omp_proc_bind_close,
                                          omp_proc_bind_spread};
enum { CLAUSES = 4 };

PROGRAM(places_by_the_environment) {
  if (!is_started()) {
    for (int list = 0; list < LISTS; list++) {
      start("places_by_the_environment", lists[list], "close");
      start("places_by_the_environment", lists[list], "spread");
      start("places_by_the_environment", lists[list], "primary");
    }
    return;
  }
  EXPECT_EQ(omp_get_place_num(), 0);
  EXPECT_EQ(omp_get_partition_num_places(), omp_get_num_places());
  for (int threads = 1; threads <= MOST_THREADS; threads++) expect_region(omp_proc_bind_false, threads);
}

PROGRAM(places_by_a_clause) {
  if (!is_started()) {
    for (int list = 0; list < LISTS; list++) start("places_by_a_clause", lists[list], list % 2 ? "close" : "primary");
    return;
  }
  for (int c = 1; c < CLAUSES; c++) {
    for (int threads = 1; threads <= MOST_THREADS; threads++) expect_region(clauses[c], threads);
  }
}

// Threads are left wherever a region had them; the next one has them where it wants them.
PROGRAM(places_by_turns) {
  unsigned random = 12345;
  if (!is_started()) {
    start("places_by_turns", "{A},{B}", "close");
    start("places_by_turns", "{A},{B},{A},{B}", "spread");
    return;
  }
  for (int round = 0; round < 200; round++) {
    random = random * 1103515245 + 12345;
    expect_region(clauses[random >> 16 & 3], 1 + (int)(random >> 20) % MOST_THREADS);
  }
}

// Threads of a place have numbers that follow each other, and places have as many threads as others or one more. GCC's
// library gives its last threads to the first places again.
static void expect_runs(const spot *seen, int threads, int places) {
  int counts[MOST_PLACES] = {0};
  for (int t = 0; t < threads; t++) {
    EXPECT(t == 0 || seen[t].place == seen[t - 1].place || seen[t].place == seen[t - 1].place + 1);
    counts[seen[t].place]++;
  }
  for (int p = 0; p < places; p++)
    EXPECT(counts[p] >= floor_of(threads, places) && counts[p] <= ceiling_of(threads, places));
}

PROGRAM_OF_OURS(places_of_threads_that_are_too_many) {
  int places = omp_get_num_places();
  if (!is_started()) {
    for (int list = 0; list < LISTS; list++) start("places_of_threads_that_are_too_many", lists[list], "close");
    return;
  }
  for (int threads = places + 1; threads <= MOST_THREADS; threads++) {
    spot seen[MOST_THREADS];
    look_in_region(omp_proc_bind_close, threads, seen);
    expect_runs(seen, threads, places);
    look_in_region(omp_proc_bind_spread, threads, seen);
    expect_runs(seen, threads, places);
  }
}

// With true, OpenMP leaves the places to the library. Ours has those of close, whatever was before.
PROGRAM(places_where_threads_are_bound_somehow) {
  if (!is_started()) {
    start("places_where_threads_are_bound_somehow", "{A},{B}", "true");
    start("places_where_threads_are_bound_somehow", "{A},{B},{A},{B}", "true");
    return;
  }
  for (int round = 0; round < 20; round++) expect_region(omp_proc_bind_false, omp_get_num_places());
}

PROGRAM_OF_OURS(places_where_threads_are_bound_again) {
  if (!is_started()) {
    start("places_where_threads_are_bound_again", "{A},{B}", "true");
    start("places_where_threads_are_bound_again", "{A},{B},{A},{B}", "true");
    return;
  }
  for (int threads = 1; threads <= MOST_THREADS; threads++) {
    expect_region(omp_proc_bind_primary, threads);
    expect_region(omp_proc_bind_false, threads);
  }
}

// --- Nested regions

static void look_in_inner(omp_proc_bind_t inner, int threads, spot *outer_seen, spot (*seen)[MOST_INNER]) {
  int t = omp_get_thread_num();
  outer_seen[t] = look();
  look_in_region(inner, threads, seen[t]);
}

static void expect_nest(omp_proc_bind_t outer, omp_proc_bind_t inner, int outer_threads, int inner_threads) {
  spot outer_seen[MOST_THREADS], seen[MOST_THREADS][MOST_INNER], whole = look();
  omp_proc_bind_t policy = omp_get_proc_bind(), inner_policy = inner;
  switch (outer) {
    case omp_proc_bind_spread: policy = outer;
#pragma omp parallel num_threads(outer_threads) proc_bind(spread)
      look_in_inner(inner, inner_threads, outer_seen, seen);
      break;
    case omp_proc_bind_close: policy = outer;
#pragma omp parallel num_threads(outer_threads) proc_bind(close)
      look_in_inner(inner, inner_threads, outer_seen, seen);
      break;
    default:
#pragma omp parallel num_threads(outer_threads)
    {
#pragma omp masked
      if (inner == omp_proc_bind_false) inner_policy = omp_get_proc_bind();
      look_in_inner(inner, inner_threads, outer_seen, seen);
    }
  }
  expect_team(policy, outer_seen, outer_threads, whole);
  for (int t = 0; t < outer_threads; t++) expect_team(inner_policy, seen[t], inner_threads, outer_seen[t]);
}

PROGRAM(places_of_nested_regions) {
  static const char *const binds[] = {"spread,close", "close,spread", "spread,spread", "spread,primary",
                                      "primary,close"};
  static const int outer[] = {1, 2, 3, 5}, inner[] = {1, 2, 4};
  if (!is_started()) {
    for (int k = 0; k < 5; k++) start("places_of_nested_regions", lists[2 + k % 3], binds[k]);
    return;
  }
  EXPECT(omp_get_max_active_levels() > 1);
  for (int k = 0; k < 4; k++) {
    for (int l = 0; l < 3; l++) {
      expect_nest(omp_proc_bind_false, omp_proc_bind_false, outer[k], inner[l]);
      expect_nest(omp_proc_bind_spread, omp_proc_bind_spread, outer[k], inner[l]);
      expect_nest(omp_proc_bind_spread, omp_proc_bind_close, outer[k], inner[l]);
      expect_nest(omp_proc_bind_close, omp_proc_bind_primary, outer[k], inner[l]);
    }
  }
}

PROGRAM(places_and_policies_of_levels) {
  static const char name[] = "places_and_policies_of_levels";
  if (!is_started()) {
    start(name, "{A},{B}", "spread,primary,close");
    return;
  }
  EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_spread);
#pragma omp parallel num_threads(2) proc_bind(close)
  {
    EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_primary);
#pragma omp parallel num_threads(1)
    {
      EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_close);
#pragma omp parallel num_threads(2)
      EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_close);
    }
    EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_primary);
  }
  EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_spread);
}

// A clause says how its own region's threads are bound, and changes nothing for the regions in it. In GCC's library
// these inherit it.
PROGRAM_OF_OURS(places_under_a_clause_of_one_region) {
  if (!is_started()) {
    start("places_under_a_clause_of_one_region", "{A},{B}", "close");
    return;
  }
#pragma omp parallel num_threads(2) proc_bind(spread)
  {
    EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_close);
    EXPECT_EQ(omp_get_partition_num_places(), 1);
  }
  EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_close);
}

// --- Where nothing is bound

static void expect_unbound(const cpu_set_t *all) {
  cpu_set_t own;
  CPU_ZERO(&own);
  EXPECT_EQ(sched_getaffinity(0, sizeof own, &own), 0);
  EXPECT(CPU_EQUAL(&own, all));
  EXPECT_EQ(omp_get_place_num(), -1);
  EXPECT_EQ(omp_get_proc_bind(), omp_proc_bind_false);
}

static void run_unbound(void) {
  cpu_set_t all;
  CPU_ZERO(&all);
  EXPECT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  for (int round = 0; round < 3; round++) {
#pragma omp parallel num_threads(4) proc_bind(primary)
    expect_unbound(&all);
#pragma omp parallel num_threads(3) proc_bind(spread)
    expect_unbound(&all);
#pragma omp parallel num_threads(2) proc_bind(close)
    expect_unbound(&all);
  }
  expect_unbound(&all);
}

PROGRAM(places_where_nothing_is_bound) {
  if (!is_started()) {
    start("places_where_nothing_is_bound", "{A},{B}", "false");
    start("places_where_nothing_is_bound", "{A}", "false");
    unsetenv("OMP_PLACES");
  }
  run_unbound();
}

// --- What costs

static int bindings;  // calls of the system that bind a thread; written atomically

// Those that the library calls are the program's, which call the C library's.
static void *libc_function(const char *name) {
  __atomic_fetch_add(&bindings, 1, __ATOMIC_RELAXED);
  return dlsym(RTLD_NEXT, name);
}

int sched_setaffinity(pid_t thread, size_t size, const cpu_set_t *cpus) {
  int (*bind)(pid_t, size_t, const cpu_set_t *) = (int (*)(pid_t, size_t, const cpu_set_t *))libc_function(__func__);
  return bind(thread, size, cpus);
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *cpus) {
  int (*bind)(pthread_t, size_t, const cpu_set_t *) =
      (int (*)(pthread_t, size_t, const cpu_set_t *))libc_function(__func__);
  return bind(thread, size, cpus);
}

static void expect_bindings(omp_proc_bind_t clause, int threads) {
  spot seen[MOST_THREADS];
  int before;
  look_in_region(clause, threads, seen);
  before = __atomic_load_n(&bindings, __ATOMIC_RELAXED);
  for (int round = 0; round < 100; round++) look_in_region(clause, threads, seen);
  EXPECT_EQ(__atomic_load_n(&bindings, __ATOMIC_RELAXED) - before, 0);
}

PROGRAM(places_of_regions_that_are_alike) {
  if (!is_started()) {
    start("places_of_regions_that_are_alike", "{A},{B}", "close");
    start("places_of_regions_that_are_alike", "{A},{B},{A},{B}", "spread");
    return;
  }
  for (int c = 0; c < CLAUSES; c++) {
    for (int threads = 1; threads <= 5; threads += 2) expect_bindings(clauses[c], threads);
  }
  EXPECT(__atomic_load_n(&bindings, __ATOMIC_RELAXED) > 0);
}

// --- Tasks, target regions, league

PROGRAM(places_of_tasks) {
  if (!is_started()) {
    start("places_of_tasks", "{A},{B},{A},{B}", "close");
    return;
  }
  omp_set_max_active_levels(2);
#pragma omp parallel num_threads(3) proc_bind(spread)
#pragma omp single
  for (int k = 0; k < 60; k++) {
#pragma omp task
    {
      spot own = look();
      EXPECT(own.count == 1 || own.count == 2);
      EXPECT_EQ(own.place, own.first);
      if (k % 6 == 0) expect_region(omp_proc_bind_close, 2);
      if (k % 6 == 3) expect_region(omp_proc_bind_spread, 2);
#pragma omp task if (0)
      EXPECT_EQ(look().first, own.first);
    }
  }
}

PROGRAM(places_of_target_regions_and_teams) {
  int teams = 0;
  if (!is_started()) {
    start("places_of_target_regions_and_teams", "{A},{B},{A},{B}", "spread");
    return;
  }
#pragma omp parallel num_threads(2)
  {
    int place = omp_get_place_num(), inner = -1, count = 0;
#pragma omp target map(tofrom : inner, count)
    {
      inner = omp_get_place_num();
      count = omp_get_partition_num_places();
    }
    EXPECT_EQ(inner, place);
    EXPECT_EQ(count, 4);
  }
#pragma omp teams num_teams(2) reduction(+ : teams)
  {
    expect_region(omp_proc_bind_false, 2);
    teams++;
  }
  EXPECT_EQ(teams, 2);
}

// --- Threads

static spot old_seen[MOST_THREADS];

static void look_in_old_region(void *arg) {
  (void)arg;
  old_seen[omp_get_thread_num()] = look();
}

PROGRAM(places_of_old_regions) {
  if (!is_started()) {
    start("places_of_old_regions", "{A},{B},{A},{B}", "close");
    start("places_of_old_regions", "{A},{B},{A},{B}", "spread");
    return;
  }
  for (int threads = 1; threads <= 5; threads++) {
    spot whole = look();
    GOMP_parallel_start(look_in_old_region, NULL, (unsigned)threads);
    look_in_old_region(NULL);
    GOMP_parallel_end();
    expect_team(omp_get_proc_bind(), old_seen, threads, whole);
  }
}

PROGRAM(places_after_a_pause) {
  if (!is_started()) {
    start("places_after_a_pause", "{A},{B}", "close");
    return;
  }
  for (int round = 0; round < 3; round++) {
    for (int c = 0; c < CLAUSES; c++) expect_region(clauses[c], 4);
    EXPECT_EQ(omp_pause_resource_all(round % 2 ? omp_pause_soft : omp_pause_hard), 0);
  }
}

// GCC's library binds each such thread to the first place, and ours leaves it where it is.
static void *run_of_its_own(void *arg) {
  (void)arg;
  for (int round = 0; round < 10; round++) {
#pragma omp parallel num_threads(4) proc_bind(spread)
    {
      int place = omp_get_place_num();
      EXPECT(place >= 0 || omp_get_thread_num() == 0);
      EXPECT(place < 0 || is_bound_to(place));
      EXPECT_EQ(omp_get_partition_num_places(), 1);
    }
  }
  return NULL;
}

PROGRAM(places_of_the_programs_threads) {
  pthread_t threads[3];
  if (!is_started()) {
    start("places_of_the_programs_threads", "{A},{B},{A},{B}", "close");
    return;
  }
  for (int k = 0; k < 3; k++) EXPECT_EQ(pthread_create(&threads[k], NULL, run_of_its_own, NULL), 0);
  for (int round = 0; round < 10; round++) expect_region(omp_proc_bind_spread, 3);
  for (int k = 0; k < 3; k++) EXPECT_EQ(pthread_join(threads[k], NULL), 0);
  for (int threads_of_region = 1; threads_of_region < 6; threads_of_region++)
    expect_region(omp_proc_bind_close, threads_of_region);
}

// A thread that the program itself has bound to a place is in that place.
static void *run_in_last_place(void *arg) {
  int last = omp_get_num_places() - 1, id;
  cpu_set_t cpus;
  (void)arg;
  EXPECT_EQ(omp_get_place_num_procs(last), 1);
  omp_get_place_proc_ids(last, &id);
  CPU_ZERO(&cpus);
  CPU_SET(id, &cpus);
  EXPECT_EQ(pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus), 0);
  EXPECT_EQ(omp_get_place_num(), last);
  return NULL;
}

static void *run_bound(void *arg) {
  cpu_set_t cpus = *(const cpu_set_t *)arg;
  EXPECT_EQ(pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus), 0);
  EXPECT_EQ(omp_get_place_num(), omp_get_num_places() - 1);
  for (int threads = 1; threads < 5; threads++) {
    expect_region(omp_proc_bind_close, threads);
    expect_region(omp_proc_bind_primary, threads);
    expect_region(omp_proc_bind_spread, threads);
  }
  return NULL;
}

PROGRAM_OF_OURS(places_that_the_program_has_chosen) {
  pthread_t thread;
  int id;
  cpu_set_t cpus;
  if (!is_started()) {
    start("places_that_the_program_has_chosen", "{A,B},{B}", "close");
    return;
  }
  if (omp_get_place_num_procs(0) == 1) return;  // There is one CPU alone.
  EXPECT_EQ(pthread_create(&thread, NULL, run_in_last_place, NULL), 0);
  EXPECT_EQ(pthread_join(thread, NULL), 0);
  omp_get_place_proc_ids(1, &id);
  CPU_ZERO(&cpus);
  CPU_SET(id, &cpus);
  EXPECT_EQ(pthread_create(&thread, NULL, run_bound, &cpus), 0);
  EXPECT_EQ(pthread_join(thread, NULL), 0);
}

static void expect_child(void) {
  int status = -1;
  pid_t child = fork_quietly();
  if (child == 0) {
    for (int c = 0; c < CLAUSES; c++) {
      for (int threads = 1; threads < 6; threads++) expect_region(clauses[c], threads);
    }
    _exit(program_is_right() ? 0 : 1);
  }
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

PROGRAM_OF_OURS(places_in_a_forked_child) {
  if (!is_started()) {
    start("places_in_a_forked_child", "{A},{B},{A},{B}", "close");
    return;
  }
  omp_set_max_active_levels(2);
  expect_region(omp_proc_bind_primary, 5);
  expect_child();
  expect_region(omp_proc_bind_spread, 4);
  expect_child();
#pragma omp parallel num_threads(2) proc_bind(spread)
  if (omp_get_thread_num() == 1) expect_child();
  expect_region(omp_proc_bind_close, 4);
}
