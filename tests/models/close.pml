/* SPDX-License-Identifier: MIT */
/* close.pml: a thread ends a pool's workers while another one may be about to begin a region on them
 * (lib/claim/fork.h, F4; lib/pool/pool.c, lib/pool/owned.c, lib/team/lead.c, lib/team/recruit.c, lib/team/region.c).
 *
 * A caller runs two regions, small ones, which it starts by the low word alone, or large ones, which it starts by the
 * high word and then the low one. Its team has no members before the first. Another thread closes the pool, and ends
 * the workers if it is not busy.
 *
 *     region   pp_lead_acquire, grow and recruit, start_children with pp_fork_try and pp_fork_start
 *     close    pp_pool_close with pp_owned_close and pp_owned_are_busy, pp_pool_stop; the pool's lock is taken as
 *              there
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (F4 says what carries it
 * where orderings are weaker):
 *   F4  no region has members once the workers end;
 *   the pool that stays open has regions with members again: those that begin after the attempt are not refused.
 *
 * Mutants: 1 a lead is busy only after the first word; 2 closing looks whether the pool is busy before it closes the
 * words; 3 the first word is started whatever it says; 4 who recruits does not look whether the pool is closing; 5 a
 * start opens the low word; 6 the low word alone is closed; 7 a pool that is busy is not opened again. */
#define MUTANTS 7
#ifndef MUTANT
#define MUTANT 0
#endif

#define REGIONS 2
#define LOW 0
#define HIGH 1

bool closed[2];
bool lock, closing, members; /* members: the lead has a team, and that has some */
bool busy, in_region, stopping;
bool attempted; /* to close */

inline take_lock() { atomic { !lock -> lock = true } }

inline start_first(word) {
#if MUTANT == 3
  closed[word] = false;
  started = true;
#else
  atomic {
    if
    :: closed[word] -> started = false
    :: else -> started = true
    fi
  };
#endif
#if MUTANT == 1
  busy = true;
#endif
  skip
}

proctype caller() {
  byte regions;
  bool large, started, late;
  do
  :: regions < REGIONS ->
    regions++;
    if
    :: large = true
    :: large = false
    fi;
    late = attempted && !stopping;
#if MUTANT != 1
    busy = true;
#endif
    if
    :: !members ->
      take_lock();
#if MUTANT == 4
      members = true;
#else
      members = !closing;
#endif
      lock = false
    :: else
    fi;
    started = false;
    if
    :: members && large -> start_first(HIGH)
    :: members && !large -> start_first(LOW)
    :: else
    fi;
    if
    :: started ->
      d_step { in_region = true; assert(!stopping) }; /* F4 */
#if MUTANT == 5
      closed[LOW] = false;
#endif
      d_step { in_region = false; assert(!stopping) }
    :: else -> assert(!late || stopping)
    fi;
    busy = false
  :: else -> break
  od
}

proctype ender() {
  bool found;
  take_lock();
#if MUTANT == 2
  found = busy;
#endif
  closing = true;
  if
  :: members ->
    closed[LOW] = true;
#if MUTANT != 6
    closed[HIGH] = true;
#endif
    skip
  :: else
  fi;
#if MUTANT != 2
  found = busy;
#endif
  if
  :: found ->
#if MUTANT != 7
    closing = false;
    closed[LOW] = false;
    closed[HIGH] = false;
#endif
    skip
  :: else
  fi;
  atomic {
    lock = false;
    attempted = found;
    stopping = !found
  };
  assert(found || !in_region) /* F4 */
}

init {
  atomic {
    run caller();
    run ender()
  }
}
