/* SPDX-License-Identifier: MIT */
/* runner.c: runs each test in a process of its own and writes what came of it, as Criterion does.
 *
 *     TEST [--tap=FILE] [--filter=SUITE/NAME]
 *
 * A test has passed when its process ended as it should: so what a checker finds at exit counts too. */
#include <criterion/criterion.h>

#include <fnmatch.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_FAILED = 1, EXIT_SKIPPED = 77 };

/* Checkers slow tests down by up to this factor; a test's own time limit is raised by it. */
#define SLOWDOWN 20

static plain_test *first_test;
static plain_suite *first_suite;
static bool failed; /* in the test's own process */

void plain_add_test(plain_test *test) {
  plain_test **place = &first_test;
  while (*place != NULL) place = &(*place)->next;
  *place = test;
}

void plain_add_suite(plain_suite *suite) {
  suite->next = first_suite;
  first_suite = suite;
}

/* Ends the test's process without the checks at exit: other threads may still be in the middle of it. */
static _Noreturn void end_test(int code) {
  fflush(NULL);
  _exit(code);
}

void plain_fail(bool fatal, const char *file, int line, const char *what, const char *format, ...) {
  va_list arguments;
  fprintf(stderr, "%s:%d: failed: %s%s", file, line, what, format[0] != '\0' ? ": " : "");
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  if (fatal) end_test(EXIT_FAILED);
  failed = true;
}

void plain_skip(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  end_test(EXIT_SKIPPED);
}

void plain_log(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
}

static plain_options suite_options(const char *name) {
  for (const plain_suite *suite = first_suite; suite != NULL; suite = suite->next) {
    if (strcmp(suite->name, name) == 0) return suite->options;
  }
  return (plain_options){.unused_ = 0};
}

static _Noreturn void run_here(const plain_test *test, const plain_options *suite) {
  const double timeout = test->options.timeout > 0 ? test->options.timeout : suite->timeout;
  if (timeout > 0) alarm((unsigned)ceil(timeout) * SLOWDOWN);
  if (suite->init != NULL) suite->init();
  if (test->options.init != NULL) test->options.init();
  test->run();
  if (test->options.fini != NULL) test->options.fini();
  if (suite->fini != NULL) suite->fini();
  if (failed) end_test(EXIT_FAILED);
  exit(EXIT_SUCCESS);
}

static bool run(const plain_test *test, FILE *tap) {
  const plain_options suite = suite_options(test->suite);
  const plain_options *options = &test->options;
  if (options->disabled || suite.disabled) {
    fprintf(tap, "ok - %s::%s # SKIP disabled\n", test->suite, test->name);
    return true;
  }

  int status = 0;
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) run_here(test, &suite);
  if (child < 0 || waitpid(child, &status, 0) < 0) {
    perror("runner");
    exit(EXIT_FAILED);
  }

  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  const bool passed = options->signal != 0 ? signal == options->signal : code == options->exit_code;
  if (passed) {
    fprintf(tap, "ok - %s::%s\n", test->suite, test->name);
  } else if (code == EXIT_SKIPPED) {
    fprintf(tap, "ok - %s::%s # SKIP said the test\n", test->suite, test->name);
    return true;
  } else {
    const char *how = signal == SIGALRM ? "timed out" : signal != 0 ? strsignal(signal) : "ended with status";
    fprintf(tap, "not ok - %s::%s %s %d\n", test->suite, test->name, how, signal != 0 ? signal : code);
    fprintf(stderr, "%s::%s: %s %d\n", test->suite, test->name, how, signal != 0 ? signal : code);
  }
  return passed;
}

int main(int argc, char **argv) {
  FILE *tap = stdout;
  const char *filter = "*";
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], "--tap=", 6) == 0) {
      tap = fopen(argv[i] + 6, "we"); /* e: not for what a test executes */
    } else if (strncmp(argv[i], "--filter=", 9) == 0) {
      filter = argv[i] + 9;
    } else {
      fprintf(stderr, "usage: %s [--tap=FILE] [--filter=SUITE/NAME]\n", argv[0]);
      return 2;
    }
  }
  if (tap == NULL) {
    perror("runner");
    return EXIT_FAILED;
  }

  int count = 0;
  for (const plain_test *test = first_test; test != NULL; test = test->next) count++;
  fprintf(tap, "TAP version 13\n1..%d\n", count);

  bool all_passed = true;
  for (const plain_test *test = first_test; test != NULL; test = test->next) {
    char name[256];
    snprintf(name, sizeof name, "%s/%s", test->suite, test->name);
    if (fnmatch(filter, name, 0) == 0 && !run(test, tap)) all_passed = false;
  }
  return all_passed ? EXIT_SUCCESS : EXIT_FAILED;
}
