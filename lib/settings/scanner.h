/* SPDX-License-Identifier: MIT */
/* scanner.h: reads a text from its front, piece by piece. The grammars of all settings are made of these pieces.
 *
 * White space may stand before every piece and at the end; each function skips it. A function that finds its piece
 * moves the scanner past it and returns true. Otherwise it returns false, and the scanner and the outcome are as they
 * were.
 *
 * White space is ASCII's six characters, only ASCII's letters have a case, and digits are 0 ... 9. The C library's
 * functions are not used for any of this, because they follow the locale. */
#ifndef PP_SETTINGS_SCANNER_H
#define PP_SETTINGS_SCANNER_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/shared.h"

/* The text must live as long as the scanner. */
typedef struct pp_scanner {
  const char *at; /* what comes next */
} pp_scanner;

/* A word that a grammar knows, and what it stands for. A table of words ends with one whose text is NULL. */
typedef struct pp_word {
  const char *text; /* in lower case */
  int value;
} pp_word;

static inline pp_scanner pp_scanner_make(const char *text) {
  pp_scanner scanner = {text};
  return scanner;
}

/* Whether nothing but white space is left. */
bool pp_scanner_is_at_end(const pp_scanner *scanner) PP_SHARED;

bool pp_scanner_take(pp_scanner *scanner, char wanted) PP_SHARED;

/* Decimal digits, without a sign. A number that is too large for 64 bits is UINT64_MAX: whoever has a greatest number
 * can tell such a text from one that is no number. */
bool pp_scanner_take_number(pp_scanner *scanner, uint64_t *number) PP_SHARED;

/* The first word of the table with which the text goes on, in either case. Nothing needs to separate it from what
 * follows: a longer word is refused when the grammar's next piece is not there. */
bool pp_scanner_take_word(pp_scanner *scanner, const pp_word *words, int *value) PP_SHARED;

/* The words that all variables have for the two truth values: true, yes, on or 1; false, no, off or 0. */
bool pp_scanner_take_boolean(pp_scanner *scanner, bool *value) PP_SHARED;

#endif
