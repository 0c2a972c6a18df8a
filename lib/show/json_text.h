/* SPDX-License-Identifier: MIT */
/* json_text.h: the text of Chrome's trace events, piece by piece. A trace has millions of them, so numbers are put
 * straight into the line of the event, and the line goes to the output as a whole.
 *
 *   pp_json_open(json, 'X', begin);
 *   pp_json_duration(json, end - begin);
 *   pp_json_name(json, "a name");
 *   pp_json_category(json, "chunk");
 *   pp_json_number(json, "count", 3);   arguments
 *   pp_json_close(json); */
#ifndef PP_SHOW_JSON_TEXT_H
#define PP_SHOW_JSON_TEXT_H

#include "show/output.h"

enum {
  PP_JSON_LINE = 1024, /* Bytes: some 20 numbers with their names. Texts are not part of it. */
  PP_JSON_IDS = 96,
};

typedef struct pp_json {
  pp_output *out;
  int64_t process;
  bool is_later;    /* An event has been before. */
  bool has_args;    /* The event has arguments. */
  uint64_t events;  /* So far. */
  char *at;         /* The end of the line. */
  size_t ids_count; /* Bytes of: */
  char ids[PP_JSON_IDS];
  char line[PP_JSON_LINE];
} pp_json;

pp_json pp_json_begin(pp_output *out, int64_t process);

/* Events from here on are that thread's. */
void pp_json_thread(pp_json *json, int64_t thread);

/* An event with its phase, at so many nanoseconds. */
void pp_json_open(pp_json *json, char phase, uint64_t ns);
/* What follows may each come once. Texts that programs give, and are escaped, are marked so. */
void pp_json_duration(pp_json *json, uint64_t ns);
void pp_json_name(pp_json *json, const char *escaped);
/* "before: escaped", or as one of them where the other one is "". */
void pp_json_names(pp_json *json, const char *before, const char *escaped);
void pp_json_category(pp_json *json, const char *category);
/* Another field, whose value is a JSON text. */
void pp_json_field(pp_json *json, const char *name, const char *value);
void pp_json_field_number(pp_json *json, const char *name, uint64_t value);

/* A name that is two indices, "10..19". */
void pp_json_name_range(pp_json *json, int64_t first, int64_t last);

/* Arguments. */
void pp_json_number(pp_json *json, const char *name, uint64_t value);
void pp_json_signed(pp_json *json, const char *name, int64_t value);
void pp_json_string(pp_json *json, const char *name, const char *escaped);
void pp_json_bool(pp_json *json, const char *name, bool value);
void pp_json_us(pp_json *json, const char *name, uint64_t ns);
void pp_json_hundredths(pp_json *json, const char *name, uint64_t value);

void pp_json_close(pp_json *json);

#endif
