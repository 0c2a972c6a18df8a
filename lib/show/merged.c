/* SPDX-License-Identifier: MIT */
/* merged.c: for each kind one that is being added to. Any two that follow each other take `least` or more together, so
 * a thread has at most 2 * time / least of each kind. */
#include "show/merged.h"

/* Chunks and tasks of other constructs are kinds of their own. */
enum { GROUPS = 2 * PP_EVENT_KINDS };

typedef struct merging {
  pp_merged group[GROUPS]; /* spans == 0: there is none. */
  pp_merged_take *take;
  void *context;
  uint64_t merged;
} merging;

static void flush(merging *m, pp_merged *group) {
  if (group->spans == 0) return;
  if (group->spans > 1) m->merged += group->spans;
  m->take(group, m->context);
  group->spans = 0;
}

static void flush_all(merging *m) {
  for (int g = 0; g < GROUPS; g++) flush(m, &m->group[g]);
}

static pp_merged single(const pp_construct *construct, const pp_run_span *span) {
  const pp_event *event = &span->event;
  bool is_work = event->kind == PP_EVENT_CHUNK || event->kind == PP_EVENT_TASK;
  uint64_t past = event->first + event->count;
  if ((event->flags & PP_EVENT_STRIDED) != 0 && event->count != 0)
    past = event->first + (event->count - 1) * construct->slots + 1;
  return (pp_merged){.begin = event->begin,
                     .end = event->end,
                     .ns = event->end - event->begin,
                     .spans = 1,
                     .first = event->first,
                     .past = past,
                     .count = event->count,
                     .thread = span->thread,
                     .slot = event->slot,
                     .kind = event->kind,
                     .flags = event->flags,
                     .is_elsewhere = is_work && event->construct != construct->number};
}

/* Adds the span to the group. */
static void join(pp_merged *group, const pp_merged *span) {
  if (span->end > group->end) group->end = span->end;
  group->ns += span->ns;
  group->count += span->count;
  group->spans++;
  group->flags |= span->flags;
  if (span->kind != PP_EVENT_CHUNK) return;
  if (span->first < group->first) group->first = span->first;
  if (span->past > group->past) group->past = span->past;
}

uint64_t pp_merge(const pp_construct *construct, const pp_run_spans *spans, uint64_t least, pp_merged_take *take,
                  void *context) {
  merging m = {.take = take, .context = context};
  for (uint64_t k = 0; k < spans->count; k++) {
    pp_merged span = single(construct, &spans->span[k]);
    pp_merged *group = &m.group[span.kind + (span.is_elsewhere ? PP_EVENT_KINDS : 0)];
    if (k != 0 && spans->span[k - 1].thread != span.thread) flush_all(&m);
    if (group->spans != 0 && span.kind != PP_EVENT_MEMBER && group->slot == span.slot &&
        span.end - group->begin < least) {
      join(group, &span);
    } else {
      flush(&m, group);
      *group = span;
    }
  }
  flush_all(&m);
  return m.merged;
}
