/* SPDX-License-Identifier: MIT */
/* serve.c: a peer's main loop: reads requests, takes samples, the same way in every peer. */
#include "peers/serve.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "peers/times.h"

/* Before a sample all threads are woken by small loops for this long: after some milliseconds without
 * work workers sleep, and the first loop that wakes them can take milliseconds (libgomp's: up to 7). */
#define WAKE_NS \
  8e6 /* two ticks of a slow kernel clock: it may wake two threads on one processor, and parts them then */
#define WAKE_LOOPS_MIN 3

/* A sample that follows so soon on the one before finds the threads awake, and where they were. */
#define AWAKE_NS 1e6

/* A repetition shorter than this is also run unmeasured before each sample, for caches and predictors;
 * one that is longer warms them by itself within a small part of its time. */
#define WARM_REPETITION_NS 2e7

/* The longest batch between two looks at the clock, as a part of the sample: a hundred microseconds of three
 * milliseconds, in which reading the clock, some 50 ns, does not show. */
#define BATCH_PART (1.0 / 32)

/* Of a kernel that repeats: each batch is a region, whose cost must not show in what is repeated. */
#define REGION_PART (1.0 / 4)

/* Of a sample without an end of its own: its batches are as if it were of this length. */
#define ENDLESS_NS 3e6
/* The first sample of a case, which nobody sees, is a shorter one. */
#define UNSEEN_PART (1.0 / 4)

/* What is known about the case that is being measured, kept from sample to sample. */
typedef struct memory {
  bench_request request;
  double ns; /* one repetition in the sample before; 0: there was none */
} memory;

/* Cases that are measured in the same rounds alternate: enough places for the largest such group. */
enum { MEMORIES = 64 };
static memory memories[MEMORIES];
static size_t next_memory;

/* When the last sample ended, and how many threads it asked for. */
static double last_end_ns;
static int last_threads;

static memory *memory_of(const bench_request *request) {
  memory *place;
  for (size_t m = 0; m < MEMORIES; m++) {
    bench_request *known = &memories[m].request;
    if (known->n == request->n && known->outer == request->outer && known->threads == request->threads &&
        strcmp(known->kernel, request->kernel) == 0 && strcmp(known->schedule, request->schedule) == 0)
      return &memories[m];
  }
  place = &memories[next_memory++ % MEMORIES];
  place->request = *request;
  place->ns = 0;
  return place;
}

static void wake(const bench_server *server, bench_job *job) {
  double start = bench_now_ns();
  double enough = start - last_end_ns < AWAKE_NS && job->threads == last_threads ? 0 : WAKE_NS;
  for (int loops = 0; loops < WAKE_LOOPS_MIN || bench_now_ns() - start < enough; loops++) server->wake(job);
}

static void run_batch(const bench_kernel *kernel, bench_job *job, int64_t repetitions) {
  job->repeat = repetitions;
  for (int64_t r = 0; r < (kernel->repeats ? 1 : repetitions); r++) kernel->run(job);
}

static bool line_is_waiting(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, 0) > 0;
}

/* Repeats the kernel until sample_ns have passed, or of 0 until a line comes; returns the mean time of a
 * repetition. The clock is read after batches that grow, but stay a small part of the sample: a loop that suddenly
 * takes ten thousand times longer, as some do when their processors are shared, then ends soon all the same. */
static double measure(const bench_kernel *kernel, bench_job *job, double sample_ns, int64_t batch,
                      int64_t *repetitions) {
  double start = bench_now_ns(), elapsed = 0, part = kernel->repeats ? REGION_PART : BATCH_PART;
  double span = sample_ns > 0 ? sample_ns : ENDLESS_NS;
  int64_t done = 0;
  while (sample_ns > 0 ? elapsed < sample_ns : done == 0 || !line_is_waiting()) {
    double most;
    run_batch(kernel, job, batch);
    done += batch;
    elapsed = bench_now_ns() - start;
    most = part * span * (double)done / (elapsed > 1 ? elapsed : 1);
    batch = done < (int64_t)most ? done : (int64_t)most;
    if (batch < 1) batch = 1;
  }
  *repetitions = done;
  return elapsed / (double)done;
}

static bench_answer take_report(const bench_kernel *kernel, bench_job *job) {
  bench_answer answer = {.repetitions = 1};
  kernel->run(job);
  answer.ns = job->ns;
  answer.check = job->check;
  answer.figure_count = job->figure_count;
  memcpy(answer.figures, job->figures, sizeof answer.figures);
  return answer;
}

/* Loops that are so long have fewer first calls. */
#define FIRST_CALLS_NS 5e7

/* The mean of the first calls. In a new process nothing is known of the loop; else what it was like at another size. */
static double time_first_calls(const bench_kernel *kernel, bench_job *job) {
  double start = bench_now_ns(), elapsed = 0;
  int calls = 0;
  /* The clock is read after the first of them and at the end: it must not show in calls of some nanoseconds. */
  kernel->run(job);
  calls++;
  elapsed = bench_now_ns() - start;
  if (elapsed * BENCH_FIRST_CALLS > FIRST_CALLS_NS) {
    while (calls < BENCH_FIRST_CALLS && elapsed < FIRST_CALLS_NS) {
      kernel->run(job);
      calls++;
      elapsed = bench_now_ns() - start;
    }
    return elapsed / calls;
  }
  for (; calls < BENCH_FIRST_CALLS; calls++) kernel->run(job);
  return (bench_now_ns() - start) / calls;
}

/* The first sample of a case is preceded by one that nobody sees. */
static bench_answer take_sample(const bench_server *server, const bench_kernel *kernel, const bench_request *request,
                                bench_job *job) {
  memory *known = memory_of(request);
  double sample_ns = (double)request->sample_ns;
  int64_t batch = 1;
  bench_answer answer = {.figure_count = 0};
  wake(server, job);
  if (kernel->reports) return take_report(kernel, job);
  if (kernel->first) {
    answer.figures[0] = time_first_calls(kernel, job);
    answer.figure_count = 1;
  }
  if (known->ns == 0 && sample_ns > 0) {
    known->ns = measure(kernel, job, UNSEEN_PART * sample_ns, 1, &answer.repetitions);
  } else if (known->ns < WARM_REPETITION_NS) {
    run_batch(kernel, job, 1);
  }
  if (kernel->repeats && known->ns < REGION_PART * sample_ns) batch = (int64_t)(REGION_PART * sample_ns / known->ns);
  answer.ns = known->ns = measure(kernel, job, sample_ns, batch, &answer.repetitions);
  last_end_ns = bench_now_ns();
  last_threads = job->threads;
  answer.check = job->check;
  snprintf(answer.note, sizeof answer.note, "%s", job->note != NULL ? job->note : "");
  return answer;
}

static const bench_kernel *kernel_of(const bench_server *server, const bench_request *request) {
  for (const bench_kernel_list *const *list = server->lists; *list != NULL; list++) {
    for (size_t k = 0; k < (*list)->count; k++) {
      const bench_kernel *kernel = &(*list)->kernels[k];
      if (strcmp(kernel->name, request->kernel) == 0 &&
          (kernel->schedule == NULL || strcmp(kernel->schedule, request->schedule) == 0))
        return kernel;
    }
  }
  return NULL;
}

static void answer_run(const bench_server *server, const char *line, bench_data *data) {
  bench_request request;
  const bench_kernel *kernel;
  bench_job job;
  bench_answer answer;
  char text[BENCH_LINE_MAX];
  bool fresh;
  if (!bench_request_parse(line, &request)) {
    puts("error request not understood");
    return;
  }
  kernel = kernel_of(server, &request);
  if (kernel == NULL) {
    puts("absent");
    return;
  }
  job = (bench_job){.n = request.n, .outer = request.outer, .threads = request.threads, .schedule = request.schedule};
  if (server->prepare != NULL && !server->prepare(&job)) {
    puts("error schedule or threads not possible");
    return;
  }
  if (!bench_data_fit(data, request.kernel, request.n, &fresh)) {
    puts("error no memory");
    return;
  }
  job.data = *data;
  if (fresh) server->fill(&job);
  answer = take_sample(server, kernel, &request, &job);
  if (job.why != NULL) {
    printf("absent %s\n", job.why);
    return;
  }
  if (bench_answer_format(&answer, text, sizeof text)) fputs(text, stdout);
}

int bench_serve(const bench_server *server) {
  char line[BENCH_LINE_MAX];
  bench_data data = {0};
  setvbuf(stdin, NULL, _IONBF, 0); /* a line that waits is then seen by poll() */
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "hello\n") == 0) {
      printf("hello %s\n", server->version);
    } else if (strcmp(line, "enough\n") != 0) {
      answer_run(server, line, &data);
    }
    if (fflush(stdout) != 0) return 1;
  }
  bench_data_free(&data);
  return 0;
}
