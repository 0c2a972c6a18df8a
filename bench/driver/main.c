/* SPDX-License-Identifier: MIT */
/* main.c: ppar_bench: reads the options, starts the peers, measures in rounds, writes the report. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/arguments.h"
#include "driver/compare.h"
#include "driver/html.h"
#include "driver/machine.h"
#include "driver/peer.h"
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

/* Starts those that were asked for; returns how many run. */
static size_t start_peers(bench_peer *peers, const bench_arguments *arguments) {
  size_t running = 0;
  for (size_t p = 0; p < bench_peer_kind_count; p++) {
    bench_peer_init(&peers[p], &bench_peer_kinds[p], arguments->threads, arguments->timeout_s);
    peers[p].wanted = arguments->peers[p];
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

static int measure(const bench_arguments *arguments, const bench_earlier *earlier) {
  static bench_peer peers[BENCH_PEERS_MAX];
  bench_machine machine;
  bench_results results;
  bench_report report = {&results,
                         peers,
                         &machine,
                         arguments->sample_ns,
                         arguments->quick,
                         arguments->noise,
                         arguments->against,
                         !arguments->quick || arguments->noise,
                         false,
                         {.rows = 0}};
  bench_usage start, end;
  FILE *page = NULL;
  bool written, slower = false;
  handle_signals();
  if (arguments->html != NULL && (page = bench_html_open(arguments->html)) == NULL) return STATUS_USAGE;
  if (!bench_results_create(&results, arguments->suites, bench_peer_kind_count, arguments->rounds, arguments->threads,
                            arguments->quick)) {
    fprintf(stderr, "ppar_bench: no memory\n");
    return STATUS_FAILED;
  }
  bench_machine_measure(&machine);
  if (start_peers(peers, arguments) == 0) {
    fprintf(stderr, "ppar_bench: none of the peers asked for could be started\n");
    bench_results_free(&results);
    return STATUS_FAILED;
  }
  start = bench_usage_now();
  bench_rounds_run(&results, peers, arguments->sample_ns, report.renewed, isatty(STDERR_FILENO) == 1);
  for (size_t p = 0; p < bench_peer_kind_count; p++) bench_peer_stop(&peers[p]);
  end = bench_usage_now();
  machine.others = bench_usage_others(&start, &end);
  machine.stolen = bench_usage_stolen(&start, &end);
  report.trust =
      bench_trust_judge(&results, bench_peer_find(peers, results.peer_count, "serial"), arguments->judge_all);
  report.interrupted = bench_interrupted != 0;
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
