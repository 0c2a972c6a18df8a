/* SPDX-License-Identifier: MIT */
/* ending.c: the end of a process whose main thread has called pthread_exit.
 *
 * The C library ends such a process, by exit(0), when its last thread ends. It counts idle workers, too, and these
 * never end. So once the main thread has left, one more thread, the watcher, looks every PP_WATCH_NS whether any
 * thread is left that the library has not started itself; when there is none it calls exit(0) as the last of them
 * would have done.
 *
 * As long as the main thread is there the process ends when that returns, so there is no watcher, and nobody looks.
 * The library learns that the main thread leaves from the destructor of a key, which pthread_exit calls and exit does
 * not. The main thread gets a value for the key as it loads the library. Where another thread loads it, by dlopen, the
 * main thread gets one at its first loop or region; until then, every other thread that has used the library looks as
 * it ends whether the main thread is still there. */
#include "pool/ending.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "platform/atomics.h"
#include "platform/tasks.h"
#include "platform/thread.h"
#include "schedule/tuning.h"

static pthread_key_t main_key; /* Has a value on the main thread alone. */
static pthread_once_t main_once = PTHREAD_ONCE_INIT;
static bool key_works;
static pp_atomic_u32 main_is_known;

/* Of what follows. Whoever holds it takes no other lock of the library's. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool main_has_left;
static bool has_threads; /* The library has started some. */
static bool is_watched;
static pthread_t watcher;
static sigset_t mask_of_program;

static pp_atomic_u32 watch_is_over;

/* Threads that begin or end meanwhile make the two readings differ. */
static bool only_own_threads_are_left(void) {
  uint64_t before = pp_thread_own();
  pp_tasks tasks;
  return pp_tasks_read(&tasks) && tasks.main_has_ended && pp_thread_own() == before &&
         tasks.running == pp_thread_own_count(before);
}

static void *watch(void *nothing) {
  const struct timespec pause = {0, PP_WATCH_NS};
  pp_thread_set_name("ppar/watch");
  while (pp_load_relaxed(&watch_is_over) == 0) {
    (void)nanosleep(&pause, NULL);
    if (only_own_threads_are_left()) {
      (void)pthread_sigmask(SIG_SETMASK, &mask_of_program, NULL); /* What runs at exit finds it as it would there. */
      exit(EXIT_SUCCESS);
    }
  }
  return nothing;
}

/* The lock is held. */
static void begin_to_watch(void) {
  if (!main_has_left || !has_threads || is_watched) return;
  pp_store_relaxed(&watch_is_over, 0);
  is_watched = pp_thread_start(&watcher, watch, NULL, NULL) == 0;
}

static void main_leaves(void *value) {
  (void)value;
  pthread_mutex_lock(&lock);
  main_has_left = pp_tasks_is_main(); /* a child's main thread may be another one than its parent's */
  (void)pthread_sigmask(SIG_SETMASK, NULL, &mask_of_program);
  begin_to_watch();
  pthread_mutex_unlock(&lock);
}

static void make_key(void) { key_works = pthread_key_create(&main_key, main_leaves) == 0; }

void pp_ending_know_main(void) {
  if (pp_load_relaxed(&main_is_known) != 0 || !pp_tasks_is_main()) return;
  pthread_once(&main_once, make_key);
  if (key_works && pthread_setspecific(main_key, &main_key) == 0) pp_store_relaxed(&main_is_known, 1);
}

__attribute__((constructor)) static void know_who_loads(void) { pp_ending_know_main(); }

void pp_ending_thread_leaves(void) {
  pp_tasks tasks;
  if (pp_load_relaxed(&main_is_known) != 0 || !pp_tasks_read(&tasks) || !tasks.main_has_ended) return;
  pthread_mutex_lock(&lock);
  if (!main_has_left) (void)pthread_sigmask(SIG_SETMASK, NULL, &mask_of_program);
  main_has_left = true;
  begin_to_watch();
  pthread_mutex_unlock(&lock);
}

void pp_ending_thread_started(void) {
  pthread_mutex_lock(&lock);
  has_threads = true;
  begin_to_watch();
  pthread_mutex_unlock(&lock);
}

void pp_ending_renew(void) {
  (void)pthread_mutex_init(&lock, NULL); /* Whoever held it is gone. */
  main_has_left = has_threads = is_watched = false;
  pp_store_relaxed(&main_is_known, 0);
  pp_ending_know_main();
}

void pp_ending_forget(void) {
  bool watched;
  pthread_mutex_lock(&lock);
  watched = is_watched;
  is_watched = main_has_left = false;
  pthread_mutex_unlock(&lock);
  pp_store_relaxed(&watch_is_over, 1);
  if (watched && pthread_equal(watcher, pthread_self()) == 0) (void)pthread_join(watcher, NULL);
  if (key_works) (void)pthread_key_delete(main_key);
  key_works = false;
}
