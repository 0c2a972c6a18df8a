/* SPDX-License-Identifier: MIT */
/* races.c: small programs that have a race, and each of them once more without it.
 *
 *   races --list              the names
 *   races NAME wrong|right    runs one. Status 3: no two threads took part.
 *   races every right         runs all of them, one after the other
 *
 * The two differ in one place, so that what a race checker says of the wrong one is about that. What races is done by
 * two threads. They wait for each other where they must, but not in a way in which the language, or a checker, would
 * see an order. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ppar/ppar.h>

#if defined(__has_include)
#if __has_include(<valgrind/helgrind.h>) && __has_include(<valgrind/drd.h>)
#define HAS_VALGRIND_HEADERS 1
#include <valgrind/helgrind.h>
/* drd.h comes second: it knows that the other one has defined some of its names. */
#include <valgrind/drd.h>
#endif
#endif

enum { THREADS = 2, PATIENCE_MS = 1000, TRIES = 5, ITEMS = 64 };

static bool wrong; /* constant once there are threads */

/* --- Meeting without an order ------------------------------------------------------------------------------- */

/* Relaxed atomics order nothing. Helgrind and DRD, which know of no atomics, do not look at these. */
static struct meeting {
  atomic_int here;
  atomic_int told[3];
  atomic_int alone; /* somebody has waited in vain */
} meeting;

static void leave_out(const void *bytes, size_t size) {
#if defined(HAS_VALGRIND_HEADERS)
  VALGRIND_HG_DISABLE_CHECKING(bytes, size);
  VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_START_SUPPRESSION, bytes, size, 0, 0, 0);
#else
  (void)bytes, (void)size;
#endif
}

static int get(atomic_int *number) { return atomic_load_explicit(number, memory_order_relaxed); }
static void add(atomic_int *number) { (void)atomic_fetch_add_explicit(number, 1, memory_order_relaxed); }

static void await(atomic_int *number, int target) {
  const struct timespec pause = {0, 200000};
  for (int looks = 0; get(number) < target; looks++) {
    if (looks == 5 * PATIENCE_MS) {
      add(&meeting.alone);
      return;
    }
    (void)nanosleep(&pause, NULL);
  }
}

/* Both threads are here. */
static void meet(void) {
  add(&meeting.here);
  await(&meeting.here, THREADS);
}

static void tell(int what) { add(&meeting.told[what]); }
static void await_told(int what) { await(&meeting.told[what], 1); }

/* --- What they race for --------------------------------------------------------------------------------------- */

static long shared;
static long items[ITEMS], more_items[ITEMS];
static int64_t sum_of_team;
static volatile long results[ITEMS]; /* volatile: or compilers would see that nobody reads them */

static void write_shared(void) { shared++; }
static long *own_or_first(int64_t own) { return &items[wrong ? 0 : own]; }

#define IN_LOOP(kind) PPAR_OPTIONS(.schedule = (kind), .threads = THREADS)
#define IN_REGION PPAR_OPTIONS(.threads = THREADS)

/* --- Loops ------------------------------------------------------------------------------------------------------ */

static void add_up(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  meet();
  if (!wrong) ppar_critical_begin(NULL, "sum");
  shared += chunk->begin;
  if (!wrong) ppar_critical_end(NULL, "sum");
}
static void sum_in_a_loop(void) { (void)ppar_parallel_for(0, THREADS, add_up, NULL, IN_LOOP(ppar_static(0))); }

/* Iteration i writes its item and reads the next one's. */
static void look_at_neighbour(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  items[chunk->begin] = 1;
  meet();
  results[chunk->begin] = (wrong ? items : more_items)[1 - chunk->begin];
}
static void iterations_of_two_threads(void) {
  (void)ppar_parallel_for(0, THREADS, look_at_neighbour, NULL, IN_LOOP(ppar_static(1)));
}

/* A counter gives chunks to the two threads in turn. One writes, and takes its next chunk; only then the other one
 * takes its next, and writes. */
static void take_in_turn(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  switch (chunk->begin) {
    case 0:
      meet();
      *own_or_first(0) = 1;
      return;
    case 1:
      meet();
      await_told(0);
      return;
    case 2:
      tell(0);
      await_told(1);
      return;
    default: *own_or_first(chunk->begin) = 1; tell(1);
  }
}
static void chunks_from_a_counter(void) {
  (void)ppar_parallel_for(0, 4, take_in_turn, NULL, IN_LOOP(ppar_monotonic(ppar_dynamic(1))));
}

/* The caller writes in its first chunk and stays in its second, of which the others know nothing. The worker steals of
 * what comes after that. */
static void let_steal(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  if (chunk->thread == 0 && chunk->begin == 0) {
    *own_or_first(0) = 1;
    tell(0);
  } else if (chunk->thread == 0) {
    await_told(1);
  } else if (chunk->begin < ITEMS / 2) {
    await_told(0);
    *own_or_first(chunk->begin) = 1;
    tell(1);
  }
}
static void stolen_chunks(void) { (void)ppar_parallel_for(0, ITEMS, let_steal, NULL, IN_LOOP(ppar_dynamic(1))); }

/* The fold writes what is everybody's, and not the slot's. */
static void fold_wrongly(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)arg;
  meet();
  *(wrong ? &shared : (long *)accumulator) += chunk->begin;
}
static void reduction_past_its_value(void) {
  int64_t result = 0;
  (void)ppar_parallel_reduce(0, THREADS, fold_wrongly, NULL, &ppar_sum_i64, &result, IN_LOOP(ppar_static(0)));
}

static void use_per_thread(const ppar_chunk *chunk, void *values) {
  (void)chunk;
  meet();
  ++*(long *)(wrong ? ppar_per_thread_at(values, 0) : ppar_per_thread_mine(values));
}
static void another_threads_value(void) {
  ppar_per_thread *values;
  if (ppar_per_thread_create(&values, THREADS, sizeof(long), NULL) != PPAR_OK) return;
  (void)ppar_parallel_for(0, THREADS, use_per_thread, values, IN_LOOP(ppar_static(0)));
  ppar_per_thread_free(values);
}

static void inner(const ppar_chunk *chunk, void *arg) { ++*own_or_first(*(int64_t *)arg * 2 + chunk->begin); }
static void outer(const ppar_chunk *chunk, void *arg) {
  int64_t number = chunk->begin;
  (void)arg;
  meet();
  (void)ppar_parallel_for(0, 1, inner, &number, NULL);
}
static void loops_in_a_loop(void) { (void)ppar_parallel_for(0, THREADS, outer, NULL, IN_LOOP(ppar_static(0))); }

static int compare_and_count(const void *a, const void *b) {
  const long x = *(const long *)a, y = *(const long *)b;
  if (wrong) write_shared();
  return (x > y) - (x < y);
}
static void *sort_some(void *arg) {
  long *numbers = arg;
  meet();
  (void)ppar_sort(numbers, ITEMS, sizeof *numbers, compare_and_count, IN_LOOP(ppar_static(0)));
  return NULL;
}
/* Two threads of the program, which share the pool and nothing else. */
static void sorts_of_two_threads(void) {
  pthread_t other;
  for (long i = 0; i < ITEMS; i++) items[i] = more_items[i] = i * 37 % ITEMS;
  if (pthread_create(&other, NULL, sort_some, items) != 0) abort();
  (void)sort_some(more_items);
  (void)pthread_join(other, NULL);
}

/* Two callers of one pool, and the workers that serve both. What the callers do in their own slots is in no order, as
 * long as no worker has been in the loop of one, after that, and then in the other's. */
static void touch(const ppar_chunk *chunk, void *arg) { ++((long *)arg)[chunk->begin]; }
static void touch_together(const ppar_chunk *chunk, void *arg) {
  if (chunk->begin != 0) return;
  meet();
  ++*(wrong ? &shared : (long *)arg);
}
static void *call_loops(void *arg) {
  for (int k = 0; k < 20; k++) (void)ppar_parallel_for(0, ITEMS, touch, arg, IN_LOOP(ppar_dynamic(1)));
  (void)ppar_parallel_for(0, THREADS, touch_together, arg, IN_LOOP(ppar_static(0)));
  return NULL;
}
static void callers_of_one_pool(void) {
  pthread_t other;
  if (pthread_create(&other, NULL, call_loops, items) != 0) abort();
  (void)call_loops(more_items);
  (void)pthread_join(other, NULL);
}

/* A body that learns of a failure knows what led to it. */
static void fail_or_ask(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  meet();
  if (chunk->begin == 0) {
    write_shared();
    tell(0);
    ppar_cancel(chunk, 7);
    return;
  }
  await_told(0);
  while (!wrong && !ppar_is_canceled(chunk)) continue;
  results[0] = shared;
}
static void before_a_failure(void) { (void)ppar_parallel_for(0, THREADS, fail_or_ask, NULL, IN_LOOP(ppar_static(0))); }

/* --- Regions ------------------------------------------------------------------------------------------------------ */

static void skip_barrier(ppar_team *team, void *arg) {
  int me = ppar_team_thread(team);
  (void)arg;
  items[me] = 1;
  meet();
  if (!wrong) ppar_barrier(team);
  results[me] = items[1 - me];
}
static void no_barrier(void) { (void)ppar_parallel(skip_barrier, NULL, IN_REGION); }

/* A write after the first barrier, and a read after it, or after the next. */
static void use_wrong_barrier(ppar_team *team, void *arg) {
  int me = ppar_team_thread(team);
  (void)arg;
  ppar_barrier(team);
  if (me == 0) write_shared();
  if (me == 0) tell(0);
  if (me != 0) await_told(0);
  if (!wrong) ppar_barrier(team);
  results[me] = shared;
}
static void barrier_too_early(void) { (void)ppar_parallel(use_wrong_barrier, NULL, IN_REGION); }

static void count_in_region(ppar_team *team, void *arg) {
  (void)arg;
  meet();
  if (!wrong) ppar_critical_begin(team, NULL);
  shared++;
  if (!wrong) ppar_critical_end(team, NULL);
}
static void missing_critical(void) { (void)ppar_parallel(count_in_region, NULL, IN_REGION); }

static void count_under_names(ppar_team *team, void *arg) {
  const char *name = wrong && ppar_team_thread(team) != 0 ? "right hand" : "left hand";
  (void)arg;
  meet();
  ppar_critical_begin(team, name);
  shared++;
  ppar_critical_end(team, name);
}
static void criticals_of_other_names(void) { (void)ppar_parallel(count_under_names, NULL, IN_REGION); }

static void read_after_nowait(ppar_team *team, void *arg) {
  const int64_t n = *(int64_t *)arg;
  ppar_prange(team, i, 0, n, PPAR_OPTIONS(.schedule = ppar_static(0), .nowait = wrong)) {
    items[i] = i;
  }
  if (wrong) meet();
  ppar_prange(team, i, 0, n, PPAR_OPTIONS(.schedule = ppar_static(0))) {
    results[i] = items[n - 1 - i];
  }
}
static void read_after_nowait_prange(void) {
  int64_t n = ITEMS;
  (void)ppar_parallel(read_after_nowait, &n, IN_REGION);
}

/* Both take chunks of both pranges, and thread 1 comes to the second one when thread 0 is in it. */
static void read_after_dynamic(ppar_team *team, void *arg) {
  int me = ppar_team_thread(team);
  bool first = true;
  (void)arg;
  ppar_prange(team, i, 0, ITEMS, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = wrong)) {
    if (first) meet();
    first = false;
    items[me] = i;
  }
  if (me == 1) await_told(0);
  ppar_prange(team, i, 0, ITEMS, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = true)) {
    if (me == 1) {
      results[i] = items[0];
      tell(1);
    } else {
      tell(0);
      await_told(1);
    }
  }
}
static void read_after_dynamic_prange(void) { (void)ppar_parallel(read_after_dynamic, NULL, IN_REGION); }

static void read_after_sections(ppar_team *team, void *arg) {
  int me = ppar_team_thread(team);
  (void)arg;
  if (wrong) {
    ppar_sections_nowait(team) {
      ppar_section { items[0] = 1, meet(); }
      ppar_section { items[1] = 1, meet(); }
    }
  } else {
    ppar_sections(team) {
      ppar_section { items[0] = 1, meet(); }
      ppar_section { items[1] = 1, meet(); }
    }
  }
  results[me] = items[0] + items[1];
}
static void sections_without_end(void) { (void)ppar_parallel(read_after_sections, NULL, IN_REGION); }

static void read_after_single(ppar_team *team, void *arg) {
  int me = ppar_team_thread(team);
  (void)arg;
  if (ppar_single(team)) write_shared();
  meet();
  if (!wrong) ppar_barrier(team);
  results[me] = shared;
}
static void single_without_barrier(void) { (void)ppar_parallel(read_after_single, NULL, IN_REGION); }

/* Who comes to a single late does not learn what came before it on the thread that has had it. */
static void come_late_to_single(ppar_team *team, void *arg) {
  int me = ppar_team_thread(team);
  (void)arg;
  if (me == 0) write_shared();
  if (me == 1) await_told(0);
  (void)ppar_single(team);
  if (me == 0) tell(0);
  if (!wrong) ppar_barrier(team);
  if (me == 1) results[0] = shared;
}
static void past_a_single(void) { (void)ppar_parallel(come_late_to_single, NULL, IN_REGION); }

static void read_after_master(ppar_team *team, void *arg) {
  long value = 0;
  (void)arg;
  if (ppar_master(team)) write_shared();
  meet();
  if (wrong) value = shared;
  if (ppar_single(team)) value = 1;
  ppar_copyprivate(team, &value, sizeof value); /* waits as a barrier does */
  results[ppar_team_thread(team)] = value + shared;
}
static void master_without_barrier(void) { (void)ppar_parallel(read_after_master, NULL, IN_REGION); }

/* What is to be reduced is everybody's. */
static void reduce_shared(ppar_team *team, void *arg) {
  int64_t mine = 1, *value = wrong ? arg : &mine, result = 0;
  meet();
  *value = 1;
  ppar_team_reduce(team, value, &result, &ppar_sum_i64);
  results[ppar_team_thread(team)] = (long)result;
}
static void team_reduces_one_variable(void) {
  static int64_t one; /* DRD does not look at stacks. */
  (void)ppar_parallel(reduce_shared, &one, IN_REGION);
}

/* The program's own, so that a checker sees it at work. */
static void combine_sums(void *left, const void *right) { *(int64_t *)left += *(const int64_t *)right; }
static const ppar_reduction sum = {.size = sizeof(int64_t), .combine = combine_sums};

/* From the second reduction into one variable on two barriers are one. What thread 0 does after it is not in that. */
static void go_on_after_reductions(ppar_team *team, void *arg) {
  const int64_t mine = 1;
  (void)arg;
  for (int k = 0; k < 3; k++) ppar_team_reduce(team, &mine, &sum_of_team, &sum);
  results[ppar_team_thread(team)] = (long)sum_of_team;
  if (ppar_team_thread(team) == 0) {
    write_shared();
    tell(0);
  }
  await_told(0);
  if (!wrong) ppar_barrier(team);
  results[ppar_team_thread(team)] = shared;
}
static void after_team_reductions(void) { (void)ppar_parallel(go_on_after_reductions, NULL, IN_REGION); }

/* Of more than eight threads some speak for others. */
static void go_on_among_many(ppar_team *team, void *arg) {
  (void)arg;
  ppar_barrier(team);
  if (ppar_team_thread(team) == 9) {
    write_shared();
    tell(0);
  }
  await_told(0);
  if (!wrong) ppar_barrier(team);
  if (ppar_team_thread(team) == 17) results[0] = shared;
}
static void among_many_threads(void) { (void)ppar_parallel(go_on_among_many, NULL, PPAR_OPTIONS(.threads = 20)); }

/* Before the ordered part nothing is in order. */
static void write_out_of_order(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange(team, i, 0, 2 * THREADS, PPAR_OPTIONS(.schedule = ppar_static(1))) {
    if (i < THREADS) meet();
    if (wrong) shared += i;
    ppar_ordered_begin(team, i);
    if (!wrong) shared += i;
    ppar_ordered_end(team, i);
  }
}
static void outside_the_ordered_part(void) { (void)ppar_parallel(write_out_of_order, NULL, IN_REGION); }

/* A thread that has asked knows what led to the cancellation. */
static void cancel_and_ask(ppar_team *team, void *arg) {
  (void)arg;
  if (ppar_team_thread(team) == 0) {
    write_shared();
    tell(0);
    ppar_cancel_region(team, 7);
    return;
  }
  await_told(0);
  while (!wrong && !ppar_region_is_canceled(team)) continue;
  results[0] = shared;
}
static void before_a_cancellation(void) { (void)ppar_parallel(cancel_and_ask, NULL, IN_REGION); }

/* --- Tasks -------------------------------------------------------------------------------------------------------- */

static void write_in_task(void *arg) {
  *(long *)arg = 1;
  tell(0);
}

static void task_not_waited_for(void) {
  ppar_task_group group;
  (void)ppar_task_group_begin(&group, NULL);
  (void)ppar_task_spawn(&group, write_in_task, &shared);
  await_told(0); /* It has been stolen, then. */
  if (wrong) results[0] = shared;
  (void)ppar_task_group_wait(&group);
  results[1] = shared;
}

static void future_not_waited_for(void) {
  ppar_future future;
  (void)ppar_future_start(&future, write_in_task, &shared);
  await_told(0);
  if (wrong) results[0] = shared;
  (void)ppar_future_wait(&future);
  results[1] = shared;
}

static void read_late(void *arg) {
  tell(0);
  await_told(1);
  results[0] = *(long *)arg;
}
static void nothing(void *arg) { (void)arg; }

/* The spawner writes when the task is on its way, and spawns another one after that. */
static void written_after_the_spawn(void) {
  ppar_task_group group;
  (void)ppar_task_group_begin(&group, NULL);
  if (!wrong) write_shared();
  (void)ppar_task_spawn(&group, read_late, &shared);
  if (wrong) write_shared();
  (void)ppar_task_spawn(&group, nothing, NULL);
  await_told(0);
  tell(1);
  (void)ppar_task_group_wait(&group);
}

static ppar_task_group canceled;
static void cancel_group(void *arg) {
  (void)arg;
  write_shared();
  tell(0);
  ppar_task_group_cancel(&canceled, 7);
}
static void before_a_groups_cancellation(void) {
  (void)ppar_task_group_begin(&canceled, NULL);
  (void)ppar_task_spawn(&canceled, cancel_group, NULL);
  await_told(0);
  while (!wrong && !ppar_task_group_is_canceled(&canceled)) continue;
  results[0] = shared;
  (void)ppar_task_group_wait(&canceled);
}

static void meet_and_write(void *arg) {
  meet();
  ++*(long *)arg;
}
static void two_tasks(void) {
  ppar_task_group group;
  (void)ppar_task_group_begin(&group, NULL);
  (void)ppar_task_spawn(&group, meet_and_write, own_or_first(1));
  (void)ppar_task_spawn(&group, meet_and_write, own_or_first(2));
  (void)ppar_task_group_wait(&group);
}

static void copy_and_write(void *arg) {
  long *copy = *(long **)arg;
  meet();
  ++*copy;
}
static void tasks_with_copies(void) {
  ppar_task_group group;
  (void)ppar_task_group_begin(&group, NULL);
  for (int k = 1; k <= THREADS; k++) {
    long *to = own_or_first(k);
    (void)ppar_task_spawn_copy(&group, copy_and_write, &to, sizeof to);
  }
  (void)ppar_task_group_wait(&group);
}

static void write_piece(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  meet();
  ++*own_or_first(chunk->begin);
}
static void pieces_of_a_range(void) {
  ppar_task_group group;
  (void)ppar_task_group_begin(&group, NULL);
  (void)ppar_task_spawn_range(&group, 0, THREADS, write_piece, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1)));
  (void)ppar_task_group_wait(&group);
}

/* --- All of them -------------------------------------------------------------------------------------------------- */

static const struct race {
  const char *name;
  void (*run)(void);
} races[] = {
    {"sum_in_a_loop", sum_in_a_loop},
    {"iterations_of_two_threads", iterations_of_two_threads},
    {"chunks_from_a_counter", chunks_from_a_counter},
    {"stolen_chunks", stolen_chunks},
    {"reduction_past_its_value", reduction_past_its_value},
    {"another_threads_value", another_threads_value},
    {"loops_in_a_loop", loops_in_a_loop},
    {"sorts_of_two_threads", sorts_of_two_threads},
    {"callers_of_one_pool", callers_of_one_pool},
    {"before_a_failure", before_a_failure},
    {"no_barrier", no_barrier},
    {"barrier_too_early", barrier_too_early},
    {"missing_critical", missing_critical},
    {"criticals_of_other_names", criticals_of_other_names},
    {"read_after_nowait_prange", read_after_nowait_prange},
    {"read_after_dynamic_prange", read_after_dynamic_prange},
    {"sections_without_end", sections_without_end},
    {"single_without_barrier", single_without_barrier},
    {"past_a_single", past_a_single},
    {"master_without_barrier", master_without_barrier},
    {"team_reduces_one_variable", team_reduces_one_variable},
    {"after_team_reductions", after_team_reductions},
    {"among_many_threads", among_many_threads},
    {"outside_the_ordered_part", outside_the_ordered_part},
    {"before_a_cancellation", before_a_cancellation},
    {"task_not_waited_for", task_not_waited_for},
    {"future_not_waited_for", future_not_waited_for},
    {"written_after_the_spawn", written_after_the_spawn},
    {"before_a_groups_cancellation", before_a_groups_cancellation},
    {"two_tasks", two_tasks},
    {"tasks_with_copies", tasks_with_copies},
    {"pieces_of_a_range", pieces_of_a_range},
};
enum { RACES = sizeof races / sizeof races[0] };

static void begin_anew(void) {
  atomic_store(&meeting.here, 0);
  for (int k = 0; k < 3; k++) atomic_store(&meeting.told[k], 0);
  atomic_store(&meeting.alone, 0);
  shared = 0;
  memset(items, 0, sizeof items);
}

/* A worker may come too late to take part. */
static int run(const struct race *race) {
  for (int k = 0; k < TRIES; k++) {
    begin_anew();
    race->run();
    if (get(&meeting.alone) == 0) return EXIT_SUCCESS;
  }
  fprintf(stderr, "%s: no two threads took part\n", race->name);
  return 3;
}

int main(int argc, char **argv) {
  int status = EXIT_SUCCESS;
  leave_out(&meeting, sizeof meeting);
  wrong = argc == 3 && strcmp(argv[2], "wrong") == 0;
  for (int k = 0; k < RACES && status == EXIT_SUCCESS; k++) {
    if (argc == 2 && strcmp(argv[1], "--list") == 0) puts(races[k].name);
    if (argc == 3 && (strcmp(argv[1], races[k].name) == 0 || strcmp(argv[1], "every") == 0)) status = run(&races[k]);
  }
  return status;
}
