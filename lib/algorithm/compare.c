/* SPDX-License-Identifier: MIT */
/* compare.c: values compared word by word. */
#include "algorithm/compare.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct kind_row {
  const ppar_reduction *reduction;
  pp_value_kind kind;
} kind_row;

#define ROWS_OF_NUMBERS(type, kind) \
  {&ppar_sum_##type, kind}, {&ppar_prod_##type, kind}, {&ppar_min_##type, kind}, { &ppar_max_##type, kind }
#define ROWS_OF_BITS(type, kind) \
  {&ppar_and_##type, kind}, {&ppar_or_##type, kind}, { &ppar_xor_##type, kind }
#define ROWS_OF_PLACES(type, kind) \
  {&ppar_argmin_##type, kind}, { &ppar_argmax_##type, kind }

static const kind_row rows[] = {
    ROWS_OF_NUMBERS(f64, PP_VALUE_F64),
    ROWS_OF_NUMBERS(f32, PP_VALUE_F32),
    ROWS_OF_NUMBERS(i64, PP_VALUE_I64),
    ROWS_OF_NUMBERS(i32, PP_VALUE_I32),
    ROWS_OF_NUMBERS(u64, PP_VALUE_U64),
    ROWS_OF_NUMBERS(u32, PP_VALUE_U32),
    ROWS_OF_BITS(i64, PP_VALUE_I64),
    ROWS_OF_BITS(i32, PP_VALUE_I32),
    ROWS_OF_BITS(u64, PP_VALUE_U64),
    ROWS_OF_BITS(u32, PP_VALUE_U32),
    {&ppar_all_bool, PP_VALUE_BOOL},
    {&ppar_any_bool, PP_VALUE_BOOL},
    {&ppar_all_int, PP_VALUE_I32},
    {&ppar_any_int, PP_VALUE_I32},
    {&ppar_sum_complex_f64, PP_VALUE_COMPLEX_F64},
    {&ppar_sum_complex_f32, PP_VALUE_COMPLEX_F32},
    ROWS_OF_PLACES(f64, PP_VALUE_INDEXED_F64),
    ROWS_OF_PLACES(f32, PP_VALUE_INDEXED_F32),
    ROWS_OF_PLACES(i64, PP_VALUE_INDEXED_I64),
    ROWS_OF_PLACES(i32, PP_VALUE_INDEXED_I32),
};

/* By the combine: the reduction itself may be a copy in the program. */
pp_value_kind pp_value_kind_of(const ppar_reduction *reduction) {
  for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
    if (rows[k].reduction->combine == reduction->combine && rows[k].reduction->size == reduction->size)
      return rows[k].kind;
  }
  return PP_VALUE_UNKNOWN;
}

static double word_f64(const void *value, size_t word) {
  double number;
  memcpy(&number, (const char *)value + word * sizeof number, sizeof number);
  return number;
}

static double word_f32(const void *value, size_t word) {
  float number;
  memcpy(&number, (const char *)value + word * sizeof number, sizeof number);
  return (double)number;
}

/* By how much rounding lets two words differ at most. */
static double bound_of(double a, double b, double sum, uint64_t count, double epsilon) {
  return 2 * (double)count * epsilon * (sum + fabs(a) + fabs(b));
}

static bool is_close(double a, double b, double bound) {
  if (a == b || (isnan(a) && isnan(b))) return true;
  if (!isfinite(a) || !isfinite(b)) return false; /* no rounding leads there, and the bound is infinite */
  return fabs(a - b) <= bound;
}

/* Whether the number may be what rounding has taken from the word before it, which has this bound: it is 0, or has
 * digits that come next behind that word's. Much smaller ones are something else that is read as a number. */
static bool is_rest(double number, double bound) {
  double size = fabs(number);
  return size == 0 || (size <= bound && size >= bound * DBL_EPSILON * DBL_EPSILON);
}

/* Words of other types that are read as numbers are mostly none of these. */
static bool is_number(double a, double b, double least) {
  bool a_is = a == 0 || (fabs(a) >= least && isfinite(a)), b_is = b == 0 || (fabs(b) >= least && isfinite(b));
  return a_is && b_is;
}

static bool agree_f64(const pp_rounding *r, const void *a, const void *b, bool doubtful) {
  double before = 0; /* the bound of the word before, if the value may keep what rounding has taken from that */
  for (size_t w = 0; w < r->size / sizeof(double); w++) {
    double x = word_f64(a, w), y = word_f64(b, w);
    double bound = bound_of(x, y, r->as_f64 != NULL ? r->as_f64[w] : 0, r->count, DBL_EPSILON);
    if (memcmp((const char *)a + w * sizeof x, (const char *)b + w * sizeof x, sizeof x) != 0) {
      if (doubtful && !is_number(x, y, DBL_MIN)) return false;
      if (!is_close(x, y, bound) && !(is_rest(x, before) && is_rest(y, before))) return false;
    }
    before = doubtful && isfinite(bound) ? bound : 0;
  }
  return true;
}

static bool agree_f32(const pp_rounding *r, const void *a, const void *b, bool doubtful) {
  for (size_t w = 0; w < r->size / sizeof(float); w++) {
    double x = word_f32(a, w), y = word_f32(b, w);
    if (memcmp((const char *)a + w * sizeof(float), (const char *)b + w * sizeof(float), sizeof(float)) == 0) continue;
    if (doubtful && !is_number(x, y, (double)FLT_MIN)) return false;
    if (!is_close(x, y, bound_of(x, y, r->as_f32 != NULL ? r->as_f32[w] : 0, r->count, (double)FLT_EPSILON)))
      return false;
  }
  return true;
}

#define AGREE_PLACES(type)                                                                                   \
  do {                                                                                                       \
    const ppar_indexed_##type *x = a, *y = b;                                                                \
    return x->index == y->index && (x->value == y->value || (x->value != x->value && y->value != y->value)); \
  } while (0)

bool pp_values_agree(const pp_rounding *r, const void *a, const void *b) {
  if (memcmp(a, b, r->size) == 0) return true;
  switch (r->kind) {
    case PP_VALUE_F64:
    case PP_VALUE_COMPLEX_F64: return agree_f64(r, a, b, false);
    case PP_VALUE_F32:
    case PP_VALUE_COMPLEX_F32: return agree_f32(r, a, b, false);
    case PP_VALUE_INDEXED_F64: AGREE_PLACES(f64);
    case PP_VALUE_INDEXED_F32: AGREE_PLACES(f32);
    case PP_VALUE_INDEXED_I64: AGREE_PLACES(i64);
    case PP_VALUE_INDEXED_I32: AGREE_PLACES(i32);
    case PP_VALUE_I64:
    case PP_VALUE_I32:
    case PP_VALUE_U64:
    case PP_VALUE_U32:
    case PP_VALUE_BOOL: return false;
    case PP_VALUE_UNKNOWN: break;
  }
  return (r->size % sizeof(double) == 0 && agree_f64(r, a, b, true)) ||
         (r->size % sizeof(float) == 0 && agree_f32(r, a, b, true));
}

static void add(double *sum, double number, double times) {
  if (isfinite(number)) *sum += fabs(number) * times;
}

void pp_rounding_add(pp_rounding *r, const void *value, double times) {
  for (size_t w = 0; w < r->size / sizeof(double); w++) add(&r->as_f64[w], word_f64(value, w), times);
  for (size_t w = 0; w < r->size / sizeof(float); w++) add(&r->as_f32[w], word_f32(value, w), times);
}

#define PRINT_PLACE(type, format, conversion)                                          \
  do {                                                                                 \
    const ppar_indexed_##type *x = value;                                              \
    (void)snprintf(text, size, format " at %" PRId64, (conversion)x->value, x->index); \
  } while (0)

void pp_value_print(pp_value_kind kind, const void *value, char *text, size_t size) {
  switch (kind) {
    case PP_VALUE_F64: (void)snprintf(text, size, "%.17g", *(const double *)value); break;
    case PP_VALUE_F32: (void)snprintf(text, size, "%.9g", (double)*(const float *)value); break;
    case PP_VALUE_I64: (void)snprintf(text, size, "%" PRId64, *(const int64_t *)value); break;
    case PP_VALUE_I32: (void)snprintf(text, size, "%" PRId32, *(const int32_t *)value); break;
    case PP_VALUE_U64: (void)snprintf(text, size, "%" PRIu64, *(const uint64_t *)value); break;
    case PP_VALUE_U32: (void)snprintf(text, size, "%" PRIu32, *(const uint32_t *)value); break;
    case PP_VALUE_BOOL: (void)snprintf(text, size, "%s", *(const bool *)value ? "true" : "false"); break;
    case PP_VALUE_COMPLEX_F64:
      (void)snprintf(text, size, "(%.17g, %.17g)", word_f64(value, 0), word_f64(value, 1));
      break;
    case PP_VALUE_COMPLEX_F32:
      (void)snprintf(text, size, "(%.9g, %.9g)", word_f32(value, 0), word_f32(value, 1));
      break;
    case PP_VALUE_INDEXED_F64: PRINT_PLACE(f64, "%.17g", double); break;
    case PP_VALUE_INDEXED_F32: PRINT_PLACE(f32, "%.9g", double); break;
    case PP_VALUE_INDEXED_I64: PRINT_PLACE(i64, "%" PRId64, int64_t); break;
    case PP_VALUE_INDEXED_I32: PRINT_PLACE(i32, "%" PRId32, int32_t); break;
    case PP_VALUE_UNKNOWN: text[0] = '\0'; break;
  }
}
