/* SPDX-License-Identifier: MIT */
/* self.c: the storage behind self.h. */
#include "pool/self.h"

_Thread_local pp_self pp_self_of_thread PP_TLS_MODEL = {.leaves = false};

/* The place of one that is told of; `told`: it has none. */
static uint32_t place_of(const pp_self *self, uint32_t told, const void *what) {
  uint32_t h = 0;
  while (h < told && self->held[h] != what) h++;
  return h;
}

void pp_self_let_go_slowly(pp_self *self, const void *what) {
  bool some_are_untold = self->held_count > PP_HELD_MOST;
  uint32_t told = some_are_untold ? PP_HELD_MOST : self->held_count, h = place_of(self, told, what);
  /* One that was untold may have got a place since, as NULL. */
  if (h == told && !some_are_untold) h = place_of(self, told, NULL);
  if (h == told && !some_are_untold) return; /* The program gives up what it does not hold. */
  for (; h + 1 < told; h++) self->held[h] = self->held[h + 1];
  if (h < told && some_are_untold) self->held[h] = NULL; /* Now the place of one of those. */
  self->held_count--;
}
