/* SPDX-License-Identifier: MIT */
/* leave.cpp: leaves a function that the program gave to the library in some way that is no return. run_exceptions.sh
 * expects each way to end the program, and "caught_inside" to end well.
 *
 *   leave PLACE WAY         WAY: throw, exit (pthread_exit), cancel (pthread_cancel)
 *   leave jump PLACE NEXT   by longjmp; NEXT is what the thread does then: loop, region, group, or it ends (end) */
#include <pthread.h>
#include <setjmp.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

#include <ppar/ppar.h>

static std::string way;
static pthread_t caller;

static void leave() {
  if (way == "exit") pthread_exit(nullptr);
  if (way == "throw") throw std::runtime_error("thrown by the test");
  pthread_cancel(pthread_self());
  for (;;) pause();
}

static bool is_caller() { return pthread_equal(pthread_self(), caller) != 0; }

/* The other threads' chunks go on until the program has ended. */
static void on_caller(const ppar_chunk *, void *) {
  if (is_caller()) leave();
  usleep(1000);
}

/* longjmp past frames with destructors would be undefined as such: these have none. */
static jmp_buf outside;

static void jump(const ppar_chunk *, void *) {
  if (is_caller()) longjmp(outside, 1);
  usleep(1000);
}

static void jump_from_region(ppar_team *team, void *) {
  if (ppar_team_thread(team) == 0) longjmp(outside, 1);
}

/* On the caller alone: a worker that has stolen the task is on another stack than the one that is jumped to. */
static void jump_from_task(void *) {
  if (is_caller()) longjmp(outside, 1);
  usleep(1000);
}

static void nothing(const ppar_chunk *, void *) {}

static void for_each(ppar_body *body, int threads, void *arg = nullptr);
static void parallel(ppar_region *function, int threads);

/* What the thread does next shows that the body was left. */
static void jump_from(void (*construct)()) {
  caller = pthread_self();
  if (setjmp(outside) == 0) construct();
  if (way == "loop") for_each(nothing, 2);
  if (way == "region") parallel([](ppar_team *, void *) {}, 2);
  if (way == "group") {
    ppar_task_group group;
    ppar_task_group_begin(&group, nullptr);
    ppar_task_group_wait(&group);
  }
}

/* Inside a body: a jump that stays there, and a loop that is begun on another stack. */
static ucontext_t body_context, coroutine_context;
static std::atomic<int> fine{0};

static void coroutine() {
  for_each(nothing, 2);
  fine++;
}

static void on_a_coroutine(std::size_t size, char *stack) {
  getcontext(&coroutine_context);
  coroutine_context.uc_stack.ss_sp = stack;
  coroutine_context.uc_stack.ss_size = size;
  coroutine_context.uc_link = &body_context;
  makecontext(&coroutine_context, coroutine, 0);
  swapcontext(&body_context, &coroutine_context);
}

static void stay_inside(const ppar_chunk *, void *) {
  static char below[1 << 18];
  jmp_buf inside;
  if (!is_caller()) return;
  if (setjmp(inside) == 0) longjmp(inside, 1);
  for_each(nothing, 2);
  on_a_coroutine(sizeof below, below);
  char *above = static_cast<char *>(std::malloc(sizeof below));
  on_a_coroutine(sizeof below, above);
  std::free(above);
  for_each(nothing, 2);
}

static void on_worker(const ppar_chunk *, void *) {
  if (!is_caller()) leave();
  usleep(1000);
}

static void leave_at_once(const ppar_chunk *, void *) { leave(); }

static void fold(const ppar_chunk *, void *, void *) { leave(); }

static void add(const ppar_chunk *, void *sum, void *) { ++*static_cast<std::int64_t *>(sum); }

static void combine(void *, const void *) { leave(); }

static int compare(const void *, const void *) {
  leave();
  return 0;
}

static void task(void *) { leave(); }

static void region(ppar_team *team, void *) {
  if (ppar_team_thread(team) == 0) leave();
  ppar_barrier(team);
}

static void region_on_worker(ppar_team *team, void *) {
  if (ppar_team_thread(team) != 0) leave();
  ppar_barrier(team);
}

static const ppar_reduction reduction = {sizeof(std::int64_t), nullptr, combine};

/* A catch between the library and the function that it calls in the team's name must not get the exception. */
static void region_reduce(ppar_team *team, void *) {
  std::int64_t mine = 1, result = 0;
  try {
    ppar_team_reduce(team, &mine, &result, &reduction);
  } catch (...) {
  }
}

static void body_nd(const ppar_tile *, void *) { leave(); }

static void catch_inside(const ppar_chunk *chunk, void *count) {
  try {
    throw std::runtime_error("caught where it belongs");
  } catch (const std::exception &) {
    *static_cast<std::atomic<std::int64_t> *>(count) += static_cast<std::int64_t>(chunk->count);
  }
}

static void for_each(ppar_body *body, int threads, void *arg) {
  ppar_options options = PPAR_OPTIONS_INIT();
  options.threads = threads;
  options.schedule = ppar_dynamic(1);
  ppar_parallel_for(0, 2000, body, arg, &options);
}

static void parallel(ppar_region *function, int threads) {
  ppar_options options = PPAR_OPTIONS_INIT();
  options.threads = threads;
  ppar_parallel(function, nullptr, &options);
}

static void reduce(ppar_fold *function, const ppar_reduction *of, int threads, bool reproducible = false) {
  std::int64_t result = 0;
  ppar_options options = PPAR_OPTIONS_INIT();
  options.threads = threads;
  options.reproducible = reproducible;
  ppar_parallel_reduce(0, 100000, function, nullptr, of, &result, &options);
}

static void sort(std::size_t count) {
  static int numbers[100000];
  ppar_sort(numbers, count, sizeof numbers[0], compare, nullptr);
}

static void scan(int threads) {
  static std::int64_t numbers[100000];
  ppar_options options = PPAR_OPTIONS_INIT();
  options.threads = threads;
  ppar_inclusive_scan(numbers, numbers, 100000, &reduction, nullptr, &options);
}

static void per_thread() {
  ppar_per_thread *values = nullptr;
  std::int64_t result = 0, initial = 0;
  ppar_per_thread_create(&values, 2, sizeof initial, &initial);
  ppar_per_thread_combine(values, &reduction, &result);
}

static void tasks() {
  ppar_task_group group;
  ppar_task_group_begin(&group, nullptr);
  ppar_task_spawn(&group, task, nullptr);
  ppar_task_group_wait(&group);
}

static void task_range() {
  ppar_task_group group;
  ppar_task_group_begin(&group, nullptr);
  ppar_task_spawn_range(&group, 0, 100, leave_at_once, nullptr, nullptr);
  ppar_task_group_wait(&group);
}

static void boxes() { ppar_parallel_for_2d(PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), body_nd, nullptr, nullptr); }

static void nested(const ppar_chunk *, void *) {
  try {
    for_each(leave_at_once, 2);
  } catch (...) {
  }
}

static const std::map<std::string, std::function<void()>> places = {
    {"callers_chunk", [] { for_each(on_caller, 4); }},
    {"workers_chunk", [] { for_each(on_worker, 4); }},
    {"serial_loop", [] { for_each(leave_at_once, 1); }},
    {"nested_loop", [] { for_each(nested, 4); }},
    {"fold", [] { reduce(fold, &ppar_sum_i64, 4); }},
    {"serial_fold", [] { reduce(fold, &ppar_sum_i64, 1); }},
    {"combine", [] { reduce(add, &reduction, 4); }},
    {"serial_combine", [] { reduce(add, &reduction, 1); }},
    {"reproducible_combine", [] { reduce(add, &reduction, 4, true); }},
    {"region", [] { parallel(region, 4); }},
    {"region_of_one", [] { parallel(region, 1); }},
    {"region_on_worker", [] { parallel(region_on_worker, 4); }},
    {"team_reduce", [] { parallel(region_reduce, 4); }},
    {"team_reduce_of_one", [] { parallel(region_reduce, 1); }},
    {"task", tasks},
    {"task_range", task_range},
    {"sort", [] { sort(100000); }},
    {"short_sort", [] { sort(10); }},
    {"scan", [] { scan(4); }},
    {"serial_scan", [] { scan(1); }},
    {"per_thread", per_thread},
    {"boxes", boxes},
};

static const std::map<std::string, std::function<void()>> jumps = {
    {"loop", [] { for_each(jump, 4); }},
    {"serial_loop", [] { for_each(jump, 1); }},
    {"region", [] { parallel(jump_from_region, 4); }},
    {"region_of_one", [] { parallel(jump_from_region, 1); }},
    {"task",
     [] {
       ppar_task_group group;
       ppar_task_group_begin(&group, nullptr);
       /* More than workers could run before the caller waits, however late it comes. */
       for (int k = 0; k < 1000; k++) ppar_task_spawn(&group, jump_from_task, nullptr);
       ppar_task_group_wait(&group);
     }},
};

static void *run_jump(void *place) {
  static const std::function<void()> *construct;
  construct = &jumps.at(static_cast<const char *>(place));
  jump_from([] { (*construct)(); });
  return nullptr;
}

/* The catch that an exception must not come to. */
static void *run(void *place) {
  caller = pthread_self();
  try {
    places.at(static_cast<const char *>(place))();
  } catch (const std::runtime_error &error) {
    std::fprintf(stderr, "an exception came out: %s\n", error.what());
    _exit(2);
  }
  return nullptr;
}

int main(int count, char **arguments) {
  pthread_t thread;
  if (count == 2 && std::strcmp(arguments[1], "--list") == 0) {
    for (const auto &place : places) std::puts(place.first.c_str());
    return 0;
  }
  if (count == 2 && std::strcmp(arguments[1], "caught_inside") == 0) {
    std::atomic<std::int64_t> iterations{0};
    for_each(catch_inside, 4, &iterations);
    return iterations == 2000 ? 0 : 1;
  }
  if (count == 2 && std::strcmp(arguments[1], "--list-jumps") == 0) {
    for (const auto &place : jumps) std::puts(place.first.c_str());
    return 0;
  }
  if (count == 2 && std::strcmp(arguments[1], "jumps_inside") == 0) {
    caller = pthread_self();
    for_each(stay_inside, 1);
    return fine >= 2 ? 0 : 1;
  }
  if (count == 4) { /* leave jump PLACE NEXT */
    way = arguments[3];
    if (pthread_create(&thread, nullptr, run_jump, arguments[2]) != 0) return 1;
    pthread_join(thread, nullptr);
    return 0;
  }
  if (count != 3) return 1;
  way = arguments[2];
  if (pthread_create(&thread, nullptr, run, arguments[1]) != 0) return 1;
  pthread_join(thread, nullptr);
  return 0;
}
