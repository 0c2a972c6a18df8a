/* SPDX-License-Identifier: MIT */
/* peer.c: a peer's process: starting, asking, waiting for quiet, ending. */
#include "driver/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver/library.h"

/* What libgomp and libomp do unasked is what their manuals have for machines that programs share. On a machine of
 * one's own the manuals offer to spin for ever on threads that stay where they are: the -active kinds. */
#define GOMP_SETTING "OMP_WAIT_POLICY undefined (spins for a short time, then sleeps), threads not bound"
#define LIBOMP_SETTING "KMP_LIBRARY=throughput and KMP_BLOCKTIME=200 (spins for 200 ms, then sleeps), threads not bound"
#define ACTIVE_SETTING "OMP_WAIT_POLICY=active (never sleeps), OMP_PROC_BIND=true (threads bound)"
#define ACTIVE_VARIABLES \
  { "OMP_WAIT_POLICY=active", "OMP_PROC_BIND=true" }

const bench_peer_kind bench_peer_kinds[] = {
    {.name = "serial",
     .title = "serial",
     .column = "serial",
     .program = "ppar_bench_serial",
     .about = "plain loops on one thread",
     .place = 6},
    {.name = "ppar",
     .title = "ppar",
     .column = "ppar",
     .program = "ppar_bench_ppar",
     .about = "this library",
     .setting = "spins for a short time, then sleeps; threads not bound",
     .place = 1},
    {.name = "ppar-again",
     .title = "ppar again",
     .over = "ppar",
     .column = "again",
     .program = "ppar_bench_ppar",
     .about = "this library as a peer of itself, for --noise",
     .setting = "as ppar",
     .place = 8,
     .on_request = true},
    {.name = "ppar-traced",
     .title = "traced",
     .column = "traced",
     .program = "ppar_bench_ppar",
     .about = "this library while it records all that its loops do (PPAR_TRACE)",
     .setting = "as ppar",
     .variables = {"PPAR_TRACE=json:/dev/null"},
     .place = 14,
     .on_request = true},
    {.name = "ppar-reported",
     .title = "reported",
     .column = "report",
     .program = "ppar_bench_ppar",
     .about = "this library while it adds up how well its loops are shared (PPAR_REPORT)",
     .setting = "as ppar",
     .variables = {"PPAR_REPORT=/dev/null"},
     .place = 15,
     .on_request = true},
    {.name = "libgomp",
     .family = "openmp",
     .title = "libgomp",
     .column = "libgomp",
     .program = "ppar_bench_libgomp",
     .about = "the same loops under OpenMP's pragmas, compiled by gcc, on gcc's runtime",
     .setting = GOMP_SETTING,
     .place = 2},
    {.name = "libomp",
     .family = "openmp",
     .title = "libomp",
     .column = "libomp",
     .program = "ppar_bench_libomp",
     .about = "the same loops under OpenMP's pragmas, compiled by clang, on LLVM's runtime",
     .setting = LIBOMP_SETTING,
     .place = 3},
    {.name = "gomp-libomp",
     .family = "openmp",
     .title = "gcc on libomp",
     .over = "gcc on",
     .column = "libomp",
     .program = "ppar_bench_gomp-libomp",
     .about = "libgomp's compiled code, linked to LLVM's runtime, which has gcc's entry points",
     .setting = LIBOMP_SETTING,
     .place = 9,
     .on_request = true},
    {.name = BENCH_PEER_GOMP,
     .like = "openmp",
     .title = "ppar-gomp",
     .over = "gcc on",
     .column = "ppar",
     .program = "ppar_bench_libgomp",
     .about = "libgomp's very program on this library, which has gcc's entry points in a libgomp.so.1 of its own",
     .setting = "as ppar",
     .library = "libgomp.so.1",
     .place = 17,
     .on_request = true},
    {.name = "libgomp-active",
     .family = "openmp",
     .title = "libgomp, active",
     .over = "libgomp",
     .column = "active",
     .program = "ppar_bench_libgomp",
     .about = "libgomp, spinning for ever, its threads bound",
     .setting = ACTIVE_SETTING,
     .variables = ACTIVE_VARIABLES,
     .place = 10,
     .on_request = true},
    {.name = "libomp-active",
     .family = "openmp",
     .title = "libomp, active",
     .over = "libomp",
     .column = "active",
     .program = "ppar_bench_libomp",
     .about = "libomp, spinning for ever, its threads bound",
     .setting = ACTIVE_SETTING,
     .variables = ACTIVE_VARIABLES,
     .place = 11,
     .on_request = true},
    {.name = "tbb",
     .title = "oneTBB",
     .column = "oneTBB",
     .program = "ppar_bench_tbb",
     .about = "oneTBB's loops and tasks; by schedule, its static, auto, simple and affinity partitioners",
     .setting = "no wait policy to choose (looks for work for a short time, then sleeps), threads not bound",
     .place = 4},
    {.name = "pthreadpool",
     .title = "pthreadpool",
     .over = "pthread",
     .column = "pool",
     .program = "ppar_bench_pthreadpool",
     .about = "pthreadpool's parallelize_1d and, for schedules with a chunk, parallelize_1d_tile_1d",
     .setting = "flags of 0 (spins for a short time, then sleeps), threads not bound",
     .place = 5},
    {.name = "ppar_libc",
     .title = "ppar-je",
     .column = "ppar-je",
     .program = "ppar_bench_ppar_libc",
     .about = "ppar without jemalloc, for the suite memory",
     .setting = "as ppar",
     .place = 12},
    {.name = "openmp_je",
     .title = "OMP+je",
     .column = "OMP+je",
     .program = "ppar_bench_openmp_je",
     .about = "OpenMP with jemalloc, for the suite memory",
     .setting = "unasked, as without jemalloc",
     .place = 13},
    {.name = "ppar_cxx",
     .title = "ppar.hpp",
     .over = "ppar",
     .column = "C++",
     .program = "ppar_bench_ppar_cxx",
     .about = "this library over lambdas, by ppar.hpp, for the suite cxx",
     .setting = "as ppar",
     .place = 16},
    {.name = "cblas",
     .title = "CBLAS",
     .column = "CBLAS",
     .program = "ppar_bench_cblas",
     .about = "the system's matrix product",
     .setting = "as built by the system",
     .place = 7},
};
const size_t bench_peer_kind_count = sizeof bench_peer_kinds / sizeof *bench_peer_kinds;
_Static_assert(sizeof bench_peer_kinds / sizeof *bench_peer_kinds <= BENCH_PEERS_MAX, "a row has a cell for each peer");

volatile sig_atomic_t bench_interrupted;

/* After this many deaths without an answer in between a peer is not started again. */
enum { FAILURES_MAX = 3 };

extern char **environ;

/* Variables of these beginnings would make peers run otherwise than the output says. */
static const char *const removed_prefixes[] = {"OMP_",      "GOMP_", "KMP_", "PPAR_", "TBB_",
                                               "OPENBLAS_", "BLIS_", "MKL_", "GOTO_"};
static const char *const thread_variables[] = {"PPAR_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                                               "BLIS_NUM_THREADS", "MKL_NUM_THREADS"};
enum {
  PREFIXES = sizeof removed_prefixes / sizeof *removed_prefixes,
  THREAD_VARIABLES = sizeof thread_variables / sizeof *thread_variables,
  VARIABLE_SIZE = 48
};

void bench_peer_environment_text(int threads, char *text, size_t size) {
  snprintf(text, size,
           "PPAR_, OMP_, OPENBLAS_, BLIS_ and MKL_NUM_THREADS=%d; every other OMP_*, GOMP_*, KMP_*, PPAR_*, "
           "TBB_*, OPENBLAS_*, BLIS_* and MKL_* variable removed",
           threads);
}

static bool is_removed(const char *variable) {
  for (size_t k = 0; k < PREFIXES; k++)
    if (strncmp(variable, removed_prefixes[k], strlen(removed_prefixes[k])) == 0) return true;
  return false;
}

static bool executable_in(const char *directory, const char *program, char *path, size_t size) {
  int length = snprintf(path, size, "%s/%s", directory, program);
  return length > 0 && (size_t)length < size && access(path, X_OK) == 0;
}

void bench_peer_take_from(bench_peer *peer, const char *directory) {
  peer->found = executable_in(directory, peer->kind->program, peer->path, sizeof peer->path);
}

static bool find_program(bench_peer *peer) {
  const char *directory = getenv("PPAR_BENCH_PEERS"), *program = peer->kind->program;
  char own[PATH_MAX];
  if (directory != NULL) return executable_in(directory, program, peer->path, sizeof peer->path);
  return (bench_own_directory(own, sizeof own) && executable_in(own, program, peer->path, sizeof peer->path)) ||
         executable_in(BENCH_PEER_DIRECTORY, program, peer->path, sizeof peer->path);
}

void bench_peer_init(bench_peer *peer, const bench_peer_kind *kind, int threads, int timeout_s) {
  *peer = (bench_peer){.kind = kind, .wanted = true, .threads = threads, .timeout_s = timeout_s};
  peer->found = find_program(peer) &&
                (kind->library == NULL || bench_library_find(kind->library, peer->libraries, sizeof peer->libraries));
}

/* Starts the program with the given pipe ends as its standard input and output. It gets a process group of its
 * own, so that Ctrl-C reaches the driver alone. Returns an errno. */
static int spawn(bench_peer *peer, int input, int output) {
  char *arguments[] = {peer->path, NULL}, variables[THREAD_VARIABLES][VARIABLE_SIZE];
  char libraries[BENCH_LIBRARY_VARIABLE_SIZE];
  char **environment;
  size_t count = 0;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t defaults;
  int error;
  while (environ[count] != NULL) count++;
  environment = calloc(count + THREAD_VARIABLES + BENCH_PEER_VARIABLES_MAX + 2, sizeof *environment);
  if (environment == NULL) return ENOMEM;
  count = 0;
  for (char **variable = environ; *variable != NULL; variable++)
    if (!is_removed(*variable) && (peer->libraries[0] == '\0' || !bench_library_is_path(*variable)))
      environment[count++] = *variable;
  for (size_t k = 0; k < THREAD_VARIABLES; k++) {
    snprintf(variables[k], VARIABLE_SIZE, "%s=%d", thread_variables[k], peer->threads);
    environment[count++] = variables[k];
  }
  /* POSIX's parameter has no const; the strings are not written to. */
  for (size_t k = 0; k < BENCH_PEER_VARIABLES_MAX && peer->kind->variables[k] != NULL; k++)
    memcpy(&environment[count++], &peer->kind->variables[k], sizeof *environment);
  if (peer->libraries[0] != '\0' && bench_library_path(peer->libraries, libraries, sizeof libraries))
    environment[count++] = libraries;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  error = posix_spawn(&peer->pid, peer->path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  free(environment);
  return error;
}

static bool start_process(bench_peer *peer) {
  int request[2], answer[2];
  bool started;
  if (pipe2(request, O_CLOEXEC) != 0) return false;
  if (pipe2(answer, O_CLOEXEC) != 0) {
    close(request[0]);
    close(request[1]);
    return false;
  }
  started = spawn(peer, request[0], answer[1]) == 0;
  close(request[0]);
  close(answer[1]);
  if (!started) {
    close(request[1]);
    close(answer[0]);
    peer->pid = 0;
    return false;
  }
  peer->to = request[1];
  peer->from = answer[0];
  peer->stopped = false;
  return true;
}

static double now_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* A stopped peer goes on first. */
static bool send(bench_peer *peer, const char *line) {
  if (peer->stopped) kill(-peer->pid, SIGCONT);
  peer->stopped = false;
  return write(peer->to, line, strlen(line)) == (ssize_t)strlen(line);
}

/* Sends a line and reads one back, without its newline. */
static bench_outcome ask(bench_peer *peer, const char *question, char *line, size_t size) {
  double deadline = now_s() + peer->timeout_s;
  size_t length = 0;
  if (!send(peer, question)) return BENCH_CRASHED;
  for (;;) {
    struct pollfd wait = {.fd = peer->from, .events = POLLIN};
    double left = deadline - now_s();
    ssize_t got;
    int ready;
    if (bench_interrupted) return BENCH_UNTRIED;
    if (left <= 0) return BENCH_HUNG;
    ready = poll(&wait, 1, (int)(left * 1000) + 1);
    if (ready <= 0) continue;
    got = read(peer->from, line + length, size - 1 - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return BENCH_CRASHED;
    length += (size_t)got;
    if (line[length - 1] == '\n') break;
    if (length == size - 1) return BENCH_CRASHED;
  }
  line[length - 1] = '\0';
  return BENCH_MEASURED;
}

static void end_process(bench_peer *peer) {
  if (peer->pid == 0) return;
  kill(-peer->pid, SIGKILL); /* its whole process group */
  while (waitpid(peer->pid, NULL, 0) < 0 && errno == EINTR) {
  }
  close(peer->to);
  close(peer->from);
  peer->pid = 0;
}

static bool fail(bench_peer *peer, bench_outcome outcome) {
  end_process(peer);
  if (outcome == BENCH_UNTRIED) return false; /* interrupted: not its fault */
  peer->failures++;
  peer->last_failure = outcome;
  return false;
}

bool bench_peer_start(bench_peer *peer) {
  char line[BENCH_LINE_MAX];
  bench_outcome outcome;
  if (!start_process(peer)) return fail(peer, BENCH_CRASHED);
  outcome = ask(peer, "hello\n", line, sizeof line);
  if (outcome != BENCH_MEASURED) return fail(peer, outcome);
  if (strncmp(line, "hello ", 6) != 0) return fail(peer, BENCH_CRASHED);
  snprintf(peer->version, sizeof peer->version, "%.*s", (int)sizeof peer->version - 1, line + 6);
  return true;
}

/* Asks for the answer to a request. */
static bench_outcome ask_answer(bench_peer *peer, const char *question, bench_answer *out) {
  char line[BENCH_LINE_MAX];
  bench_outcome outcome = ask(peer, question, line, sizeof line);
  if (outcome != BENCH_MEASURED) {
    fail(peer, outcome);
    return outcome;
  }
  peer->failures = 0;
  if (bench_absence_parse(line, out)) return BENCH_ABSENT;
  return bench_answer_parse(line, out) ? BENCH_MEASURED : BENCH_REFUSED;
}

static bool is_running(bench_peer *peer) {
  return peer->pid != 0 || (peer->failures < FAILURES_MAX && bench_peer_start(peer));
}

bool bench_peer_is_given_up(const bench_peer *peer) { return peer->pid == 0 && peer->failures >= FAILURES_MAX; }

bench_outcome bench_peer_sample(bench_peer *peer, const bench_request *request, bench_answer *out) {
  char line[BENCH_LINE_MAX];
  if (!is_running(peer)) return bench_interrupted ? BENCH_UNTRIED : peer->last_failure;
  return bench_request_format(request, line, sizeof line) ? ask_answer(peer, line, out) : BENCH_REFUSED;
}

bench_outcome bench_peer_begin(bench_peer *peer, const bench_request *request) {
  char line[BENCH_LINE_MAX];
  if (!is_running(peer)) return bench_interrupted ? BENCH_UNTRIED : peer->last_failure;
  if (!bench_request_format(request, line, sizeof line)) return BENCH_REFUSED;
  if (send(peer, line)) return BENCH_MEASURED;
  fail(peer, BENCH_CRASHED);
  return BENCH_CRASHED;
}

bench_outcome bench_peer_end(bench_peer *peer, bench_answer *out) { return ask_answer(peer, "enough\n", out); }

void bench_peer_rest(bench_peer *peer) {
  siginfo_t info;
  if (peer->pid == 0 || peer->stopped || kill(-peer->pid, SIGSTOP) != 0) return;
  peer->stopped = true;
  while (waitid(P_PID, (id_t)peer->pid, &info, WSTOPPED | WEXITED | WNOWAIT) != 0 && errno == EINTR &&
         !bench_interrupted) {
  }
}

void bench_peer_stop(bench_peer *peer) { end_process(peer); }

double bench_peer_used_s(const bench_peer *peer) {
  clockid_t clock;
  struct timespec used;
  if (peer->pid == 0 || clock_getcpuclockid(peer->pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
  return (double)used.tv_sec + (double)used.tv_nsec * 1e-9;
}
