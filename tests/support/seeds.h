/* SPDX-License-Identifier: MIT */
/* seeds.h: what a random test begins with, and how a run of it is repeated. */
#ifndef SUPPORT_SEEDS_H
#define SUPPORT_SEEDS_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static inline uint64_t number_from(const char *variable, uint64_t otherwise) {
  const char *text = getenv(variable);
  return text != NULL && *text != '\0' ? strtoull(text, NULL, 0) : otherwise;
}

/* PPAR_TEST_SEED's number, else another one in each run. The text, which is also shown, repeats the run. */
static inline uint64_t seed_of_run(const char *test, char *text, size_t size) {
  struct timespec now;
  uint64_t seed;
  clock_gettime(CLOCK_REALTIME, &now);
  seed = number_from("PPAR_TEST_SEED", (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30 ^ (uint64_t)getpid());
  snprintf(text, size, "PPAR_TEST_SEED=%" PRIu64, seed);
  fprintf(stderr, "%s: %s\n", test, text);
  return seed;
}

#endif
