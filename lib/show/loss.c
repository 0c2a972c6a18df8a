/* SPDX-License-Identifier: MIT */
/* loss.c: sums of thread time, divided by T. */
#include "show/loss.h"

#include "show/sort.h"

static double positive(double number) { return number > 0 ? number : 0; }
static double lesser(double a, double b) { return a < b ? a : b; }

/* Thread time. What is measured apart may come to a little more than there is. */
static void split(const pp_run_site *site, double capacity, pp_loss *loss) {
  const uint64_t *sum = site->sum;
  double lost = positive(capacity - (double)sum[PP_SUM_BUSY]), there = (double)sum[PP_SUM_THERE], told;
  double came = lesser((double)sum[PP_SUM_ALL_WALL], capacity);
  loss->waiting = (double)sum[PP_SUM_WAITED];
  if (site->kind == PP_CONSTRUCT_TASKS || site->kind == PP_CONSTRUCT_TASK) {
    loss->imbalance = positive(lost - loss->waiting);
  } else if (site->kind == PP_CONSTRUCT_PRANGE) { /* Each thread's time begins when it comes. */
    loss->start = (double)sum[PP_SUM_START];
    loss->imbalance = (double)sum[PP_SUM_ENDING];
  } else {
    loss->start = (double)sum[PP_SUM_START] + (capacity - came);
    loss->imbalance = positive((double)sum[PP_SUM_ENDING] + came - there);
  }
  told = loss->start + loss->imbalance + loss->waiting;
  if (told > lost) {
    loss->start *= lost / told;
    loss->imbalance *= lost / told;
    loss->waiting *= lost / told;
  } else {
    loss->overhead = lost - told;
  }
}

/* What threads waited for, as a part of what they waited. */
static void split_waiting(const pp_run_site *site, pp_loss *loss) {
  double waited = (double)site->sum[PP_SUM_WAITED], at_barrier = (double)site->sum[PP_SUM_AT_BARRIER];
  double at_critical = (double)site->sum[PP_SUM_AT_CRITICAL], at_turn = (double)site->sum[PP_SUM_AT_TURN];
  double all = at_barrier + at_critical + at_turn > waited ? at_barrier + at_critical + at_turn : waited;
  if (all <= 0) return;
  loss->at_barrier = loss->waiting * at_barrier / all;
  loss->at_critical = loss->waiting * at_critical / all;
  loss->at_turn = loss->waiting * at_turn / all;
}

bool pp_loss_of(const pp_run_site *site, pp_loss *loss) {
  const uint64_t *sum = site->sum;
  double capacity = (double)sum[PP_SUM_CAPACITY], calls = (double)sum[PP_SUM_CALLS], scale;
  *loss = (pp_loss){.site = site, .calls = calls, .wall = (double)sum[PP_SUM_WALL]};
  if (calls == 0 || capacity <= 0 || loss->wall <= 0) return false;
  loss->iterations = (double)sum[PP_SUM_ITERATIONS];
  loss->chunks = (double)sum[PP_SUM_CHUNKS];
  loss->steals = (double)sum[PP_SUM_STEALS];
  loss->at_once = (double)sum[PP_SUM_AT_ONCE];
  loss->threads = capacity / loss->wall;
  loss->asked = loss->had = loss->threads;
  loss->timed = (double)sum[PP_SUM_SLOTS] / loss->threads;
  /* Of groups within groups only the outermost one's threads and time are counted. */
  if (site->kind != PP_CONSTRUCT_TASKS) {
    loss->timed = calls;
    loss->threads = (double)sum[PP_SUM_SLOTS] / calls;
    loss->asked = (double)sum[PP_SUM_ASKED] / calls;
    loss->had = lesser((double)sum[PP_SUM_HAD] / calls, loss->threads);
  }
  loss->alone = (double)sum[PP_SUM_ALONE];
  loss->level = (double)sum[PP_SUM_LEVEL];
  loss->fewer = (double)sum[PP_SUM_FEWER];
  loss->inside = lesser((double)sum[PP_SUM_INSIDE] / loss->wall, 1);
  loss->work = (double)sum[PP_SUM_BUSY];
  split(site, capacity, loss);
  scale = loss->wall / capacity;
  loss->start *= scale;
  loss->imbalance *= scale;
  loss->waiting *= scale;
  loss->overhead *= scale;
  loss->gain = loss->start + loss->imbalance + loss->waiting + loss->overhead;
  split_waiting(site, loss);
  return true;
}

static bool loses_more(const void *left, const void *right) {
  const pp_loss *a = left, *b = right;
  double gain_a = pp_loss_matters(a), gain_b = pp_loss_matters(b);
  if (gain_a != gain_b) return gain_a > gain_b;
  return a->wall != b->wall ? a->wall > b->wall : a->site->number < b->site->number;
}

pp_losses pp_losses_of(const pp_run *run) {
  pp_losses losses = {.loss = pp_arena_array(run->arena, run->site_count, sizeof *losses.loss)};
  for (uint32_t s = 0; s < run->site_count && losses.loss != NULL; s++) {
    pp_loss *loss = &losses.loss[losses.count];
    if (!pp_loss_of(&run->sites[s], loss)) continue;
    losses.wall += loss->wall * (1 - loss->inside);
    losses.gain += pp_loss_outer(loss);
    losses.count++;
  }
  if (losses.count != 0) pp_sort(losses.loss, losses.count, sizeof *losses.loss, loses_more);
  return losses;
}
