/* SPDX-License-Identifier: MIT */
/* philox.h: random bits from counters: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011), and the numbers of a stream
 * that are made of them. include/ppar/rng.h says which number lies where. */
#ifndef PP_SCHEDULE_PHILOX_H
#define PP_SCHEDULE_PHILOX_H

#include <stddef.h>
#include <stdint.h>

enum {
  PP_PHILOX_ROUNDS = 10,
  PP_PHILOX_GROUP = 8,         /* numbers that are made at once: four blocks */
  PP_STREAM_BITS = 56,         /* a stream has 2^56 numbers */
  PP_FURTHER_BLOCKS_MOST = 255 /* for one number: what A of rng.h can count */
};

/* The published constants: two multipliers, and what the key grows by from round to round. */
#define PP_PHILOX_M0 UINT32_C(0xD2511F53)
#define PP_PHILOX_M1 UINT32_C(0xCD9E8D57)
#define PP_PHILOX_W0 UINT32_C(0x9E3779B9) /* the golden ratio */
#define PP_PHILOX_W1 UINT32_C(0xBB67AE85) /* sqrt(3) - 1 */

void pp_philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* The numbers group * PP_PHILOX_GROUP and following of a stream, as many groups of them as are asked for. Group numbers
 * wrap at the stream's end. */
void pp_philox_groups(uint64_t seed, uint64_t stream, uint64_t group, size_t groups, uint64_t *out);

/* The same block by block, which is what processors without AVX2 do, and what the other way is tested against. */
void pp_philox_groups_plain(uint64_t seed, uint64_t stream, uint64_t group, size_t groups, uint64_t *out);

/* The numbers place ... place + count - 1 of a stream, made together with those around them in `room`, which has room
 * for count + PP_PHILOX_GROUP. Returns where the first one lies there. */
static inline const uint64_t *pp_philox_stretch(uint64_t seed, uint64_t stream, uint64_t place, size_t count,
                                                uint64_t *room) {
  const size_t in_group = (size_t)(place % PP_PHILOX_GROUP);
  pp_philox_groups(seed, stream, place / PP_PHILOX_GROUP, (in_group + count + PP_PHILOX_GROUP - 1) / PP_PHILOX_GROUP,
                   room);
  return room + in_group;
}

/* Further bits for one number of a stream. They are a function of seed, stream and the number alone. */
typedef struct pp_further {
  uint64_t seed, stream, number;
  uint64_t kept;   /* the second half of the latest block */
  uint32_t block;  /* the latest block: A of rng.h; 0 before the first */
  uint32_t halves; /* how many of it are kept: 0 or 1 */
} pp_further;

static inline pp_further pp_further_of(uint64_t seed, uint64_t stream, uint64_t number) {
  return (pp_further){.seed = seed, .stream = stream, .number = number};
}

/* The next 64 bits. After 255 blocks the next number's are taken; no method gets there in practice, but each must
 * end. */
uint64_t pp_further_next(pp_further *further);

#endif
