/* SPDX-License-Identifier: MIT */
/* self.h: what the library keeps for each thread that ever came by. */
#ifndef PP_POOL_SELF_H
#define PP_POOL_SELF_H

#include "platform/shared.h"
#include "platform/tls.h"
#include "pool/company.h"
#include "pool/owned.h"
#include "pool/place.h"
#include "schedule/tuning.h"

struct pp_worker;

typedef struct pp_self {
  pp_place place;
  bool leaves;                     /* What it owns is given back when it ends. */
  pp_owned *owned[PP_OWNED_KINDS]; /* Each kind's list (owned.h). */
  struct pp_worker *worker;        /* NULL: it is not a pool's thread. */
  pp_company company;              /* Whether it shares its CPU. */
  uint32_t held_count; /* Locks and turns that it holds, the latest last; of more than PP_HELD_MOST the first. */
  const void *held[PP_HELD_MOST];
} pp_self;

extern _Thread_local pp_self pp_self_of_thread PP_TLS_MODEL PP_SHARED;

static inline pp_self *pp_self_get(void) { return &pp_self_of_thread; }

/* The scope of `innermost`, begun here: inside of what the thread holds, and of what it is inside of itself. */
static inline void pp_self_enter_scope(const pp_self *self, pp_scope *out, const void *innermost) {
  uint32_t count = self->held_count < PP_HELD_MOST ? self->held_count : PP_HELD_MOST;
  pp_scope_begin(out, innermost);
  while (count > self->place.held_from) pp_scope_add(out, self->held[--count]);
  pp_scope_add_all(out, self->place.scope);
}

/* The thread has come to hold a lock or a turn: loops that it begins from here on are inside of that. */
static inline void pp_self_hold(pp_self *self, const void *what) {
  uint32_t count = self->held_count++;
  if (count < PP_HELD_MOST) self->held[count] = what;
}

/* It holds several, and gives up another one than the latest. */
void pp_self_let_go_slowly(pp_self *self, const void *what);

/* It is about to give up what it holds; in any order. */
static inline void pp_self_let_go(pp_self *self, const void *what) {
  uint32_t latest = self->held_count - 1;
  if (latest < PP_HELD_MOST && self->held[latest] == what) {
    self->held_count = latest;
  } else {
    pp_self_let_go_slowly(self, what);
  }
}

static inline bool pp_self_is_inside_something(const pp_self *self) {
  return self->place.scope != NULL || self->held_count > self->place.held_from;
}

#endif
