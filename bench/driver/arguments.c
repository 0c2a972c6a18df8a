/* SPDX-License-Identifier: MIT */
/* arguments.c: reads the command line; --help and --list. */
#include "driver/arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/machine.h"
#include "driver/peer.h"
#include "simulate/command.h"
#include "simulate/measure.h"

/* Odd numbers of rounds have a median that was measured. Nine are the fewest of which one may be disturbed
 * and a 95 % interval still be had; of some 150 lines that all have to hold at 95 %, 13. */
enum {
  QUICK_ROUNDS = 9,
  FULL_ROUNDS = 11,
  NOISE_ROUNDS = 15,
  THREADS_MAX = 4096, /* PPAR_MAX_THREADS */
  TIMEOUT_S = 30,
  TIMEOUT_MAX_S = 3600
};
#define QUICK_SAMPLE_NS 3000000
#define FULL_SAMPLE_NS 10000000

static bool refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
static bool refuse(const char *format, ...) {
  va_list arguments;
  fprintf(stderr, "ppar_bench: ");
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fprintf(stderr, "\n");
  return false;
}

static const char *suite_name(size_t k) { return k < bench_suite_count ? bench_suites[k]->name : NULL; }
static const char *peer_name(size_t k) { return k < bench_peer_kind_count ? bench_peer_kinds[k].name : NULL; }
static const char *format_name(size_t k) {
  static const char *const names[] = {"text", "csv", "json"};
  return k < sizeof names / sizeof *names ? names[k] : NULL;
}

static bool refuse_name(const char *what, const char *text, int length, const char *(*name)(size_t)) {
  char allowed[512] = "";
  for (size_t k = 0; name(k) != NULL; k++)
    snprintf(allowed + strlen(allowed), sizeof allowed - strlen(allowed), "%s%s", k > 0 ? ", " : "", name(k));
  return refuse("unknown %s '%.*s'; allowed: %s", what, length, text, allowed);
}

/* Marks each name of a comma-separated list. */
static bool mark_names(const char *what, const char *text, const char *(*name)(size_t), bool *marks) {
  for (;;) {
    size_t length = strcspn(text, ","), k = 0;
    while (name(k) != NULL && (strlen(name(k)) != length || strncmp(name(k), text, length) != 0)) k++;
    if (name(k) == NULL) return refuse_name(what, text, (int)length, name);
    marks[k] = true;
    if (text[length] == '\0') return true;
    text += length + 1;
  }
}

/* The same for peers, where a family's name stands for all of it that is measured by default. */
static bool mark_peers(const char *text, bool *marks) {
  for (;;) {
    size_t length = strcspn(text, ",");
    char name[BENCH_NAME_MAX];
    bool known = false;
    snprintf(name, sizeof name, "%.*s", (int)length, text);
    for (size_t p = 0; p < bench_peer_kind_count; p++) {
      const bench_peer_kind *kind = &bench_peer_kinds[p];
      bool marked = strcmp(kind->name, name) == 0 || (bench_peer_is(kind, name) && !kind->on_request);
      marks[p] |= marked;
      known |= marked;
    }
    if (!known) return refuse_name("peer", text, (int)length, peer_name);
    if (text[length] == '\0') return true;
    text += length + 1;
  }
}

static bool read_number(const char *option, const char *text, long least, long most, long *out) {
  char *end;
  errno = 0;
  *out = strtol(text, &end, 10);
  if (end == text || *end != '\0' || errno != 0 || *out < least || *out > most)
    return refuse("--%s '%s'; allowed: %ld to %ld", option, text, least, most);
  return true;
}

static const struct option options[] = {
    {"help", no_argument, NULL, 'h'},
    {"list", no_argument, NULL, 'l'},
    {"suite", required_argument, NULL, 's'},
    {"peer", required_argument, NULL, 'p'},
    {"threads", required_argument, NULL, 't'},
    {"quick", no_argument, NULL, 'q'},
    {"rounds", required_argument, NULL, 'r'},
    {"format", required_argument, NULL, 'f'},
    {"timeout", required_argument, NULL, 'o'},
    {"compare", required_argument, NULL, 'c'},
    {"simulate", required_argument, NULL, 'S'},
    {"costs", required_argument, NULL, 'C'},
    {"shape", required_argument, NULL, 'H'},
    {"iterations", required_argument, NULL, 'I'},
    {"overheads", required_argument, NULL, 'O'},
    {"noise", no_argument, NULL, 'n'},
    {"against", required_argument, NULL, 'A'},
    {"html", required_argument, NULL, 'W'},
    {"judge-all", no_argument, NULL, 'j'},
    {NULL, 0, NULL, 0},
};

static bool read_simulate_option(int option, bench_simulate_request *out) {
  long number = 0;
  switch (option) {
    case 'S':
      if (!read_number("simulate", optarg, 1, BENCH_SIMULATE_THREADS_MAX, &number)) return false;
      out->threads = (int)number;
      return true;
    case 'I':
      if (!read_number("iterations", optarg, 1, BENCH_SHAPE_ITERATIONS_MAX, &number)) return false;
      out->iterations = number;
      return true;
    case 'C': out->costs = optarg; return true;
    case 'H': return mark_names("shape", optarg, bench_shape_name, out->shapes);
    case 'O':
      out->overheads_given = bench_overheads_parse(optarg, &out->overheads);
      return out->overheads_given ||
             refuse("--overheads '%s'; allowed: LOCKED,TRANSFER,CLAIM,FORKJOIN,CALL in ns, 0 or more", optarg);
    default: return false;
  }
}

/* Options that mean nothing beside the others: said, rather than passed over. */
static bool check_simulate(const bench_simulate_request *request) {
  bool of_shapes = request->iterations != 0;
  for (size_t s = 0; s < BENCH_SHAPES; s++) of_shapes = of_shapes || request->shapes[s];
  if (request->costs != NULL && of_shapes)
    return refuse("--costs beside --shape or --iterations; allowed: one or the other");
  if (request->threads == 0 && (of_shapes || request->costs != NULL || request->overheads_given))
    return refuse("--costs, --shape, --iterations, --overheads; allowed: beside --simulate P");
  return true;
}

static bool read_option(int option, bench_arguments *out, bool *any_suite, bool *any_peer) {
  bool formats[3] = {false};
  long number = 0;
  switch (option) {
    case 'h': out->help = true; return true;
    case 'l': out->list = true; return true;
    case 'q': out->quick = true; return true;
    case 'n': out->noise = true; return true;
    case 'j': out->judge_all = true; return true;
    case 'A':
      out->against = optarg;
      out->noise = true;
      return true;
    case 's': *any_suite = true; return mark_names("suite", optarg, suite_name, out->suites);
    case 'p': *any_peer = true; return mark_peers(optarg, out->peers);
    case 't':
      if (!read_number("threads", optarg, 1, THREADS_MAX, &number)) return false;
      out->threads = (int)number;
      return true;
    case 'r':
      if (!read_number("rounds", optarg, 1, BENCH_ROUNDS_MAX, &number)) return false;
      out->rounds = (size_t)number;
      return true;
    case 'o':
      if (!read_number("timeout", optarg, 1, TIMEOUT_MAX_S, &number)) return false;
      out->timeout_s = (int)number;
      return true;
    case 'f':
      if (strchr(optarg, ',') != NULL) return refuse_name("format", optarg, (int)strlen(optarg), format_name);
      if (!mark_names("format", optarg, format_name, formats)) return false;
      out->format = formats[BENCH_CSV] ? BENCH_CSV : formats[BENCH_JSON] ? BENCH_JSON : BENCH_TEXT;
      return true;
    case 'c': out->compare = optarg; return true;
    case 'W': out->html = optarg; return true;
    default: return read_simulate_option(option, &out->simulate);
  }
}

bool bench_arguments_parse(int argc, char **argv, bench_arguments *out) {
  bool any_suite = false, any_peer = false;
  int option;
  *out = (bench_arguments){.threads = bench_machine_cpus(), .timeout_s = TIMEOUT_S};
  opterr = 0;
  while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
    if (option == ':') return refuse("%s needs a value; --help lists the options", argv[optind - 1]);
    if (option == '?') return refuse("unknown option '%s'; --help lists the options", argv[optind - 1]);
    if (!read_option(option, out, &any_suite, &any_peer)) return false;
  }
  if (optind < argc) return refuse("unexpected '%s'; --help lists the options", argv[optind]);
  if (!check_simulate(&out->simulate)) return false;
  if (out->compare != NULL && (out->format != BENCH_TEXT || out->simulate.threads != 0))
    return refuse("--compare beside --simulate or another format; allowed: --compare FILE with --format text");
  if (out->html != NULL && out->simulate.threads != 0)
    return refuse("--html beside --simulate; allowed: --html FILE with what is measured");
  if (out->noise && (out->compare != NULL || out->simulate.threads != 0))
    return refuse("--noise or --against with --compare or --simulate; allowed: without them");
  for (size_t s = 0; !any_suite && s < bench_suite_count; s++) out->suites[s] = true;
  if (out->noise && any_peer)
    return refuse("--noise or --against with --peer; allowed: without it, since they measure ppar twice");
  for (size_t p = 0; !any_peer && p < bench_peer_kind_count; p++)
    out->peers[p] = out->noise ? bench_peer_is_ppar(&bench_peer_kinds[p]) : !bench_peer_kinds[p].on_request;
  if (out->rounds == 0) out->rounds = out->noise ? NOISE_ROUNDS : out->quick ? QUICK_ROUNDS : FULL_ROUNDS;
  out->sample_ns = out->quick ? QUICK_SAMPLE_NS : FULL_SAMPLE_NS;
  return true;
}

static void print_indented(const char *text) {
  while (*text != '\0') {
    size_t length = strcspn(text, "\n");
    printf("      %.*s\n", (int)length, text);
    text += length + (text[length] == '\n');
  }
}

void bench_arguments_help(void) {
  printf(
      "Usage: ppar_bench [OPTION]...\n"
      "Measures the same loops, regions and tasks under ppar, OpenMP (libgomp, libomp), oneTBB and\n"
      "pthreadpool and on one thread, side by side on this machine.\n\n"
      "  --suite NAME[,NAME]...  only these suites (may be repeated); default all\n"
      "  --peer NAME[,NAME]...   only these peers (may be repeated); openmp: libgomp,libomp; default all\n"
      "                          but those that --list says are on request\n"
      "  --threads N             T, 1 to %d; default the CPUs this process may use, here %d\n"
      "  --quick                 shorter samples, fewer rounds, smaller data: some 80 s on 2 CPUs\n"
      "  --rounds N              1 to %d; default %d, with --quick %d, with --noise %d; verdicts\n"
      "                          need at least 6\n"
      "  --format text|csv|json  text: tables; csv: a line for each sample; json: everything\n"
      "  --html FILE             also: a page to look around in, with every round, and other schedules played\n"
      "  --noise                 ppar against itself, in two processes: every line should say \"same\", and\n"
      "                          how far the intervals reach is the difference that can be shown here\n"
      "  --against FOLDER        as --noise, but the second ppar is of another build, whose peers' programs\n"
      "                          are in FOLDER: a line says if this build is faster, the same or slower\n"
      "  --judge-all             verdicts also for rows that others disturbed, which else have none (noisy)\n"
      "  --timeout SECONDS       a peer that takes longer over one sample is ended; default %d\n"
      "  --compare FILE          also: what became faster or slower since FILE, which --format json wrote\n"
      "  --list                  names suites, cases and peers, and measures nothing\n"
      "  --help                  this text\n\n"
      "Ctrl-C ends the run and prints what is there. Exit status: 0; 1 when the output could not be\n"
      "written, no peer ran, --noise found a difference, or --compare or --against found ppar slower or\n"
      "nothing to compare; 2 for a wrong option or file, nothing measured; 130 after Ctrl-C.\n"
      "PPAR_BENCH_PEERS names a folder with the peers' programs, in place of the one beside this program.\n\n"
      "Suites:\n",
      THREADS_MAX, bench_machine_cpus(), BENCH_ROUNDS_MAX, FULL_ROUNDS, QUICK_ROUNDS, NOISE_ROUNDS, TIMEOUT_S);
  for (size_t s = 0; s < bench_suite_count; s++) {
    printf("  %s: %s\n", bench_suites[s]->name, bench_suites[s]->heading);
    print_indented(bench_suites[s]->why);
  }
  bench_simulate_help();
}

void bench_arguments_list(void) {
  for (size_t s = 0; s < bench_suite_count; s++) {
    printf("suite %s: %s\n", bench_suites[s]->name, bench_suites[s]->heading);
    for (size_t c = 0; c < bench_suites[s]->case_count; c++) printf("  %s\n", bench_suites[s]->cases[c].name);
  }
  for (size_t p = 0; p < bench_peer_kind_count; p++) {
    bench_peer peer;
    bench_peer_init(&peer, &bench_peer_kinds[p], 1, 1);
    printf("peer %s: %s%s%s\n", peer.kind->name, peer.kind->about, peer.kind->on_request ? " (on request)" : "",
           peer.found ? "" : " (absent: not built here)");
  }
}
