/* SPDX-License-Identifier: MIT */
/* rng_shuffle.c: elements in random order. Each element goes into the bucket that 16 bits of its own say, behind those
 * of the bucket that come before it in the array; four elements share a number of the stream. Then a thread takes a
 * bucket at a time and puts it into random order, by the numbers from `count` on. Blocks of the array are dealt by
 * several threads at once: how many there are of each bucket is counted first, so each knows where its elements go, and
 * it is the same place however the array is cut. */
#include <ppar/rng_arrays.h>

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "algorithm/pieces.h"
#include "platform/memory.h"
#include "schedule/philox.h"
#include "schedule/static_schedule.h"
#include "schedule/tuning.h"

enum {
  BUCKET_CHOICE = 16, /* bits; more than any number of buckets takes */
  CHOICES = 64 / BUCKET_CHOICE,
  CHOSEN_AT_ONCE = CHOICES * (PP_RNG_STRETCH - 1), /* elements; they may begin in the middle of a number */
  ROOM = PP_RNG_STRETCH + PP_PHILOX_GROUP
};
_Static_assert((int)BUCKET_CHOICE >= (int)PP_SHUFFLE_BUCKET_BITS_MOST, "the bits of a choice");

/* Lives on the caller's stack: only bodies read it, and none runs after its loop has returned. */
struct shuffle {
  ppar_rng from;
  unsigned char *base, *dealt; /* the array; its elements by buckets */
  size_t count, size;
  bool numbered; /* the elements are 0, 1, 2 ... as int64_t, and base need not hold them yet */
  unsigned bucket_bits;
  size_t blocks;
  size_t *places; /* of bucket k in block b, at b * buckets + k: how many; later where the next one goes */
  size_t *bounds; /* where each bucket begins, and the last ends */
};

static inline size_t buckets_of(const struct shuffle *s) { return (size_t)1 << s->bucket_bits; }

static inline size_t stretch_of(size_t count) { return count < PP_RNG_STRETCH ? count : (size_t)PP_RNG_STRETCH; }

/* The numbers from `first` on, counted from where the stream was; at most PP_RNG_STRETCH. */
static inline const uint64_t *numbers_from(const struct shuffle *s, uint64_t first, uint64_t count, uint64_t *room) {
  return pp_philox_stretch(s->from.seed_, s->from.stream_, s->from.next_ + first, (size_t)count, room);
}

/* Follows from count alone, for ever: another number of buckets would be another order. */
static unsigned bucket_bits_for(size_t count) {
  unsigned bits = 0;
  if (count <= PP_SHUFFLE_ALONE) return 0;
  while (bits < PP_SHUFFLE_BUCKET_BITS_MOST && count >> bits > PP_SHUFFLE_BUCKET) bits++;
  return bits;
}

/* --- Dealing ----------------------------------------------------------------------------------------------------- */

/* The buckets of elements i ... past - 1, or of as many as are chosen at once. Returns how many. */
static size_t choose(const struct shuffle *s, uint64_t i, uint64_t past, uint16_t *buckets) {
  uint64_t room[ROOM];
  const uint64_t base = i / CHOICES, end = past - i < CHOSEN_AT_ONCE ? past : i + CHOSEN_AT_ONCE;
  const uint64_t *numbers = numbers_from(s, base, (end - 1) / CHOICES - base + 1, room);
  uint16_t *to = buckets;
  for (; i < end; i++) {
    const uint64_t bits = numbers[i / CHOICES - base] >> (BUCKET_CHOICE * (i % CHOICES));
    *to++ = (uint16_t)((bits & ((1u << BUCKET_CHOICE) - 1)) >> (BUCKET_CHOICE - s->bucket_bits));
  }
  return (size_t)(to - buckets);
}

static void count_block(const ppar_chunk *piece, void *argument) {
  const struct shuffle *s = argument;
  size_t *counts = s->places + (size_t)piece->begin * buckets_of(s);
  uint16_t buckets[CHOSEN_AT_ONCE];
  uint64_t first, past;
  pp_static_block(s->count, s->blocks, (uint64_t)piece->begin, &first, &past);
  memset(counts, 0, buckets_of(s) * sizeof *counts);
  while (first < past) {
    const size_t so_many = choose(s, first, past, buckets);
    for (size_t k = 0; k < so_many; k++) counts[buckets[k]]++;
    first += so_many;
  }
}

/* All of a bucket lies together, in the order of the blocks. */
static void give_places(const struct shuffle *s) {
  size_t place = 0;
  for (size_t k = 0; k < buckets_of(s); k++) {
    s->bounds[k] = place;
    for (size_t b = 0; b < s->blocks; b++) {
      size_t *of_block = &s->places[b * buckets_of(s) + k], so_many = *of_block;
      *of_block = place;
      place += so_many;
    }
  }
  s->bounds[buckets_of(s)] = place;
}

static inline __attribute__((always_inline)) void deal(const struct shuffle *s, uint64_t block, size_t size,
                                                       bool numbered) {
  size_t *places = s->places + block * buckets_of(s);
  uint16_t buckets[CHOSEN_AT_ONCE];
  uint64_t first, past;
  pp_static_block(s->count, s->blocks, block, &first, &past);
  while (first < past) {
    const size_t so_many = choose(s, first, past, buckets);
    for (size_t k = 0; k < so_many; k++, first++) {
      const int64_t number = (int64_t)first;
      memcpy(s->dealt + places[buckets[k]]++ * size, numbered ? (const unsigned char *)&number : s->base + first * size,
             size);
    }
  }
}

static void deal_block(const ppar_chunk *piece, void *argument) {
  const struct shuffle *s = argument;
  const uint64_t block = (uint64_t)piece->begin;
  if (s->numbered) {
    deal(s, block, sizeof(int64_t), true);
  } else if (s->size == 4) {
    deal(s, block, 4, false);
  } else if (s->size == 8) {
    deal(s, block, 8, false);
  } else {
    deal(s, block, s->size, false);
  }
}

/* --- Random order ------------------------------------------------------------------------------------------------ */

/* A place of 0 ... i, by number `at` of the shuffle: as ppar_rng_below draws it. */
static inline size_t place_up_to(const struct shuffle *s, size_t i, uint64_t number, uint64_t at) {
  uint64_t low, high = ppar_product_(number, (uint64_t)i + 1, &low);
  if (PPAR_SELDOM_(low < (uint64_t)i + 1)) {
    const ppar_rng drawn = {.seed_ = s->from.seed_, .stream_ = s->from.stream_, .next_ = s->from.next_ + at + 1};
    high = ppar_rng_below_again_(&drawn, (uint64_t)i + 1, high, low);
  }
  return (size_t)high;
}

/* Dealt elements first ... past - 1 to the same places of base, in random order: each in turn goes to one of the places
 * up to its own, and what is there goes to its own. */
static inline __attribute__((always_inline)) void order(const struct shuffle *s, size_t first, size_t past,
                                                        size_t size) {
  uint64_t room[ROOM];
  const uint64_t *numbers = NULL, at = s->count + (uint64_t)first;
  unsigned char *to = s->base + first * size;
  const unsigned char *from = s->dealt + first * size;
  for (size_t i = 0, count = past - first; i < count; i++, from += size) {
    size_t j;
    if (i % PP_RNG_STRETCH == 0) numbers = numbers_from(s, at + i, stretch_of(count - i), room);
    j = place_up_to(s, i, numbers[i % PP_RNG_STRETCH], at + i);
    if (j != i) memcpy(to + i * size, to + j * size, size);
    memcpy(to + j * size, from, size);
  }
}

static void order_bucket(const ppar_chunk *piece, void *argument) {
  const struct shuffle *s = argument;
  const size_t first = s->bounds[piece->begin], past = s->bounds[piece->begin + 1];
  if (s->size == 4) {
    order(s, first, past, 4);
  } else if (s->size == 8) {
    order(s, first, past, 8);
  } else {
    order(s, first, past, s->size);
  }
}

static inline __attribute__((always_inline)) void exchange(unsigned char *a, unsigned char *b, size_t size) {
  unsigned char part[64];
  for (size_t at = 0, so_many; at < size; at += so_many) {
    so_many = size - at < sizeof part ? size - at : sizeof part;
    memcpy(part, a + at, so_many);
    memcpy(a + at, b + at, so_many);
    memcpy(b + at, part, so_many);
  }
}

/* The same where no element has been dealt: there is one bucket, which is base. */
static inline __attribute__((always_inline)) void order_elements(const struct shuffle *s, size_t size, bool numbered) {
  uint64_t room[ROOM];
  const uint64_t *numbers = NULL;
  for (size_t i = 0; i < s->count; i++) {
    unsigned char *element = s->base + i * size;
    size_t j;
    if (i % PP_RNG_STRETCH == 0) numbers = numbers_from(s, s->count + i, stretch_of(s->count - i), room);
    j = place_up_to(s, i, numbers[i % PP_RNG_STRETCH], s->count + i);
    if (numbered) memcpy(element, &(int64_t){(int64_t)i}, size);
    if (j != i) exchange(element, s->base + j * size, size);
  }
}

static void order_in_place(const struct shuffle *s) {
  if (s->numbered) {
    order_elements(s, sizeof(int64_t), true);
  } else if (s->size == 4) {
    order_elements(s, 4, false);
  } else if (s->size == 8) {
    order_elements(s, 8, false);
  } else {
    order_elements(s, s->size, false);
  }
}

/* --- Calls ------------------------------------------------------------------------------------------------------- */

static size_t blocks_for(const struct shuffle *s, const pp_pieces *pieces) {
  const size_t most = s->count / (buckets_of(s) * PP_SHUFFLE_DEALT_LEAST), slots = pp_pieces_slots(pieces);
  const size_t blocks = slots == 1 ? 1 : slots * PP_PIECES_PER_SLOT;
  return blocks < most ? blocks : most != 0 ? most : 1;
}

static int deal_and_order(struct shuffle *s, const pp_pieces *pieces) {
  const size_t buckets = buckets_of(s);
  s->blocks = blocks_for(s, pieces);
  s->dealt = pp_memory_alloc(s->count * s->size);
  s->places = pp_memory_alloc((s->blocks * buckets + buckets + 1) * sizeof *s->places);
  if (s->dealt != NULL && s->places != NULL) {
    s->bounds = s->places + s->blocks * buckets;
    (void)pp_pieces_run(pieces, s->blocks, count_block, s);
    give_places(s);
    (void)pp_pieces_run(pieces, s->blocks, deal_block, s);
    (void)pp_pieces_run(pieces, buckets, order_bucket, s);
  }
  pp_memory_free(s->places);
  pp_memory_free(s->dealt);
  return s->dealt != NULL && s->places != NULL ? PPAR_OK : PPAR_ENOMEM;
}

static int shuffle_by(pp_call call, const char *array, ppar_rng *rng, struct shuffle s, const ppar_options *options) {
  pp_pieces pieces;
  int status, saved_errno = errno;
  if (rng == NULL) return pp_refuse(call, PP_NOTHING_DONE, "rng", PP_REFUSED_NULL, 0);
  if (s.size == 0) return pp_refuse(call, PP_NOTHING_DONE, "size", PP_REFUSED_ZERO, 0);
  if (s.count != 0 && s.base == NULL) return pp_refuse(call, PP_NOTHING_DONE, array, PP_REFUSED_NULL, 0);
  if (s.count > PTRDIFF_MAX / s.size) return pp_refuse(call, PP_NOTHING_DONE, "count", PP_REFUSED_BYTES, 0);
  status = pp_pieces_prepare(&pieces, options, PP_TAKES_STEP, call);
  if (status != PPAR_OK) return status;
  s.from = *rng;
  s.bucket_bits = bucket_bits_for(s.count);
  if (s.bucket_bits == 0) {
    order_in_place(&s);
  } else {
    status = deal_and_order(&s, &pieces);
  }
  if (status == PPAR_OK) ppar_rng_skip(rng, 2 * (uint64_t)s.count);
  errno = saved_errno;
  return status;
}

int ppar_rng_shuffle(ppar_rng *rng, void *base, size_t count, size_t size, const ppar_options *options) {
  const struct shuffle s = {.base = base, .count = count, .size = size};
  return shuffle_by(PP_CALL("ppar_rng_shuffle"), "base", rng, s, options);
}

int ppar_rng_permutation(ppar_rng *rng, int64_t *out, int64_t count, const ppar_options *options) {
  const pp_call call = PP_CALL("ppar_rng_permutation");
  const struct shuffle s = {
      .base = (unsigned char *)out, .count = (size_t)count, .size = sizeof *out, .numbered = true};
  if (count < 0) return pp_refuse(call, PP_NOTHING_DONE, "count", PP_REFUSED_NEGATIVE, count);
  if ((uint64_t)count > SIZE_MAX) return pp_refuse(call, PP_NOTHING_DONE, "count", PP_REFUSED_BYTES, 0);
  return shuffle_by(call, "out", rng, s, options);
}
