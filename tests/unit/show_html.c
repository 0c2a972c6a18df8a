/* SPDX-License-Identifier: MIT */
/* The page: its template around the data; names that are no text of ours do not break out of it. That the data can be
 * read, and what is drawn of it, tests/explorer looks at. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <unistd.h>

#include "../support/runs.h"
#include "schedule/tuning.h"
#include "show/html.h"
#include "show/page.h"

/* What is written, with a 0 behind it. */
static char *written(const pp_run *run, size_t *size) {
  char buffer[512];
  FILE *file = tmpfile();
  pp_output out;
  char *text;
  if (file == NULL) cr_skip_test("no temporary files");
  out = pp_output_to(fileno(file), buffer, sizeof buffer);
  pp_html_write(run, &out);
  cr_assert(pp_output_end(&out));
  *size = (size_t)out.written;
  text = calloc(1, *size + 1);
  cr_assert(text != NULL && pread(fileno(file), text, *size, 0) == (ssize_t)*size);
  fclose(file);
  return text;
}

/* The data alone. */
static char *data_of(const pp_run *run) {
  size_t size;
  char *text = written(run, &size), *data;
  cr_assert(size > pp_page_before_size + pp_page_after_size);
  cr_assert(memcmp(text, pp_page_before, pp_page_before_size) == 0);
  cr_assert(memcmp(text + size - pp_page_after_size, pp_page_after, pp_page_after_size) == 0);
  text[size - pp_page_after_size] = '\0';
  data = strdup(text + pp_page_before_size);
  free(text);
  return data;
}

static uint64_t cost(uint64_t i) { return 100 * (i + 1); }

Test(show_html, a_run_without_loops_is_a_page) {
  struct runs *made = runs_new();
  char *data;
  (void)runs_thread(made, "main", -1);
  data = data_of(runs_finish(made));
  cr_assert(strstr(data, "\"loops\":[]") != NULL && data[0] == '{' && data[strlen(data) - 1] == '}');
  free(data);
  runs_free(made);
}

Test(show_html, names_stay_within_the_data) {
  struct runs *made = runs_new();
  uint32_t caller = runs_thread(made, "main", -1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "a.c:1 in main", "</script><!--\"\\\n\xff");
  char *data;
  (void)runs_thread(made, "ppar-1", 0);
  (void)runs_loop(made, &(runs_shared){.site = site, .caller = caller, .slots = 2, .count = 10, .cost = cost});
  data = data_of(runs_finish(made));
  cr_assert(strchr(data, '<') == NULL, "%s", data);
  cr_assert(strstr(data, "\\u003c/script>\\u003c!--\\\"\\\\\\u000a?") != NULL, "%s", data);
  free(data);
  runs_free(made);
}

Test(show_html, a_loop_has_its_chunks_and_its_iterations_times) {
  struct runs *made = runs_new();
  uint32_t caller = runs_thread(made, "main", -1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "a.c:1 in main", "rows");
  char *data;
  (void)runs_thread(made, "ppar-1", 0);
  (void)runs_loop(made, &(runs_shared){.site = site,
                                       .caller = caller,
                                       .slots = 2,
                                       .schedule = {.kind = PPAR_SCHEDULE_DYNAMIC, .chunk = 2},
                                       .count = 4,
                                       .cost = cost,
                                       .begin = 500});
  data = data_of(runs_finish(made));
  cr_assert(strstr(data, "\"schedule\":\"dynamic,2\"") != NULL);
  cr_assert(strstr(data, "\"bins\":[150.0,150.0,350.0,350.0]") != NULL, "%s", data);
  cr_assert(strstr(data, "\"owners\":[0,0,1,1]") != NULL, "%s", data);
  cr_assert(strstr(data, "[0,\"chunk\",0,300,300,1,0,2,2,0,0]") != NULL, "%s", data);
  cr_assert(strstr(data, "[1,\"chunk\",0,700,700,1,2,4,2,1,0]") != NULL, "%s", data);
  free(data);
  runs_free(made);
}

Test(show_html, a_loop_of_a_million_chunks_has_a_page_of_bounded_size) {
  struct runs *made = runs_new();
  uint32_t caller = runs_thread(made, "main", -1), worker = runs_thread(made, "ppar-1", 0);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "a.c:1 in main", NULL), loop;
  const uint64_t chunks = 1000000;
  size_t size;
  loop = runs_construct(made, site, caller,
                        (pp_construct){.slots = 2, .count = chunks, .step = 1, .begin = 0, .end = 10 * chunks});
  for (uint64_t i = 0; i < chunks; i++)
    runs_chunk(made, i % 2 == 0 ? caller : worker, loop, i % 2, 10 * i, 10 * i + 15, i, 1);
  free(written(runs_finish(made), &size));
  cr_assert(size - pp_page_before_size - pp_page_after_size < 100 * PP_HTML_SPANS, "%zu bytes", size);
  runs_free(made);
}
