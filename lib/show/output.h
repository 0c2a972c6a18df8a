/* SPDX-License-Identifier: MIT */
/* output.h: text on its way to a file, a terminal or a buffer. It takes no lock and no memory, does not look at the
 * locale, and may be used in a signal's handler. */
#ifndef PP_SHOW_OUTPUT_H
#define PP_SHOW_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pp_output {
  int file;         /* A descriptor; -1: the text stays in `text`, and what does not fit is cut off. */
  bool has_failed;  /* Something could not be written; the rest is not tried. */
  int error;        /* The errno of that. */
  uint64_t written; /* Bytes so far, those in `text` included. */
  size_t used, size;
  char *text;
} pp_output;

/* Output to the descriptor, through a buffer of `size` bytes, at least 64, that the caller provides. */
pp_output pp_output_to(int file, char *buffer, size_t size);

/* Writes what is in the buffer; false: not all could be written. Into a buffer alone: ends the text with a 0. */
bool pp_output_end(pp_output *out);

void pp_put_bytes(pp_output *out, const char *bytes, size_t count);
void pp_put(pp_output *out, const char *text);
void pp_put_char(pp_output *out, char c);
/* So many times. */
void pp_put_repeated(pp_output *out, char c, size_t times);
void pp_put_number(pp_output *out, uint64_t number);
void pp_put_signed(pp_output *out, int64_t number);
void pp_put_hex(pp_output *out, uint64_t number);
/* Rounded to so many digits behind the point, at most 9: 3.10. "inf" and "nan" as they are. */
void pp_put_real(pp_output *out, double number, int digits);
/* A time in the unit that fits, with three digits or so: "412 ns", "3.2 us", "15 ms", "2.5 s". */
void pp_put_time(pp_output *out, double ns);
/* %s text, %c char, %d int, %u unsigned, %ld long, %lu unsigned long, %lld long long, %llu unsigned long long, %.Nf
 * double with N digits, %%; where there is a width (%5d, %-12s, %6.2f) it is padded with spaces to that many bytes.
 * Nothing else. */
void pp_putf(pp_output *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text within a JSON string; within XML or HTML text and attributes. Bytes that are not UTF-8 become '?'. */
void pp_put_json(pp_output *out, const char *text);
/* The same for JSON in a page's script, which "</script>" would end. */
void pp_put_json_in_html(pp_output *out, const char *text);
void pp_put_xml(pp_output *out, const char *text);

#endif
