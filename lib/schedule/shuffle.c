/* SPDX-License-Identifier: MIT */
/* shuffle.c: cutting a loop, and putting the chunks into an order. */
#include "schedule/shuffle.h"

#include "schedule/divide.h"
#include "schedule/tuning_checks.h"

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static uint64_t common_divisor(uint64_t a, uint64_t b) {
  while (b != 0) {
    uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* There are so few chunks that products fit 64 bits. */
static void choose_order(pp_shuffle *shuffle, pp_dice *dice) {
  uint64_t chunks = shuffle->chunks;
  shuffle->order = (pp_shuffle_order)pp_dice_roll(dice, PP_SHUFFLE_ORDERS);
  shuffle->factor = 1 + pp_dice_roll(dice, chunks);
  shuffle->offset = pp_dice_roll(dice, chunks);
  while (common_divisor(shuffle->factor, chunks) != 1) shuffle->factor++; /* chunks + 1 is one at the latest */
}

static pp_shuffle cut(uint64_t count, uint64_t from, uint64_t singles, uint64_t size) {
  pp_shuffle shuffle = {.count = count, .from = from, .singles = singles, .size = size};
  shuffle.left = from != 0 ? pp_divide_up(from, size) : 0;
  shuffle.blocks = shuffle.left;
  if (from + singles != count) shuffle.blocks += pp_divide_up(count - from - singles, size);
  shuffle.chunks = shuffle.blocks + singles;
  return shuffle;
}

pp_shuffle pp_shuffle_make(uint64_t count, uint32_t slots, pp_dice *dice) {
  static const uint64_t windows[] = {PP_SHAKE_WINDOW, PP_SHAKE_WINDOW, PP_SHAKE_SHORT_WINDOW};
  uint64_t window = windows[pp_dice_roll(dice, sizeof windows / sizeof windows[0])];
  uint64_t singles = least(count, window), others = count - singles;
  uint64_t blocks = slots * (1 + pp_dice_roll(dice, PP_SHAKE_BLOCKS));
  uint64_t size = others != 0 ? pp_divide_up(others, blocks) : 1;
  pp_shuffle shuffle = cut(count, pp_dice_roll(dice, others != UINT64_MAX ? others + 1 : others), singles, size);
  choose_order(&shuffle, dice);
  return shuffle;
}

static uint64_t chunk_at(const pp_shuffle *shuffle, uint64_t place) {
  switch (shuffle->order) {
    case PP_SHUFFLE_BACKWARD: return shuffle->chunks - 1 - place;
    case PP_SHUFFLE_SCATTERED: return (place * shuffle->factor + shuffle->offset) % shuffle->chunks;
    case PP_SHUFFLE_FORWARD:
    case PP_SHUFFLE_ORDERS: break;
  }
  return place;
}

static void block(uint64_t from, uint64_t past_all, uint64_t size, uint64_t number, uint64_t *first, uint64_t *past) {
  *first = from + number * size;
  *past = *first + least(size, past_all - *first);
}

void pp_shuffle_bounds(const pp_shuffle *shuffle, uint64_t place, uint64_t *first, uint64_t *past) {
  uint64_t chunk = chunk_at(shuffle, place), window_past = shuffle->from + shuffle->singles;
  if (chunk < shuffle->left) {
    block(0, shuffle->from, shuffle->size, chunk, first, past);
  } else if (chunk < shuffle->blocks) {
    block(window_past, shuffle->count, shuffle->size, chunk - shuffle->left, first, past);
  } else {
    *first = shuffle->from + chunk - shuffle->blocks;
    *past = *first + 1;
  }
}

uint64_t pp_shuffle_run(uint64_t begins_with, uint64_t given) {
  uint64_t doublings = given / PP_SHAKE_RUNS;
  return doublings < 40 ? begins_with << doublings : UINT64_C(1) << 62;
}
