/* SPDX-License-Identifier: MIT */
/* loop.h: parallel loops (OpenMP's "parallel for").
 *
 *     struct axpy { double alpha; const double *x; double *y; };
 *     PPAR_BODY(axpy, i, struct axpy, a) { a->y[i] += a->alpha * a->x[i]; }
 *
 *     struct axpy args = {2.0, x, y};
 *     ppar_parallel_for(0, n, axpy, &args, NULL);
 *
 * equals
 *
 *     for (int64_t i = 0; i < n; i++) y[i] += 2.0 * x[i];
 */
#ifndef PPAR_LOOP_H
#define PPAR_LOOP_H

#include <ppar/base.h>
#include <ppar/options.h>

PPAR_BEGIN_DECLS

/* For the library and its macros: chunks that follow a chunk at equal distances. PPAR_BODY and PPAR_FOLD take them in
 * the same call. Programs make no use of it. */
typedef struct ppar_train_ {
  uint64_t chunks; /* how many follow that nobody else can take; whoever takes them sets 0 */
  int64_t hop;     /* from one chunk's begin to the next one's, in index values; 0: the rest counts */
  /* Since 0.3: how many follow that other threads may take meanwhile. Before each of them its unit is written, and the
   * chunk is left to the library where alert is then not 0; what was not run stays in shared. */
  uint64_t shared;
  int64_t distance; /* their hop */
  volatile uint32_t *begun;
  const volatile uint32_t *alert;
  uint32_t unit; /* begun, with the chunk before them */
} ppar_train_;

/* A contiguous run of a loop's iterations: begin, begin + step, ... before end. */
typedef struct ppar_chunk {
  int64_t begin;   /* the first index */
  int64_t end;     /* past the last index: below it for a negative step */
  int64_t step;    /* the loop's own, never 0 */
  uint64_t count;  /* how many iterations, at least 1 */
  int thread;      /* the slot, 0 ... T-1: never in use by two threads at once within a loop */
  uint64_t first_; /* the library's: the first one's number in the iteration space */
  void *loop_;
  ppar_train_ *train_;
} ppar_chunk;

/* Runs the chunk's iterations. Called on several threads at once, with different chunks.
 *
 * It is left by returning and in no other way, and so is every function that a program gives to the library: folds,
 * regions, tasks, combines, comparisons. On all threads alike:
 *   - An exception that would come out of it ends the program by std::terminate, where it was thrown, after a line on
 *     stderr. What is thrown and caught inside is the body's own affair. To carry an error out: catch it, keep it, and
 *     call ppar_cancel.
 *   - pthread_exit, and a cancellation of the thread that is acted upon inside, end the program by abort, after a line.
 *     A thread that others may cancel disables that (pthread_setcancelstate) while it runs loops.
 *   - A longjmp out of it is undefined, since other threads may go on with the loop over data that is gone. The program
 *     ends by abort, after a line, where the thread begins another loop, region or group from outside, or ends. One
 *     within the body is fine, and so are coroutines that it switches to and comes back from.
 * The first two hold on x86 (32 and 64 bits), 64-bit Arm and RISC-V with ELF; elsewhere they are undefined, too. */
typedef void ppar_body(const ppar_chunk *chunk, void *arg);

/* Runs body over begin, begin + step, ... before end, divided into chunks among T slots; returns when
 * all are done. Equals
 *
 *     for (i = begin; step > 0 ? i < end : i > end; i += step) one iteration;
 *
 * with the iterations in any order and at the same time. Any bounds and any step but 0 work,
 * INT64_MIN ... INT64_MAX too; an empty loop calls nothing.
 *
 * Returns PPAR_OK; PPAR_EINVAL for a NULL body or an option out of its range, nothing run; or the
 * status of the lowest failing chunk (see ppar_cancel). Where memory or threads are lacking the loop
 * runs on fewer threads.
 *
 * Any thread may call it at any time, from inside bodies too: the inner loop then shares the same
 * workers. Writes made before the call are seen by all bodies, and the bodies' by the caller afterwards.
 * A loop never waits for a worker that has not started a part of it: the caller runs what nobody took.
 * Bodies run with the caller's floating-point control state, and errno stays as it was.
 *
 * OpenMP: #pragma omp parallel for schedule(options->schedule) num_threads(options->threads) */
PPAR_API int ppar_parallel_for(int64_t begin, int64_t end, ppar_body *body, void *arg, const ppar_options *options);

/* Says, from inside a body, that the body's chunk has failed. Chunks after it in iteration order are skipped from now
 * on, chunks before it still run, and the loop returns the status of the lowest failing chunk: the serial loop's,
 * whatever the schedule. A status of 0 counts as PPAR_ECANCELED; positive values are the program's own. The body itself
 * goes on until it returns. chunk is the body's own argument.
 * OpenMP: #pragma omp cancel for, which stops somewhere; this stops where the serial loop would have. */
PPAR_API void ppar_cancel(const ppar_chunk *chunk, int status);

/* Tells a body whether its chunk, or one before it in iteration order, has failed. Nothing that the body still computes
 * for the chunk counts then, so one that runs long may look now and then, and return. A failure that another thread has
 * just told may show a moment later. False for NULL, and for a chunk before the lowest failing one: the serial loop
 * would have run it to its end. A chunk of ppar_task_spawn_range tells of its own failure alone; there
 * ppar_task_group_is_canceled tells of the group's.
 * OpenMP: #pragma omp cancellation point for */
PPAR_API bool ppar_is_canceled(const ppar_chunk *chunk);

/* The loop over a chunk's indices, for any step: ppar_for_each_index(i, chunk) { ... } declares
 * int64_t i; break and continue work; chunk is evaluated more than once. Where the step is known to be 1,
 * for (int64_t i = chunk->begin; i < chunk->end; i++) vectorises better; PPAR_BODY does that by itself. */
#define ppar_for_each_index(i, chunk)                                                               \
  for (int64_t i = (chunk)->begin, i##_left_ = PPAR_CAST_(int64_t, (chunk)->count); i##_left_ != 0; \
       i = ppar_index_add_(i, (chunk)->step), i##_left_ = ppar_index_add_(i##_left_, -1))

/* Defines the body `name` from one iteration:
 *
 *     PPAR_BODY(name, index, type, arg) { statements with int64_t index and type const *arg; }
 *
 * arg points to a copy of what the loop's own arg points to, private to the call (OpenMP: firstprivate),
 * so the compiler knows that stores through its members do not change them, and vectorises as it would
 * the plain loop. Types of more than PPAR_COPY_MOST bytes are not copied: arg is then the loop's own, and
 * *arg must not be written while the loop runs. `return` ends the iteration. Where the loop's arg is NULL
 * the iterations fail with PPAR_EINVAL, as by ppar_cancel; a body without an arg is PPAR_BODY_GLOBAL's. */
#define PPAR_BODY(name, index, type, arg)                                                                   \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, type const *);                                  \
  static PPAR_ALWAYS_INLINE void name##_run_(const ppar_chunk *chunk_, type const *PPAR_RESTRICT_ given_) { \
    PPAR_FOR_EACH_RUN_(chunk_, name##_iteration_(i_, given_));                                              \
  }                                                                                                         \
  static PPAR_ALWAYS_INLINE void name##_run_copy_(const ppar_chunk *chunk_, type const *given_) {           \
    type const copy_ = *given_;                                                                             \
    name##_run_(chunk_, &copy_);                                                                            \
  }                                                                                                         \
  static void name(const ppar_chunk *chunk_, void *arg_) {                                                  \
    type const *const given_ = PPAR_CAST_(type const *, arg_);                                              \
    if (PPAR_SELDOM_(given_ == PPAR_NULL_)) {                                                               \
      PPAR_REFUSE_ARG_(chunk_);                                                                             \
    } else if (sizeof(type) <= PPAR_COPY_MOST) {                                                            \
      name##_run_copy_(chunk_, given_);                                                                     \
    } else {                                                                                                \
      name##_run_(chunk_, given_);                                                                          \
    }                                                                                                       \
  }                                                                                                         \
  PPAR_CHECKED_FOR_(name, type);                                                                            \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t index PPAR_UNUSED_, type const *arg PPAR_UNUSED_)

/* Defines a body that has no arg, since what it works on is global; else as PPAR_BODY does:
 *
 *     static double x[1000], y[1000];
 *     PPAR_BODY_GLOBAL(copy, i) { y[i] = x[i]; }
 *
 *     ppar_parallel_for(0, 1000, copy, NULL, NULL);
 */
#define PPAR_BODY_GLOBAL(name, index)                                   \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t);            \
  static void name(const ppar_chunk *chunk_, void *arg_ PPAR_UNUSED_) { \
    PPAR_FOR_EACH_RUN_(chunk_, name##_iteration_(i_));                  \
  }                                                                     \
  PPAR_CHECKED_FOR_(name, ppar_nothing_);                               \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t index PPAR_UNUSED_)

/* PPAR_FOR(begin, end, body, arg, options): calls ppar_parallel_for with a body of PPAR_BODY's, and has arg's type
 * checked. The compiler warns if arg does not point to the body's type; ppar_parallel_for takes any pointer. For a
 * PPAR_BODY_GLOBAL arg is NULL. Returns as ppar_parallel_for does.
 *
 *     PPAR_FOR(0, n, axpy, &args, NULL);
 */
#define PPAR_FOR(begin, end, body, ...) body##_ppar_for_((begin), (end), __VA_ARGS__)

/* PPAR_ARG(body, arg): arg, if it points to the type of the PPAR_BODY or PPAR_FOLD of that name; else the compiler
 * warns. For the functions that have no such macro as PPAR_FOR:
 *
 *     ppar_task_spawn_range(&group, 0, n, axpy, PPAR_ARG(axpy, &args), NULL);
 */
#define PPAR_ARG(body, ...) body##_arg_(__VA_ARGS__)

/* The most bytes that PPAR_BODY, PPAR_FOLD and their likes copy for each call: a copy of so many takes some
 * nanoseconds, as the call itself does, and no stack worth mentioning. */
#define PPAR_COPY_MOST 256

/* What follows serves the macros. */

/* For a body whose arg is NULL: ppar_cancel makes PPAR_EINVAL of this status, and says why, once for each place that it
 * returns to. So the call must not be made a jump, as compilers do with a function's last one. The status is one that
 * no program comes to by itself. A function of its own would keep all programs with bodies from release 0.2. */
#define PPAR_NO_ARG_ (-0x70706172)
#define PPAR_REFUSE_ARG_(chunk)       \
  ppar_cancel((chunk), PPAR_NO_ARG_); \
  __asm__ __volatile__("")

/* What PPAR_ARG and PPAR_FOR call. */
#define PPAR_CHECKED_ARG_(name, type)                                                            \
  static inline PPAR_UNUSED_ void *name##_arg_(type const *arg_) { return ppar_pointer_(arg_); } \
  PPAR_TAKES_SEMICOLON_
#define PPAR_CHECKED_FOR_(name, type)                                                                    \
  PPAR_CHECKED_ARG_(name, type);                                                                         \
  static PPAR_PASS_ON_ PPAR_UNUSED_ int name##_ppar_for_(int64_t begin_, int64_t end_, type const *arg_, \
                                                         const ppar_options *options_) {                 \
    return ppar_parallel_for(begin_, end_, name, ppar_pointer_(arg_), options_);                         \
  }                                                                                                      \
  PPAR_TAKES_SEMICOLON_

static inline int64_t ppar_index_add_(int64_t index, int64_t step) {
  return (int64_t)((uint64_t)index + (uint64_t)step);
}

/* Indices at equal distances, and how many further such runs follow at distance hop. */
typedef struct ppar_run_ {
  int64_t begin, end, step, hop;
  uint64_t count, runs;
  ppar_train_ *shared; /* the train, where others may take from it; NULL: they may not */
  volatile uint32_t *begun;
  const volatile uint32_t *alert;
  uint32_t unit;
} ppar_run_;

/* Takes the chunk and its train, as one run where their indices are equally spaced. A train never holds
 * the loop's last chunk, so the sums below stay within the loop's bounds. */
static inline ppar_run_ ppar_run_take_(const ppar_chunk *chunk) {
  ppar_run_ run = {chunk->begin, chunk->end, chunk->step, 0, chunk->count, 0, NULL, NULL, NULL, 0};
  ppar_train_ *train = chunk->train_;
  if (train != NULL && train->hop == 0) {
    run.hop = train->distance;
    run.runs = train->shared;
    run.shared = train;
    run.begun = train->begun;
    run.alert = train->alert;
    run.unit = train->unit;
  } else if (train != NULL && train->chunks != 0) {
    run.hop = train->hop;
    run.runs = train->chunks;
    train->chunks = 0;
    if (run.count == 1 || run.hop == ppar_index_add_(run.end, (int64_t)(0 - (uint64_t)run.begin))) {
      run.step = run.count == 1 ? run.hop : run.step;
      run.count *= run.runs + 1;
      run.end = (int64_t)((uint64_t)run.begin + run.count * (uint64_t)run.step);
      run.runs = 0;
    }
  }
  return run;
}

/* Whether there is one more run, which is begun by that. The order of the two accesses counts; compilers keep that of
 * volatile ones, and other threads see to the processor's. */
static inline bool ppar_run_goes_on_(ppar_run_ *run) {
  if (run->runs == 0) return false;
  if (run->shared != NULL) {
    __atomic_store_n(run->begun, ++run->unit, __ATOMIC_RELAXED);
    if (__atomic_load_n(run->alert, __ATOMIC_RELAXED) != 0) return false;
  }
  run->runs--;
  return true;
}

static inline bool ppar_run_next_(ppar_run_ *run) {
  if (!ppar_run_goes_on_(run)) return false;
  run->begin = ppar_index_add_(run->begin, run->hop);
  run->end = ppar_index_add_(run->end, run->hop);
  return true;
}

#define PPAR_FOR_EACH_RUN_(chunk, iteration)                                                                   \
  ppar_run_ run_ = ppar_run_take_(chunk);                                                                      \
  if (run_.shared != NULL && run_.count == 1) {                                                                \
    int64_t i_ = run_.begin;                                                                                   \
    do {                                                                                                       \
      iteration;                                                                                               \
      i_ = ppar_index_add_(i_, run_.hop);                                                                      \
    } while (ppar_run_goes_on_(&run_));                                                                        \
  } else {                                                                                                     \
    do {                                                                                                       \
      if (run_.step == 1) {                                                                                    \
        for (int64_t i_ = run_.begin, end_ = run_.end; i_ < end_; i_++) iteration;                             \
      } else {                                                                                                 \
        int64_t i_ = run_.begin;                                                                               \
        for (uint64_t left_ = run_.count; left_ != 0; left_--, i_ = ppar_index_add_(i_, run_.step)) iteration; \
      }                                                                                                        \
    } while (ppar_run_next_(&run_));                                                                           \
  }                                                                                                            \
  if (run_.shared != NULL) run_.shared->shared = run_.runs

PPAR_END_DECLS

#endif
