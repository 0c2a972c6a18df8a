/* SPDX-License-Identifier: MIT */
/* words.c: the rules, and their sentences. */
#include "show/words.h"

/* Parts from which on the rules speak. */
/* A hair less than a tenth, which counts however a processor rounds. */
static const double LEAST_PART = 0.1 - 1e-9; /* W5 ... W11, W13 */
static const double LEAST_RATIO = 2;         /* W12 */
static const double LONG_PIECE = 0.5;        /* of the wait: W5 */
static const double ALL_PART = 0.995;        /* is 100 % */
static const double BALANCED_PART = 0.85;    /* of the time that each thread works: W15 */
enum { FINDINGS_TOLD = 2, THREADS_TOLD = 3 };
/* To record a chunk takes some 50 ns: a tenth of one that takes so long. */
static const double RECORDING_NS = 500;

/* What a rule has found: so much thread time is lost. */
typedef struct finding {
  double loss;
  const char *doing;    /* "waited for critical sections" in two parts: what threads did, */
  const char *for_what; /* and for what. */
  enum { NOTHING, ENDING, START, WAIT, BETWEEN, ELSEWHERE, MISSING } rule;
  pp_doing what;
} finding;

typedef struct teller {
  pp_output *out;
  const pp_rows *rows;
  const pp_construct *of;
  double time;      /* The construct's, ns. */
  const char *noun; /* Of what the parts are: "the loop" */
} teller;

static void put_part(pp_output *out, double part) {
  pp_put_real(out, part * 100, 0);
  pp_put(out, " %");
}

static void put_ratio(pp_output *out, double ratio) {
  pp_put_real(out, ratio, ratio < 9.95 ? 1 : 0);
  pp_put_char(out, 'x');
}

/* --- What the rules measure ----------------------------------------------------------------------------------- */

static double time_of(const pp_row *row, const finding *f) {
  switch (f->rule) {
    case ENDING: return (double)row->after;
    case START: return row->pieces != 0 ? (double)row->before : 0;
    case WAIT:
      if (f->what != PP_DOING_WAITING) return (double)row->spent[f->what];
      return (double)(row->spent[PP_DOING_WAITING] + row->spent[PP_DOING_ASLEEP]);
    case BETWEEN: return (double)row->spent[PP_DOING_LOOKING];
    case ELSEWHERE: return (double)row->spent[PP_DOING_ELSEWHERE];
    default: return 0;
  }
}

/* The row that has lost most; *count: how many have lost at least LEAST_PART. */
static const pp_row *most(const teller *t, const finding *f, uint32_t *count) {
  const pp_row *found = &t->rows->row[0];
  *count = 0;
  for (uint32_t r = 0; r < t->rows->count; r++) {
    const pp_row *row = &t->rows->row[r];
    if (time_of(row, f) >= LEAST_PART * t->time) ++*count;
    if (time_of(row, f) > time_of(found, f)) found = row;
  }
  return found;
}

static void measure(const teller *t, finding *f) {
  uint32_t count;
  f->loss = 0;
  for (uint32_t r = 0; r < t->rows->count; r++) f->loss += time_of(&t->rows->row[r], f);
  if (f->rule == MISSING) {
    bool can_miss = t->of->kind != PP_CONSTRUCT_TASKS || t->rows->count == 1;
    f->loss = t->of->slots > t->rows->count && can_miss ? t->time * (double)(t->of->slots - t->rows->count) : 0;
  } else if (f->rule == BETWEEN) {
    if (f->loss < LEAST_PART * t->time * (double)t->rows->count) f->loss = 0;
  } else {
    (void)most(t, f, &count);
    if (count == 0) f->loss = 0;
  }
}

static const pp_row *last_of(const pp_rows *rows) {
  const pp_row *last = &rows->row[0];
  for (uint32_t r = 1; r < rows->count; r++) {
    if (rows->row[r].last > last->last) last = &rows->row[r];
  }
  return last;
}

/* --- The sentences -------------------------------------------------------------------------------------------- */

static const char *piece_of(const teller *t) { return t->of->kind == PP_CONSTRUCT_TASKS ? "task" : "chunk"; }

static void tell_ending(const teller *t, const finding *f) {
  uint32_t count;
  const pp_row *longest = most(t, f, &count), *last = last_of(t->rows);
  /* After the last of the work nobody waits for `last` any more, which would itself count as waiting. */
  double going_on = (double)last->after >= LEAST_PART * t->time ? (double)last->after : 0;
  double waited = (double)longest->after - going_on;
  if (longest == last || waited < LEAST_PART * t->time) {
    pp_putf(t->out, "%s went on for another ", t->noun);
    put_part(t->out, (double)last->after / t->time);
    pp_put(t->out, " after the last of the work");
    return;
  }
  count = 0;
  for (uint32_t r = 0; r < t->rows->count; r++)
    count += (double)t->rows->row[r].after - going_on >= LEAST_PART * t->time;
  if (count == 1) {
    pp_putf(t->out, "thread %u waited ", longest->number);
    put_part(t->out, waited / t->time);
    pp_putf(t->out, " of %s for thread %u", t->noun, last->number);
  } else {
    pp_putf(t->out, "%u threads waited for thread %u, thread %u longest: ", count, last->number, longest->number);
    put_part(t->out, waited / t->time);
    pp_putf(t->out, " of %s", t->noun);
  }
  if (going_on > 0) {
    pp_putf(t->out, ", and %s went on for another ", t->noun);
    put_part(t->out, going_on / t->time);
  }
  if (t->rows->differ >= LEAST_RATIO) {
    pp_put(t->out, "; iterations differ ");
    put_ratio(t->out, t->rows->differ);
  } else if (going_on <= 0 && (double)last->longest_last >= LONG_PIECE * waited && longest->pieces > 1 &&
             last->pieces > 1) {
    pp_putf(t->out, count > 1 ? "; the last %s of thread %u alone took " : ", whose last %s alone took ", piece_of(t),
            last->number);
    put_part(t->out, (double)last->longest_last / t->time);
  }
}

static void tell_start(const teller *t, const finding *f) {
  uint32_t count;
  const pp_row *longest = most(t, f, &count);
  if (count > 1) pp_putf(t->out, "%u threads began late, ", count);
  pp_putf(t->out, count > 1 ? "thread %u last: after " : "thread %u began only after ", longest->number);
  put_part(t->out, (double)longest->before / t->time);
  pp_putf(t->out, " of %s", t->noun);
}

static void tell_time(const teller *t, const finding *f) {
  uint32_t count;
  const pp_row *longest = most(t, f, &count);
  if (count > 1) {
    const char *for_what = f->what == PP_DOING_TURN ? " for their turns" : f->for_what;
    pp_putf(t->out, "%u threads %s%s, thread %u longest: ", count, f->doing, for_what, longest->number);
  } else {
    pp_putf(t->out, "thread %u %s%s ", longest->number, f->doing, f->rule == ELSEWHERE ? " for" : "");
  }
  put_part(t->out, time_of(longest, f) / t->time);
  pp_putf(t->out, " of %s%s", t->noun, count > 1 ? "" : f->for_what);
}

static void tell_between(const teller *t, const finding *f) {
  bool is_tasks = t->of->kind == PP_CONSTRUCT_TASKS;
  double mean = t->rows->pieces != 0 ? (double)t->rows->work / (double)t->rows->pieces : 0;
  pp_put(t->out, is_tasks ? "the threads looked for tasks in " : "the threads spent ");
  put_part(t->out, f->loss / (t->time * (double)t->rows->count));
  if (is_tasks) {
    pp_put(t->out, " of their time");
    return;
  }
  pp_putf(t->out, " of their time between %ss, which took ", piece_of(t));
  pp_put_time(t->out, mean);
  pp_put(t->out, mean < RECORDING_NS ? " each; recording them is a part of that" : " each");
}

static void tell_missing(const teller *t) {
  if (t->of->kind == PP_CONSTRUCT_TASKS) {
    pp_put(t->out, "no other thread came to run tasks");
  } else {
    pp_putf(t->out, "%u of %u threads came and did the work of all", t->rows->count, (unsigned)t->of->slots);
  }
}

static void tell(const teller *t, const finding *f) {
  switch (f->rule) {
    case ENDING: tell_ending(t, f); break;
    case START: tell_start(t, f); break;
    case BETWEEN: tell_between(t, f); break;
    case MISSING: tell_missing(t); break;
    default: tell_time(t, f);
  }
}

/* Less than this of the time is next to no work. */
static const double NEXT_TO_NONE = 0.01;

static void tell_balance(const teller *t) {
  uint64_t least = UINT64_MAX;
  uint32_t idle = 0;
  for (uint32_t r = 0; r < t->rows->count; r++) {
    uint64_t work = t->rows->row[r].spent[PP_DOING_WORK];
    if (work < least) least = work;
    idle += (double)work < NEXT_TO_NONE * t->time;
  }
  if (idle != 0 && t->rows->count > 1) {
    pp_putf(t->out, "%u of %u threads had next to none of its work", idle, t->rows->count);
    return;
  }
  pp_put(t->out, (double)least >= BALANCED_PART * t->time ? "balanced" : "no single loss stands out");
  if (t->rows->differ >= LEAST_RATIO) {
    pp_put(t->out, ", although iterations differ ");
    put_ratio(t->out, t->rows->differ);
  }
  if ((double)least >= ALL_PART * t->time) {
    pp_putf(t->out, ": each thread worked for all of %s", t->noun);
    return;
  }
  pp_put(t->out, (double)least >= BALANCED_PART * t->time ? ": each thread worked for at least "
                                                          : ": the thread that worked least did so for ");
  put_part(t->out, (double)least / t->time);
  pp_putf(t->out, " of %s", t->noun);
}

static void tell_losses(const teller *t) {
  const char *inside = t->of->kind == PP_CONSTRUCT_TASKS ? " for tasks to end" : " for what was begun inside";
  finding findings[] = {
      {.rule = ENDING},
      {.rule = START},
      {.rule = WAIT, .what = PP_DOING_CRITICAL, .doing = "waited", .for_what = " for critical sections"},
      {.rule = WAIT, .what = PP_DOING_BARRIER, .doing = "waited", .for_what = " at barriers"},
      {.rule = WAIT, .what = PP_DOING_TURN, .doing = "waited", .for_what = " for its turn"},
      {.rule = WAIT, .what = PP_DOING_WAITING, .doing = "waited", .for_what = inside},
      {.rule = BETWEEN},
      {.rule = ELSEWHERE, .doing = "worked elsewhere", .for_what = ""},
      {.rule = MISSING},
  };
  enum { FINDINGS = sizeof findings / sizeof findings[0] };
  int told = 0;
  for (int f = 0; f < FINDINGS; f++) measure(t, &findings[f]);
  for (; told < FINDINGS_TOLD; told++) {
    int best = 0;
    for (int f = 1; f < FINDINGS; f++) {
      if (findings[f].loss > findings[best].loss) best = f;
    }
    if (findings[best].loss <= 0) break;
    if (told != 0) pp_put(t->out, "; ");
    tell(t, &findings[best]);
    findings[best].loss = 0;
  }
  if (told == 0) tell_balance(t);
}

/* --- What comes in place of them ------------------------------------------------------------------------------ */

static void put_state(const teller *t, const pp_event *at) {
  switch (at->kind) {
    case PP_EVENT_CHUNK:
      pp_put(t->out, at->count == 1 ? "was in iteration " : "was in iterations ");
      pp_put_signed(t->out, pp_construct_index(t->of, at->first));
      if (at->count <= 1) break;
      pp_put(t->out, " to ");
      pp_put_signed(t->out,
                    pp_construct_index(
                        t->of, at->first + (at->count - 1) * ((at->flags & PP_EVENT_STRIDED) != 0 ? t->of->slots : 1)));
      break;
    case PP_EVENT_TASK: pp_put(t->out, "was in a task"); break;
    case PP_EVENT_BARRIER: pp_put(t->out, "waited at a barrier"); break;
    case PP_EVENT_CRITICAL_WAIT: pp_put(t->out, "waited for a critical section"); break;
    case PP_EVENT_CRITICAL: pp_put(t->out, "was in a critical section"); break;
    case PP_EVENT_ORDERED_WAIT: pp_put(t->out, "waited for its turn"); break;
    case PP_EVENT_ORDERED: pp_put(t->out, "had its turn"); break;
    case PP_EVENT_WAIT: pp_put(t->out, "waited for others to end"); break;
    case PP_EVENT_PARK: pp_put(t->out, "slept"); break;
    default: pp_put(t->out, t->of->kind == PP_CONSTRUCT_REGION ? "was in its part of it" : "was between chunks");
  }
}

static void tell_states(const teller *t) {
  uint32_t told = 0, more = 0;
  pp_put(t->out, "had not ended when the program did");
  for (uint32_t r = 0; r < t->rows->count; r++) {
    const pp_row *row = &t->rows->row[r];
    if (row->at.kind == PP_EVENT_NONE) continue;
    if (told == THREADS_TOLD) {
      more++;
      continue;
    }
    pp_putf(t->out, "%s thread %u ", told++ == 0 ? ":" : ",", row->number);
    put_state(t, &row->at);
  }
  if (more != 0) pp_putf(t->out, ", and %u more thread%s in it", more, more == 1 ? " was" : "s were");
}

static void tell_one_thread(const teller *t) {
  uint32_t how = t->of->how;
  pp_put(t->out, "one thread did it all");
  if ((how & PP_HOW_LEVEL_LIMIT) != 0) {
    pp_put(t->out, ", since it is inside of as many regions as PPAR_MAX_ACTIVE_LEVELS allows");
  } else if ((how & PP_HOW_ONE_PART) != 0) {
    pp_put(t->out, ", since there was just one part");
  } else if ((how & PP_HOW_FEWER) != 0) {
    pp_putf(t->out, ", since there were no others, where %u were asked for", (unsigned)t->of->asked);
  }
}

static const char *noun_of(uint8_t kind) {
  switch (kind) {
    case PP_CONSTRUCT_REGION: return "the region";
    case PP_CONSTRUCT_TASKS: return "the time";
    default: return "the loop";
  }
}

static bool has_schedule(uint8_t kind) {
  return kind == PP_CONSTRUCT_LOOP || kind == PP_CONSTRUCT_REDUCE || kind == PP_CONSTRUCT_PRANGE;
}

void pp_put_words(pp_output *out, const pp_rows *rows) {
  const pp_construct *of = &rows->construct->what;
  teller t = {.out = out, .rows = rows, .of = of, .noun = noun_of(of->kind)};
  char schedule[PP_RUN_SCHEDULE];
  t.time = of->end > of->begin ? (double)(of->end - of->begin) : 1;
  pp_putf(out, "%s: ",
          has_schedule(of->kind) ? pp_run_schedule_text(of, schedule) : pp_run_kind_text((pp_construct_kind)of->kind));
  if (!rows->construct->has_ended) {
    tell_states(&t);
  } else if (!rows->construct->is_complete) {
    pp_put(out, "a part of what the threads did is no longer known, so gaps may have been work");
  } else if ((of->how & PP_HOW_ALONE) != 0) {
    pp_put(out, "ran on its caller alone, since it is too short to share");
  } else if (of->slots <= 1 || rows->count == 0 || (of->how & PP_HOW_ONE_PART) != 0) {
    tell_one_thread(&t);
  } else {
    tell_losses(&t);
  }
  pp_put_char(out, '.');
}
