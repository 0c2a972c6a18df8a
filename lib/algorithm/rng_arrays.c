/* SPDX-License-Identifier: MIT */
/* rng_arrays.c: arrays of random numbers. A piece of the array is a piece of the stream; each is made by itself, in
 * stretches that lie in the fastest cache between their being made as bits and their becoming what is asked for. */
#include <ppar/rng_arrays.h>

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "algorithm/pieces.h"
#include "schedule/divide.h"
#include "schedule/philox.h"
#include "schedule/tuning.h"
#include "schedule/ziggurat.h"

/* Some numbers of a stream, the first of which is number `first`. */
typedef struct stretch {
  const uint64_t *numbers;
  size_t count;
  uint64_t seed, stream, first;
  uint64_t below;
} stretch;

typedef void convert(const stretch *from, void *out);

/* Lives on the caller's stack: only bodies read it, and none runs after its loop has returned. */
struct fill {
  ppar_rng from;
  unsigned char *out;
  uint64_t count;
  size_t size; /* of an element */
  uint64_t below;
  convert *convert;
};

/* --- What numbers become ----------------------------------------------------------------------------------------- */

#define DEFINE_CONVERT(name, type, value)                         \
  static void to_##name(const stretch *from, void *out) {         \
    type *const elements = out;                                   \
    for (size_t i = 0; i < from->count; i++) {                    \
      const uint64_t number = from->numbers[i], at = from->first; \
      (void)at;                                                   \
      elements[i] = (type)(value);                                \
    }                                                             \
  }

DEFINE_CONVERT(u32, uint32_t, number >> 32)
DEFINE_CONVERT(f32, float, (float)(int32_t)(number >> 40) * 0x1p-24f)
DEFINE_CONVERT(f64, double, (double)(int64_t)(number >> 11) * 0x1p-53)
DEFINE_CONVERT(normal_f32, float, pp_normal_of(number, from->seed, from->stream, at + i))
DEFINE_CONVERT(normal_f64, double, pp_normal_of(number, from->seed, from->stream, at + i))
DEFINE_CONVERT(exponential_f32, float, pp_exponential_of(number, from->seed, from->stream, at + i))
DEFINE_CONVERT(exponential_f64, double, pp_exponential_of(number, from->seed, from->stream, at + i))

static void to_u64(const stretch *from, void *out) { memcpy(out, from->numbers, from->count * sizeof(uint64_t)); }

static void to_below(const stretch *from, void *out) {
  uint64_t *const elements = out;
  for (size_t i = 0; i < from->count; i++) {
    uint64_t low;
    elements[i] = ppar_product_(from->numbers[i], from->below, &low);
    if (PPAR_SELDOM_(low < from->below)) {
      const ppar_rng after = {.seed_ = from->seed, .stream_ = from->stream, .next_ = from->first + i + 1};
      elements[i] = ppar_rng_below_again_(&after, from->below, elements[i], low);
    }
  }
}

/* --- Pieces ------------------------------------------------------------------------------------------------------ */

static void fill_part(const struct fill *fill, uint64_t first, uint64_t past) {
  uint64_t numbers[PP_RNG_STRETCH + PP_PHILOX_GROUP];
  stretch from = {.seed = fill->from.seed_, .stream = fill->from.stream_, .below = fill->below};
  for (uint64_t i = first; i < past; i += from.count) {
    from.first = fill->from.next_ + i;
    from.count = past - i < PP_RNG_STRETCH ? (size_t)(past - i) : (size_t)PP_RNG_STRETCH;
    from.numbers = pp_philox_stretch(from.seed, from.stream, from.first, from.count, numbers);
    fill->convert(&from, fill->out + i * fill->size);
  }
}

static void fill_piece(const ppar_chunk *piece, void *argument) {
  const struct fill *fill = argument;
  const uint64_t first = (uint64_t)piece->begin * PP_RNG_PIECE;
  fill_part(fill, first, fill->count - first < PP_RNG_PIECE ? fill->count : first + PP_RNG_PIECE);
}

static int fill_by(pp_call call, ppar_rng *rng, void *out, int64_t count, size_t size, uint64_t below, convert *to,
                   const ppar_options *options) {
  struct fill fill = {.out = out, .count = (uint64_t)count, .size = size, .below = below, .convert = to};
  pp_pieces pieces;
  int status, saved_errno = errno;
  if (rng == NULL) return pp_refuse(call, PP_NOTHING_DONE, "rng", PP_REFUSED_NULL, 0);
  if (count < 0) return pp_refuse(call, PP_NOTHING_DONE, "count", PP_REFUSED_NEGATIVE, count);
  if (count != 0 && out == NULL) return pp_refuse(call, PP_NOTHING_DONE, "out", PP_REFUSED_NULL, 0);
  if ((uint64_t)count > PTRDIFF_MAX / size) return pp_refuse(call, PP_NOTHING_DONE, "count", PP_REFUSED_BYTES, 0);
  status = pp_pieces_prepare(&pieces, options, PP_TAKES_STEP, call);
  if (status != PPAR_OK) return status;
  fill.from = *rng;
  if (fill.count <= PP_RNG_PIECE) {
    fill_part(&fill, 0, fill.count);
  } else {
    (void)pp_pieces_run(&pieces, pp_divide_up(fill.count, PP_RNG_PIECE), fill_piece, &fill);
  }
  ppar_rng_skip(rng, fill.count);
  errno = saved_errno;
  return PPAR_OK;
}

/* --- Calls ------------------------------------------------------------------------------------------------------- */

#define DEFINE_FILL(name, type)                                                                           \
  int ppar_rng_fill_##name(ppar_rng *rng, type *out, int64_t count, const ppar_options *options) {        \
    return fill_by(PP_CALL("ppar_rng_fill_" #name), rng, out, count, sizeof *out, 0, to_##name, options); \
  }

DEFINE_FILL(u32, uint32_t)
DEFINE_FILL(u64, uint64_t)
DEFINE_FILL(f32, float)
DEFINE_FILL(f64, double)
DEFINE_FILL(normal_f32, float)
DEFINE_FILL(normal_f64, double)
DEFINE_FILL(exponential_f32, float)
DEFINE_FILL(exponential_f64, double)

int ppar_rng_fill_below(ppar_rng *rng, uint64_t *out, int64_t count, uint64_t n, const ppar_options *options) {
  return fill_by(PP_CALL("ppar_rng_fill_below"), rng, out, count, sizeof *out, n, to_below, options);
}
