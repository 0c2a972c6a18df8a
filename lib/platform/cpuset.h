/* SPDX-License-Identifier: MIT */
/* cpuset.h: a set of CPUs by the operating system's numbers, of any size, and the affinity mask as one. */
#ifndef PP_PLATFORM_CPUSET_H
#define PP_PLATFORM_CPUSET_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "platform/shared.h"

/* Twice and more what any system has; larger numbers name no CPU. */
#define PP_CPU_LIMIT 65536

typedef struct pp_cpuset pp_cpuset;

/* An empty set for the CPUs 0 ... limit-1, limit at most PP_CPU_LIMIT. NULL: no memory. */
pp_cpuset *pp_cpuset_make(int limit);
pp_cpuset *pp_cpuset_copy(const pp_cpuset *set);
void pp_cpuset_free(pp_cpuset *set) PP_SHARED;

/* The CPUs that the calling thread may run on; where the system has no affinity masks, those online. */
pp_cpuset *pp_cpuset_affinity(void) PP_SHARED;

/* The same of the thread that has this number in the system; 0: the calling one. */
pp_cpuset *pp_cpuset_affinity_of(int thread);

/* The same of another thread, which has not been joined; NULL: the system does not tell, or no memory. */
pp_cpuset *pp_cpuset_affinity_of_other(pthread_t thread);

/* Binds the calling thread. Returns 0 or an errno value. */
int pp_cpuset_bind_thread(const pp_cpuset *set);

/* A thread that is made with the attributes begins on one of these CPUs; NULL: wherever the system likes. Returns 0 or
 * an errno value: ENOSYS where the C library cannot. */
int pp_cpuset_bind_new(pthread_attr_t *attributes, const pp_cpuset *set);

/* Binds another thread, which has not been joined. Returns 0 or an errno value. */
int pp_cpuset_bind_other(pthread_t thread, const pp_cpuset *set);

/* The CPU on which the calling thread is at this moment; -1: the system does not tell. */
int pp_cpuset_here(void);
/* The same and 1, where it takes a nanosecond or two; 0: it would take longer, or the system does not tell. */
uint32_t pp_cpuset_mark(void);

/* Moves the calling thread, whose CPUs these are, to one of those that are wanted. It may come back: afterwards its
 * CPUs are what they were. errno is as it was. */
void pp_cpuset_move(const pp_cpuset *own, const pp_cpuset *wanted);

/* A CPU out of a set's limit is not in it and is not added. */
void pp_cpuset_add(pp_cpuset *set, int cpu);
void pp_cpuset_remove(pp_cpuset *set, int cpu);
void pp_cpuset_add_all(pp_cpuset *set, const pp_cpuset *others);
bool pp_cpuset_has(const pp_cpuset *set, int cpu);
int pp_cpuset_count(const pp_cpuset *set);
bool pp_cpuset_equal(const pp_cpuset *a, const pp_cpuset *b) PP_SHARED;

/* The lowest CPU above `after` (-1 to begin), or -1. */
int pp_cpuset_next(const pp_cpuset *set, int after) PP_SHARED;

/* An array of sets that grows. All-zero is empty. */
typedef struct pp_cpuset_list {
  pp_cpuset **sets;
  int count, capacity;
} pp_cpuset_list;

/* Appends the set, which is the list's from then on, also where there is no memory to append it: then false. A NULL set
 * counts as no memory too, so that a set may be made in the call. */
bool pp_cpuset_list_add(pp_cpuset_list *list, pp_cpuset *set);

/* Frees the sets, and leaves the list empty. */
void pp_cpuset_list_clear(pp_cpuset_list *list);

#endif
