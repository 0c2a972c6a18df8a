/* SPDX-License-Identifier: MIT */
/* html.c: the page with the run's JSON in it. */
#include "driver/html.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/json.h"
#include "show/page.h"
#include "simulate/measure.h"

FILE *bench_html_open(const char *path) {
  FILE *file = fopen(path, "a"); /* what it had stays until there is something new */
  if (file == NULL)
    fprintf(stderr, "ppar_bench: --html %s: %s; allowed: a file that can be written\n", path, strerror(errno));
  return file;
}

/* What the page's model needs to know of this machine. */
static json_t *overheads_object(void) {
  bench_overheads o;
  if (!bench_overheads_measure(&o)) return json_null();
  return json_pack("{s:f, s:f, s:f, s:f, s:f}", "locked_ns", o.locked, "transfer_ns", o.transfer, "claim_ns", o.claim,
                   "fork_join_ns", o.fork_join, "call_ns", o.call);
}

/* A '<' is in texts alone, and could be that of "</script>". */
static void put_json(FILE *file, const char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '<') {
      fputs("\\u003c", file);
    } else {
      fputc(*text, file);
    }
  }
}

bool bench_html_write(FILE *file, const char *path, const bench_report *report) {
  json_t *run = bench_report_object(report), *whole;
  char *text;
  bool written;
  if (run != NULL) json_object_set_new(run, "overheads", overheads_object());
  whole = json_pack("{s:s, s:o}", "ppar", BENCH_VERSION, "bench", run);
  text = whole != NULL ? json_dumps(whole, JSON_INDENT(0) | JSON_REAL_PRECISION(9)) : NULL;
  if (ftruncate(fileno(file), 0) != 0) errno = 0; /* a pipe has no length */
  fwrite(pp_page_before, 1, pp_page_before_size, file);
  if (text != NULL) put_json(file, text);
  fwrite(pp_page_after, 1, pp_page_after_size, file);
  written = text != NULL && !ferror(file);
  free(text);
  json_decref(whole);
  if (fclose(file) != 0) written = false;
  if (!written) fprintf(stderr, "ppar_bench: --html %s: could not be written to its end\n", path);
  return written;
}
