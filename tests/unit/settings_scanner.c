/* SPDX-License-Identifier: MIT */
/* settings_scanner.c: the pieces that the settings' grammars are made of. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "settings/scanner.h"

enum { LATER = 3, LATE = 2, ANY = 7 };

static const pp_word words[] = {{"later", LATER}, {"late", LATE}, {"ll_2", ANY}, {NULL, 0}};

Test(settings_scanner, white_space_is_ascii_s_six_characters) {
  for (int byte = 1; byte < 256; byte++) {
    const char text[] = {(char)byte, '\0'}, before[] = {(char)byte, ',', '\0'};
    const bool space = byte == ' ' || (byte >= 9 && byte <= 13);
    pp_scanner scanner = pp_scanner_make(text);
    cr_expect_eq(pp_scanner_is_at_end(&scanner), space, "byte %d", byte);
    scanner = pp_scanner_make(before);
    cr_expect_eq(pp_scanner_take(&scanner, ','), space || byte == ',', "byte %d", byte);
  }
}

Test(settings_scanner, a_piece_that_is_not_there_leaves_everything_as_it_was) {
  static const char text[] = "  (x";
  pp_scanner scanner = pp_scanner_make(text);
  uint64_t number = 99;
  int value = 98;
  cr_expect_not(pp_scanner_take(&scanner, ')'));
  cr_expect_not(pp_scanner_take_number(&scanner, &number));
  cr_expect_not(pp_scanner_take_word(&scanner, words, &value));
  cr_expect_not(pp_scanner_is_at_end(&scanner));
  cr_expect(scanner.at == text);
  cr_expect_eq(number, 99);
  cr_expect_eq(value, 98);
  cr_expect(pp_scanner_take(&scanner, '('));
  cr_expect(pp_scanner_take(&scanner, 'x'));
  cr_expect(pp_scanner_is_at_end(&scanner));
}

Test(settings_scanner, numbers_are_decimal_digits_and_stop_at_64_bits) {
  static const struct {
    const char *text, *rest;
    uint64_t number;
  } cases[] = {
      {"0", "", 0},
      {"7", "", 7},
      {" \t42,", ",", 42},
      {"0042x", "x", 42},
      {"1 2", " 2", 1},
      {"12e3", "e3", 12},
      {"0x10", "x10", 0},
      {"18446744073709551614", "", UINT64_MAX - 1},
      {"18446744073709551615", "", UINT64_MAX},
      {"18446744073709551616", "", UINT64_MAX},
      {"18446744073709551620", "", UINT64_MAX},
      {"36893488147419103232", "", UINT64_MAX},
      {"99999999999999999999999999999999999999999;", ";", UINT64_MAX},
      {"00000000000000000000000000000000000000001;", ";", 1},
  };
  static const char *const none[] = {"", " ", "-1", "+1", "x1", ".5", "\xb2", "\xd9\xa1"};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    pp_scanner scanner = pp_scanner_make(cases[i].text);
    uint64_t number = 0;
    cr_expect(pp_scanner_take_number(&scanner, &number), "%s", cases[i].text);
    cr_expect_eq(number, cases[i].number, "%s", cases[i].text);
    cr_expect_str_eq(scanner.at, cases[i].rest, "%s", cases[i].text);
  }
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    pp_scanner scanner = pp_scanner_make(none[i]);
    uint64_t number;
    cr_expect_not(pp_scanner_take_number(&scanner, &number), "%s", none[i]);
  }
}

Test(settings_scanner, the_first_word_that_the_text_goes_on_with_is_taken_in_either_case) {
  static const struct {
    const char *text, *rest;
    int value;
  } cases[] = {
      {"late", "", LATE},     {"later", "", LATER}, {" LaTeR ", " ", LATER}, {"lately", "ly", LATE},
      {"late r", " r", LATE}, {"LL_2)", ")", ANY},  {"ll_22", "2", ANY},     {"laterlate", "late", LATER},
  };
  static const char *const none[] = {"", "lat", "l ate", "ll-2", "ll\x7f_2", "\xecLATE", "slate"};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    pp_scanner scanner = pp_scanner_make(cases[i].text);
    int value = 0;
    cr_expect(pp_scanner_take_word(&scanner, words, &value), "%s", cases[i].text);
    cr_expect_eq(value, cases[i].value, "%s", cases[i].text);
    cr_expect_str_eq(scanner.at, cases[i].rest, "%s", cases[i].text);
  }
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    pp_scanner scanner = pp_scanner_make(none[i]);
    int value;
    cr_expect_not(pp_scanner_take_word(&scanner, words, &value), "%s", none[i]);
  }
}

/* Each byte that a word could be compared with, against each letter: only ASCII's pairs are one letter. */
Test(settings_scanner, only_ascii_s_letters_have_two_cases) {
  for (int wanted = 'a'; wanted <= 'z'; wanted++) {
    for (int byte = 1; byte < 256; byte++) {
      const char word[] = {(char)wanted, '\0'}, text[] = {(char)byte, '\0'};
      const pp_word table[] = {{word, 1}, {NULL, 0}};
      pp_scanner scanner = pp_scanner_make(text);
      int value;
      cr_expect_eq(pp_scanner_take_word(&scanner, table, &value), byte == wanted || byte == wanted - 'a' + 'A',
                   "byte %d as %c", byte, wanted);
    }
  }
}
