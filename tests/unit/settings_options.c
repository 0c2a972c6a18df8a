/* SPDX-License-Identifier: MIT */
/* settings_options.c: options of any release become this library's, as releases to come will do it; and which
 * function takes what. */
#include "settings/options.h"

#include <criterion/criterion.h>
#include <ppar/ppar.h>

#include "../support/scale.h"

TestSuite(settings_options, .timeout = SCALE_TIMEOUT);

/* A struct that has grown twice. */
struct grown {
  size_t size;
  uint64_t first, second, third;
};

enum {
  FIRST = offsetof(struct grown, second), /* bytes of the first release's */
  SECOND = offsetof(struct grown, third),
  THIRD = sizeof(struct grown)
};

static const struct grown given = {0, 11, 22, 33};

/* Read by the library of the release that `whole` is of. */
static struct grown read_as(size_t size, size_t whole) {
  struct grown program = given, library;
  memset(&library, 0xff, sizeof library);
  program.size = size;
  cr_assert(pp_sized_read(&library, whole, &program, FIRST), "size %zu, read as %zu", size, whole);
  cr_assert_eq(library.size, whole);
  return library;
}

Test(settings_options, what_an_older_program_does_not_know_is_0) {
  struct grown grown = read_as(FIRST, THIRD);
  cr_expect(grown.first == 11 && grown.second == 0 && grown.third == 0);
  grown = read_as(SECOND, THIRD);
  cr_expect(grown.first == 11 && grown.second == 22 && grown.third == 0);
  grown = read_as(THIRD, THIRD);
  cr_expect(grown.first == 11 && grown.second == 22 && grown.third == 33);
}

Test(settings_options, a_size_of_0_is_the_first_releases_in_all_later_ones) {
  struct grown grown = read_as(0, THIRD);
  cr_expect(grown.first == 11 && grown.second == 0 && grown.third == 0);
  grown = read_as(0, FIRST);
  cr_expect(grown.first == 11 && grown.second == UINT64_MAX, "nothing is written behind it");
}

Test(settings_options, what_a_newer_program_asks_for_is_not_ignored) {
  struct grown program = {THIRD, 11, 22, 0}, library;
  cr_expect(pp_sized_read(&library, SECOND, &program, FIRST));
  cr_expect(library.first == 11 && library.second == 22);
  cr_expect_not(pp_sized_read(&library, FIRST, &program, FIRST));
  program.second = 0;
  cr_expect(pp_sized_read(&library, FIRST, &program, FIRST));
}

Test(settings_options, no_release_has_these_sizes) {
  static const size_t sizes[] = {1, FIRST - 1, PP_SIZE_MOST + 1, SIZE_MAX};
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    struct grown program = given, library;
    program.size = sizes[s];
    cr_expect_not(pp_sized_read(&library, THIRD, &program, FIRST), "size %zu", sizes[s]);
  }
}

static const pp_call nowhere = {"a test", &given};

/* --- Options ------------------------------------------------------------------------------------------------------ */

Test(settings_options, of_the_librarys_own_layout_are_not_copied) {
  const ppar_options zero = {.threads = 2}, *by_zero = &zero, *by_macro = PPAR_OPTIONS(.threads = 2), *read;
  ppar_options room;
  read = by_zero;
  cr_expect_eq(pp_options_read(&read, &room, 0, nowhere), PPAR_OK);
  cr_expect_eq(read, by_zero);
  read = by_macro;
  cr_expect_eq(pp_options_read(&read, &room, 0, nowhere), PPAR_OK);
  cr_expect_eq(read, by_macro);
  read = NULL;
  cr_expect_eq(pp_options_read(&read, &room, 0, nowhere), PPAR_OK);
  cr_expect_eq(read, &pp_options_defaults);
}

Test(settings_options, that_are_refused_leave_the_defaults_to_read) {
  const ppar_options bad = {.threads = -1, .nowait = true}, *read = &bad;
  ppar_options room;
  cr_expect_eq(pp_options_read(&read, &room, ~0u, nowhere), PPAR_EINVAL);
  cr_expect_eq(read, &pp_options_defaults);
}

Test(settings_options, are_for_those_who_take_them) {
  static const struct {
    ppar_options options;
    unsigned takes; /* any of these is enough */
  } cases[] = {
      {{.step = 1}, PP_TAKES_STEP},
      {{.step = -7}, PP_TAKES_STEP},
      {{.nowait = true}, PP_TAKES_TEAM},
      {{.ordered = true}, PP_TAKES_TEAM},
      {{.tile = {1, 0, 0}}, PP_TAKES_TILE},
      {{.tile = {0, 0, 5}}, PP_TAKES_TILE},
      {{.tile = {-1, 0, 0}}, 0},
      {{.tile = {4, 4, -1}}, 0},
      {{.tile = {0, INT64_MIN, 0}}, 0},
      {{.schedule = {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 3}}, PP_TAKES_CHUNK},
      {{.schedule = {PPAR_SCHEDULE_RUNTIME, PPAR_ORDER_DEFAULT, 3}}, 0},
      {{.schedule = {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, -3}}, 0},
      {{.threads = PPAR_MAX_THREADS + 1}, 0},
  };
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    for (unsigned takes = 0; takes < 16; takes++) {
      const ppar_options *read = &cases[c].options;
      ppar_options room;
      cr_expect_eq(pp_options_read(&read, &room, takes, nowhere), (cases[c].takes & takes) != 0 ? PPAR_OK : PPAR_EINVAL,
                   "case %zu, takes %u", c, takes);
    }
  }
}

Test(settings_options, of_another_layout_are_checked_as_well) {
  struct {
    ppar_options options;
    uint64_t further;
  } newer = {{.size = sizeof newer, .threads = 5}, 0};
  const ppar_options *read = &newer.options;
  ppar_options room;
  cr_expect_eq(pp_options_read(&read, &room, 0, nowhere), PPAR_OK);
  cr_expect(read == &room && room.threads == 5 && room.size == sizeof room);
  newer.options.threads = -5;
  read = &newer.options;
  cr_expect_eq(pp_options_read(&read, &room, 0, nowhere), PPAR_EINVAL);
}
