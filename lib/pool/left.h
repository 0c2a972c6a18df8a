/* SPDX-License-Identifier: MIT */
/* left.h: finding out, late, that a body, region or task was left without returning where nothing unwinds the stack
 * (platform/boundary.h has the other ways): by longjmp, or by pthread_exit of a C library that does not unwind. */
#ifndef PP_POOL_LEFT_H
#define PP_POOL_LEFT_H

#include "platform/shared.h"
#include "pool/self.h"

/* Whether the thread is no longer inside of what its place says it is inside of. */
bool pp_left_is_seen(const pp_self *self) PP_SHARED;

/* The thread begins something inside of that. Ends the program where it is no longer there. */
void pp_left_look(const pp_self *self) PP_SHARED;

/* The thread ends. */
void pp_left_look_at_end(const pp_self *self);

/* One load and a compare outside of everything. */
static inline void pp_left_check(const pp_self *self) {
  if (self->place.frame != NULL) pp_left_look(self);
}

#endif
