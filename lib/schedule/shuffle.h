/* SPDX-License-Identifier: MIT */
/* shuffle.h: unusual schedules (PPAR_SHAKE): a loop's iterations in chunks of unusual sizes and in an unusual order.
 * All of it follows from one number, so that the same number gives the same chunks in the same order again.
 *
 * The iterations are cut into blocks of one size and, somewhere among them, a window of chunks of one iteration each:
 * in the window threads come to the same data as often as they can, and in the blocks they are at work at the same time
 * for long. Chunks are numbered: first the blocks, in the iterations' order, and then those of the window. So "forward"
 * means the largest first. They are given out by their place in the order: place p is chunk pp_shuffle_chunk(p). */
#ifndef PP_SCHEDULE_SHUFFLE_H
#define PP_SCHEDULE_SHUFFLE_H

#include <stdbool.h>
#include <stdint.h>

/* A sequence of random numbers, which depends on where it starts alone. */
typedef struct pp_dice {
  uint64_t state;
} pp_dice;

/* A number that depends on both others, and looks like neither (the last step of SplitMix64; Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014). */
static inline uint64_t pp_dice_mix(uint64_t a, uint64_t b) {
  uint64_t mixed = a * UINT64_C(0xff51afd7ed558ccd) + (b + 1) * UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
  return mixed ^ mixed >> 31;
}

/* 0 ... faces - 1; faces is not 0. */
static inline uint64_t pp_dice_roll(pp_dice *dice, uint64_t faces) {
  dice->state += UINT64_C(0x9e3779b97f4a7c15);
  return pp_dice_mix(dice->state, 0) % faces;
}

typedef enum pp_shuffle_order {
  PP_SHUFFLE_FORWARD,
  PP_SHUFFLE_BACKWARD,
  PP_SHUFFLE_SCATTERED, /* place p is chunk (p * factor + offset) mod chunks */
  PP_SHUFFLE_ORDERS
} pp_shuffle_order;

typedef struct pp_shuffle {
  uint64_t count;         /* iterations, at least 1 */
  uint64_t from, singles; /* the window */
  uint64_t size;          /* of blocks; those at the ends of the window and of the loop may be shorter */
  uint64_t left, blocks;  /* how many of them are before the window, and in all */
  uint64_t chunks;        /* blocks and singles */
  pp_shuffle_order order;
  uint64_t factor, offset;
} pp_shuffle;

/* Of a loop with so many iterations, at least 1, and slots. */
pp_shuffle pp_shuffle_make(uint64_t count, uint32_t slots, pp_dice *dice);

/* The iterations first ... past - 1 of the chunk in this place; place < chunks. */
void pp_shuffle_bounds(const pp_shuffle *shuffle, uint64_t place, uint64_t *first, uint64_t *past);

/* How many iterations of a run may be given to a thread at once where `given` runs have been so far: from the number
 * that a thread begins with on, twice as many after each PP_SHAKE_RUNS runs, so that a long loop comes to its end. */
uint64_t pp_shuffle_run(uint64_t begins_with, uint64_t given);

#endif
