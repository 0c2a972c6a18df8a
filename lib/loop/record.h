/* SPDX-License-Identifier: MIT */
/* record.h: a loop in flight, as its members see it.
 *
 * A record belongs to one calling thread and one pool, and serves one loop after another. Workers find it through
 * the pool's board, which keeps it until the pool ends: so a worker may look at a record whose loop is long over,
 * and learns that from the groups' words (claim/slots.h). Nothing here lives on a caller's stack.
 *
 * The caller takes its record for a loop only when every group is quiet. Members of an earlier loop that have not
 * left yet (they were descheduled while they looked for more work) are thus never waited for: the caller takes
 * another record. */
#ifndef PP_LOOP_RECORD_H
#define PP_LOOP_RECORD_H

#include <stddef.h>
#include <string.h>

#include <ppar/loop.h>
#include <ppar/reduce.h>

#include "claim/cancel.h"
#include "claim/counter.h"
#include "claim/pulse.h"
#include "claim/range.h"
#include "claim/slots.h"
#include "platform/fp_state.h"
#include "pool/place.h"
#include "schedule/space.h"
#include "schedule/units.h"

struct pp_team;
struct ppar_pool;

/* How a loop's work is given out. */
typedef enum pp_sharing {
  PP_BY_SLOT,   /* each slot has its part and runs it under its own number: static, and loops of at most T units */
  PP_BY_RANGE,  /* each slot starts with a part as its range, and steals: dynamic, auto */
  PP_BY_COUNTER /* all take chunks from one counter: guided, and dynamic in monotonic order */
} pp_sharing;

/* How fast a loop's body ran lately, so that the next loop over it needs no calibration. */
typedef struct pp_pace {
  ppar_body *body; /* of this function, or of that fold ... */
  ppar_fold *fold;
  const void *site; /* ... or of the prange there */
  uint64_t batch;   /* iterations that took about as long as a batch should */
} pp_pace;

/* What a loop is. Written by the caller before the groups are opened, constant until they are quiet again. */
typedef struct pp_loop {
  ppar_body *body; /* NULL: fold is what runs */
  ppar_fold *fold;
  void *arg;
  const char *name; /* the options'; NULL: none */
  pp_space space;
  pp_sharing sharing;
  bool guided;
  bool timed;        /* by range: short batches, too */
  bool adaptive;     /* by range: pieces sized by time, not by chunk */
  uint64_t chunk;    /* iterations in a chunk; 0: by slot: the slot's whole block */
  pp_units units;    /* by range; by slot without chunk: one iteration or chunk each */
  uint32_t slots;    /* T */
  uint32_t parts;    /* slots that have work: at most T */
  int depth, active; /* see pp_place */
  struct pp_task_group *group;
  pp_fp_state fp_state;
  const ppar_reduction *reduction;
  unsigned char *partials; /* slot s's value at s * stride */
  size_t stride;
  pp_pace pace; /* by range: of the record's latest such loop */
} pp_loop;

/* What ppar_cancel reaches through chunk->loop_. A serial loop has one on the caller's stack, without a record. */
typedef struct pp_control {
  pp_cancel cancel;
  pp_atomic_u32 alert; /* the serial loop's own */
  struct pp_record *record;
} pp_control;

/* A slot's line: its owner takes from the range once per batch and reads alert once per chunk; thieves read the
 * range, and write alert when they found nothing. */
typedef struct pp_slot {
  PP_LINE_ALIGNED pp_range range;
  pp_atomic_u32 alert; /* 1: the loop was cancelled, or a thief is hungry */
  pp_atomic_u64 done;  /* in stages (stage.h): units that the slot's thread has finished, told when it looks for more */
} pp_slot;

_Static_assert(sizeof(pp_slot) == PP_CACHE_LINE, "one line pair a slot");

typedef struct pp_record {
  /* Read by members; written by the caller where a loop differs from the one before (pp_record_describe): lines that stay as
   * they are stay in the members' caches. */
  PP_LINE_ALIGNED pp_loop loop;
  pp_slot *slots;
  pp_pulse *pulse;           /* a stage's: where threads wait for work; NULL: a loop's record, where parked is that */
  uint32_t capacity;         /* slots */
  pp_atomic_u32 open_groups; /* of the latest loop */
  pp_scope scope;            /* what the loop is inside of, itself first */
  pp_control control;
  pp_counter counter; /* a line of its own */

  PP_LINE_ALIGNED pp_atomic_u32 active; /* 0: the loop is over, no use in joining it to steal */
  pp_atomic_u32 parked;                 /* 1: the caller sleeps on it, until all is done or there is work to steal */
  pp_atomic_u64 marks;                  /* pp_scope_marks of the scope */

  /* The owner's alone, but for pool and busy, which pp_pool_destroy reads. */
  PP_LINE_ALIGNED pp_self *owner;
  struct pp_record *next; /* in the owner's list, or in the pool's list of those without owner */
  _Atomic(struct ppar_pool *) pool;
  pp_atomic_u32 busy;
  uint32_t number; /* on the pool's board */
  pp_pace pace;
  uint32_t loops;     /* run so far */
  uint32_t undivided; /* so many auto loops are shared by range, however short: one was not as short as it should be */
  void *partials_block;
  size_t partials_size;

  struct pp_team *team; /* the threads of the owner's regions (team.h); NULL: none yet */

  pp_group groups[]; /* capacity / PP_GROUP_SLOTS; then come the slots */
} pp_record;

static inline bool pp_reduction_is_valid(const ppar_reduction *reduction) {
  return reduction != NULL && reduction->combine != NULL && reduction->size != 0;
}

/* Sets a partial value to the identity. */
static inline void pp_reduction_start(const ppar_reduction *reduction, void *value) {
  if (reduction->identity != NULL) {
    memcpy(value, reduction->identity, reduction->size);
  } else {
    memset(value, 0, reduction->size);
  }
}

static inline uint32_t pp_groups_for(uint32_t slots) { return (slots + PP_GROUP_SLOTS - 1) / PP_GROUP_SLOTS; }

/* A record of no pool and no owner, for at least so many slots, quiet; NULL without memory. */
pp_record *pp_record_make(uint32_t slots);

/* A record of this thread for a region of so many threads, busy from now on: one with a team, if there is one that is large
 * enough; NULL without memory. */
pp_record *pp_record_acquire_team(struct ppar_pool *pool, pp_self *self, uint32_t threads);

/* A record of this thread for a loop of `parts` parts on the pool, quiet and now busy; NULL without memory. */
pp_record *pp_record_acquire(struct ppar_pool *pool, pp_self *self, uint32_t parts);

static inline void pp_record_release(pp_record *record) { pp_store_release(&record->busy, 0); }

/* Room for `count` partial values of `size` bytes, each on lines of its own; NULL without memory. */
unsigned char *pp_record_partials(pp_record *record, uint32_t count, size_t size, size_t *stride);

/* Sets record->loop. */
void pp_record_describe(pp_record *record, const pp_loop *loop);

/* Opens all groups for record->loop: from here on workers may join. */
void pp_record_open(pp_record *record);

/* Tells every member to look at the cancel state at its next chunk. */
void pp_record_alert(pp_record *record);

/* Wakes the caller if it sleeps. */
void pp_record_wake(pp_record *record);

/* Sees to it that what the thread owns is given back when it ends. */
void pp_self_watch(pp_self *self);

/* Pool side. Makes every group quiet, whatever happened to its members (a forked child, where they are gone). */
void pp_record_reset(pp_record *record);
void pp_record_free(pp_record *record);

/* Frees the calling thread's records, of pools that are gone, and forgets threads that end from now on: the library
 * may be about to be unloaded. */
void pp_records_end(pp_self *self);

#endif
