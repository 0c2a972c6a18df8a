/* SPDX-License-Identifier: MIT */
/* scanner.c: white space, case and digits by ASCII's rules. */
#include "settings/scanner.h"

#include <stddef.h>

static const char *skip_space(const char *at) {
  while (*at == ' ' || (*at >= '\t' && *at <= '\r')) at++;
  return at;
}

static char to_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool pp_scanner_is_at_end(const pp_scanner *scanner) { return *skip_space(scanner->at) == '\0'; }

bool pp_scanner_take(pp_scanner *scanner, char wanted) {
  const char *next = skip_space(scanner->at);
  if (*next != wanted) return false;
  scanner->at = next + 1;
  return true;
}

bool pp_scanner_take_number(pp_scanner *scanner, uint64_t *number) {
  const char *next = skip_space(scanner->at);
  uint64_t value = 0;
  if (!is_digit(*next)) return false;
  for (; is_digit(*next); next++) {
    const uint64_t digit = (uint64_t)(*next - '0');
    value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
  }
  scanner->at = next;
  *number = value;
  return true;
}

/* Where the text goes on behind the word; NULL: the word is not there. */
static const char *behind(const char *text, const char *word) {
  for (; *word != '\0'; word++, text++) {
    if (to_lower(*text) != *word) return NULL;
  }
  return text;
}

bool pp_scanner_take_word(pp_scanner *scanner, const pp_word *words, int *value) {
  const char *next = skip_space(scanner->at);
  for (; words->text != NULL; words++) {
    const char *rest = behind(next, words->text);
    if (rest == NULL) continue;
    scanner->at = rest;
    *value = words->value;
    return true;
  }
  return false;
}

static const pp_word booleans[] = {{"true", 1}, {"yes", 1}, {"on", 1}, {"1", 1}, {"false", 0},
                                   {"no", 0},   {"off", 0}, {"0", 0},  {NULL, 0}};

bool pp_scanner_take_boolean(pp_scanner *scanner, bool *value) {
  int found;
  if (!pp_scanner_take_word(scanner, booleans, &found)) return false;
  *value = found != 0;
  return true;
}
