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
    {"version", no_argument, NULL, 'v'},
    {"all", no_argument, NULL, 'a'},
    {"suite", required_argument, NULL, 's'},
    {"filter", required_argument, NULL, 'F'},
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

/* The expression is kept for the whole run. */
static bool read_filter(const char *text, bench_arguments *out) {
  static regex_t filter;
  char reason[128];
  int error;
  if (out->selection.filter != NULL) return refuse("--filter '%s'; allowed: one, where a|b matches both", text);
  error = regcomp(&filter, text, REG_EXTENDED | REG_NOSUB);
  if (error != 0) {
    regerror(error, &filter, reason, sizeof reason);
    return refuse("--filter '%s': %s; allowed: an extended regular expression, for names as --list has them", text,
                  reason);
  }
  out->selection.filter = &filter;
  out->filter = text;
  return true;
}

/* Rows that are not there with these options do not count. */
static bool check_filter(const bench_arguments *arguments) {
  bench_results results;
  size_t rows;
  if (arguments->filter == NULL) return true;
  if (!bench_results_create(&results, &arguments->selection, 1, 1, arguments->threads, arguments->quick))
    return refuse("no memory");
  rows = results.row_count;
  bench_results_free(&results);
  return rows > 0 || refuse(
                         "--filter '%s' matches no row%s; allowed: what matches some SUITE/ROW, as in "
                         "'^overhead/empty'; --list names them",
                         arguments->filter, arguments->quick ? " of --quick" : "");
}

static bool read_option(int option, bench_arguments *out, bool *any_suite, bool *any_peer) {
  bool formats[3] = {false};
  long number = 0;
  switch (option) {
    case 'h': out->help = true; return true;
    case 'l': out->list = true; return true;
    case 'v': out->version = true; return true;
    case 'a': out->all = true; return true;
    case 'F': return read_filter(optarg, out);
    case 'q': out->quick = true; return true;
    case 'n': out->noise = true; return true;
    case 'j': out->judge_all = true; return true;
    case 'A':
      out->against = optarg;
      out->noise = true;
      return true;
    case 's': *any_suite = true; return mark_names("suite", optarg, suite_name, out->selection.suites);
    case 'p': *any_peer = true; return mark_peers(optarg, out->peers);
    case 't':
      if (!read_number("threads", optarg, 1, BENCH_THREADS_MAX, &number)) return false;
      out->threads = (int)number;
      return true;
    case 'r':
      if (!read_number("rounds", optarg, 1, BENCH_ROUNDS_MAX, &number)) return false;
      out->rounds = (size_t)number;
      return true;
    case 'o':
      if (!read_number("timeout", optarg, 1, BENCH_TIMEOUT_MAX_S, &number)) return false;
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
  *out = (bench_arguments){.threads = bench_machine_cpus(), .timeout_s = BENCH_TIMEOUT_S};
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
  for (size_t s = 0; !any_suite && s < bench_suite_count; s++)
    out->selection.suites[s] = bench_suites[s]->peers == NULL || out->filter != NULL;
  out->selection.answers_only = !any_suite && !out->all && !out->quick && !out->noise && out->filter == NULL &&
                                out->compare == NULL && out->html == NULL && out->format == BENCH_TEXT;
  if (out->html != NULL && !any_suite && !out->all && out->filter == NULL && !out->noise) out->quick = true;
  if (out->noise && any_peer)
    return refuse("--noise or --against with --peer; allowed: without it, since they measure ppar twice");
  out->peers_named = any_peer || out->noise;
  for (size_t p = 0; !any_peer && p < bench_peer_kind_count; p++)
    out->peers[p] = out->noise ? bench_peer_is_ppar(&bench_peer_kinds[p]) : !bench_peer_kinds[p].on_request;
  /* Small data and short samples answer in half a minute. */
  if (out->selection.answers_only) out->quick = true;
  if (out->rounds == 0)
    out->rounds = out->noise ? BENCH_NOISE_ROUNDS : out->quick ? BENCH_QUICK_ROUNDS : BENCH_FULL_ROUNDS;
  out->sample_ns = out->quick ? QUICK_SAMPLE_NS : FULL_SAMPLE_NS;
  return check_filter(out);
}
