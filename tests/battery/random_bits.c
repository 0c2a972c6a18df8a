/* SPDX-License-Identifier: MIT */
/* random_bits.c: writes random bits to standard output until nobody reads them: numbers of 64 bits, lower byte first,
 * in one of several orders. For batteries of tests; scripts/battery runs one.
 *
 *   random_bits ORDER
 *
 *   single    the numbers of one stream
 *   streams   a number from each of 1000 neighbouring streams in turn: what a loop has whose iterations draw in step
 *   begun     the first 4 numbers of stream 0, of stream 1, of stream 2 ...: a stream for each iteration
 *   seeds     the first 4 numbers of stream 0 under seed 0, seed 1, seed 2 ...: runs that are told apart by their seed
 *   distant   a number from each of 1000 streams whose numbers differ in one bit, or are far apart
 *   further   the bits that normal numbers and unbiased whole numbers take now and then
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/rng.h>

enum {
  KEPT = 8192,    /* numbers that are written at once; a multiple of what the orders take at a time */
  STREAMS = 1024, /* of which STREAMS_USED take turns */
  STREAMS_USED = 1000,
  BEGUN = 4
};

struct source {
  ppar_rng streams[STREAMS];
  uint64_t turn;
};

typedef uint64_t next_number(struct source *source);

static uint64_t next_single(struct source *source) { return ppar_rng_u64(&source->streams[0]); }

static uint64_t next_in_turn(struct source *source) {
  return ppar_rng_u64(&source->streams[source->turn++ % STREAMS_USED]);
}

static uint64_t next_begun(struct source *source) {
  if (source->turn % BEGUN == 0) source->streams[0] = ppar_rng_stream(1, source->turn / BEGUN);
  source->turn++;
  return ppar_rng_u64(&source->streams[0]);
}

static uint64_t next_of_seed(struct source *source) {
  if (source->turn % BEGUN == 0) source->streams[0] = ppar_rng_stream(source->turn / BEGUN, 0);
  source->turn++;
  return ppar_rng_u64(&source->streams[0]);
}

/* rng.h says where these bits come from; the library has no call for them alone. */
static uint64_t next_further(struct source *source) {
  const uint64_t place = source->turn / 2 + (UINT64_C(1) << 56);
  const uint32_t counter[4] = {(uint32_t)place, (uint32_t)(place >> 32), 0, 0}, key[2] = {1, 0};
  uint32_t out[4];
  const size_t half = source->turn++ % 2 * 2;
  ppar_philox4x32(counter, key, out);
  return (uint64_t)out[half + 1] << 32 | out[half];
}

static uint64_t distant(uint64_t i) { return i < 64 ? UINT64_C(1) << i : i * i * i * UINT64_C(0x100000001); }

static next_number *order_named(const char *name, struct source *source) {
  for (uint64_t i = 0; i < STREAMS; i++) {
    source->streams[i] = ppar_rng_stream(1, strcmp(name, "distant") == 0 ? distant(i) : i);
  }
  if (strcmp(name, "single") == 0) return next_single;
  if (strcmp(name, "streams") == 0 || strcmp(name, "distant") == 0) return next_in_turn;
  if (strcmp(name, "begun") == 0) return next_begun;
  if (strcmp(name, "seeds") == 0) return next_of_seed;
  if (strcmp(name, "further") == 0) return next_further;
  return NULL;
}

int main(int argc, char **argv) {
  static struct source source;
  static unsigned char bytes[KEPT * sizeof(uint64_t)];
  next_number *next = argc == 2 ? order_named(argv[1], &source) : NULL;
  if (next == NULL) {
    fprintf(stderr, "usage: random_bits single|streams|begun|seeds|distant|further\n");
    return EXIT_FAILURE;
  }
  do {
    for (size_t i = 0; i < KEPT; i++) {
      const uint64_t number = next(&source);
      for (size_t byte = 0; byte < sizeof number; byte++) {
        bytes[i * sizeof number + byte] = (unsigned char)(number >> 8 * byte);
      }
    }
  } while (fwrite(bytes, 1, sizeof bytes, stdout) == sizeof bytes);
  return EXIT_SUCCESS;
}
