/* SPDX-License-Identifier: MIT */
/* affinity_format.c: reading a format, and writing what its fields stand for. */
#include "gomp/affinity_format.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gomp/fortran.h"
#include "gomp/message.h"
#include "gomp/omp_abi.h"
#include "gomp/settings.h"
#include "platform/cpuset.h"
#include "platform/memory.h"
#include "platform/thread.h"

/* --- The present format ----------------------------------------------------------------------------------- */

/* Threads read a format without a lock, so those that were set before stay. One that is set again is used again: there
 * are as many as the program has different ones. */
typedef struct kept_format {
  struct kept_format *before;
  size_t length;
  char text[];
} kept_format;

/* Swapped with acq_rel and read with acquire: whoever sees a format sees it whole. `all` begins with the latest one. */
static _Atomic(kept_format *) all, present;

static kept_format *find(const char *text, size_t length) {
  kept_format *f = pp_load_acquire(&all);
  while (f != NULL && (f->length != length || memcmp(f->text, text, length) != 0)) f = f->before;
  return f;
}

void pp_omp_affinity_set_format(const char *text, size_t length) {
  kept_format *f = find(text, length);
  if (f == NULL) {
    f = pp_memory_alloc(sizeof *f + length + 1);
    if (f == NULL) {
      pp_omp_warn("no memory for the affinity format; it stays as it is");
      return;
    }
    memcpy(f->text, text, length);
    f->text[length] = '\0';
    f->length = length;
    f->before = pp_load_acquire(&all);
    while (!pp_cas_acq_rel(&all, &f->before, f)) continue;
  }
  (void)pp_exchange_acq_rel(&present, f);
}

const char *pp_omp_affinity_get_format(size_t *length) {
  const kept_format *f;
  (void)pp_omp_settings_get(); /* OMP_AFFINITY_FORMAT */
  f = pp_load_acquire(&present);
  *length = f != NULL ? f->length : strlen(PP_OMP_AFFINITY_FORMAT);
  return f != NULL ? f->text : PP_OMP_AFFINITY_FORMAT;
}

/* --- Writing ---------------------------------------------------------------------------------------------- */

/* Where a text goes; what finds no room is counted all the same. */
typedef struct sink {
  char *buffer;
  size_t size, length;
} sink;

static void put(sink *out, const char *text, size_t length) {
  if (out->length < out->size) {
    size_t room = out->size - out->length;
    memcpy(out->buffer + out->length, text, length < room ? length : room);
  }
  out->length += length;
}

static void put_text(sink *out, const char *text) { put(out, text, strlen(text)); }

static void put_number(sink *out, int64_t number) {
  char text[24];
  put(out, text, (size_t)snprintf(text, sizeof text, "%" PRId64, number));
}

static void fill(sink *out, char with, size_t count) {
  while (count-- > 0) put(out, &with, 1);
}

/* "0-3,8": the CPUs that the thread may run on. */
static void put_cpus(sink *out) {
  pp_cpuset *cpus = pp_cpuset_affinity();
  bool some = false;
  for (int first = cpus != NULL ? pp_cpuset_next(cpus, -1) : -1; first >= 0;) {
    int last = first, next;
    while ((next = pp_cpuset_next(cpus, last)) == last + 1) last = next;
    if (some) put_text(out, ",");
    some = true;
    put_number(out, first);
    if (last > first) put_text(out, "-");
    if (last > first) put_number(out, last);
    first = next;
  }
  pp_cpuset_free(cpus);
}

static void put_host(sink *out) {
  char name[256] = "";
  (void)gethostname(name, sizeof name - 1);
  put_text(out, name);
}

static const struct {
  char letter;
  const char *name;
} types[] = {{'t', "team_num"},         {'T', "num_teams"},      {'L', "nesting_level"}, {'n', "thread_num"},
             {'N', "num_threads"},      {'a', "ancestor_tnum"},  {'H', "host"},          {'P', "process_id"},
             {'i', "native_thread_id"}, {'A', "thread_affinity"}};

/* Writes what the letter stands for. False: it is not a number. */
static bool put_value(sink *out, char letter) {
  switch (letter) {
    case 't': put_number(out, omp_get_team_num()); return true;
    case 'T': put_number(out, omp_get_num_teams()); return true;
    case 'L': put_number(out, omp_get_level()); return true;
    case 'n': put_number(out, omp_get_thread_num()); return true;
    case 'N': put_number(out, omp_get_num_threads()); return true;
    case 'a': put_number(out, omp_get_ancestor_thread_num(omp_get_level() - 1)); return true;
    case 'P': put_number(out, (int64_t)getpid()); return true;
    case 'i': put_number(out, pp_thread_id()); return true;
    case 'H': put_host(out); return false;
    case 'A': put_cpus(out); return false;
    default: put_text(out, "undefined"); return false;
  }
}

/* --- Reading ---------------------------------------------------------------------------------------------- */

typedef struct field {
  bool zeros, right;
  size_t width;
  char letter; /* '\0': there is no such type */
} field;

/* The type at the text's beginning. Returns how long it is. */
static size_t read_type(const char *text, const char *end, char *letter) {
  const char *closing;
  *letter = '\0';
  if (text == end) return 0;
  closing = *text == '{' ? memchr(text, '}', (size_t)(end - text)) : NULL;
  for (size_t k = 0; k < sizeof types / sizeof types[0]; k++) {
    size_t length = strlen(types[k].name);
    bool is_it = closing != NULL
                     ? (size_t)(closing - text) == length + 1 && memcmp(text + 1, types[k].name, length) == 0
                     : *text == types[k].letter;
    if (is_it) *letter = types[k].letter;
  }
  return closing != NULL ? (size_t)(closing - text) + 1 : 1;
}

/* What comes behind a percent sign. Returns where the text goes on. A width is at most what a line may be long. */
static const char *read_field(const char *text, const char *end, field *out) {
  enum { WIDTH_MOST = 4096 };
  bool has_zero = text != end && *text == '0', has_width = false;
  *out = (field){.zeros = has_zero};
  if (has_zero) text++;
  out->right = text != end && *text == '.';
  if (out->right) text++;
  for (; text != end && *text >= '0' && *text <= '9'; text++, has_width = true)
    out->width = out->width < WIDTH_MOST ? out->width * 10 + (size_t)(*text - '0') : WIDTH_MOST;
  if (out->width > WIDTH_MOST) out->width = WIDTH_MOST;
  text += read_type(text, end, &out->letter);
  if ((has_zero && !out->right) || (out->right && !has_width)) out->letter = '\0';
  return text;
}

static void put_field(sink *out, const field *f) {
  sink counted = {NULL, 0, 0};
  bool is_number = put_value(&counted, f->letter);
  size_t missing = f->width > counted.length ? f->width - counted.length : 0;
  if (f->letter == '\0') missing = 0;
  if (f->right && f->zeros && is_number && missing > 0) {
    char text[24];
    sink number = {text, sizeof text, 0};
    (void)put_value(&number, f->letter);
    if (text[0] == '-') put(out, text, 1);
    fill(out, '0', missing);
    put(out, text + (text[0] == '-'), number.length - (text[0] == '-'));
    return;
  }
  if (f->right) fill(out, ' ', missing);
  (void)put_value(out, f->letter);
  if (!f->right) fill(out, ' ', missing);
}

size_t pp_omp_affinity_write(char *buffer, size_t size, const char *format, size_t length) {
  sink out = {buffer, size > 0 ? size - 1 : 0, 0};
  const char *end;
  if (length == 0) format = pp_omp_affinity_get_format(&length);
  end = format + length;
  while (format != end) {
    const char *percent = memchr(format, '%', (size_t)(end - format));
    field f;
    put(&out, format, (size_t)((percent != NULL ? percent : end) - format));
    if (percent == NULL) break;
    format = percent + 1;
    if (format != end && *format == '%') {
      put(&out, format++, 1);
    } else {
      format = read_field(format, end, &f);
      put_field(&out, &f);
    }
  }
  if (size > 0) buffer[out.length < size ? out.length : size - 1] = '\0';
  return out.length;
}

char *pp_omp_affinity_line(const char *format, size_t length, size_t *line_length) {
  size_t size = pp_omp_affinity_write(NULL, 0, format, length) + 2, written;
  char *line = malloc(size);
  if (line == NULL) pp_omp_no_memory("a thread's affinity as text");
  written = pp_omp_affinity_write(line, size - 1, format, length); /* It may have changed meanwhile. */
  if (written > size - 2) written = size - 2;
  line[written] = '\n';
  *line_length = written + 1;
  return line;
}

/* --- Entry points ----------------------------------------------------------------------------------------- */

/* Sets what a thread says of itself from now on, for the whole program. */
void omp_set_affinity_format(const char *format) {
  (void)pp_omp_settings_get(); /* Else OMP_AFFINITY_FORMAT would be read later, and count. */
  if (format != NULL) pp_omp_affinity_set_format(format, strlen(format));
}
void omp_set_affinity_format_(const char *format, size_t length) {
  (void)pp_omp_settings_get();
  pp_omp_affinity_set_format(format, length);
}

/* Copies the format, cut off where there is no room. Returns its whole length. */
size_t omp_get_affinity_format(char *buffer, size_t size) {
  size_t length, kept;
  const char *format = pp_omp_affinity_get_format(&length);
  if (size == 0) return length;
  kept = length < size ? length : size - 1;
  memcpy(buffer, format, kept);
  buffer[kept] = '\0';
  return length;
}
int32_t omp_get_affinity_format_(char *buffer, size_t size) {
  size_t length;
  const char *format = pp_omp_affinity_get_format(&length);
  pp_omp_put(buffer, size, format, length);
  return (int32_t)length;
}

/* Writes what the calling thread says in this format to stderr; NULL and "": the format that was set. */
static void display(const char *format, size_t length) {
  size_t line_length;
  char *line = pp_omp_affinity_line(format, length, &line_length);
  (void)fwrite(line, 1, line_length, stderr);
  free(line);
}
void omp_display_affinity(const char *format) { display(format, format != NULL ? strlen(format) : 0); }
void omp_display_affinity_(const char *format, size_t length) { display(format, length); }

/* The same into a buffer, cut off where there is no room. Returns the whole text's length. */
size_t omp_capture_affinity(char *buffer, size_t size, const char *format) {
  return pp_omp_affinity_write(buffer, size, format, format != NULL ? strlen(format) : 0);
}
int32_t omp_capture_affinity_(char *buffer, const char *format, size_t size, size_t length) {
  size_t line_length;
  char *line = pp_omp_affinity_line(format, length, &line_length);
  pp_omp_put(buffer, size, line, line_length - 1);
  free(line);
  return (int32_t)(line_length - 1);
}
