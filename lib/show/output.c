/* SPDX-License-Identifier: MIT */
/* output.c: numbers and texts as bytes, and bytes into a descriptor. */
#include "show/output.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "platform/descriptor.h"

enum { NUMBER_SIZE = 24, REAL_DIGITS = 9 };

pp_output pp_output_to(int file, char *buffer, size_t size) {
  return (pp_output){.file = file, .text = buffer, .size = size};
}

static void flush(pp_output *out) {
  if (!out->has_failed) out->error = pp_descriptor_write(out->file, out->text, out->used);
  out->has_failed = out->error != 0;
  out->used = 0;
}

bool pp_output_end(pp_output *out) {
  if (out->file >= 0) {
    flush(out);
  } else {
    out->text[out->used < out->size ? out->used : out->size - 1] = '\0';
  }
  return !out->has_failed;
}

void pp_put_bytes(pp_output *out, const char *bytes, size_t count) {
  out->written += count;
  while (count != 0) {
    size_t room = out->size - out->used, part = count < room ? count : room;
    memcpy(out->text + out->used, bytes, part);
    out->used += part;
    bytes += part;
    count -= part;
    if (out->used < out->size) continue;
    if (out->file < 0) return;
    flush(out);
  }
}

void pp_put(pp_output *out, const char *text) { pp_put_bytes(out, text, strlen(text)); }
void pp_put_char(pp_output *out, char c) { pp_put_bytes(out, &c, 1); }

void pp_put_repeated(pp_output *out, char c, size_t times) {
  for (; times != 0; times--) pp_put_char(out, c);
}

/* Into the end of a text; returns where it begins. */
static char *digits_of(uint64_t number, unsigned base, char text[NUMBER_SIZE]) {
  char *at = text + NUMBER_SIZE - 1;
  *at = '\0';
  do {
    *--at = "0123456789abcdef"[number % base];
    number /= base;
  } while (number != 0);
  return at;
}

void pp_put_number(pp_output *out, uint64_t number) {
  char text[NUMBER_SIZE];
  pp_put(out, digits_of(number, 10, text));
}

void pp_put_signed(pp_output *out, int64_t number) {
  if (number < 0) pp_put_char(out, '-');
  pp_put_number(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void pp_put_hex(pp_output *out, uint64_t number) {
  char text[NUMBER_SIZE];
  pp_put(out, digits_of(number, 16, text));
}

/* Numbers that 64 bits do not hold are cut to what they do. */
void pp_put_real(pp_output *out, double number, int digits) {
  uint64_t scale = 1, whole, fraction;
  double size = number < 0 ? -number : number, rest;
  char text[NUMBER_SIZE], *at;
  if (isnan(number) || isinf(number)) {
    pp_put(out, isnan(number) ? "nan" : number < 0 ? "-inf" : "inf");
    return;
  }
  if (digits > REAL_DIGITS) digits = REAL_DIGITS;
  for (int d = 0; d < digits; d++) scale *= 10;
  whole = size < 1.8e19 ? (uint64_t)size : UINT64_C(18000000000000000000);
  rest = size < 1.8e19 ? size - (double)whole : 0;
  fraction = (uint64_t)(rest * (double)scale + 0.5);
  if (fraction >= scale) {
    fraction -= scale;
    whole++;
  }
  if (number < 0 && (whole != 0 || fraction != 0)) pp_put_char(out, '-');
  pp_put_number(out, whole);
  if (digits <= 0) return;
  pp_put_char(out, '.');
  at = digits_of(fraction, 10, text);
  pp_put_repeated(out, '0', (size_t)digits - strlen(at));
  pp_put(out, at);
}

void pp_put_time(pp_output *out, double ns) {
  static const struct {
    double size;
    const char *name;
  } units[] = {{1, " ns"}, {1e3, " us"}, {1e6, " ms"}, {1e9, " s"}};
  size_t u = 0;
  double size = ns < 0 ? -ns : ns;
  while (u < 3 && size >= 999.5 * units[u].size) u++;
  size /= units[u].size;
  pp_put_real(out, ns / units[u].size, u == 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
  pp_put(out, units[u].name);
}

/* --- Formats ------------------------------------------------------------------------------------------------ */

typedef struct directive {
  bool left;
  size_t width;
  int digits; /* behind the point; -1: none are asked for */
  int longs;
  char kind;
} directive;

static const char *read_directive(const char *format, directive *d) {
  *d = (directive){.digits = -1};
  if (*format == '-') {
    d->left = true;
    format++;
  }
  for (; *format >= '0' && *format <= '9'; format++) d->width = d->width * 10 + (size_t)(*format - '0');
  if (*format == '.') {
    d->digits = 0;
    for (format++; *format >= '0' && *format <= '9'; format++) d->digits = d->digits * 10 + (*format - '0');
  }
  for (; *format == 'l'; format++) d->longs++;
  d->kind = *format;
  return *format != '\0' ? format + 1 : format;
}

static void put_padded(pp_output *out, const char *text, const directive *d) {
  size_t length = strlen(text), pad = length < d->width ? d->width - length : 0;
  if (!d->left) pp_put_repeated(out, ' ', pad);
  pp_put(out, text);
  if (d->left) pp_put_repeated(out, ' ', pad);
}

void pp_putf(pp_output *out, const char *format, ...) {
  va_list list;
  va_start(list, format);
  while (*format != '\0') {
    char text[64];
    pp_output field = pp_output_to(-1, text, sizeof text);
    directive d;
    size_t plain = strcspn(format, "%");
    pp_put_bytes(out, format, plain);
    format += plain;
    if (*format == '\0') break;
    format = read_directive(format + 1, &d);
    switch (d.kind) {
      case 's': put_padded(out, va_arg(list, const char *), &d); continue;
      case 'c': pp_put_char(&field, (char)va_arg(list, int)); break;
      case 'd':
        pp_put_signed(&field, d.longs == 0   ? va_arg(list, int)
                              : d.longs == 1 ? va_arg(list, long)
                                             : va_arg(list, long long));
        break;
      case 'u':
        pp_put_number(&field, d.longs == 0   ? va_arg(list, unsigned)
                              : d.longs == 1 ? va_arg(list, unsigned long)
                                             : va_arg(list, unsigned long long));
        break;
      case 'f': pp_put_real(&field, va_arg(list, double), d.digits >= 0 ? d.digits : 6); break;
      default: pp_put_char(&field, d.kind); break;
    }
    (void)pp_output_end(&field);
    put_padded(out, text, &d);
  }
  va_end(list);
}

/* --- Other formats' texts ----------------------------------------------------------------------------------- */

/* How many bytes at `text` are one character of UTF-8; 0: none are. One that is written longer than it needs, a half of
 * a pair of UTF-16, what lies behind the last one, and U+FFFE and U+FFFF, which XML does not allow, are none. */
static size_t character(const char *text) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *byte = (const unsigned char *)text;
  size_t length = byte[0] < 0x80 ? 1 : byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
  uint32_t code = byte[0] & (0xffu >> (length + 1));
  if (length == 1) return 1;
  if (byte[0] < 0xc0 || byte[0] >= 0xf8) return 0;
  for (size_t k = 1; k < length; k++) {
    if ((byte[k] & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte[k] & 0x3fu);
  }
  if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return 0;
  return code == 0xfffe || code == 0xffff ? 0 : length;
}

/* Writes the text's characters, but for those that are written in another way. */
static void put_escaped(pp_output *out, const char *text, void (*escape)(pp_output *out, char c), const char *special) {
  while (*text != '\0') {
    size_t length = character(text);
    if (length == 0) {
      pp_put_char(out, '?');
      length = 1;
    } else if (length == 1 && ((unsigned char)*text < ' ' || *text == 0x7f || strchr(special, *text) != NULL)) {
      escape(out, *text);
    } else {
      pp_put_bytes(out, text, length);
    }
    text += length;
  }
}

static void escape_json(pp_output *out, char c) {
  if (c == '"' || c == '\\') {
    pp_put_char(out, '\\');
    pp_put_char(out, c);
  } else {
    pp_put(out, c < 16 ? "\\u000" : "\\u00");
    pp_put_hex(out, (unsigned char)c);
  }
}

static void escape_xml(pp_output *out, char c) {
  if ((unsigned char)c < ' ' || c == 0x7f) {
    pp_put_char(out, '?');
  } else {
    pp_put(out, "&#");
    pp_put_number(out, (unsigned char)c);
    pp_put_char(out, ';');
  }
}

void pp_put_json(pp_output *out, const char *text) { put_escaped(out, text, escape_json, "\"\\"); }
void pp_put_json_in_html(pp_output *out, const char *text) { put_escaped(out, text, escape_json, "\"\\<"); }
void pp_put_xml(pp_output *out, const char *text) { put_escaped(out, text, escape_xml, "&<>\"'"); }
