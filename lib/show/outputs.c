/* SPDX-License-Identifier: MIT */
/* outputs.c: where each picture and report goes.
 *
 * A file is opened for writing at the end, by its absolute path, since the program may have changed its folder and
 * closed what it did not open. From the beginning on it is claimed: a second process that was started with the same
 * variables finds it taken, and writes one whose name has its process's number behind. So does a forked child. */
#include "show/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform/crash.h"
#include "platform/descriptor.h"
#include "platform/forks.h"
#include "platform/thread.h"
#include "settings/trace_text.h"
#include "show/html.h"
#include "show/json.h"
#include "show/output.h"
#include "show/picture.h"
#include "show/report.h"
#include "show/report_json.h"
#include "show/run.h"
#include "show/style.h"
#include "show/svg.h"
#include "trace/spans.h"

enum { PATH_SIZE = 4096, BUFFER_SIZE = 1 << 16, STANDARD_ERROR = 2, COLUMNS_DEFAULT = 80 };

typedef struct destination {
  pp_shown what;
  bool is_standard_error;
  bool is_plain; /* It is a file, and no device. */
  bool is_taken; /* Another process has claimed the file, or this one is a child of the one that has. */
  char path[PATH_SIZE];
} destination;

static destination destinations[2 * PP_SHOW_ITEMS];
static int destination_count;
static bool is_child;
static int64_t process; /* Whose these are: not those of a child of vfork, which has the same memory. */
static pp_show_style style;
static pp_atomic_u32 has_ended; /* All is being written, or has been. */

/* --- Lines that go out at once ------------------------------------------------------------------------------ */

/* Paths and lines are not kept on the stack, which threads may have little of: one thread begins, and one ends. */
static char line[PATH_SIZE + 128];

static void complain(const char *about, const char *path, int error) {
  pp_output out = pp_output_to(STANDARD_ERROR, line, sizeof line);
  pp_putf(&out, "ppar: %s: %s: %s\n", about, path, pp_descriptor_error(error));
  (void)pp_output_end(&out);
}

static void say_where_report_is(const char *path) {
  pp_output out = pp_output_to(STANDARD_ERROR, line, sizeof line);
  pp_putf(&out, "ppar: report written to %s\n", path);
  (void)pp_output_end(&out);
}

static void say(const char *text) {
  char buffer[256];
  pp_output out = pp_output_to(STANDARD_ERROR, buffer, sizeof buffer);
  pp_putf(&out, "ppar: %s\n", text);
  (void)pp_output_end(&out);
}

/* --- The beginning ------------------------------------------------------------------------------------------ */

/* The name with %p and %% replaced. False: it is too long. */
static bool expand(const pp_show_item *item, char *name, size_t size) {
  pp_output out = pp_output_to(-1, name, size);
  for (size_t k = 0; k < item->length; k++) {
    char c = item->file[k], next = k + 1 < item->length ? item->file[k + 1] : '\0';
    if (c == '%' && next == 'p') {
      pp_put_signed(&out, pp_process_id());
      k++;
    } else {
      pp_put_char(&out, c);
      if (c == '%' && next == '%') k++;
    }
  }
  (void)pp_output_end(&out);
  return out.written < size;
}

static void add(const char *variable, const pp_show_item *item) {
  destination *to = &destinations[destination_count];
  static char name[PATH_SIZE];
  int error = 0;
  to->what = item->what;
  to->is_standard_error = item->file == NULL;
  if (!to->is_standard_error) {
    if (!expand(item, name, sizeof name) || !pp_descriptor_absolute(name, to->path, sizeof to->path)) {
      complain(variable, "a file", ENAMETOOLONG);
      return;
    }
    error = pp_descriptor_claim(to->path, &to->is_plain);
    to->is_taken = error == -EWOULDBLOCK;
    if (error < 0 && !to->is_taken) {
      complain(variable, to->path, -error);
      return;
    }
  }
  destination_count++;
}

static void add_all(const pp_environment *environment) {
  pp_show_item items[PP_SHOW_ITEMS];
  const char *complaint;
  int count = environment->trace != NULL ? pp_trace_text_read(environment->trace, items, &complaint) : 0;
  for (int k = 0; k < count; k++) add("PPAR_TRACE", &items[k]);
  count = environment->report != NULL ? pp_report_text_read(environment->report, items, &complaint) : 0;
  for (int k = 0; k < count; k++) add("PPAR_REPORT", &items[k]);
}

/* COLUMNS is the shell's, and seldom in the environment of programs; whoever sets it means it. */
static pp_show_style style_of(void) {
  const char *columns = getenv("COLUMNS"), *terminal = getenv("TERM"), *no_color = getenv("NO_COLOR");
  pp_show_style found = {.columns = columns != NULL ? atoi(columns) : 0};
  bool is_terminal = pp_descriptor_is_terminal(STANDARD_ERROR);
  if (found.columns <= 0) found.columns = pp_descriptor_columns(STANDARD_ERROR);
  if (found.columns <= 0) found.columns = COLUMNS_DEFAULT;
  found.colors =
      is_terminal && (no_color == NULL || *no_color == '\0') && (terminal != NULL && strcmp(terminal, "dumb") != 0);
  return found;
}

/* The child has recorded nothing so far, and the files are its parent's. */
static void renew(void) {
  is_child = true;
  process = pp_process_id();
  for (int d = 0; d < destination_count; d++) destinations[d].is_taken = true;
  if (pp_trace_is_on()) pp_trace_restart();
}

static void write_all(int signal);

static void tell(int signal) {
  if (pp_exchange_acq_rel(&has_ended, 1) != 0) return;
  pp_trace_stop();
  write_all(signal);
}

static bool is_report(pp_shown what) { return what == PP_SHOWN_REPORT || what == PP_SHOWN_REPORT_JSON; }

static bool wants_events(void) {
  for (int d = 0; d < destination_count; d++) {
    if (!is_report(destinations[d].what)) return true;
  }
  return false;
}

void pp_outputs_begin(const pp_environment *environment) {
  static pp_atomic_u32 has_begun;
  pp_trace_config config = {.names = environment->trace_only, .limit = environment->trace_limit};
  if (environment->trace == NULL && environment->report == NULL) return;
#ifdef PP_NO_TRACING
  say("PPAR_TRACE and PPAR_REPORT do nothing: this library is built without tracing");
  return;
#endif
  if (pp_exchange_acq_rel(&has_begun, 1) != 0) return;
  add_all(environment);
  if (destination_count == 0) return;
  process = pp_process_id();
  style = style_of();
  config.bytes = wants_events() ? environment->trace_size : 0;
  pp_trace_start(&config);
  pp_forks_watch(renew);
  pp_crash_watch(tell);
}

/* --- The end ------------------------------------------------------------------------------------------------ */

static void write_to(pp_output *out, const pp_run *run, pp_shown what) {
  switch (what) {
    case PP_SHOWN_PICTURE: pp_picture_write(run, out, &style); break;
    case PP_SHOWN_SVG: pp_svg_write(run, out); break;
    case PP_SHOWN_JSON: pp_json_write(run, out); break;
    case PP_SHOWN_HTML: pp_html_write(run, out); break;
    case PP_SHOWN_REPORT: pp_report_write(run, out, style.columns); break;
    case PP_SHOWN_REPORT_JSON: pp_report_write_json(run, out); break;
    case PP_SHOWN_KINDS: break;
  }
}

static void write_one(const pp_run *run, destination *to, char *buffer) {
  static char path[PATH_SIZE + 24];
  pp_output name = pp_output_to(-1, path, sizeof path), out;
  int file = STANDARD_ERROR, error;
  if (!to->is_standard_error) {
    pp_put(&name, to->path);
    if (to->is_taken && to->is_plain) {
      pp_put_char(&name, '.');
      pp_put_signed(&name, pp_process_id());
    }
    (void)pp_output_end(&name);
    file = pp_descriptor_create(path);
    if (file < 0) {
      complain("not written", path, -file);
      return;
    }
  }
  out = pp_output_to(file, buffer, BUFFER_SIZE);
  write_to(&out, run, to->what);
  (void)pp_output_end(&out);
  error = out.error;
  if (!to->is_standard_error) {
    int closing = pp_descriptor_close(file);
    if (error == 0) error = closing;
    if (error != 0) complain("not written to its end", path, error);
    /* Any word that is misspelt is a file's name, too. Devices are named on purpose. */
    if (error == 0 && to->is_plain && is_report(to->what)) say_where_report_is(path);
  }
}

/* Whether nothing was begun. The places that a forked child knows of may be its parent's. */
static bool is_empty(const pp_run *run) {
  for (uint32_t s = 0; s < run->site_count; s++) {
    if (run->sites[s].sum[PP_SUM_CALLS] != 0 || run->sites[s].sum[PP_SUM_CHUNKS] != 0) return false;
  }
  return run->construct_count == 0;
}

/* The thread may be one that was cancelled and has not noticed so far: writing would end it instead of the process. */
static void write_all(int signal) {
  int held = pp_thread_hold_cancellation();
  pp_arena arena = {NULL};
  char *buffer = pp_arena_take(&arena, BUFFER_SIZE);
  pp_run *run = buffer != NULL ? pp_run_read(&arena, signal) : NULL;
  if (run == NULL) {
    say("no memory to show what was recorded");
  } else if (is_empty(run) && run->lost_threads != 0) {
    say("no memory to record loops: there is nothing to show (PPAR_TRACE_SIZE)");
  } else if (is_empty(run)) {
    if (!is_child) say("no loop, region or task group was begun: there is nothing to show");
  } else {
    for (int d = 0; d < destination_count; d++) write_one(run, &destinations[d], buffer);
  }
  pp_arena_free(&arena);
  pp_thread_allow_cancellation(held);
}

void pp_outputs_end(void) {
  if (destination_count == 0 || process != pp_process_id()) return;
  if (pp_exchange_acq_rel(&has_ended, 1) != 0) return;
  pp_trace_stop();
  pp_crash_forget();
  write_all(0);
}
