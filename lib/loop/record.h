/* SPDX-License-Identifier: MIT */
/* record.h: a loop in flight, as its members see it.
 *
 * A record belongs to one calling thread and one pool, and serves one loop after another. Workers find it through the
 * pool's board, which keeps it until the pool ends: so a worker may look at a record whose loop is long over, and
 * learns that from the groups' words (claim/slots.h). Nothing here lives on a caller's stack.
 *
 * The caller takes its record for a loop only when every group is quiet. Members of an earlier loop that have not
 * left yet (they were descheduled while they looked for more work) are thus never waited for: the caller takes
 * another record. */
#ifndef PP_LOOP_RECORD_H
#define PP_LOOP_RECORD_H

#include <stddef.h>

#include "claim/parking.h"
#include "loop/loop.h"
#include "loop/pace.h"
#include "pool/self.h"
#include "share/control.h"

struct ppar_pool;

typedef struct pp_record {
  /* Read by members; written by the caller where a loop differs from the one before (pp_loop_describe): lines that
   * stay as they are stay in the members' caches. */
  PP_LINE_ALIGNED pp_loop loop;
  pp_share share;
  uint32_t capacity;         /* Slots. */
  uint32_t number;           /* On the pool's board. */
  pp_atomic_u32 open_groups; /* Of the latest loop. */
  pp_scope scope;            /* What the loop is inside of, itself first. */
  pp_control control;
  pp_counter counter; /* A line of its own. */

  PP_LINE_ALIGNED pp_atomic_u32 active; /* 0: the loop is over, and there is no use in joining it to steal. */
  pp_parking parking;                   /* The caller's, until all is done or there is work to steal. */
  pp_atomic_u64 marks;                  /* pp_scope_marks of the scope. */

  /* The owner's alone, but for what owned.h says. */
  PP_LINE_ALIGNED pp_owned owned;
  pp_pace pace;
  pp_known_table known; /* Which bodies are short. */
  uint32_t loops;       /* Run so far. */
  uint32_t undivided; /* So many auto loops are shared by range, however short: one was not as short as it should be. */
  void *partials_block;
  size_t partials_size;
} pp_record;

static inline pp_record *pp_record_of(pp_owned *owned) { return PP_OWNER_OF(pp_record, owned, owned); }

/* A record of this thread for a loop of `parts` parts on the pool, quiet and now busy; NULL: no memory. */
pp_record *pp_record_acquire(struct ppar_pool *pool, pp_self *self, uint32_t parts);

static inline void pp_record_release(pp_record *record) { pp_store_release(&record->owned.busy, 0); }

/* Opens all groups for record->loop: from here on workers may join. */
void pp_record_open(pp_record *record);

/* Tells workers of the record's loop, and wakes one if any sleeps. */
void pp_record_ring(pp_record *record);

#endif
