/* SPDX-License-Identifier: MIT */
/* json_text.c: digits two at a time, and lines. */
#include "show/json_text.h"

#include <string.h>

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555"
    "657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

enum { DIGITS = 20 /* of the largest number */ };

static char *put_number(char *at, uint64_t number) {
  char text[DIGITS], *first = text + DIGITS;
  while (number >= 100) {
    first -= 2;
    memcpy(first, &pairs[number % 100 * 2], 2);
    number /= 100;
  }
  if (number >= 10) {
    first -= 2;
    memcpy(first, &pairs[number * 2], 2);
  } else {
    *--first = (char)('0' + number);
  }
  memcpy(at, first, (size_t)(text + DIGITS - first));
  return at + (text + DIGITS - first);
}

static char *put_signed(char *at, int64_t number) {
  if (number >= 0) return put_number(at, (uint64_t)number);
  *at++ = '-';
  return put_number(at, 0 - (uint64_t)number);
}

/* Nanoseconds as microseconds. */
static char *put_us(char *at, uint64_t ns) {
  uint64_t rest = ns % 1000;
  at = put_number(at, ns / 1000);
  if (rest == 0) return at;
  *at++ = '.';
  *at++ = (char)('0' + rest / 100);
  memcpy(at, &pairs[rest % 100 * 2], 2);
  return at + 2;
}

static inline char *put_text(char *at, const char *text) {
  size_t length = strlen(text);
  memcpy(at, text, length);
  return at + length;
}

static void flush(pp_json *json) {
  pp_put_bytes(json->out, json->line, (size_t)(json->at - json->line));
  json->at = json->line;
}

static void put_escaped(pp_json *json, const char *text) {
  flush(json);
  pp_put_json(json->out, text);
}

pp_json pp_json_begin(pp_output *out, int64_t process) { return (pp_json){.out = out, .process = process}; }

void pp_json_thread(pp_json *json, int64_t thread) {
  char *at = put_text(json->ids, "\",\"pid\":");
  at = put_signed(at, json->process);
  at = put_text(at, ",\"tid\":");
  at = put_signed(at, thread);
  at = put_text(at, ",\"ts\":");
  json->ids_count = (size_t)(at - json->ids);
}

void pp_json_open(pp_json *json, char phase, uint64_t ns) {
  char *at = json->line;
  if (json->is_later) *at++ = ',';
  at = put_text(at, "\n{\"ph\":\"");
  *at++ = phase;
  memcpy(at, json->ids, json->ids_count);
  json->at = put_us(at + json->ids_count, ns);
  json->is_later = true;
  json->has_args = false;
  json->events++;
}

void pp_json_duration(pp_json *json, uint64_t ns) { json->at = put_us(put_text(json->at, ",\"dur\":"), ns); }

void pp_json_names(pp_json *json, const char *before, const char *escaped) {
  json->at = put_text(json->at, ",\"name\":\"");
  if (before[0] != '\0') json->at = put_text(json->at, before);
  if (before[0] != '\0' && escaped[0] != '\0') json->at = put_text(json->at, ": ");
  if (escaped[0] != '\0') put_escaped(json, escaped);
  *json->at++ = '"';
}

void pp_json_name(pp_json *json, const char *escaped) { pp_json_names(json, "", escaped); }

void pp_json_name_range(pp_json *json, int64_t first, int64_t last) {
  char *at = put_signed(put_text(json->at, ",\"name\":\""), first);
  if (last != first) at = put_signed(put_text(at, ".."), last);
  *at++ = '"';
  json->at = at;
}

void pp_json_category(pp_json *json, const char *category) {
  json->at = put_text(put_text(json->at, ",\"cat\":\""), category);
  *json->at++ = '"';
}

static void field(pp_json *json, const char *name) {
  json->at = put_text(put_text(json->at, ",\""), name);
  json->at = put_text(json->at, "\":");
}

void pp_json_field(pp_json *json, const char *name, const char *value) {
  field(json, name);
  json->at = put_text(json->at, value);
}

void pp_json_field_number(pp_json *json, const char *name, uint64_t value) {
  field(json, name);
  json->at = put_number(json->at, value);
}

static void argument(pp_json *json, const char *name) {
  json->at = put_text(json->at, json->has_args ? ",\"" : ",\"args\":{\"");
  json->at = put_text(put_text(json->at, name), "\":");
  json->has_args = true;
}

void pp_json_number(pp_json *json, const char *name, uint64_t value) {
  argument(json, name);
  json->at = put_number(json->at, value);
}

void pp_json_signed(pp_json *json, const char *name, int64_t value) {
  argument(json, name);
  json->at = put_signed(json->at, value);
}

void pp_json_string(pp_json *json, const char *name, const char *escaped) {
  argument(json, name);
  *json->at++ = '"';
  put_escaped(json, escaped);
  *json->at++ = '"';
}

void pp_json_bool(pp_json *json, const char *name, bool value) {
  argument(json, name);
  json->at = put_text(json->at, value ? "true" : "false");
}

void pp_json_us(pp_json *json, const char *name, uint64_t ns) {
  argument(json, name);
  json->at = put_us(json->at, ns);
}

void pp_json_hundredths(pp_json *json, const char *name, uint64_t value) {
  argument(json, name);
  json->at = put_number(json->at, value / 100);
  *json->at++ = '.';
  json->at = put_text(json->at, (const char[]){pairs[value % 100 * 2], pairs[value % 100 * 2 + 1], '\0'});
}

void pp_json_close(pp_json *json) {
  json->at = put_text(json->at, json->has_args ? "}}" : "}");
  flush(json);
}
