/* SPDX-License-Identifier: MIT */
/* idle_spin.h: how long an idle worker spins before it sleeps. In ticks.
 *
 * A sleeper costs whoever calls it a call of the system's, and some 20 us until it is there; a spinner costs its CPU.
 * So a worker spins for the usual time, with two exceptions.
 *
 * One that has lost its CPU meanwhile shares it with others, and spins for the shortest time from then on. Each time
 * that it has worked, it spins twice as long as before, until it spins for the usual time again.
 *
 * One that is called before it would have spun for the longest time has slept in vain: it spins twice as long from then
 * on, up to that time, because a program that calls at such intervals mostly does so again. A worker that waits for
 * longer than that goes back to the usual time. */
#ifndef PP_POOL_IDLE_SPIN_H
#define PP_POOL_IDLE_SPIN_H

#include <stdint.h>

typedef struct pp_idle_spin {
  uint64_t now; /* How long it spins at present. */
  uint64_t shortest, usual, longest;
} pp_idle_spin;

static inline pp_idle_spin pp_idle_spin_make(uint64_t shortest, uint64_t usual, uint64_t longest) {
  return (pp_idle_spin){usual, shortest < usual ? shortest : usual, usual, longest};
}

static inline void pp_idle_spin_double(pp_idle_spin *spin, uint64_t most) {
  if (spin->now < most) spin->now = spin->now < most / 2 ? spin->now * 2 : most;
}

/* It has done work that was worth coming for. */
static inline void pp_idle_spin_worked(pp_idle_spin *spin) { pp_idle_spin_double(spin, spin->usual); }

/* It has lost its CPU while it spun. */
static inline void pp_idle_spin_lost_cpu(pp_idle_spin *spin) { spin->now = spin->shortest; }

/* It has slept, and was called so long after it began to spin. */
static inline void pp_idle_spin_slept(pp_idle_spin *spin, uint64_t waited) {
  if (waited < spin->longest) {
    pp_idle_spin_double(spin, spin->longest);
  } else if (spin->now > spin->usual) {
    spin->now = spin->usual;
  }
}

#endif
