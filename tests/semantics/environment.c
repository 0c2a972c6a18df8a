/* SPDX-License-Identifier: MIT */
/* environment.c: what a program that uses the public headers alone sees of the environment variables. They are
 * read once per process, so each case is a process of its own. */
#include <criterion/criterion.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ppar/ppar.h>

typedef struct setting {
  const char *name, *value; /* a NULL name ends a list */
} setting;

/* What a process answered and what it wrote to stderr. */
typedef struct outcome {
  long answer;
  char text[8192];
} outcome;

static const char *const nouns[] = {"NUM_THREADS",       "THREAD_LIMIT", "SCHEDULE",  "PROC_BIND", "PLACES",
                                    "MAX_ACTIVE_LEVELS", "WAIT_POLICY",  "STACKSIZE", "DYNAMIC",   "DISPLAY_ENV"};

static void clear_variables(void) {
  char name[32];
  for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++) {
    snprintf(name, sizeof name, "PPAR_%s", nouns[i]);
    unsetenv(name);
    snprintf(name, sizeof name, "OMP_%s", nouns[i]);
    unsetenv(name);
  }
}

static size_t read_all(int descriptor, char *text, size_t size) {
  size_t length = 0;
  ssize_t got;
  while (length < size - 1 && (got = read(descriptor, text + length, size - 1 - length)) != 0) {
    if (got > 0) length += (size_t)got;
    if (got < 0 && errno != EINTR) break;
  }
  text[length] = '\0';
  return length;
}

/* Calls the function in a new process with these variables and no others of the library's. */
static outcome run(const setting *settings, long (*function)(void)) {
  outcome result = {0, ""};
  char answer[32];
  int answers[2], messages[2], status;
  cr_assert_eq(pipe(answers), 0);
  cr_assert_eq(pipe(messages), 0);
  pid_t child = fork();
  cr_assert(child >= 0);
  if (child == 0) {
    clear_variables();
    for (const setting *s = settings; s->name != NULL; s++) setenv(s->name, s->value, 1);
    dup2(messages[1], STDERR_FILENO);
    _exit(dprintf(answers[1], "%ld", function()) > 0 ? 0 : 1);
  }
  close(answers[1]);
  close(messages[1]);
  read_all(messages[0], result.text, sizeof result.text);
  read_all(answers[0], answer, sizeof answer);
  close(answers[0]);
  close(messages[0]);
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %#x: %s", (unsigned)status, result.text);
  result.answer = strtol(answer, NULL, 10);
  return result;
}

static outcome run_one(const char *name, const char *value, long (*function)(void)) {
  const setting settings[] = {{name, value}, {NULL, NULL}};
  return run(settings, function);
}

static int count_lines(const char *text) {
  int lines = 0;
  for (; *text != '\0'; text++) lines += *text == '\n';
  return lines;
}

static long max_threads(void) { return ppar_max_threads(NULL); }

static void count_body(const ppar_chunk *chunk, void *arg) {
  _Atomic long *sum = arg;
  *sum += (long)chunk->count;
}

/* How many of 1000 iterations ran: twice, to see warnings twice if they were given twice. */
static long loop_count(void) {
  const ppar_options *options = PPAR_OPTIONS(.schedule = ppar_runtime());
  _Atomic long sum = 0;
  if (ppar_parallel_for(0, 500, count_body, (void *)&sum, options) != PPAR_OK) return -1;
  if (ppar_parallel_for(0, 500, count_body, (void *)&sum, options) != PPAR_OK) return -1;
  return sum;
}

enum { MAP_LENGTH = 60, MAP_THREADS = 4, MAP_CHUNK = 3 };

static void map_body(const ppar_chunk *chunk, void *arg) {
  int *map = arg;
  ppar_for_each_index(i, chunk) map[i] = chunk->thread;
}

/* How many iterations a runtime schedule gives to the slot that static,3 would give them to. */
static long static_matches(void) {
  int map[MAP_LENGTH] = {0};
  long matches = 0;
  if (ppar_parallel_for(0, MAP_LENGTH, map_body, map,
                        PPAR_OPTIONS(.schedule = ppar_runtime(), .threads = MAP_THREADS)) != PPAR_OK) {
    return -1;
  }
  for (int i = 0; i < MAP_LENGTH; i++) matches += map[i] == i / MAP_CHUNK % MAP_THREADS;
  return matches;
}

static void fold_nothing(const ppar_chunk *chunk, void *value, void *folded) {
  (void)chunk, (void)value;
  if (folded != NULL) ++*(_Atomic long *)folded;
}

static void write_nothing(const ppar_chunk *chunk, void *prefix, void *arg) { (void)chunk, (void)prefix, (void)arg; }

/* How many blocks a scan on eight threads folds: all but the last one. */
static long folded_blocks(void) {
  _Atomic long folded = 0;
  int64_t sum = 0;
  int status = ppar_parallel_scan(0, 1000, fold_nothing, write_nothing, (void *)&folded, &ppar_sum_i64, &sum,
                                  PPAR_OPTIONS(.threads = 8));
  return status == PPAR_OK ? folded : -1;
}

enum { BLOCK_LENGTH = 10, BLOCKS = 2048 }; /* as many as a reproducible reduction of scalars has */

static void map_fold(const ppar_chunk *chunk, void *value, void *map) {
  (void)value;
  ((int *)map)[chunk->begin / BLOCK_LENGTH] = chunk->thread;
}

/* How many blocks of a reproducible reduction under a runtime schedule have the slot that static would give them in
 * chunks of three blocks. */
static long static_block_matches(void) {
  static int map[BLOCKS];
  long matches = 0;
  int64_t sum = 0;
  int status =
      ppar_parallel_reduce(0, BLOCKS * BLOCK_LENGTH, map_fold, map, &ppar_sum_i64, &sum,
                           PPAR_OPTIONS(.schedule = ppar_runtime(), .threads = MAP_THREADS, .reproducible = true));
  for (int b = 0; b < BLOCKS; b++) matches += map[b] == b / 3 % MAP_THREADS;
  return status == PPAR_OK ? matches : -1;
}

static long errno_after_first_use(void) {
  errno = EDOM;
  (void)ppar_max_threads(NULL);
  return errno;
}

Test(environment, num_threads_is_the_default_number_of_threads) {
  static const struct {
    const char *value;
    long threads;
  } cases[] = {{"3", 3}, {" 4 ", 4}, {"4,2", 4}, {"4096", PPAR_MAX_THREADS}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    cr_assert_eq(run_one("OMP_NUM_THREADS", cases[i].value, max_threads).answer, cases[i].threads);
    outcome o = run_one("PPAR_NUM_THREADS", cases[i].value, max_threads);
    cr_assert_eq(o.answer, cases[i].threads);
    cr_assert_str_eq(o.text, "");
  }
}

Test(environment, variables_that_there_are_not_are_told_of_once) {
  const setting silent[] = {{"PPAR_THREADS", "3"}, {"PPAR_CHECK", "0"}, {NULL, NULL}};
  outcome o = run_one("PPAR_THREADS", "3", loop_count);
  cr_assert_str_eq(o.text, "ppar: PPAR_THREADS is no variable of ppar's; PPAR_NUM_THREADS is meant?\n");
  o = run(silent, loop_count);
  cr_assert_str_eq(o.text, "");
}

Test(environment, ppar_variables_win_over_omp_variables) {
  const setting both[] = {{"OMP_NUM_THREADS", "2"}, {"PPAR_NUM_THREADS", "5"}, {NULL, NULL}};
  const setting spoilt[] = {{"OMP_NUM_THREADS", "6"}, {"PPAR_NUM_THREADS", "many"}, {NULL, NULL}};
  cr_assert_eq(run(both, max_threads).answer, 5);
  outcome o = run(spoilt, max_threads);
  cr_assert_eq(o.answer, 6);
  cr_assert_eq(count_lines(o.text), 1, "%s", o.text);
}

Test(environment, thread_limit_holds_for_the_default_number) {
  const setting settings[] = {{"OMP_NUM_THREADS", "8"}, {"OMP_THREAD_LIMIT", "3"}, {NULL, NULL}};
  cr_assert_eq(run(settings, max_threads).answer, 3);
}

Test(environment, thread_limit_decides_how_scans_are_cut) {
  cr_assert_eq(run_one("PPAR_THREAD_LIMIT", "1", folded_blocks).answer, 0);
  cr_assert_eq(run_one("PPAR_THREAD_LIMIT", "2", folded_blocks).answer, 15);
  cr_assert_eq(run_one("PPAR_THREAD_LIMIT", "4096", folded_blocks).answer, 63);
}

Test(environment, a_malformed_value_costs_one_warning_and_the_default_holds) {
  static const char *const values[] = {"abc", "0", "-1", "1.0", "", "4,"};
  const setting none[] = {{NULL, NULL}};
  long usual = run(none, max_threads).answer;
  cr_assert_geq(usual, 1);
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    char start[64], end[64];
    outcome o = run_one("OMP_NUM_THREADS", values[i], max_threads);
    snprintf(start, sizeof start, "ppar: OMP_NUM_THREADS=\"%s\" is ", values[i]);
    snprintf(end, sizeof end, "; using %ld\n", usual);
    cr_assert_eq(o.answer, usual);
    cr_assert_eq(count_lines(o.text), 1, "%s", o.text);
    cr_assert_eq(strncmp(o.text, start, strlen(start)), 0, "%s", o.text);
    cr_assert(strstr(o.text, end) != NULL, "%s", o.text);
  }
}

Test(environment, more_threads_than_there_may_be_count_as_so_many) {
  static const char *const values[] = {"4097", "99999999999"};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    outcome o = run_one("OMP_NUM_THREADS", values[i], max_threads);
    cr_assert_eq(o.answer, 4096);
    cr_assert_eq(count_lines(o.text), 1, "%s", o.text);
    cr_assert(strstr(o.text, "; using 4096\n") != NULL, "%s", o.text);
  }
}

Test(environment, loops_run_whole_whatever_the_variables_say) {
  for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++) {
    char name[32];
    snprintf(name, sizeof name, "OMP_%s", nouns[i]);
    outcome o = run_one(name, "dynamic,", loop_count);
    cr_assert_eq(o.answer, 1000, "%s", name);
    cr_assert_eq(count_lines(o.text), 1, "%s", o.text);
  }
}

Test(environment, schedule_is_what_runtime_means) {
  cr_assert_eq(run_one("OMP_SCHEDULE", "static,3", static_matches).answer, MAP_LENGTH);
  cr_assert_eq(run_one("PPAR_SCHEDULE", " Static , 3 ", static_matches).answer, MAP_LENGTH);
  cr_assert_eq(run_one("OMP_SCHEDULE", "dynamic,7", loop_count).answer, 1000);
  cr_assert_eq(run_one("OMP_SCHEDULE", "monotonic:guided", loop_count).answer, 1000);
}

Test(environment, a_runtime_chunk_is_rounded_up_to_whole_blocks) {
  cr_assert_eq(run_one("PPAR_SCHEDULE", "static,21", static_block_matches).answer, BLOCKS);
  cr_assert_eq(run_one("PPAR_SCHEDULE", "static,30", static_block_matches).answer, BLOCKS);
}

Test(environment, binding_waiting_and_stacks_leave_loops_whole) {
  const setting settings[] = {{"OMP_PLACES", "cores"},
                              {"OMP_PROC_BIND", "spread"},
                              {"OMP_WAIT_POLICY", "passive"},
                              {"OMP_STACKSIZE", " 1 M "},
                              {"OMP_DYNAMIC", "true"},
                              {"OMP_NUM_THREADS", "4"},
                              {NULL, NULL}};
  outcome o = run(settings, loop_count);
  cr_assert_eq(o.answer, 1000);
  cr_assert_str_eq(o.text, "");
}

Test(environment, display_env_shows_the_settings_once) {
  const setting settings[] = {{"OMP_DISPLAY_ENV", "true"}, {"OMP_NUM_THREADS", "4,2"}, {NULL, NULL}};
  outcome o = run(settings, loop_count);
  const char *begin = "PPAR DISPLAY ENVIRONMENT BEGIN\n", *end = "PPAR DISPLAY ENVIRONMENT END\n";
  cr_assert_eq(o.answer, 1000);
  cr_assert_eq(strncmp(o.text, begin, strlen(begin)), 0, "%s", o.text);
  cr_assert(strstr(o.text, "  PPAR_NUM_THREADS = '4,2'\n") != NULL, "%s", o.text);
  cr_assert_str_eq(strstr(o.text, end), end, "%s", o.text);
}

Test(environment, nothing_is_written_when_nothing_is_set) {
  const setting none[] = {{NULL, NULL}};
  cr_assert_str_eq(run(none, loop_count).text, "");
}

Test(environment, errno_stays_as_it_was) {
  cr_assert_eq(run_one("OMP_NUM_THREADS", "abc", errno_after_first_use).answer, EDOM);
}
