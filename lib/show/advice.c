/* SPDX-License-Identifier: MIT */
/* advice.c: the rules one after the other, as advice.h has them. */
#include "show/advice.h"

#include <ppar/schedule.h>

#include "schedule/tuning.h"

typedef struct rule {
  const char *name;
  bool (*holds)(const pp_loss *loss);
  void (*say)(pp_output *out, const pp_loss *loss);
} rule;

/* --- What rules ask and sentences say ----------------------------------------------------------------------- */

static double percent(double part, const pp_loss *loss) { return 100 * part / loss->wall; }
static double each(double all, double count) { return count > 0 ? all / count : 0; }
static double call_time(const pp_loss *loss) { return each(loss->wall, loss->timed); }
static double chunk_time(const pp_loss *loss) { return each(loss->work, loss->chunks); }

static bool is_largest(double part, const pp_loss *loss) {
  return part >= loss->start && part >= loss->imbalance && part >= loss->waiting && part >= loss->overhead;
}

static bool has_imbalance(const pp_loss *loss) { return is_largest(loss->imbalance, loss); }

static bool is_kind(const pp_loss *loss, pp_construct_kind kind) { return loss->site->kind == kind; }

static bool has_iterations(const pp_loss *loss) {
  return is_kind(loss, PP_CONSTRUCT_LOOP) || is_kind(loss, PP_CONSTRUCT_REDUCE) || is_kind(loss, PP_CONSTRUCT_PRANGE);
}

static const char *kind_text(const pp_loss *loss) { return pp_run_kind_text(loss->site->kind); }

/* A mean number: "2", "1.4". */
static void put_mean(pp_output *out, double number) {
  double tenths = number * 10 + 0.5;
  pp_put_real(out, number, (uint64_t)tenths % 10 == 0 || number >= 100 ? 0 : 1);
}

static void put_percent(pp_output *out, double part, const pp_loss *loss) {
  pp_put_real(out, percent(part, loss), 0);
  pp_put(out, " %");
}

/* --- Before the losses are looked at ------------------------------------------------------------------------ */

static bool is_inside(const pp_loss *loss) {
  return loss->inside > 0.5 && loss->threads >= 1.5 && loss->had < 1.5 && !is_kind(loss, PP_CONSTRUCT_PRANGE);
}

static void say_inside(pp_output *out, const pp_loss *loss) {
  pp_putf(out, "This %s is begun inside of others, whose threads have work already: a serial loop does as well here.",
          kind_text(loss));
}

static bool is_level_limit(const pp_loss *loss) { return loss->level > 0 && loss->level >= loss->calls / 2; }

static void say_level_limit(pp_output *out, const pp_loss *loss) {
  (void)loss;
  pp_put(out,
         "It ran on one thread, since it is inside of as many regions as may have several: if the outer ones leave "
         "CPUs idle, raise PPAR_MAX_ACTIVE_LEVELS.");
}

static bool is_no_more_threads(const pp_loss *loss) {
  return loss->threads < 1.5 && loss->fewer > 0 && loss->fewer >= loss->calls / 2;
}

static void say_no_more_threads(pp_output *out, const pp_loss *loss) {
  (void)loss;
  pp_put(out,
         "It had one thread, since no more could be had: other regions have them, or the system gives none. Look at "
         "limits of threads and of memory, and at the size of their stacks (PPAR_STACKSIZE).");
}

static bool is_one_thread(const pp_loss *loss) { return loss->threads < 1.5; }

static void say_one_thread(pp_output *out, const pp_loss *loss) {
  if (loss->cpus == 1) {
    pp_put(out, "There is one CPU for this process, and so one thread: nothing is shared.");
  } else {
    pp_put(out, "It has one thread: nothing is shared. Are more asked for (PPAR_NUM_THREADS, .threads)?");
  }
}

static bool is_too_short(const pp_loss *loss) {
  if (loss->alone > 0 && loss->alone >= loss->calls / 2) return true;
  return call_time(loss) < PP_REPORT_SHORT_CALL && percent(loss->gain, loss) > PP_REPORT_FINE;
}

static void say_too_short(pp_output *out, const pp_loss *loss) {
  pp_put(out, loss->timed >= 2 ? "Each call takes " : "The call takes ");
  pp_put_time(out, call_time(loss));
  pp_put(out, has_iterations(loss) ? ": too little to share. Merge the loops around it, or run it serially."
                                   : ": too little to share. Do more in each, or run it serially.");
}

static bool is_fine(const pp_loss *loss) { return percent(loss->gain, loss) <= PP_REPORT_FINE; }

static void say_fine(pp_output *out, const pp_loss *loss) {
  pp_put(out, "Fine: ");
  pp_put_real(out, pp_loss_speedup(loss), 1);
  pp_put(out, " of ");
  put_mean(out, loss->threads);
  pp_put(out, " threads' worth.");
}

static bool has_too_many(const pp_loss *loss) { return loss->cpus > 0 && loss->threads > loss->cpus + 0.5; }

static void say_too_many(pp_output *out, const pp_loss *loss) {
  put_mean(out, loss->threads);
  pp_putf(out, " threads share %d CPU%s: ask for no more threads than there are CPUs.", loss->cpus,
          loss->cpus == 1 ? "" : "s");
}

static bool is_small_tasks(const pp_loss *loss) {
  bool are_tasks = is_kind(loss, PP_CONSTRUCT_TASKS) || is_kind(loss, PP_CONSTRUCT_TASK);
  return are_tasks && loss->chunks > 0 && chunk_time(loss) < PP_REPORT_SHORT_CHUNK;
}

/* Who runs a task at once pays little for it. The others pay for themselves, and for those inside of them. */
static double spawned(const pp_loss *loss) { return loss->chunks > loss->at_once ? loss->chunks - loss->at_once : 0; }

static bool is_small_lone_tasks(const pp_loss *loss) {
  return is_kind(loss, PP_CONSTRUCT_TASK) && spawned(loss) > 0 &&
         each(loss->work, spawned(loss)) < PP_REPORT_SHORT_CHUNK;
}

static bool is_lone_tasks(const pp_loss *loss) { return is_kind(loss, PP_CONSTRUCT_TASK); }

/* A task loses nothing by itself: whether there are enough of them is seen in the region around. */
static void say_lone_tasks(pp_output *out, const pp_loss *loss) {
  if (spawned(loss) < 1) {
    pp_put(out, "Fine: all of them are run at once by their makers");
  } else if (loss->at_once > loss->chunks / 2) {
    pp_put(out, "Fine: most of them are run at once by their makers, and of the others each takes ");
    pp_put_time(out, each(loss->wall, spawned(loss)));
    pp_put(out, " with those inside of it");
  } else {
    pp_put(out, "Fine: each takes ");
    pp_put_time(out, call_time(loss));
  }
  if (loss->waiting > 0.1 * loss->wall) {
    pp_put(out, ", ");
    put_percent(out, loss->waiting, loss);
    pp_put(out, " of it waiting");
  }
  pp_put(out, ". What is lost for want of them is in the row of the region around.");
}

static void say_small_tasks(pp_output *out, const pp_loss *loss) {
  pp_put(out, "A task takes ");
  pp_put_time(out, each(loss->work, spawned(loss)));
  if (loss->at_once > 0) pp_put(out, " with those in it that are run at once");
  pp_put(out, ", about what spawning it costs: spawn fewer and larger ones, and below some size call the function.");
}

/* --- Waiting ------------------------------------------------------------------------------------------------ */

static bool waits_most(const pp_loss *loss, double part) {
  return is_largest(loss->waiting, loss) && part >= loss->waiting / 2;
}

static bool is_critical(const pp_loss *loss) { return waits_most(loss, loss->at_critical); }

static void say_critical(pp_output *out, const pp_loss *loss) {
  pp_put(out, "Threads wait ");
  put_percent(out, loss->at_critical, loss);
  pp_put(out, " of their time for critical sections: use a reduction, or do less inside of them.");
}

static bool is_ordered(const pp_loss *loss) { return waits_most(loss, loss->at_turn); }

static void say_ordered(pp_output *out, const pp_loss *loss) {
  pp_put(out, "Threads wait ");
  put_percent(out, loss->at_turn, loss);
  pp_put(out, " of their time for their turn: do less inside of the ordered part.");
}

static bool is_barrier(const pp_loss *loss) { return waits_most(loss, loss->at_barrier); }

static void say_barrier(pp_output *out, const pp_loss *loss) {
  pp_put(out, "Threads wait ");
  put_percent(out, loss->at_barrier, loss);
  pp_put(out,
         " of their time for each other at barriers: share the work in between more evenly, or leave out barriers "
         "that nothing needs (nowait).");
}

static bool is_waiting(const pp_loss *loss) { return is_largest(loss->waiting, loss) && loss->waiting > 0; }

static void say_waiting(pp_output *out, const pp_loss *loss) {
  pp_put(out, "Threads wait ");
  put_percent(out, loss->waiting, loss);
  pp_put(out, " of their time for loops, tasks or sections begun inside of it: see their rows.");
}

/* --- Imbalance ---------------------------------------------------------------------------------------------- */

static void put_imbalance(pp_output *out, const pp_loss *loss) {
  pp_put(out, "Imbalance: threads that are done wait ");
  put_percent(out, loss->imbalance, loss);
  pp_put(out, " of the time for the last one");
}

static bool is_few_iterations(const pp_loss *loss) {
  return has_imbalance(loss) && has_iterations(loss) &&
         each(loss->iterations, loss->calls) < PP_REPORT_FEW_CHUNKS * loss->threads;
}

static void say_few_iterations(pp_output *out, const pp_loss *loss) {
  put_imbalance(out, loss);
  pp_put(out, "; ");
  put_mean(out, each(loss->iterations, loss->calls));
  pp_put(out, " iterations are few for ");
  put_mean(out, loss->threads);
  pp_put(out, " threads. Share a loop of more, such as this one with the loop inside it (ppar_parallel_for_2d).");
}

static bool is_static(const pp_loss *loss) {
  return has_imbalance(loss) && has_iterations(loss) && loss->site->has_schedule &&
         loss->site->schedule_kind == PPAR_SCHEDULE_STATIC;
}

static void say_static(pp_output *out, const pp_loss *loss) {
  put_imbalance(out, loss);
  pp_put(out, ". Iterations differ, or a thread was held up: try schedule auto or dynamic.");
}

static bool is_large_chunks(const pp_loss *loss) {
  return has_imbalance(loss) && has_iterations(loss) &&
         each(loss->chunks, loss->calls) < PP_REPORT_FEW_CHUNKS * loss->threads;
}

static void say_large_chunks(pp_output *out, const pp_loss *loss) {
  put_imbalance(out, loss);
  pp_put(out, "; a thread has ");
  put_mean(out, each(loss->chunks, loss->calls * loss->threads));
  pp_put(out, " chunks a call. Smaller chunks even it out: try schedule dynamic with a smaller chunk.");
}

static bool is_few_tasks(const pp_loss *loss) { return has_imbalance(loss) && is_kind(loss, PP_CONSTRUCT_TASKS); }

static void say_few_tasks(pp_output *out, const pp_loss *loss) {
  pp_put(out, "For ");
  put_percent(out, loss->imbalance, loss);
  pp_put(out, " of the time threads had no task of it to run: spawn earlier, and more of them.");
}

static bool is_uneven_region(const pp_loss *loss) { return has_imbalance(loss) && is_kind(loss, PP_CONSTRUCT_REGION); }

static void say_uneven_region(pp_output *out, const pp_loss *loss) {
  put_imbalance(out, loss);
  pp_put(out, ": share the region's work more evenly, by pranges for instance.");
}

static bool is_imbalance(const pp_loss *loss) { return has_imbalance(loss); }

static void say_imbalance(pp_output *out, const pp_loss *loss) {
  put_imbalance(out, loss);
  pp_put(out, ": the last iterations are long. Begin with the long ones, or divide them.");
}

/* --- Start and overhead ------------------------------------------------------------------------------------- */

static bool is_start(const pp_loss *loss) { return is_largest(loss->start, loss); }

static bool is_held_up(const pp_loss *loss) {
  return is_start(loss) && each(loss->start, loss->timed) > PP_REPORT_LATE;
}

static void put_late(pp_output *out, const pp_loss *loss) {
  pp_put(out, "Threads come late: of ");
  pp_put_time(out, call_time(loss));
  pp_put(out, loss->timed >= 2 ? " a call " : " ");
  pp_put_time(out, each(loss->start, loss->timed));
  pp_put(out, " are gone before they work");
}

static void say_held_up(pp_output *out, const pp_loss *loss) {
  put_late(out, loss);
  pp_put(out, is_kind(loss, PP_CONSTRUCT_PRANGE)
                  ? ", which is what their first piece waits for."
                  : ". Waking takes less: they were being started (a first loop), or had to wait for a CPU.");
}

static void say_start(pp_output *out, const pp_loss *loss) {
  put_late(out, loss);
  pp_put(out, is_kind(loss, PP_CONSTRUCT_REGION) ? ". Fewer and longer regions start less often."
              : is_kind(loss, PP_CONSTRUCT_PRANGE)
                  ? ", which is what their first piece waits for."
                  : ". Pranges inside of one region (ppar_parallel) are begun faster.");
}

static bool is_small_chunks(const pp_loss *loss) {
  return loss->chunks > 0 && chunk_time(loss) < PP_REPORT_SHORT_CHUNK;
}

static void say_small_chunks(pp_output *out, const pp_loss *loss) {
  pp_put(out, "A chunk takes ");
  pp_put_time(out, chunk_time(loss));
  pp_put(out, ", and taking it ");
  pp_put_time(out, each(loss->overhead * loss->threads, loss->chunks));
  pp_put(out, " (part of that is the recording): try larger chunks, or schedule auto.");
}

static bool is_anything(const pp_loss *loss) {
  (void)loss;
  return true;
}

static void say_overhead(pp_output *out, const pp_loss *loss) {
  put_percent(out, loss->overhead, loss);
  pp_put(out, " of the time are between chunks: more work in each chunk, and in each call, makes that less.");
}

static const rule rules[] = {
    {"small-tasks", is_small_lone_tasks, say_small_tasks},
    {"tasks", is_lone_tasks, say_lone_tasks},
    {"inside", is_inside, say_inside},
    {"level-limit", is_level_limit, say_level_limit},
    {"no-more-threads", is_no_more_threads, say_no_more_threads},
    {"one-thread", is_one_thread, say_one_thread},
    {"too-short", is_too_short, say_too_short},
    {"fine", is_fine, say_fine},
    {"too-many-threads", has_too_many, say_too_many},
    {"small-tasks", is_small_tasks, say_small_tasks},
    {"critical", is_critical, say_critical},
    {"ordered", is_ordered, say_ordered},
    {"barrier", is_barrier, say_barrier},
    {"waiting", is_waiting, say_waiting},
    {"few-iterations", is_few_iterations, say_few_iterations},
    {"static", is_static, say_static},
    {"large-chunks", is_large_chunks, say_large_chunks},
    {"few-tasks", is_few_tasks, say_few_tasks},
    {"uneven-region", is_uneven_region, say_uneven_region},
    {"imbalance", is_imbalance, say_imbalance},
    {"held-up", is_held_up, say_held_up},
    {"start", is_start, say_start},
    {"small-chunks", is_small_chunks, say_small_chunks},
    {"overhead", is_anything, say_overhead},
};

const char *pp_advice_put(pp_output *out, const pp_loss *loss) {
  const rule *found = rules;
  while (!found->holds(loss)) found++;
  found->say(out, loss);
  return found->name;
}
