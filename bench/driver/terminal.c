/* SPDX-License-Identifier: MIT */
/* terminal.c: asks for the width once a run, and breaks lines at blanks. */
#include "driver/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static long columns_asked(void) {
  const char *text = getenv("COLUMNS");
  struct winsize size;
  if (text != NULL) {
    char *end;
    long columns = strtol(text, &end, 10);
    if (end != text && *end == '\0' && columns > 0) return columns;
  }
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return BENCH_COLUMNS_DEFAULT;
}

size_t bench_columns(void) {
  static long columns;
  if (columns == 0) columns = columns_asked();
  if (columns < BENCH_COLUMNS_MIN) columns = BENCH_COLUMNS_MIN;
  if (columns > BENCH_COLUMNS_MAX) columns = BENCH_COLUMNS_MAX;
  return (size_t)columns;
}

/* As many columns as characters: bytes that go on with a character of UTF-8 take none. */
static size_t width_of(const char *text, size_t length) {
  size_t width = 0;
  for (size_t k = 0; k < length; k++) width += ((unsigned char)text[k] & 0xC0U) != 0x80U;
  return width;
}

void bench_print_wrapped(const char *label, int indent, const char *text) {
  size_t column = label != NULL ? (size_t)printf("%-*s ", indent - 1, label) : 0;
  bool first = true;
  for (const char *word = text; *word != '\0';) {
    size_t length = strcspn(word, " \n"), width = width_of(word, length);
    if (column + width + !first > bench_columns() && !first) {
      printf("\n%*s", indent, "");
      column = (size_t)indent;
      first = true;
    }
    if (!first) column += (size_t)printf(" ");
    first = false;
    printf("%.*s", (int)length, word);
    column += width;
    word += length;
    word += strspn(word, " \n");
  }
  printf("\n");
}

const char *bench_plus_minus(void) {
  static const char *sign;
  if (sign == NULL) {
    setlocale(LC_CTYPE, "");
    sign = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? "\u00b1" : "+-";
  }
  return sign;
}
