/* SPDX-License-Identifier: MIT */
/* left.c: a place keeps an address in the frame of the library's function that entered it. That frame is alive as long
 * as the thread is inside. A function that runs on the same stack, and has its frame above, cannot have been called
 * from within: the thread is no longer inside, and never came back. Stacks grow downwards on all systems that this is
 * for.
 *
 * A program may have switched to another stack inside of the body, as coroutines do; that has its own addresses, of
 * which nothing follows. So where the addresses say that a body was left, both are looked up in the thread's own stack.
 * */
#include "pool/left.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform/thread.h"

static void end_program(const char *when) {
  (void)fprintf(
      stderr,
      "ppar: a body, region or task was left without returning, by longjmp or pthread_exit, which its thread %s; "
      "other threads may still work for it; the program ends\n",
      when);
  abort();
}

__attribute__((noinline)) bool pp_left_is_seen(const pp_self *self) {
  const void *here = __builtin_frame_address(0), *entered = self->place.frame;
  return entered != NULL && (uintptr_t)here > (uintptr_t)entered && pp_thread_has_on_stack(here) &&
         pp_thread_has_on_stack(entered);
}

void pp_left_look(const pp_self *self) {
  if (pp_left_is_seen(self)) end_program("shows by beginning something else from outside");
}

void pp_left_look_at_end(const pp_self *self) {
  if (self->place.frame != NULL) end_program("shows by ending");
}
