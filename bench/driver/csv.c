/* SPDX-License-Identifier: MIT */
/* csv.c: a line for each sample; what holds for all of them stands before, in lines that begin with #, and
 * what a peer found before its samples. */
#include <math.h>
#include <stdio.h>

#include "driver/report.h"

static void print_header(const bench_report *report) {
  const bench_results *results = report->results;
  char text[512];
  bench_peer_environment_text(results->threads, text, sizeof text);
  printf("# ppar_bench: " BENCH_VERSION
         "\n# processor: %s\n# system: %s\n# cpus: %d\n# roundtrip_ns: %.1f\n# two_lines_ns: %.1f\n# others: %.3f\n# "
         "stolen: %.4f\n",
         report->machine->processor, report->machine->system, report->machine->cpus, report->machine->roundtrip_ns,
         report->machine->two_lines_ns, report->machine->others, report->machine->stolen);
  printf("# noisy rows: %zu of %zu\n", report->trust.noisy, report->trust.rows);
  printf("# threads: %d\n# environment: %s\n# sample_ns: %lld\n# interrupted: %s\n", results->threads, text,
         (long long)report->sample_ns, report->interrupted ? "yes" : "no");
  for (size_t p = 0; p < results->peer_count; p++) {
    if (!report->peers[p].wanted) continue;
    if (report->peers[p].version[0] == '\0') {
      printf("# peer %s: %s\n", report->peers[p].kind->name, report->peers[p].found ? "does not start" : "absent");
    } else {
      printf("# peer %s: %s%s%s\n", report->peers[p].kind->name, report->peers[p].version,
             report->peers[p].kind->setting != NULL ? "; " : "",
             report->peers[p].kind->setting != NULL ? report->peers[p].kind->setting : "");
    }
  }
}

/* A cell without samples has one line, with neither round nor time, that says why. */
static void print_cell(const bench_report *report, const bench_row *row, size_t p) {
  const bench_cell *cell = &row->cells[p];
  const char *peer = report->peers[p].kind->name;
  char place[256];
  if (cell->why[0] != '\0')
    printf("# left out: %s, %s, %s: %s\n", row->suite->name, row->definition->name, peer, cell->why);
  if (cell->outcome == BENCH_UNTRIED || cell->outcome == BENCH_ABSENT) return;
  snprintf(place, sizeof place, "%s,\"%s\",%s,%lld,%d,%s,%s", row->suite->name, row->definition->name, peer,
           (long long)row->n, row->threads, bench_row_unit(row), bench_outcome_text(cell->outcome));
  if (cell->outcome != BENCH_MEASURED) printf("%s,,\n", place);
  if (cell->note[0] != '\0')
    printf("# found: %s, %s, %s: %s\n", row->suite->name, row->definition->name, peer, cell->note);
  for (size_t round = 0; cell->outcome == BENCH_MEASURED && round < report->results->rounds; round++)
    if (!isnan(cell->samples[round])) printf("%s,%zu,%.6g\n", place, round + 1, cell->samples[round]);
}

bool bench_report_csv(const bench_report *report) {
  print_header(report);
  printf("suite,case,peer,n,threads,unit,outcome,round,time\n");
  for (size_t r = 0; r < report->results->row_count; r++)
    for (size_t p = 0; p < report->results->peer_count; p++) print_cell(report, &report->results->rows[r], p);
  return fflush(stdout) == 0 && !ferror(stdout);
}
