/* SPDX-License-Identifier: MIT */
/* neighbour.c: what else runs during a sample, and the part of the machine that is left then. */
#include "driver/neighbour.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver/quota.h"

/* A neighbour runs for this long before the sample begins: a twin has then woken its threads, for 8 ms. */
#define LEAD_NS 20000000

/* A second process of each peer, started when first needed. */
static bench_peer twins[BENCH_PEERS_MAX];
static size_t twin_count;

static void let_begin(void) {
  struct timespec lead = {0, LEAD_NS};
  nanosleep(&lead, NULL);
}

static bench_peer *twin_of(const bench_peer *peer) {
  for (size_t t = 0; t < twin_count; t++)
    if (twins[t].kind == peer->kind) return &twins[t];
  bench_peer_init(&twins[twin_count], peer->kind, peer->threads, peer->timeout_s);
  return &twins[twin_count++];
}

/* The twin runs before the sample begins and after it ends, so the sample is disturbed from end to end. Its own mean
 * time shows when it is the one who is left behind. */
static bench_outcome sample_with_twin(bench_peer *peer, const bench_request *request, bench_answer *out) {
  bench_peer *twin = twin_of(peer);
  bench_request endless = *request;
  bench_answer other;
  bench_outcome outcome, others;
  endless.sample_ns = 0;
  outcome = bench_peer_begin(twin, &endless);
  if (outcome != BENCH_MEASURED) return outcome;
  let_begin();
  outcome = bench_peer_sample(peer, request, out);
  others = bench_peer_end(twin, &other);
  bench_peer_rest(twin);
  if (outcome != BENCH_MEASURED || others != BENCH_MEASURED) return outcome != BENCH_MEASURED ? outcome : others;
  out->ns = fmax(out->ns, other.ns);
  return BENCH_MEASURED;
}

/* Ends with the driver, however that ends. */
static pid_t start_hog(void) {
  pid_t driver = getpid(), hog = fork();
  if (hog != 0) return hog;
  signal(SIGINT, SIG_IGN); /* Ctrl-C is the driver's to answer */
  signal(SIGTERM, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != driver) _exit(0);
  for (;;) __asm__ __volatile__("");
}

static bench_outcome sample_with_hog(bench_peer *peer, const bench_request *request, bench_answer *out) {
  pid_t hog = start_hog();
  bench_outcome outcome;
  if (hog < 0) return BENCH_FORBIDDEN;
  let_begin();
  outcome = bench_peer_sample(peer, request, out);
  kill(hog, SIGKILL);
  waitpid(hog, NULL, 0);
  return outcome;
}

static bench_outcome sample_with_quota(bench_peer *peer, const bench_request *request, bench_answer *out) {
  bench_outcome outcome;
  if (peer->pid == 0 && !bench_peer_start(peer)) return bench_interrupted ? BENCH_UNTRIED : peer->last_failure;
  if (!bench_quota_put_on(peer->pid)) return BENCH_FORBIDDEN;
  outcome = bench_peer_sample(peer, request, out);
  if (peer->pid != 0) bench_quota_take_off(peer->pid);
  return outcome;
}

bench_outcome bench_neighbour_sample(bench_peer *peer, bench_beside beside, const bench_request *request,
                                     bench_answer *out) {
  switch (beside) {
    case BENCH_BESIDE_TWIN: return sample_with_twin(peer, request, out);
    case BENCH_BESIDE_HOG: return sample_with_hog(peer, request, out);
    case BENCH_BESIDE_QUOTA: return sample_with_quota(peer, request, out);
    case BENCH_BESIDE_NOTHING: break;
  }
  return bench_peer_sample(peer, request, out);
}

double bench_neighbour_ideal(const bench_row *row, int threads, int cpus) {
  double own = row->threads, all = cpus, left = fmin(own, all);
  switch (row->definition->beside) {
    case BENCH_BESIDE_TWIN: left = fmin(own, all / 2); break;
    case BENCH_BESIDE_HOG: left = fmin(own, all * own / (own + 1)); break;
    case BENCH_BESIDE_QUOTA: left = fmin(left, BENCH_QUOTA_CPUS); break;
    case BENCH_BESIDE_NOTHING: break;
  }
  return fmin(threads, all) / left;
}

const bench_row *bench_neighbour_alone(const bench_results *results, const bench_row *row) {
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *other = &results->rows[r];
    if (other != row && bench_rows_share_rounds(other, row) && other->definition->beside == BENCH_BESIDE_NOTHING &&
        other->definition->threads == 0)
      return other;
  }
  return NULL;
}

double bench_neighbours_used_s(void) {
  double used = 0;
  for (size_t t = 0; t < twin_count; t++) used += bench_peer_used_s(&twins[t]);
  return used;
}

void bench_neighbours_end(void) {
  for (size_t t = 0; t < twin_count; t++) bench_peer_stop(&twins[t]);
  twin_count = 0;
  bench_quota_remove();
}
