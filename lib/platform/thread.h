/* SPDX-License-Identifier: MIT */
/* thread.h: starting the library's own threads, such that the program does not notice them. */
#ifndef PP_PLATFORM_THREAD_H
#define PP_PLATFORM_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/cpuset.h"
#include "platform/shared.h"

/* Every zero field is that field's default. All is copied: nothing needs to outlive pp_thread_start. */
typedef struct pp_thread_options {
  size_t stack_size;       /* bytes, rounded up to pages and to the system's least; 0: the system's default, which is
                            * raised to 1 MB where the C library's own is less (glibc's is what ulimit -s says) */
  const char *name;        /* for top, gdb and profilers, at most 15 characters used; NULL: the creator's */
  const pp_cpuset *cpuset; /* where it runs; where the system refuses, and for NULL: the process's CPUs */
  const pp_cpuset *first;  /* where it begins, before it has those; NULL: wherever the system likes */
} pp_thread_options;

/* Starts a thread that runs run(arg); NULL options: all defaults. Returns 0 or an errno value (EAGAIN: the
 * system has no more threads to give; ENOMEM; EINVAL: an impossible stack size).
 *
 * The new thread has the process's scheduling policy and nice value (standing.h), whatever its creator's are.
 *
 * The new thread blocks asynchronous signals, so that a program's handlers run on the program's own threads alone. As
 * the creator has them stay
 *   - SIGSEGV SIGBUS SIGFPE SIGILL SIGTRAP SIGABRT SIGSYS SIGPIPE SIGXFSZ: caused by what the thread does. Blocked, the
 *     first would end the process past the handlers of crash reporters, sanitizers and language run-times, and a write
 *     to a closed pipe would end the program on some threads and not on others;
 *   - SIGTSTP SIGTTIN SIGTTOU SIGCONT: job control. A program that the thread starts has the thread's mask, and is to
 *     be stopped from the terminal as others are;
 *   - SIGPROF SIGVTALRM: sampling profilers must see the work that the library's threads do. */
int pp_thread_start(pthread_t *out, void *(*run)(void *), void *arg, const pp_thread_options *options);

/* The thread that has this number in the system has been joined: waits until the system lists it no more, which is a
 * moment later. Whoever counts the process's threads before that would still count it. */
void pp_thread_await_removal(int64_t id);

/* A word that tells of the threads of pp_thread_start: it changes whenever one begins or ends. */
uint64_t pp_thread_own(void);

/* How many of them there were; one that has ended is not among them, one that has just been started may not be yet. */
static inline uint32_t pp_thread_own_count(uint64_t own) { return (uint32_t)own; }

/* In a forked child: there is none. */
void pp_thread_forget_own(void);

/* In a forked child: the calling thread is the program's from now on, and has the signal mask that its creator had,
 * apart from what was changed since. */
void pp_thread_become_programs(void);

/* From here on the calling thread is not cancelled, until the second call gets what the first has returned. For what
 * takes locks or memory and calls the system: opening files and waiting for threads are cancellation points. */
int pp_thread_hold_cancellation(void);
void pp_thread_allow_cancellation(int held);

/* Whether the address lies on the stack that the calling thread was started with; false where the system does not tell.
 * A thread's first call takes microseconds, or milliseconds on the main thread; what it finds is kept. */
bool pp_thread_has_on_stack(const void *address);

/* How many bytes of that stack are left; SIZE_MAX where the system does not tell, or the caller is on another one. As
 * above; not in a signal's handler. */
size_t pp_thread_stack_left(void);

/* Whether the process has no thread but the calling one; false where the system does not tell. */
bool pp_thread_is_alone(void);

/* Gives the CPU to whoever waits for one. */
void pp_thread_yield(void);

/* Sleeps for so long, and a little longer; not for ever, and whatever signals come. It is no cancellation point, and
 * errno stays as it was. */
void pp_thread_sleep(uint64_t ns);

/* Names the calling thread, by the first 15 characters. */
void pp_thread_set_name(const char *name);

/* Its name, cut off where it is longer than `size` - 1 bytes; empty where the system does not tell. */
void pp_thread_get_name(char *name, size_t size);

/* The system's number of the calling thread, as debuggers and top show it; 0 where there is none. */
int64_t pp_thread_id(void) PP_SHARED;

/* How often the system has taken the CPU from the calling thread, for another one, or has given it to another one when
 * the thread offered it; 0: it does not count. errno stays as it was. */
uint64_t pp_thread_preemptions(void);

#endif
