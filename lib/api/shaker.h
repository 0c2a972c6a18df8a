/* SPDX-License-Identifier: MIT */
/* shaker.h: what PPAR_SHAKE does to a thread: it decides, holds it up, and lets it meet others.
 *
 * Decisions. A thread that runs a chunk of a shaken loop, its part of a region, or a task, has an identity: a number
 * that follows from the seed and from where in the program this is. The first loop, region or task that a thread begins
 * there decides from the identity and 1, the second from the identity and 2. So what is decided depends on the seed and
 * on the order of each caller's own calls, and not on which thread ran what, or when. The same seed makes the same
 * decisions again; how long a delay takes is the machine's to say.
 *
 * Delays. They are bounded: a thread that waits for another one goes on alone after a while, and all delays take
 * no more than a part of the time that has gone by (PP_SHAKE_FREE_NS). So nothing can come to a standstill that
 * would not without.
 *
 * Nothing here is called where the process is not shaken. */
#ifndef PP_API_SHAKER_H
#define PP_API_SHAKER_H

#include <stdint.h>

#include "claim/rendezvous.h"
#include "schedule/shuffle.h"

struct pp_shaken_loop;

/* Where a thread is, as far as decisions go. Whoever enters something saves it, and restores it as a whole. */
typedef struct pp_shaken_place {
  uint64_t identity;         /* 0: the thread has come by for the first time. */
  uint64_t draws;            /* Decisions so far. */
  pp_rendezvous *rendezvous; /* Of the region that the thread runs a part of; NULL: it runs none. */
} pp_shaken_place;

typedef struct pp_shaker {
  pp_shaken_place place;
  struct pp_shaken_loop *combining; /* The innermost loop that the thread has begun (shake_loop.c). */
  uint64_t begun;                   /* Ticks: when the thread came by first. */
  uint64_t spent;                   /* Ticks in delays and waits. */
  uint64_t patience;                /* Ticks that it waits for another thread. */
  uint64_t spin;                    /* Ticks that it spins meanwhile; 0: there is one CPU. */
} pp_shaker;

/* The calling thread's. */
pp_shaker *pp_shaker_get(void);

/* Decides something new: what comes of it are the numbers that the dice show. */
pp_dice pp_shaker_decide(pp_shaker *shaker);

/* The thread is inside of something else from here on. Returns where it was. */
pp_shaken_place pp_shaker_enter(pp_shaker *shaker, uint64_t identity, pp_rendezvous *rendezvous);

/* Waits for another thread to come, for a while, and begins what follows with it. */
void pp_shaker_meet(pp_shaker *shaker, pp_rendezvous *rendezvous, pp_dice *dice);

/* Holds the thread up for so long. */
void pp_shaker_hold_up(pp_shaker *shaker, uint64_t ns);

/* Holds the thread up, perhaps: not at all, for some instructions, or for a sleep. */
void pp_shaker_perhaps(pp_shaker *shaker, pp_dice *dice);

/* The same of the calling thread, before or after something that it does with others. */
void pp_shake(void);

#endif
