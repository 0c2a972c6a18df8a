/* SPDX-License-Identifier: MIT */
/* dlopen.c: the shared library can be loaded by a program that is not linked to it, used, and unloaded again,
 * any number of times. PPAR_LIBRARY_PATH, a macro or an environment variable, says where it is. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/children.h"
#include "../support/findings.h"
#include "../support/memory.h"
#include "../support/scale.h"
#include "../support/tasks.h"

#include <ppar/ppar.h>

TestSuite(dlopen, .timeout = SCALE_TIMEOUT);

enum { THREADS = 4 };

static const char *library_path(void) {
  const char *path = getenv("PPAR_LIBRARY_PATH");
#ifdef PPAR_LIBRARY_PATH
  if (path == NULL) path = PPAR_LIBRARY_PATH;
#endif
  return path;
}

/* Function types of what is looked up: the headers' own. */
typedef __typeof__(ppar_parallel_for) parallel_for;
typedef __typeof__(ppar_pool_create) pool_create;
typedef __typeof__(ppar_pool_destroy) pool_destroy;
typedef __typeof__(ppar_version) version;

/* dlsym returns an object pointer; POSIX promises that its bits make a function pointer. */
static void look_up(void *library, const char *name, void *function) {
  void *address = dlsym(library, name);
  cr_assert_not_null(address, "%s: %s", name, dlerror());
  memcpy(function, &address, sizeof address);
}

static void count_chunk(const ppar_chunk *chunk, void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count); }

static void *open_library(void) {
  const char *path = library_path();
  if (path == NULL) cr_skip_test("PPAR_LIBRARY_PATH is not set");
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  cr_assert_not_null(library, "%s", dlerror());
  return library;
}

static void run_loops(void *library) {
  parallel_for *run = NULL;
  look_up(library, "ppar_parallel_for", &run);
  for (int threads = 0; threads < 9; threads++) {
    _Atomic uint64_t count = 0;
    const ppar_options *options = PPAR_OPTIONS(.threads = threads, .schedule = ppar_dynamic(1));
    cr_assert_eq(run(0, 1000, count_chunk, &count, options), PPAR_OK);
    cr_assert_eq(count, UINT64_C(1000));
  }
}

Test(dlopen, opens_and_closes_without_a_loop) {
  for (int round = 0; round < 20; round++) {
    void *library = open_library();
    version *text = NULL;
    look_up(library, "ppar_version", &text);
    cr_assert_str_eq(text(), PPAR_VERSION_STRING);
    cr_assert_eq(dlclose(library), 0);
  }
}

Test(dlopen, opens_runs_loops_and_closes_again_and_again) {
  int most = 0;
  for (int round = 0; round < 20; round++) {
    void *library = open_library();
    run_loops(library);
    cr_assert_eq(dlclose(library), 0);
    /* Workers either end with the library or stay for its next user; they do not pile up. */
    int workers = tasks_named("ppar/");
    if (round == 0) most = workers > 8 ? workers : 8;
    cr_assert(workers <= most, "%d workers after round %d", workers, round);
  }
}

/* The default pool is then never made. */
static void run_on_own_pool(void *library) {
  pool_create *create = NULL;
  pool_destroy *destroy = NULL;
  parallel_for *run = NULL;
  ppar_pool *pool = NULL;
  _Atomic uint64_t count = 0;
  look_up(library, "ppar_pool_create", &create);
  look_up(library, "ppar_pool_destroy", &destroy);
  look_up(library, "ppar_parallel_for", &run);
  cr_assert_eq(create(&pool, &(ppar_pool_options){.threads = THREADS}), PPAR_OK);
  cr_assert_eq(run(0, 1000, count_chunk, &count, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
  cr_assert_eq(count, UINT64_C(1000));
  cr_assert_eq(destroy(pool), PPAR_OK);
}

Test(dlopen, closes_after_its_pools_are_destroyed) {
  for (int round = 0; round < 20; round++) {
    void *library = open_library();
    run_on_own_pool(library);
    cr_assert_eq(dlclose(library), 0);
  }
}

static void *use_on_this_thread(void *arg) {
  run_loops(arg);
  return NULL;
}

Test(dlopen, other_threads_may_have_used_it_when_it_is_closed) {
  for (int round = 0; round < 20; round++) {
    pthread_t thread;
    void *library = open_library();
    cr_assert_eq(pthread_create(&thread, NULL, use_on_this_thread, library), 0);
    pthread_join(thread, NULL);
    run_loops(library);
    cr_assert_eq(dlclose(library), 0);
  }
}

/* A thread that ran loops may end after the library was closed: what it kept of the library must not matter. */
struct late {
  void *library;
  void (*use)(void *library);
  pthread_barrier_t closed;
};

static void *use_and_end_late(void *arg) {
  struct late *late = arg;
  late->use(late->library);
  pthread_barrier_wait(&late->closed); /* loops are done */
  pthread_barrier_wait(&late->closed); /* the library is closed */
  return NULL;
}

static void end_after_closing(void (*use)(void *library)) {
  for (int round = 0; round < 20; round++) {
    pthread_t thread;
    struct late late = {.library = open_library(), .use = use};
    pthread_barrier_init(&late.closed, NULL, 2);
    cr_assert_eq(pthread_create(&thread, NULL, use_and_end_late, &late), 0);
    pthread_barrier_wait(&late.closed);
    cr_assert_eq(dlclose(late.library), 0);
    pthread_barrier_wait(&late.closed);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&late.closed);
  }
}

Test(dlopen, a_thread_that_used_it_may_end_after_it_was_closed) { end_after_closing(run_loops); }

Test(dlopen, a_thread_that_used_an_own_pool_may_end_after_it_was_closed) { end_after_closing(run_on_own_pool); }

static const char *plugin_path(void) {
  const char *path = getenv("PPAR_TEST_PLUGIN");
#if !defined(__GLIBC__)
  cr_skip_test("musl's dlclose unloads nothing");
#endif
  if (path == NULL) cr_skip_test("PPAR_TEST_PLUGIN is not set");
  return path;
}

/* A plugin that has the static library in it is taken out of the process, unlike the shared library. Its threads have
 * ended by then, and have cleaned up what its bodies left on them. */
Test(dlopen, a_plugin_with_the_static_library_in_it_leaves_no_thread) {
  const char *path = plugin_path();
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  int before = tasks_named("ppar/");
  for (int round = 0; round < 20; round++) {
    _Atomic int left = 0;
    void (*run)(_Atomic int *left) = NULL;
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    cr_assert_not_null(plugin, "%s", dlerror());
    look_up(plugin, "plugin_run", &run);
    run(&left);
    cr_assert_eq(left, 3);
    cr_assert_eq(dlclose(plugin), 0);
    cr_assert_eq(left, 0);
  }
  cr_assert_eq(tasks_await("ppar/", before), before);
}

/* Whether plugins that entered a section of a long name, and ran a region or not, left memory behind; 0: they did
 * not. */
static int left_by_plugins(const char *path, bool runs) {
  enum { ROUNDS = 64, NAME = 1 << 20 };
  static char name[NAME];
  const size_t before = resident();
  memset(name, 'n', sizeof name - 1);
  for (int round = 0; round < ROUNDS; round++) {
    _Atomic int left = 0;
    void (*run)(_Atomic int *left) = NULL;
    void (*enter)(const char *section) = NULL;
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (plugin == NULL) abort();
    look_up(plugin, "plugin_run", &run);
    look_up(plugin, "plugin_enter", &enter);
    if (runs) run(&left);
    enter(name);
    if (dlclose(plugin) != 0) abort();
  }
  return resident() < before + (size_t)ROUNDS / 2 * NAME ? 0 : 1;
}

/* Its critical sections go with it: their names, which are long here, and their locks. A plugin that runs regions, too,
 * leaves nothing either. In a process whose other threads might be in such a section it would be otherwise, and the
 * tests' runner may have some, so it is a child that does this. */
Test(dlopen, a_plugin_with_the_static_library_in_it_leaves_no_memory) {
  const char *path = plugin_path();
  if (SCALE_ADDRESS_SANITIZER || SCALE_THREAD_SANITIZER || scale_is_emulated())
    cr_skip_test("the checker keeps memory by itself");
  if (resident() == 0) cr_skip_test("needs /proc/self/statm");
  for (int runs = 0; runs < 2; runs++) {
    pid_t child = fork();
    cr_assert_neq(child, -1);
    if (child == 0) _exit(left_by_plugins(path, runs != 0));
    cr_expect_eq(children_await(child), 0, "%s", runs != 0 ? "with regions" : "without");
  }
}
