/* SPDX-License-Identifier: MIT */
/* status.c: the texts of statuses. */
#include <criterion/criterion.h>
#include <limits.h>
#include <string.h>

#include <ppar/ppar.h>

static const int known[] = {PPAR_OK, PPAR_EINVAL, PPAR_ENOMEM, PPAR_EAGAIN, PPAR_EBUSY, PPAR_ECANCELED};
enum { KNOWN = sizeof known / sizeof known[0] };

static const char unknown_text[] = "unknown status", bodys_text[] = "status of a loop's body";

Test(status, each_has_a_text_of_its_own_without_a_full_stop) {
  for (int i = 0; i < KNOWN; i++) {
    const char *text = ppar_strerror(known[i]);
    cr_assert_not_null(text);
    cr_assert(text[0] != '\0' && text[strlen(text) - 1] != '.', "status %d: \"%s\"", known[i], text);
    cr_expect(strcmp(text, unknown_text) != 0 && strcmp(text, bodys_text) != 0, "status %d: \"%s\"", known[i], text);
    for (int j = 0; j < i; j++) cr_expect(strcmp(text, ppar_strerror(known[j])) != 0, "%d and %d", known[i], known[j]);
  }
}

Test(status, positive_ones_are_a_bodys) {
  cr_expect_str_eq(ppar_strerror(1), bodys_text);
  cr_expect_str_eq(ppar_strerror(INT_MAX), bodys_text);
}

Test(status, other_negative_ones_are_unknown) {
  cr_expect_str_eq(ppar_strerror(-1000), unknown_text);
  cr_expect_str_eq(ppar_strerror(INT_MIN), unknown_text);
}
