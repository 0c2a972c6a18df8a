/* SPDX-License-Identifier: MIT */
/* cpuset.c: sets of CPUs as bits, in the layout that the kernel's affinity calls have. */
#include "platform/cpuset.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/memory.h"

#if defined(__GLIBC__) && defined(__has_include)
#if __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
#define PP_HAS_RSEQ 1
#endif
#endif
#ifndef PP_HAS_RSEQ
#define PP_HAS_RSEQ 0
#endif

enum {
  WORD_BITS = (int)sizeof(unsigned long) * CHAR_BIT,
  FIRST_LIMIT = 1024, /* what cpu_set_t holds; larger machines are asked again */
  FIRST_CAPACITY = 16 /* of a list: as many cores as most machines have */
};

struct pp_cpuset {
  int words; /* at least one */
  unsigned long bits[];
};

static size_t bits_size(const pp_cpuset *set) { return (size_t)set->words * sizeof(unsigned long); }

pp_cpuset *pp_cpuset_make(int limit) {
  int words = limit > 0 ? (limit + WORD_BITS - 1) / WORD_BITS : 1;
  pp_cpuset *set = pp_memory_zalloc(sizeof *set + (size_t)words * sizeof(unsigned long));
  if (set != NULL) set->words = words;
  return set;
}

pp_cpuset *pp_cpuset_copy(const pp_cpuset *set) {
  pp_cpuset *copy = pp_cpuset_make(set->words * WORD_BITS);
  if (copy != NULL) memcpy(copy->bits, set->bits, bits_size(set));
  return copy;
}

void pp_cpuset_free(pp_cpuset *set) { pp_memory_free(set); }

static pp_cpuset *online_cpus(void) {
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  int count = online < 1 ? 1 : online > PP_CPU_LIMIT ? PP_CPU_LIMIT : (int)online;
  pp_cpuset *set = pp_cpuset_make(count);
  for (int cpu = 0; set != NULL && cpu < count; cpu++) pp_cpuset_add(set, cpu);
  return set;
}

pp_cpuset *pp_cpuset_affinity(void) { return pp_cpuset_affinity_of(0); }

pp_cpuset *pp_cpuset_affinity_of(int thread) {
#if defined(__linux__)
  /* The kernel refuses (EINVAL) a mask shorter than its own. */
  for (int limit = FIRST_LIMIT; limit <= PP_CPU_LIMIT; limit *= 2) {
    int saved = errno;
    pp_cpuset *set = pp_cpuset_make(limit);
    bool too_short;
    if (set == NULL) return NULL;
    if (sched_getaffinity(thread, bits_size(set), (cpu_set_t *)(void *)set->bits) == 0) return set;
    too_short = errno == EINVAL;
    errno = saved;
    pp_cpuset_free(set);
    if (!too_short) break;
  }
#else
  (void)thread;
#endif
  return online_cpus();
}

int pp_cpuset_bind_thread(const pp_cpuset *set) {
#if defined(__linux__)
  int saved = errno, status = 0;
  if (sched_setaffinity(0, bits_size(set), (const cpu_set_t *)(const void *)set->bits) != 0) status = errno;
  errno = saved;
  return status;
#else
  (void)set;
  return ENOSYS;
#endif
}

int pp_cpuset_here(void) {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

/* Where the C library has told the system where to keep the number (restartable sequences, Linux 4.18 and glibc 2.35),
 * reading it is a load. */
uint32_t pp_cpuset_mark(void) {
#if PP_HAS_RSEQ
  return __rseq_size != 0 ? (uint32_t)(sched_getcpu() + 1) : 0;
#else
  return 0;
#endif
}

void pp_cpuset_move(const pp_cpuset *own, const pp_cpuset *wanted) {
  if (pp_cpuset_bind_thread(wanted) == 0) (void)pp_cpuset_bind_thread(own);
}

int pp_cpuset_bind_new(pthread_attr_t *attributes, const pp_cpuset *set) {
#if defined(__GLIBC__)
  static const cpu_set_t none;
  if (set == NULL) return pthread_attr_setaffinity_np(attributes, 0, &none);
  return pthread_attr_setaffinity_np(attributes, bits_size(set), (const cpu_set_t *)(const void *)set->bits);
#else
  (void)attributes;
  (void)set;
  return ENOSYS;
#endif
}

int pp_cpuset_bind_other(pthread_t thread, const pp_cpuset *set) {
#if defined(__linux__)
  return pthread_setaffinity_np(thread, bits_size(set), (const cpu_set_t *)(const void *)set->bits);
#else
  (void)thread;
  (void)set;
  return ENOSYS;
#endif
}

pp_cpuset *pp_cpuset_affinity_of_other(pthread_t thread) {
#if defined(__linux__)
  for (int limit = FIRST_LIMIT; limit <= PP_CPU_LIMIT; limit *= 2) {
    pp_cpuset *set = pp_cpuset_make(limit);
    if (set == NULL) return NULL;
    if (pthread_getaffinity_np(thread, bits_size(set), (cpu_set_t *)(void *)set->bits) == 0) return set;
    pp_cpuset_free(set);
  }
#else
  (void)thread;
#endif
  return NULL;
}

void pp_cpuset_add(pp_cpuset *set, int cpu) {
  if (cpu >= 0 && cpu / WORD_BITS < set->words) set->bits[cpu / WORD_BITS] |= 1ul << (cpu % WORD_BITS);
}

void pp_cpuset_remove(pp_cpuset *set, int cpu) {
  if (pp_cpuset_has(set, cpu)) set->bits[cpu / WORD_BITS] &= ~(1ul << (cpu % WORD_BITS));
}

void pp_cpuset_add_all(pp_cpuset *set, const pp_cpuset *others) {
  for (int cpu = -1; (cpu = pp_cpuset_next(others, cpu)) >= 0;) pp_cpuset_add(set, cpu);
}

bool pp_cpuset_has(const pp_cpuset *set, int cpu) {
  return cpu >= 0 && cpu / WORD_BITS < set->words && (set->bits[cpu / WORD_BITS] >> (cpu % WORD_BITS) & 1) != 0;
}

int pp_cpuset_count(const pp_cpuset *set) {
  int count = 0;
  for (int i = 0; i < set->words; i++) count += __builtin_popcountl(set->bits[i]);
  return count;
}

bool pp_cpuset_equal(const pp_cpuset *a, const pp_cpuset *b) {
  int cpu_a = -1, cpu_b = -1;
  do {
    cpu_a = pp_cpuset_next(a, cpu_a);
    cpu_b = pp_cpuset_next(b, cpu_b);
  } while (cpu_a == cpu_b && cpu_a >= 0);
  return cpu_a == cpu_b;
}

int pp_cpuset_next(const pp_cpuset *set, int after) {
  int cpu = after + 1;
  for (int i = cpu / WORD_BITS; i < set->words; i++) {
    unsigned long left = set->bits[i];
    if (i == cpu / WORD_BITS) left &= ~0ul << (cpu % WORD_BITS);
    if (left != 0) return i * WORD_BITS + __builtin_ctzl(left);
  }
  return -1;
}

bool pp_cpuset_list_add(pp_cpuset_list *list, pp_cpuset *set) {
  if (set == NULL) return false;
  if (list->count == list->capacity) {
    int capacity = list->capacity == 0 ? FIRST_CAPACITY : list->capacity * 2;
    pp_cpuset **larger = realloc(list->sets, (size_t)capacity * sizeof *larger);
    if (larger == NULL) {
      pp_cpuset_free(set);
      return false;
    }
    list->sets = larger;
    list->capacity = capacity;
  }
  list->sets[list->count++] = set;
  return true;
}

void pp_cpuset_list_clear(pp_cpuset_list *list) {
  for (int i = 0; i < list->count; i++) pp_cpuset_free(list->sets[i]);
  free(list->sets);
  *list = (pp_cpuset_list){NULL, 0, 0};
}
