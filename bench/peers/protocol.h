/* SPDX-License-Identifier: MIT */
/* protocol.h: what the driver and a peer say to each other, one line at a time over two pipes.
 *
 *   driver                                     peer
 *   hello                                      hello VERSION
 *   run KERNEL SCHEDULE N OUTER THREADS SAMPLE_NS
 *                                              time NS REPETITIONS CHECK [NOTE|- [FIGURE]...]
 *                                              absent [TEXT]    it has no such kernel; or why it has not
 *                                              error TEXT       it has, and could not run it
 *   enough                                     (nothing: it ends a run whose SAMPLE_NS is 0)
 *   (end of file)                              exits
 *
 * Between lines a peer blocks in read(), so it costs the machine nothing while others are measured. */
#ifndef BENCH_PROTOCOL_H
#define BENCH_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  BENCH_LINE_MAX = 1024,                   /* the longest line, its newline included: flags of distributions are long */
  BENCH_VERSION_MAX = BENCH_LINE_MAX - 16, /* of what a peer says of itself, the end of the string included */
  BENCH_NAME_MAX = 32,                     /* the longest kernel or schedule, its terminator included */
  BENCH_WHY_MAX = 96,                      /* of why a kernel is absent, the end of the string included */
  BENCH_FIGURES_MAX = 4
};

/* One sample to take: repeat the kernel until sample_ns have passed. */
typedef struct bench_request {
  char kernel[BENCH_NAME_MAX];
  char schedule[BENCH_NAME_MAX]; /* OMP_SCHEDULE's grammar without spaces, or "default": what the peer does unasked;
                                    "searched": the fastest it has, found before the sample */
  int64_t n;                     /* iterations, elements or rows: the kernel says */
  int outer;   /* loops in loops: how many inner ones the n iterations are divided among; or callers; or a gap's us;
                  or a solver's steps */
  int threads; /* 0: the T of the peer's environment */
  int64_t sample_ns; /* 0: until the line "enough" comes; then also without a first sample that nobody sees */
} bench_request;

/* A sample: the mean time of one repetition, a value that all peers must agree on, and what else the kernel says. */
typedef struct bench_answer {
  double ns;
  int64_t repetitions;
  double check;
  double figures[BENCH_FIGURES_MAX];
  int figure_count;
  char note[BENCH_NAME_MAX]; /* what was found where the peer was to choose, without blanks; "": nothing */
  char why[BENCH_WHY_MAX];   /* of a kernel that is absent, where the peer says so; else "" */
} bench_answer;

/* Writes the line, its newline included; false when it does not fit. */
bool bench_request_format(const bench_request *request, char *line, size_t size);
bool bench_request_parse(const char *line, bench_request *out);
bool bench_answer_format(const bench_answer *answer, char *line, size_t size);
bool bench_answer_parse(const char *line, bench_answer *out);

/* True of the line that says that there is no such kernel; out has why. */
bool bench_absence_parse(const char *line, bench_answer *out);

#ifdef __cplusplus
}
#endif

#endif
