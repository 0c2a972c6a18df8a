/* SPDX-License-Identifier: MIT */
/* links.h: which thread was stolen from, and which one was woken.
 *
 * Who steals notes the slot that it has stolen from, and not which thread works in that; who wakes a worker notes the
 * worker's number in its pool. Both are found in what the others have recorded: their parts in the construct, and their
 * sleeps. */
#ifndef PP_SHOW_LINKS_H
#define PP_SHOW_LINKS_H

#include "show/run.h"

#define PP_LINK_NOBODY UINT32_MAX

typedef struct pp_link {
  uint64_t at;        /* When it was stolen, or when somebody was woken. */
  uint64_t number;    /* The slot that was stolen from, or the worker's number. */
  uint32_t construct; /* In which it was stolen. */
  uint32_t thread;    /* Index of the thread that has done it. */
  uint32_t other;     /* Index of the thread that was stolen from, or woken; PP_LINK_NOBODY: it is not known. */
  bool is_wake;
  uint64_t awake; /* When who was woken was awake. */
} pp_link;

typedef struct pp_links {
  pp_link *link; /* Wakes after thefts; thefts by construct. */
  uint64_t count;
} pp_links;

/* All of the run's. None, where there is no memory. */
pp_links pp_links_find(const pp_run *run);

/* That of the event, which is the thread's; NULL: there is none. */
const pp_link *pp_links_of(const pp_links *links, uint32_t thread, const pp_event *event);

/* How often was stolen in the construct. */
uint64_t pp_links_thefts(const pp_links *links, uint32_t construct);

#endif
