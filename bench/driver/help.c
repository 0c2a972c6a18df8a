/* SPDX-License-Identifier: MIT */
/* help.c: --help and --list. */
#include <stdio.h>

#include "driver/arguments.h"
#include "driver/machine.h"
#include "driver/peer.h"
#include "driver/terminal.h"
#include "simulate/command.h"

/* Each option and what it does; what is only known at run time stands behind. */
static const struct {
  const char *option, *what;
} help[] = {
    {"(none)",
     "six lines of answers and nothing else, in half a minute; any of --quick, --all, --suite, --filter, "
     "--noise, --compare and --format csv|json measures tables, with the answers on top"},
    {"--quick",
     "all suites but those on request, with short samples, few rounds, small data: the answers after half a minute, "
     "the tables a "
     "minute later (on 2 CPUs)"},
    {"--all", "the same suites with longer samples and larger data: several minutes"},
    {"--suite NAME[,NAME]...",
     "only these suites (may be repeated); those on request are measured only so, or by --filter"},
    {"--filter REGEX",
     "only rows whose SUITE/ROW matches, as --list names them; an extended regular expression. A few "
     "rows also in words: \"ppar ran 1.9 +- 0.1 times faster than libgomp\""},
    {"--peer NAME[,NAME]...",
     "only these peers (may be repeated); openmp: libgomp,libomp; default all but those that "
     "--list says are on request"},
    {"--threads N", "T; default the CPUs that this process may use"},
    {"--rounds N", "samples of each cell; verdicts need at least 6"},
    {"--format text|csv|json", "text: answers and tables; csv: a line for each sample; json: everything"},
    {"--html FILE",
     "also: a page to look around in, with every round, and other schedules played; of all suites in short "
     "samples, where nothing else is asked for"},
    {"--compare FILE", "also: what became faster or slower since FILE, which --format json wrote"},
    {"--noise",
     "ppar against itself, in two processes: every line should say \"same\", and how far the intervals "
     "reach is the difference that can be shown here"},
    {"--against FOLDER",
     "as --noise, but the second ppar is of another build, whose peers' programs are in FOLDER: a "
     "line says if this build is faster, the same or slower"},
    {"--judge-all", "verdicts also for rows that others disturbed, which else have none (noisy)"},
    {"--timeout SECONDS", "a peer that takes longer over one sample is ended"},
    {"--list", "names suites, rows and peers, and measures nothing"},
    {"--version", "the version, and nothing else"},
    {"--help", "this text"},
};

enum { OPTION_WIDTH = 26, HEADING_INDENT = 2, WHY_INDENT = 6 };

void bench_arguments_help(void) {
  char numbers[256];
  printf("Usage: ppar_bench [OPTION]...\n");
  bench_print_wrapped(NULL, 0,
                      "Measures the same loops, regions and tasks under ppar, OpenMP (libgomp, libomp), oneTBB and "
                      "pthreadpool and on one thread, side by side on this machine, and says what came of it in six "
                      "lines. docs/bench.md explains them in a page.");
  printf("\n");
  for (size_t k = 0; k < sizeof help / sizeof *help; k++) {
    char option[64];
    snprintf(option, sizeof option, "  %s", help[k].option);
    bench_print_wrapped(option, OPTION_WIDTH, help[k].what);
  }
  snprintf(numbers, sizeof numbers,
           "T: 1 to %d, here %d. Rounds: 1 to %d; default %d, with --quick and for the answers %d, with --noise %d. "
           "Timeout: default %d s.",
           BENCH_THREADS_MAX, bench_machine_cpus(), BENCH_ROUNDS_MAX, BENCH_FULL_ROUNDS, BENCH_QUICK_ROUNDS,
           BENCH_NOISE_ROUNDS, BENCH_TIMEOUT_S);
  printf("\n");
  bench_print_wrapped(NULL, 0, numbers);
  bench_print_wrapped(NULL, 0,
                      "Ctrl-C ends the run and prints what is there. Exit status: 0; 1 when the output could not be "
                      "written, no peer ran, --noise found a difference, or --compare or --against found ppar slower "
                      "or nothing to compare; 2 for a wrong option or file, nothing measured; 130 after Ctrl-C. "
                      "PPAR_BENCH_PEERS names a folder with the peers' programs, in place of the one beside this "
                      "program. Text is as wide as COLUMNS or the terminal, else 100 columns.");
  printf("\nSuites:\n");
  for (size_t s = 0; s < bench_suite_count; s++) {
    char heading[256];
    snprintf(heading, sizeof heading, "%s: %s", bench_suites[s]->name, bench_suites[s]->heading);
    bench_print_wrapped("", HEADING_INDENT, heading);
    bench_print_wrapped("", WHY_INDENT, bench_suites[s]->why);
  }
  bench_simulate_help();
}

void bench_arguments_list(void) {
  for (size_t s = 0; s < bench_suite_count; s++) {
    printf("suite %s: %s%s\n", bench_suites[s]->name, bench_suites[s]->heading,
           bench_suites[s]->peers != NULL ? " (on request)" : "");
    for (size_t c = 0; c < bench_suites[s]->case_count; c++) printf("  %s\n", bench_suites[s]->cases[c].name);
  }
  for (size_t p = 0; p < bench_peer_kind_count; p++) {
    bench_peer peer;
    bench_peer_init(&peer, &bench_peer_kinds[p], 1, 1);
    printf("peer %s: %s%s%s\n", peer.kind->name, peer.kind->about, peer.kind->on_request ? " (on request)" : "",
           peer.found ? "" : " (absent: not built here)");
  }
}
