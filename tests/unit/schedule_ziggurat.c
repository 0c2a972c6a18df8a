/* SPDX-License-Identifier: MIT */
/* Normal and exponential numbers: exp(-y) in whole numbers is exp's; all layers have the same area; the lower bits
 * choose the layer and the sign, the upper ones the place. */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

#include "schedule/ziggurat.h"

static double as_fraction(uint64_t value, int bits) { return ldexp((double)value, -bits); }

Test(ziggurat, exp_minus_is_exp) {
  for (uint64_t y = 0; y >> 63 == 0; y += UINT64_C(0x1234567890abcd)) {
    const double wanted = exp(-as_fraction(y, 59)), got = as_fraction(pp_exp_minus(y), 63);
    cr_assert(fabs(got - wanted) <= 4 * DBL_EPSILON * wanted + 0x1p-60, "exp(-%.17g): %.17g for %.17g",
              as_fraction(y, 59), got, wanted);
  }
  cr_assert_eq(pp_exp_minus(0), UINT64_C(1) << 63);
}

/* Each layer's area is its width times its height; the lowest one's, as a rectangle, is the same. */
static void check_areas(const uint64_t *x, int bits, double (*density)(double)) {
  const double area = as_fraction(x[0], bits) * density(as_fraction(x[1], bits));
  for (int layer = 1; layer <= 255; layer++) {
    const double width = as_fraction(x[layer], bits), next = as_fraction(x[layer + 1], bits);
    const double height = density(next) - density(width);
    cr_assert(fabs(width * height / area - 1) < 1e-11, "layer %d: %.17g for %.17g", layer, width * height, area);
    cr_assert(x[layer] > x[layer + 1]);
  }
  cr_assert_eq(x[256], 0);
}

static double normal_density(double x) { return exp(-x * x / 2); }
static double exponential_density(double x) { return exp(-x); }

Test(ziggurat, layers_have_the_same_area) {
  check_areas(pp_normal_x, PP_NORMAL_BITS, normal_density);
  check_areas(pp_exponential_x, PP_EXPONENTIAL_BITS, exponential_density);
}

/* The lowest layer holds the tail: what is right of its rectangle's edge within the curve. */
Test(ziggurat, the_lowest_layer_holds_the_tail) {
  const double r = as_fraction(pp_normal_x[1], PP_NORMAL_BITS),
               e = as_fraction(pp_exponential_x[1], PP_EXPONENTIAL_BITS);
  const double normal_tail = sqrt(acos(-1) / 2) * erfc(r / sqrt(2));
  cr_assert_float_eq(as_fraction(pp_normal_x[0], PP_NORMAL_BITS) * normal_density(r),
                     r * normal_density(r) + normal_tail, 1e-12);
  cr_assert_float_eq(as_fraction(pp_exponential_x[0], PP_EXPONENTIAL_BITS), e + 1, 1e-12);
}

Test(ziggurat, places_run_from_the_left_edge_to_the_right) {
  for (uint64_t layer = 0; layer <= PP_ZIGGURAT_LAYER; layer++) {
    const uint64_t last = UINT64_MAX - PP_ZIGGURAT_LAYER + layer;
    cr_assert_eq(pp_normal_place(layer), 0);
    cr_assert_eq(pp_exponential_place(layer), 0);
    cr_assert(pp_normal_place(last) < pp_normal_x[layer] && pp_normal_place(last) + 2 >= pp_normal_x[layer]);
    cr_assert(pp_exponential_place(last) < pp_exponential_x[layer]);
    cr_assert(pp_exponential_place(last) + 2 >= pp_exponential_x[layer]);
  }
}

/* The sign is a bit of its own, also where further bits decide, and zero has none. */
Test(ziggurat, signs_mirror_places) {
  uint64_t number = 0;
  for (uint64_t i = 0; i < 100000; i++, number += UINT64_C(0x9e3779b97f4a7c15)) {
    const uint64_t x = pp_normal_place(number);
    if (x >= pp_normal_x[(number & PP_ZIGGURAT_LAYER) + 1]) continue;
    cr_assert(pp_normal_of(number | PP_ZIGGURAT_SIGN, 0, 0, i) ==
              -pp_normal_of(number & ~(uint64_t)PP_ZIGGURAT_SIGN, 0, 0, i));
  }
  cr_assert(signbit(pp_normal_of(PP_ZIGGURAT_SIGN | 1, 0, 0, 0)) == 0);
}

/* The fast way, for numbers that need nothing further, and the whole way agree; and results stay within what a double
 * holds exactly. */
Test(ziggurat, both_ways_agree) {
  int further_needed = 0;
  for (uint64_t i = 0; i < 1000000; i++) {
    static uint64_t numbers[PP_PHILOX_GROUP];
    if (i % PP_PHILOX_GROUP == 0) pp_philox_groups(3, 4, i / PP_PHILOX_GROUP, 1, numbers);
    const uint64_t number = numbers[i % PP_PHILOX_GROUP];
    pp_further further = pp_further_of(3, 4, i), also = further;
    const int64_t normal = pp_ziggurat_normal(number, &further);
    const int64_t exponential = pp_ziggurat_exponential(number, &also);
    cr_assert(ldexp((double)normal, -PP_NORMAL_BITS) == pp_normal_of(number, 3, 4, i));
    cr_assert(ldexp((double)exponential, -PP_EXPONENTIAL_BITS) == pp_exponential_of(number, 3, 4, i));
    cr_assert((int64_t)(double)normal == normal && (int64_t)(double)exponential == exponential && exponential >= 0);
    further_needed += further.block != 0;
  }
  cr_assert(further_needed > 14300 && further_needed < 15500, "%d", further_needed); /* 1.49 % */
}
