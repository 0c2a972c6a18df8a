/* SPDX-License-Identifier: MIT */
/* environment.h: the settings that users give by environment variables, resolved once per process.
 *
 * Each variable X is read as PPAR_X, else OMP_X. A value that is malformed or out of range costs one
 * warning line, which names the variable, its value and what is used instead, and then counts as unset:
 * after a bad PPAR_X comes OMP_X, after that the default. OMP_X is not looked at where PPAR_X is good. A
 * number of threads that is too large gets the line, too, and counts as the greatest that is allowed.
 *
 *   NUM_THREADS        a list of numbers, one a nesting level: "4" or "4,2"   default: the CPU budget
 *   THREAD_LIMIT       a number                                               default: PPAR_MAX_THREADS
 *   SCHEDULE           "[modifier:]kind[,chunk]"; a chunk of 0 is none        default: auto
 *   PROC_BIND          true, false, or a list of primary (master), close, spread
 *   PLACES             OMP_PLACES's grammar                                   default: cores, where binding asks
 *   MAX_ACTIVE_LEVELS  a number, 0 too                                        default: 1, or no limit: see below
 *   WAIT_POLICY        active, passive                                        default: spin briefly, then sleep
 *   STACKSIZE          a number, then B, K (also without), M or G             default: the system's
 *   DYNAMIC            true, false                                            default: false
 *   DISPLAY_ENV        true, false, verbose                                   default: false
 *   CHECK              true, false, results, or one of the first two and the
 *                      last: "1,results"                                      default: refused calls are told of
 *   TRACE              true, false, picture, picture:FILE, svg:FILE,
 *                      json:FILE, html:FILE                                   default: nothing is recorded
 *   TRACE_SIZE         a size as STACKSIZE's, of each thread's records        default: 16M
 *   TRACE_ONLY         names of loops, or parts of names                      default: all
 *   TRACE_LIMIT        a number of calls of each place                        default: all
 *   REPORT             true, false, FILE, json, json:FILE                     default: none
 *   SHAKE              a number; 0: off                                       default: 0
 *
 * MAX_ACTIVE_LEVELS and DYNAMIC are about regions; loops take no notice of them. A region inside MAX_ACTIVE_LEVELS
 * loops and regions of more than one thread has a team of one. The default is OpenMP's: no limit where
 * NUM_THREADS or PROC_BIND has more than one item, since the further ones are for nested regions; else 1. DYNAMIC lets
 * regions have fewer threads than they ask for.
 *
 * CHECK and those behind it are PPAR_... alone, since OpenMP has no such variables. trace_text.h has the grammar of
 * TRACE and REPORT. CHECK false: refused calls print nothing. True: the threads of regions are checked, too
 * (team/check.h), as they are by default in debug builds. Results: each reduction is run twice and compared
 * (algorithm/results.h). SHAKE: loops, regions and tasks are held up and divided in unusual ways, which follow from the
 * number (api/shaker.h).
 *
 * A library that stands in for another one, whose variables have other names (lib/gomp), hands a list of these on
 * before the environment is first read. They count as OMP_X does, before it or behind it.
 *
 * True may also be yes, on or 1, and false no, off or 0 (scanner.h). Words are in either case, white space may surround
 * every part, and the locale does not matter. */
#ifndef PP_SETTINGS_ENVIRONMENT_H
#define PP_SETTINGS_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <ppar/pool.h>
#include <ppar/schedule.h>

#include "platform/atomics.h"
#include "platform/shared.h"

/* Nesting levels that NUM_THREADS and PROC_BIND may have items for; real programs nest two or three. */
#define PP_ENVIRONMENT_LEVELS 8

/* In the order in which they are resolved: NUM_THREADS is clamped to THREAD_LIMIT, PLACES decides
 * PROC_BIND's default, and the lengths of NUM_THREADS and PROC_BIND decide MAX_ACTIVE_LEVELS's. */
typedef enum pp_variable {
  PP_VARIABLE_THREAD_LIMIT = 0,
  PP_VARIABLE_NUM_THREADS,
  PP_VARIABLE_SCHEDULE,
  PP_VARIABLE_PLACES,
  PP_VARIABLE_PROC_BIND,
  PP_VARIABLE_MAX_ACTIVE_LEVELS,
  PP_VARIABLE_WAIT_POLICY,
  PP_VARIABLE_STACKSIZE,
  PP_VARIABLE_DYNAMIC,
  PP_VARIABLE_DISPLAY_ENV,
  PP_VARIABLE_CHECK, /* This one and those behind it are not looked for as OMP_... */
  PP_VARIABLE_TRACE,
  PP_VARIABLE_TRACE_SIZE,
  PP_VARIABLE_TRACE_ONLY,
  PP_VARIABLE_TRACE_LIMIT,
  PP_VARIABLE_REPORT,
  PP_VARIABLE_SHAKE,
  PP_VARIABLES
} pp_variable;

typedef enum pp_source { PP_SOURCE_DEFAULT = 0, PP_SOURCE_PPAR, PP_SOURCE_OMP, PP_SOURCE_FRONT } pp_source;

typedef enum pp_display { PP_DISPLAY_OFF = 0, PP_DISPLAY_ON, PP_DISPLAY_VERBOSE } pp_display;

/* How much of what programs do wrong is looked for and told: each level has what the ones before have. */
typedef enum pp_check { PP_CHECK_NOTHING = 0, PP_CHECK_CALLS, PP_CHECK_THREADS } pp_check;

static inline pp_check pp_check_default(void) {
#ifdef NDEBUG
  return PP_CHECK_CALLS;
#else
  return PP_CHECK_THREADS;
#endif
}

typedef struct pp_environment {
  int threads[PP_ENVIRONMENT_LEVELS]; /* [0] is always set; each 1 ... thread_limit */
  int levels;                         /* how many of them are set, at least 1; deeper levels use the last */
  int thread_limit;                   /* 1 ... PPAR_MAX_THREADS */
  ppar_schedule schedule;             /* what ppar_runtime() means; never itself runtime */
  ppar_wait_policy wait;              /* PPAR_WAIT_DEFAULT when unset */
  uint64_t spin_ns;                   /* how long to spin where that is PPAR_WAIT_DEFAULT; 0: as the library likes */
  ppar_bind_policy bind;              /* never PPAR_BIND_DEFAULT: when unset TRUE with PLACES, else FALSE */
  int max_active_levels;              /* 0 ... INT_MAX, which is no limit */
  const char *places;                 /* NULL when unset; owned by the environment */
  size_t stack_size;                  /* in bytes; 0 when unset */
  bool dynamic;                       /* regions may have fewer threads than asked for; false when unset */
  pp_display display;                 /* PP_DISPLAY_OFF when unset */
  pp_check check;                     /* when unset pp_check_default() */
  bool check_results;                 /* CHECK has the word results */
  const char *trace;                  /* NULL when unset; these three are owned by the environment */
  const char *trace_only;
  const char *report;
  size_t trace_size;                     /* in bytes */
  uint64_t trace_limit;                  /* 0 when unset */
  uint64_t shake;                        /* 0: off */
  pp_source source[PP_VARIABLES];        /* where each value came from */
  const char *front_names[PP_VARIABLES]; /* the variables' names where that is PP_SOURCE_FRONT */
  /* PROC_BIND's items, of which the first one is `bind`, and how many it has: 1 when unset. */
  unsigned char binds[PP_ENVIRONMENT_LEVELS];
  int bind_levels;
} pp_environment;

/* An environment variable of another name, and what it is read into. */
typedef struct pp_front_variable {
  const char *name;
  pp_variable variable;
  bool before_omp; /* It counts where OMP_... has a good value, too. */
  /* As pp_variable_parse; NULL: it has the variable's own grammar. */
  const char *(*parse)(pp_environment *environment, const char *text);
  /* Writes what the environment has instead of a refused value, in this variable's words; NULL: they are the
   * variable's own. */
  void (*print)(FILE *stream, const pp_environment *environment);
} pp_front_variable;

/* What a library in front of this one brings. */
typedef struct pp_environment_front {
  const pp_front_variable *variables;
  int count;
  const char *const *others; /* names of what it reads itself, for whoever has written PPAR_... instead; NULL ends it */
  bool displays;             /* It displays itself what OMP_DISPLAY_ENV asks for. */
  bool limits; /* It sees itself to it that no more threads are in regions at once than THREAD_LIMIT says. */
} pp_environment_front;

/* Before the environment is first read, by a thread that is alone, as while libraries are loaded; the front stays as it
 * is while the process lives. NULL: none. Where the environment has been read, nothing happens any more. */
void pp_environment_set_front(const pp_environment_front *front) PP_SHARED;

/* Whether there is a front that limits threads: then it is not the pool that does so. */
bool pp_environment_front_limits(void);

/* The process's settings, read at the first call, which also writes the warnings and what DISPLAY_ENV
 * asks for to stderr, and of variables PPAR_... that nobody knows (environment_names.h). Later changes of the variables
 * do nothing. Any thread; errno is as it was. */
const pp_environment *pp_environment_get(void) PP_SHARED;

/* What few processes do, and what then takes another way in calls that are to cost nothing where it is off: a call
 * that has come by pp_environment_get, or by a pool, looks here by one relaxed load of a word that never changes
 * again. Relaxed is enough, since the word is written before pp_environment_get returns for the first time. */
enum { PP_MODE_SHAKE = 1, PP_MODE_RESULTS = 2 };
extern pp_atomic_u32 pp_environment_modes PP_SHARED;

static inline bool pp_mode_is_on(uint32_t mode) {
  return PPAR_SELDOM_((pp_load_relaxed(&pp_environment_modes) & mode) != 0);
}

/* The number of threads of a loop that is inside `depth` others. */
static inline int pp_environment_threads(const pp_environment *environment, int depth) {
  return environment->threads[depth < environment->levels ? depth : environment->levels - 1];
}

/* Resolves what lookup says (NULL: not set; the texts must live until this returns) into *out, with the
 * warnings on the given stream. Returns the number of warnings. errno is as it was. */
int pp_environment_parse(pp_environment *out, const char *(*lookup)(const char *name, void *context), void *context,
                         FILE *warnings);

/* Frees what pp_environment_parse allocated. */
void pp_environment_release(pp_environment *environment);

#endif
