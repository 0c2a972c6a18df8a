/* SPDX-License-Identifier: MIT */
/* ranges.c: loops shared by ranges, played as lib/share runs them: batches sized by time from the front of
 * one's own range, run in bursts; thieves take half from the back; an owner whose range is empty hands half of its
 * batch back when somebody is hungry.
 *
 * A thief that has looked at all ranges in vain is hungry. In the library it looks again at once; here it sleeps
 * until some range gets something to steal, which it hears of one transfer later. Nobody is missed: a gift to a range
 * wakes one of the hungry, and where there is none, those who look do not go hungry before they have looked anew. */
#include <stdlib.h>

#include "schedule/batches.h"
#include "schedule/divide.h"
#include "schedule/static_schedule.h"
#include "simulate/run.h"

#define UNITS_MAX ((uint64_t)1 << 31)

typedef struct span {
  uint64_t first, past; /* in units: chunks of dynamic,c; iterations of auto */
} span;

typedef enum deed {
  TAKE,  /* a batch from its own range */
  BURST, /* ends a burst */
  LOOK   /* at another's range */
} deed;

typedef struct member {
  span range;      /* what it owns and others may steal */
  uint32_t holder; /* the last to use the range's line */
  span batch;      /* what is left of it */
  uint64_t batch_first;
  double batch_start;
  uint64_t burst;
  uint64_t most;      /* units in a batch; 0: nothing known yet */
  uint64_t all_below; /* units too few to be divided */
  deed next;
  uint32_t victim; /* to look at next */
  uint32_t looks;  /* left before it is hungry */
  uint64_t heard;  /* of so many gifts it knows */
} member;

typedef struct ranges {
  bench_run *run;
  member *members;
  uint32_t threads;
  uint32_t parts; /* members that begin with a range */
  uint64_t units, done;
  uint64_t gifts;   /* how often an empty range has got something */
  uint32_t *hungry; /* a ring of `threads` */
  uint32_t hungry_first, hungry_count;
} ranges;

static uint64_t length_of(span s) { return s.past - s.first; }

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static void at(ranges *r, uint32_t thread, double time, deed next) {
  r->members[thread].next = next;
  bench_events_add(&r->run->events, time, thread);
}

/* Using the line of a member's range. */
static double touch(ranges *r, uint32_t thread, member *owner) {
  const bench_overheads *overheads = &r->run->simulation->overheads;
  double cost = owner->holder == thread ? overheads->locked : overheads->transfer;
  owner->holder = thread;
  return cost;
}

/* Tells one hungry thread, if there is one, that this member's range is worth a look. */
static void offer(ranges *r, uint32_t thread, double time) {
  uint32_t thief;
  if (r->hungry_count == 0) return;
  thief = r->hungry[r->hungry_first];
  r->hungry_first = (r->hungry_first + 1) % r->threads;
  r->hungry_count--;
  r->members[thief].victim = thread;
  r->members[thief].looks = 1;
  r->members[thief].heard = r->gifts;
  at(r, thief, time + r->run->simulation->overheads.transfer, LOOK);
}

/* A round of looks, the next one first. */
static void hunt(ranges *r, uint32_t thread, double time) {
  member *m = &r->members[thread];
  m->victim = (thread + 1) % r->parts;
  m->looks = r->parts;
  m->heard = r->gifts;
  at(r, thread, time, LOOK);
}

static void set_batch(member *m, uint64_t units) {
  m->most = units == 0 ? 1 : least(units, UNITS_MAX);
  m->all_below = pp_batch_undivided(m->most);
}

static void adapt(member *m, uint64_t units, double ns) {
  double limit = (double)m->most * PP_GROWTH, wanted = ns > 0 ? (double)units * PP_BATCH_NS / ns : limit;
  if (wanted < (double)m->most && ns < PP_SHORT_NS) return;
  set_batch(m, (uint64_t)(wanted < limit ? wanted : limit));
}

/* Runs the next burst of the batch; auto makes one call of it, dynamic one for each chunk. */
static void run_burst(ranges *r, uint32_t thread, double time) {
  member *m = &r->members[thread];
  uint64_t count = r->run->simulation->costs->count, chunk = r->run->plan->chunk;
  uint64_t units = least(m->burst, length_of(m->batch)), step = r->run->plan->sharing == BENCH_BY_AUTO ? units : 1;
  for (uint64_t u = m->batch.first; u < m->batch.first + units; u += step)
    time = bench_run_chunk(r->run, thread, u * chunk, least((u + step) * chunk, count), time);
  m->batch.first += units;
  r->done += units;
  at(r, thread, time, BURST);
}

static void take(ranges *r, uint32_t thread, double time) {
  member *m = &r->members[thread];
  uint64_t length = length_of(m->range), most, taken;
  if (length == 0) {
    hunt(r, thread, time);
    return;
  }
  if (m->most == 0) {
    set_batch(m, pp_batch_first(length));
    m->all_below = 0;
  }
  time += touch(r, thread, m);
  most = pp_batch_even(m->range.first, pp_batch_next(m->most, r->units, r->parts));
  taken = most <= length / 2 ? most : length <= m->all_below ? length : length - length / 2;
  m->batch = (span){m->range.first, m->range.first + taken};
  m->range.first += taken;
  m->batch_first = m->batch.first;
  m->batch_start = time;
  m->burst = pp_batch_burst(taken, r->units, r->parts);
  run_burst(r, thread, time);
}

static void hand_back(ranges *r, uint32_t thread, double time) {
  member *m = &r->members[thread];
  uint64_t left = length_of(m->batch), finished = m->batch.first - m->batch_first;
  if (length_of(m->range) == 0) {
    if (left < 2 || (double)left * (time - m->batch_start) / (double)finished < PP_KEEP_NS) return;
    m->range = (span){m->batch.first + left / 2, m->batch.past};
    m->batch.past = m->range.first;
    r->gifts++;
  }
  offer(r, thread, time);
}

static void end_burst(ranges *r, uint32_t thread, double time) {
  member *m = &r->members[thread];
  if (length_of(m->batch) > 0) {
    if (r->hungry_count > 0) hand_back(r, thread, time);
    run_burst(r, thread, time);
    return;
  }
  adapt(m, m->batch.first - m->batch_first, time - m->batch_start);
  at(r, thread, time, TAKE);
}

static void look(ranges *r, uint32_t thread, double time) {
  member *m = &r->members[thread], *victim = &r->members[m->victim];
  uint64_t length = length_of(victim->range);
  uint32_t looked_at = m->victim;
  if (m->looks == 0 && m->heard != r->gifts) {
    hunt(r, thread, time);
    return;
  }
  if (m->looks == 0) {
    r->hungry[(r->hungry_first + r->hungry_count++) % r->threads] = thread;
    return;
  }
  m->looks--;
  m->victim = (looked_at + 1) % r->parts;
  if (victim != m) time += touch(r, thread, victim);
  if (length == 0) {
    at(r, thread, time, LOOK);
    return;
  }
  m->range = victim->range;
  if (length > m->all_below) m->range.first += length / 2;
  victim->range.past = m->range.first;
  r->gifts++;
  time += touch(r, thread, victim); /* the swap */
  if (length_of(victim->range) > 0) offer(r, looked_at, time);
  take(r, thread, time); /* at once: else thieves could pass one chunk on for ever */
  if (length_of(m->range) > 0) offer(r, thread, time);
}

static void play(ranges *r) {
  for (uint32_t t = 0; t < r->threads; t++) {
    member *m = &r->members[t];
    if (t < r->parts) pp_static_block(r->units, r->parts, t, &m->range.first, &m->range.past);
    m->holder = t;
    at(r, t, bench_run_start(r->run, t), TAKE);
  }
  while (r->done < r->units) {
    bench_event event = bench_events_next(&r->run->events);
    switch (r->members[event.thread].next) {
      case TAKE: take(r, event.thread, event.time); break;
      case BURST: end_burst(r, event.thread, event.time); break;
      case LOOK: look(r, event.thread, event.time); break;
    }
  }
}

bool bench_run_ranges(bench_run *run) {
  ranges r = {.run = run, .threads = run->simulation->threads};
  bool ready;
  r.units = pp_divide_up(run->simulation->costs->count, run->plan->chunk);
  r.parts = (uint32_t)least(r.units, r.threads);
  r.members = calloc(r.threads, sizeof *r.members);
  r.hungry = calloc(r.threads, sizeof *r.hungry);
  ready = r.members != NULL && r.hungry != NULL;
  if (ready) play(&r);
  free(r.members);
  free(r.hungry);
  return ready;
}
