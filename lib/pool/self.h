/* SPDX-License-Identifier: MIT */
/* self.h: what the library keeps for each thread that ever came by. */
#ifndef PP_POOL_SELF_H
#define PP_POOL_SELF_H

#include "pool/owned.h"
#include "pool/place.h"
#include "schedule/tuning.h"

struct pp_worker;

typedef struct pp_self {
  pp_place place;
  bool leaves;                     /* What it owns is given back when it ends. */
  pp_owned *owned[PP_OWNED_KINDS]; /* Each kind's list (owned.h). */
  struct pp_worker *worker;        /* NULL: it is not a pool's thread. */
  pp_held held[PP_HELD_MOST];      /* Room for place.held; what is NULL in one that is not used. */
} pp_self;

/* The initial-exec model makes an access one instruction; the few bytes fit what the C library keeps for
 * libraries that are loaded late. Not under gcc's sanitizers: gcc 12's check for NULL misreads such an address. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define PP_TLS_MODEL __attribute__((tls_model("initial-exec")))
#else
#define PP_TLS_MODEL
#endif

extern _Thread_local pp_self pp_self_of_thread PP_TLS_MODEL;

static inline pp_self *pp_self_get(void) { return &pp_self_of_thread; }

/* What the thread's work is inside of, with what the thread holds; as pp_scope_enter takes it. */
static inline void pp_self_enter_scope(const pp_self *self, pp_scope *out, const void *innermost) {
  pp_scope_enter(out, self->place.scope, self->place.held, innermost);
}

/* The thread has come to hold a lock or a turn: loops that it begins from here on are inside of that. */
static inline void pp_self_hold(pp_self *self, const void *what) {
  for (uint32_t h = 0; h < PP_HELD_MOST; h++) {
    if (self->held[h].what != NULL) continue;
    self->held[h] = (pp_held){what, self->place.held};
    self->place.held = &self->held[h];
    return;
  }
}

/* It is about to give it up; in any order. */
static inline void pp_self_let_go(pp_self *self, const void *what) {
  for (pp_held **link = &self->place.held; *link != NULL; link = &(*link)->outer) {
    if ((*link)->what != what) continue;
    (*link)->what = NULL;
    *link = (*link)->outer;
    return;
  }
}

static inline bool pp_self_is_inside_something(const pp_self *self) {
  return self->place.scope != NULL || self->place.held != NULL;
}

#endif
