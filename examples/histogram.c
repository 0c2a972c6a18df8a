/* SPDX-License-Identifier: MIT */
/* histogram.c: how often each byte occurs: a reduction of the program's own, whose value is 256 counts.
 *
 * The wrong program lets all threads increment the same counts, and loses some. Here each slot has counts of its own,
 * which the library makes, starts at zero and adds up at the end. */
#include <inttypes.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

struct counts {
  uint64_t of[256];
};

/* A reduction is a size, an identity (here the default: all zero bytes), and how two values combine. */
static void add_counts(void *into, const void *from) {
  struct counts *sum = into;
  const struct counts *more = from;
  for (int value = 0; value < 256; value++) sum->of[value] += more->of[value];
}
static const ppar_reduction histogram = {.size = sizeof(struct counts), .combine = add_counts};

/* The fold of a chunk. PPAR_FOLD would write the loop, but also copy the 2 KiB of counts for each chunk. */
static void count_bytes(const ppar_chunk *chunk, void *accumulator, void *arg) {
  struct counts *counts = accumulator;
  const unsigned char *bytes = arg;
  ppar_for_each_index(i, chunk) {
    counts->of[bytes[i]]++;
  }
}

struct bytes {
  unsigned char *at;
};

/* Random bytes, each from its index alone, so that any thread can make any of them. */
PPAR_BODY(fill, i, struct bytes, bytes) {
  uint64_t mix = ((uint64_t)i + 1) * 0x9e3779b97f4a7c15u;
  mix = (mix ^ (mix >> 32)) * 0xd6e8feb86659fd93u;
  bytes->at[i] = (unsigned char)(mix >> 56);
}

int main(int argc, char **argv) {
  int64_t n = 100000000, threads = 0;
  ppar_schedule schedule = ppar_auto();
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000000, "bytes"),
      ARGUMENT_THREADS(&threads),
      ARGUMENT_SCHEDULE(&schedule),
  };
  arguments_read(argc, argv, "counts how often each byte occurs among random ones", arguments,
                 ARGUMENT_COUNT(arguments));
  const ppar_options *options = PPAR_OPTIONS(.threads = (int)threads, .schedule = schedule);

  struct bytes bytes = {ppar_alloc((size_t)n)};
  if (bytes.at == NULL) {
    fprintf(stderr, "histogram: no memory for %" PRId64 " bytes\n", n);
    return 1;
  }
  ppar_parallel_for(0, n, fill, &bytes, options);

  struct counts counts = {{0}}, expected = {{0}};
  const double start = seconds();
  const int status = ppar_parallel_reduce(0, n, count_bytes, bytes.at, &histogram, &counts, options);
  const double time = seconds() - start;

  for (int64_t i = 0; i < n; i++) expected.of[bytes.at[i]]++;
  bool good = status == PPAR_OK;
  int rarest = 0, commonest = 0;
  for (int value = 0; value < 256; value++) {
    good = good && counts.of[value] == expected.of[value];
    if (counts.of[value] < counts.of[rarest]) rarest = value;
    if (counts.of[value] > counts.of[commonest]) commonest = value;
  }
  printf("of %" PRId64 " bytes the rarest is %d (%" PRIu64 " times), the commonest %d (%" PRIu64 "): %s\n", n, rarest,
         counts.of[rarest], commonest, counts.of[commonest], good ? "passed" : "FAILED");
  printf("Time spent: %.3g s, %.1f GB/s\n", time, 1e-9 * (double)n / time);
  ppar_free(bytes.at);
  return good ? 0 : 1;
}
