/* SPDX-License-Identifier: MIT */
/* thread.h: starting the library's own threads, such that the program does not notice them. */
#ifndef PP_PLATFORM_THREAD_H
#define PP_PLATFORM_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "platform/cpuset.h"

/* Every zero field is that field's default. All is copied: nothing needs to outlive pp_thread_start. */
typedef struct pp_thread_options {
  size_t stack_size;       /* bytes, rounded up to pages and to the system's least; 0: the system's default */
  const char *name;        /* for top, gdb and profilers, at most 15 characters used; NULL: the creator's */
  const pp_cpuset *cpuset; /* where it runs; where the system refuses, and for NULL: as the creator */
} pp_thread_options;

/* Starts a thread that runs run(arg); NULL options: all defaults. Returns 0 or an errno value (EAGAIN: the
 * system has no more threads to give; ENOMEM; EINVAL: an impossible stack size).
 *
 * The new thread has asynchronous signals blocked, so that a program's handlers run on the program's own
 * threads alone. As the creator has them stay
 *   - SIGSEGV SIGBUS SIGFPE SIGILL SIGTRAP SIGABRT SIGSYS: caused by the thread itself. Blocked, they would
 *     end the process past the handlers of crash reporters, sanitizers and language run-times;
 *   - SIGPROF: sampling profilers must see the work that the library's threads do. */
int pp_thread_start(pthread_t *out, void *(*run)(void *), void *arg, const pp_thread_options *options);

/* Whether the process has no thread but the calling one; false where the system does not tell. */
bool pp_thread_is_alone(void);

/* Names the calling thread, by the first 15 characters. */
void pp_thread_set_name(const char *name);

#endif
