/* SPDX-License-Identifier: MIT */
/* plugin.c: what a program loads with dlopen, and has the static library in it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <ppar/ppar.h>

static pthread_key_t key;

static void clean_up(void *left) { atomic_fetch_sub((_Atomic int *)left, 1); }

static void leave_something(ppar_team *team, void *left) {
  if (ppar_team_thread(team) != 0) {
    pthread_setspecific(key, left);
    atomic_fetch_add((_Atomic int *)left, 1);
  }
  ppar_barrier(team);
}

/* Leaves something on three threads of the default pool; *left is the number of those that are left. */
__attribute__((visibility("default"))) void plugin_run(_Atomic int *left) {
  if (pthread_key_create(&key, clean_up) != 0) abort();
  ppar_parallel(leave_something, left, PPAR_OPTIONS(.threads = 4));
}

/* Without any pool. */
__attribute__((visibility("default"))) void plugin_enter(const char *section) {
  ppar_critical_begin(NULL, section);
  ppar_critical_end(NULL, section);
}
