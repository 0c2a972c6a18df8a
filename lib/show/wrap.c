/* SPDX-License-Identifier: MIT */
/* wrap.c: words, one after the other. */
#include "show/wrap.h"

static bool is_first_byte(char c) { return ((unsigned char)c & 0xc0) != 0x80; }
static bool is_control(char c) { return (unsigned char)c < ' ' || c == 0x7f; }

size_t pp_wrap_width(const char *text) {
  size_t width = 0;
  for (; *text != '\0'; text++) width += is_first_byte(*text);
  return width;
}

/* How many columns the word has that the text begins with. */
static size_t word_width(const char *text) {
  size_t width = 0;
  for (; *text != '\0' && *text != ' '; text++) width += is_first_byte(*text);
  return width;
}

void pp_put_wrapped(pp_output *out, const char *text, int columns, int indent) {
  size_t width = (size_t)columns, margin = (size_t)indent, used = 0;
  bool is_empty = true; /* The line has no word yet. */
  while (*text == ' ') {
    pp_put_char(out, *text++);
    used++;
  }
  while (*text != '\0') {
    if (!is_empty && used + 1 + word_width(text) > width) {
      pp_put_char(out, '\n');
      pp_put_repeated(out, ' ', margin);
      used = margin;
      is_empty = true;
    }
    if (!is_empty) {
      pp_put_char(out, ' ');
      used++;
    }
    for (; *text != '\0' && *text != ' '; text++) {
      if (is_first_byte(*text) && used == width) {
        pp_put_char(out, '\n');
        pp_put_repeated(out, ' ', margin);
        used = margin;
      }
      pp_put_char(out, is_control(*text) ? '?' : *text);
      used += is_first_byte(*text);
    }
    is_empty = false;
    while (*text == ' ') text++;
  }
  pp_put_char(out, '\n');
}
