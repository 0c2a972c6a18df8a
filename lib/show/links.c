/* SPDX-License-Identifier: MIT */
/* links.c: thefts and wakes are put into an order in which those that may be about a part or a sleep lie side by side;
 * then each part and each sleep looks for its own. */
#include "show/links.h"

#include "show/sort.h"

static bool is_link(const pp_event *event) { return event->kind == PP_EVENT_STEAL || event->kind == PP_EVENT_WAKE; }

static pp_link link_of(const pp_event *event, uint32_t thread) {
  bool is_wake = event->kind == PP_EVENT_WAKE;
  return (pp_link){.at = event->begin,
                   .number = event->first,
                   .construct = is_wake ? 0 : event->construct,
                   .thread = thread,
                   .other = PP_LINK_NOBODY,
                   .is_wake = is_wake};
}

/* By whom they are about, then by time. */
static bool comes_before(const void *left, const void *right) {
  const pp_link *a = left, *b = right;
  if (a->is_wake != b->is_wake) return b->is_wake;
  if (a->construct != b->construct) return a->construct < b->construct;
  if (a->number != b->number) return a->number < b->number;
  return a->at != b->at ? a->at < b->at : a->thread < b->thread;
}

/* The first one that does not come before `key`. */
static uint64_t lower_bound(const pp_links *links, const pp_link *key) {
  uint64_t first = 0, past = links->count;
  while (first < past) {
    uint64_t middle = first + (past - first) / 2;
    if (comes_before(&links->link[middle], key)) {
      first = middle + 1;
    } else {
      past = middle;
    }
  }
  return first;
}

static bool is_about_the_same(const pp_link *a, const pp_link *b) {
  return a->is_wake == b->is_wake && a->construct == b->construct && a->number == b->number;
}

/* Links that are about the event's thread in the event's time. */
static void settle(pp_links *links, const pp_run *run, uint32_t thread, const pp_event *event) {
  bool is_sleep = event->kind == PP_EVENT_PARK;
  pp_link key = {.at = event->begin, .construct = event->construct, .number = event->slot, .is_wake = is_sleep};
  if (is_sleep) {
    if (run->threads[thread].worker < 0 || (event->flags & PP_EVENT_OPEN) != 0) return;
    key.construct = 0;
    key.number = (uint64_t)run->threads[thread].worker;
  }
  for (uint64_t k = lower_bound(links, &key); k < links->count; k++) {
    pp_link *link = &links->link[k];
    if (!is_about_the_same(link, &key) || link->at > event->end) break;
    if (link->thread == thread) continue;
    /* Workers of two pools may have one number: who was awake first is likelier. */
    if (is_sleep && link->other != PP_LINK_NOBODY && link->awake <= event->end) continue;
    link->other = thread;
    link->awake = event->end;
  }
}

static void read_all(pp_links *links, const pp_run *run) {
  uint64_t count = 0;
  for (int pass = 0; pass < 2; pass++) {
    uint64_t room = count;
    count = 0;
    for (uint32_t t = 0; t < run->thread_count; t++) {
      pp_run_cursor cursor = pp_run_events(run, t);
      pp_event event;
      while (pp_run_next(&cursor, &event)) {
        if (!is_link(&event)) continue;
        if (pass != 0 && count < room) links->link[count] = link_of(&event, t);
        count++;
      }
    }
    if (pass != 0) {
      links->count = count < room ? count : room;
    } else {
      links->link = count != 0 ? pp_arena_array(run->arena, count, sizeof *links->link) : NULL;
      if (links->link == NULL) return;
    }
  }
}

pp_links pp_links_find(const pp_run *run) {
  pp_links links = {NULL, 0};
  read_all(&links, run);
  if (links.count == 0) return links;
  pp_sort(links.link, links.count, sizeof *links.link, comes_before);
  for (uint32_t t = 0; t < run->thread_count; t++) {
    pp_run_cursor cursor = pp_run_events(run, t);
    pp_event event;
    while (pp_run_next(&cursor, &event)) {
      if (event.kind == PP_EVENT_MEMBER || event.kind == PP_EVENT_PARK) settle(&links, run, t, &event);
    }
  }
  return links;
}

const pp_link *pp_links_of(const pp_links *links, uint32_t thread, const pp_event *event) {
  pp_link key = link_of(event, thread);
  uint64_t place;
  if (!is_link(event) || links->count == 0) return NULL;
  place = lower_bound(links, &key);
  if (place == links->count || comes_before(&key, &links->link[place])) return NULL;
  return &links->link[place];
}

uint64_t pp_links_thefts(const pp_links *links, uint32_t construct) {
  pp_link first = {.construct = construct}, past = {.construct = construct + 1};
  return links->count != 0 ? lower_bound(links, &past) - lower_bound(links, &first) : 0;
}
