/* SPDX-License-Identifier: MIT */
/* main.c: ppar_bench: reads the options, starts the peers, measures in rounds, writes the report. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/answers.h"
#include "driver/arguments.h"
#include "driver/compare.h"
#include "driver/html.h"
#include "driver/machine.h"
#include "driver/peer.h"
#include "driver/reading.h"
#include "driver/report.h"
#include "driver/rounds.h"
#include "simulate/command.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_INTERRUPTED = 130 };

static void on_interrupt(int signal_number) {
  (void)signal_number;
  bench_interrupted = 1;
}

/* The first Ctrl-C ends the measuring, a second one the program. */
static void handle_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_interrupt;
  action.sa_flags = (int)SA_RESETHAND;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGQUIT, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, NULL); /* a peer that died shows in what write() returns */
}

/* Where no option chooses peers, a suite that is measured may name some that are else on request. */
static bool is_named_by_suite(const bench_results *results, const bench_peer_kind *kind) {
  for (size_t r = 0; r < results->row_count; r++)
    if (bench_peer_is_in(kind, results->rows[r].suite->peers)) return true;
  return false;
}

/* Starts those that were asked for; returns how many run. */
static size_t start_peers(bench_peer *peers, const bench_results *results, const bench_arguments *arguments) {
  size_t running = 0;
  for (size_t p = 0; p < bench_peer_kind_count; p++) {
    bench_peer_init(&peers[p], &bench_peer_kinds[p], arguments->threads, arguments->timeout_s);
    peers[p].named = arguments->peers_named;
    peers[p].wanted = arguments->peers[p] || (!peers[p].named && is_named_by_suite(results, peers[p].kind));
    if (arguments->against != NULL && bench_peer_is(&bench_peer_kinds[p], "ppar-again"))
      bench_peer_take_from(&peers[p], arguments->against);
    if (peers[p].wanted && peers[p].found && bench_peer_start(&peers[p])) running++;
  }
  return running;
}

static bool write_report(const bench_report *report, bench_format format) {
  if (report->noise && format == BENCH_TEXT) return bench_report_noise(report);
  switch (format) {
    case BENCH_CSV: return bench_report_csv(report);
    case BENCH_JSON: return bench_report_json(report);
    case BENCH_TEXT: break;
  }
  return bench_report_text(report);
}

/* What the machine was like since the start, and what of the rows can be believed. */
static void judge(bench_report *report, bench_results *results, bench_machine *machine, const bench_usage *start,
                  bool judge_all) {
  bench_usage end = bench_reading_usage(results, report->peers);
  machine->others = bench_usage_others(start, &end);
  machine->stolen = bench_usage_stolen(start, &end);
  report->trust = bench_trust_judge(results, bench_peer_find(report->peers, results->peer_count, "serial"), judge_all);
  report->interrupted = bench_interrupted != 0;
}

/* People have the answers as soon as they are there, and wait for the tables with them at hand. */
static void answer_early(bench_report *report) {
  if (report->noise || report->filtered || report->answers_only || report->interrupted) return;
  bench_answers_print(report);
  printf("\nThe tables follow as soon as they are measured; Ctrl-C ends that.\n");
  fflush(stdout);
  report->answered = true;
}

static bool any_early(const bench_results *results) {
  for (size_t r = 0; r < results->row_count; r++)
    if (results->rows[r].early) return true;
  return false;
}

static int measure(const bench_arguments *arguments, const bench_earlier *earlier) {
  static bench_peer peers[BENCH_PEERS_MAX];
  bench_machine machine;
  bench_results results;
  bench_report report = {.results = &results,
                         .peers = peers,
                         .machine = &machine,
                         .sample_ns = arguments->sample_ns,
                         .quick = arguments->quick,
                         .noise = arguments->noise,
                         .against = arguments->against,
                         .renewed = !arguments->quick || arguments->noise || arguments->selection.answers_only,
                         .answers_only = arguments->selection.answers_only,
                         .filtered = arguments->filter != NULL};
  bench_order order = {arguments->sample_ns, report.renewed, isatty(STDERR_FILENO) == 1};
  bench_usage start;
  FILE *page = NULL;
  bool written, slower = false;
  handle_signals();
  if (arguments->html != NULL && (page = bench_html_open(arguments->html)) == NULL) return STATUS_USAGE;
  if (!bench_results_create(&results, &arguments->selection, bench_peer_kind_count, arguments->rounds,
                            arguments->threads, arguments->quick)) {
    fprintf(stderr, "ppar_bench: no memory\n");
    return STATUS_FAILED;
  }
  bench_machine_measure(&machine);
  if (start_peers(peers, &results, arguments) == 0) {
    fprintf(stderr,
            "ppar_bench: none of the peers asked for could be started; `ninja` in the build folder builds them, "
            "and scripts/bench does all\n");
    bench_results_free(&results);
    return STATUS_FAILED;
  }
  start = bench_reading_usage(&results, peers);
  bench_rounds_run(&results, peers, &order, BENCH_EARLY);
  judge(&report, &results, &machine, &start, arguments->judge_all);
  if (arguments->format == BENCH_TEXT && any_early(&results)) answer_early(&report);
  bench_rounds_run(&results, peers, &order, BENCH_LATE);
  judge(&report, &results, &machine, &start, arguments->judge_all);
  for (size_t p = 0; p < bench_peer_kind_count; p++) bench_peer_stop(&peers[p]);
  written = write_report(&report, arguments->format);
  if (page != NULL && !bench_html_write(page, arguments->html, &report)) written = false;
  if (earlier != NULL) slower = bench_compare(earlier, &report) != BENCH_COMPARED;
  bench_results_free(&results);
  return report.interrupted ? STATUS_INTERRUPTED : written && !slower ? 0 : STATUS_FAILED;
}

/* The earlier run is read first: where it cannot be, nothing is measured. */
static int measure_and_compare(const bench_arguments *arguments) {
  bench_earlier *earlier = bench_earlier_read(arguments->compare);
  int status = earlier != NULL ? measure(arguments, earlier) : STATUS_USAGE;
  bench_earlier_free(earlier);
  return status;
}

int main(int argc, char **argv) {
  bench_arguments arguments;
  if (!bench_arguments_parse(argc, argv, &arguments)) return STATUS_USAGE;
  if (arguments.help) {
    bench_arguments_help();
  } else if (arguments.list) {
    bench_arguments_list();
  } else if (arguments.version) {
    printf("ppar_bench " BENCH_VERSION "\n");
  } else if (arguments.simulate.threads != 0) {
    handle_signals();
    return bench_simulate_command(&arguments);
  } else if (arguments.compare != NULL) {
    return measure_and_compare(&arguments);
  } else {
    return measure(&arguments, NULL);
  }
  return 0;
}
