/* SPDX-License-Identifier: MIT */
/* deque.h: a thread's spawned tasks: it pushes and pops at the bottom, thieves steal at the top (Chase and Lev,
 * "Dynamic circular work-stealing deque", SPAA 2005; the orderings after Le, Pop, Cohen and Zappa Nardelli, PPoPP
 * 2013, with seq_cst accesses in the places of their fences).
 *
 * Who touches it: its owner, one thread, pushes, pops and grows it; any thread may look and steal, the owner, too.
 *
 *     index:   ... top                  bottom ...
 *     entries:     [oldest, ..., newest]              empty when top == bottom
 *
 *     owner   push   writes entry bottom, then bottom + 1
 *             pop    bottom - 1, then looks at top; where one entry is left, top + 1 as a thief would
 *             grow   copies into a ring twice as large; the old one stays, since thieves may be reading it
 *             shrink where it is empty: goes back to the smallest ring; the others stay, too, but their pages go
 *     thief   steal  reads top, then bottom, then entry top; takes it by top + 1
 *
 * Invariants
 *   D1  top only grows, by one at a time, each time by the compare-and-swap that takes entry top.
 *   D2  An entry is taken once: entry i by the swap of top from i, or by a pop that saw top < i after it had put
 *       bottom at i. After that pop nobody who reads top == i can read a bottom above i, before the owner pushes
 *       another entry i.
 *   D3  As long as top == i and bottom was once seen above i in that time, entry i is the same and not taken: the
 *       owner takes an entry that is at the top by D1's swap alone. So what a thief learns of the deque between its
 *       reading top and its successful swap holds for the entry that it got.
 *   D4  The owner writes a cell of the ring only when it has seen top above the index that the cell had before. A
 *       thief that reads a cell while it is being written has an older top, and its swap fails.
 *   D5  Oldest-entry rule (for waking, task/queue.h): when entry i has become both pushed and the oldest, either
 *       its pusher sees top == i after the push, or the thief of i - 1 sees bottom > i after the theft.
 *   D6  A ring changes its size or loses its contents only while the deque is empty, but for growing, which leaves the
 *       former ring's contents as they were. Whoever has looked before that has an older top than the next entry's, and
 *       its swap fails, whatever it reads. Whoever looks after that and finds an entry sees the ring that it is in.
 *   D7  Who reads an entry without taking it, and then finds top as it was, has read that entry, as it was there.
 *       Otherwise it may have read parts of another one, or of a ring that this entry has never been in, or
 *       nothing but zeros, and must not follow what it has read.
 *
 * Orderings
 *   push    bottom: store seq_cst     its release half with look (acquire half): the entry and its ring are seen;
 *                                     total order with top's load after it and with steal (D5)
 *           top: load acquire         with steal's release half (D4)
 *   pop     bottom: store, top: load, both seq_cst   total order with look's top, then bottom (D2)
 *           top: cas seq_cst          with steal
 *   look    top: load, bottom: load, both seq_cst    with pop, push
 *   steal   ring: load acquire        with grow's and shrink's release store: the copies are seen; and the ring is as
 *                                     late as the bottom that was seen before it (D6)
 *           top: cas seq_cst          its release half with push's acquire (D4); total order with pop (D2) and with
 *                                     bottom's load after it (D5)
 *   peek    ring: load acquire        as steal
 *           words: load acquire       with push's and grow's release stores: who reads a word of a later entry
 *                                     then sees a top that its writer has seen, above the index (D4, D7)
 *           top: load relaxed         after these
 * In steal the words of an entry are relaxed: what push published before bottom is ordered by bottom, and what is read
 * too late is thrown away (D4).
 *
 * Cost: a push and a pop are one exchange each on the owner's line, about 5 ns; a steal moves two of the victim's lines
 * and the entry's. */
#ifndef PP_CLAIM_DEQUE_H
#define PP_CLAIM_DEQUE_H

#include <assert.h>
#include <stddef.h>

#include "platform/atomics.h"
#include "platform/cache_line.h"
#include "platform/memory.h"
#include "platform/race_checker.h"
#include "schedule/tuning.h"

#define PP_ENTRY_WORDS 8u

/* A task by value. */
typedef struct pp_entry {
  uint64_t word[PP_ENTRY_WORDS];
} pp_entry;

typedef struct pp_cell {
  pp_atomic_u64 word[PP_ENTRY_WORDS];
} pp_cell;

typedef struct pp_ring {
  PP_LINE_ALIGNED uint64_t size; /* a power of two */
  struct pp_ring *smaller;       /* all are freed with the deque */
  pp_entry *aside;               /* size entries that only the owner uses, to put some in another order */
  PP_LINE_ALIGNED pp_cell cells[];
} pp_ring;

typedef struct pp_deque {
  PP_LINE_ALIGNED pp_atomic_u64 top;    /* written by thieves; by the owner with its last entry */
  PP_LINE_ALIGNED pp_atomic_u64 bottom; /* written by the owner */
  _Atomic(pp_ring *) ring;              /* written by the owner, seldom */
  pp_ring *largest;                     /* the owner's: of all that there are */
  pp_ring *first;                       /* the smallest; constant */
} pp_deque;

static inline size_t pp_ring_bytes(uint64_t size) {
  return sizeof(pp_ring) + (size_t)size * (sizeof(pp_cell) + sizeof(pp_entry));
}

static inline pp_ring *pp_ring_make(uint64_t size, pp_ring *smaller) {
  pp_ring *ring = pp_memory_alloc(pp_ring_bytes(size));
  if (ring == NULL) return NULL;
  ring->size = size;
  ring->smaller = smaller;
  ring->aside = (pp_entry *)(void *)&ring->cells[size];
  pp_checks_leave_out(ring, pp_ring_bytes(size));
  return ring;
}

/* size: of its first ring, a power of two. False: no memory. */
static inline bool pp_deque_init(pp_deque *deque, uint64_t size) {
  pp_ring *ring = pp_ring_make(size, NULL);
  pp_store_relaxed(&deque->top, 0);
  pp_store_relaxed(&deque->bottom, 0);
  pp_store_relaxed(&deque->ring, ring);
  deque->largest = deque->first = ring;
  return ring != NULL;
}

/* In a forked child, where its owner is gone and has perhaps just made it larger: it is empty, and has its first ring.
 * The others, of which not all need have been copied at one moment, are left to the process's end. */
static inline void pp_deque_forget(pp_deque *deque) {
  pp_store_relaxed(&deque->bottom, pp_load_relaxed(&deque->top));
  pp_store_relaxed(&deque->ring, deque->first);
  deque->largest = deque->first;
}

/* Nobody looks at it any more. */
static inline void pp_deque_free(pp_deque *deque) {
  pp_ring *ring = deque->largest;
  while (ring != NULL) {
    pp_ring *smaller = ring->smaller;
    pp_memory_free(ring);
    ring = smaller;
  }
}

/* The owner, where it is empty: whether it is larger than `size`, and goes back to its first size, which gives the
 * pages of all larger rings back to the system. */
static inline bool pp_deque_is_larger(pp_deque *deque, uint64_t size) {
  return pp_load_relaxed(&deque->ring)->size > size;
}
static inline void pp_deque_shrink(pp_deque *deque) {
  pp_ring *ring = deque->largest;
  for (; ring->smaller != NULL; ring = ring->smaller)
    pp_memory_give_back(ring->cells, pp_ring_bytes(ring->size) - sizeof *ring);
  pp_store_release(&deque->ring, ring);
}

static inline uint64_t pp_deque_length(uint64_t top, uint64_t bottom) {
  return (int64_t)(bottom - top) > 0 ? bottom - top : 0;
}

static inline void pp_cell_write(pp_cell *cell, const pp_entry *entry, uint32_t words) {
  for (uint32_t w = 0; w < words; w++) pp_store_release(&cell->word[w], entry->word[w]); /* D7 */
}

static inline void pp_cell_read(pp_cell *cell, pp_entry *entry) {
  for (uint32_t w = 0; w < PP_ENTRY_WORDS; w++) entry->word[w] = pp_load_relaxed(&cell->word[w]);
}

/* The owner: a ring twice as large, perhaps one of those that it had before it shrank. */
static inline pp_ring *pp_deque_grow(pp_deque *deque, pp_ring *ring, uint64_t top, uint64_t bottom) {
  pp_ring *larger = deque->largest;
  if (larger == ring) {
    larger = pp_ring_make(ring->size * 2, ring);
    if (larger == NULL) return NULL;
    deque->largest = larger;
  }
  while (larger->smaller != ring) larger = larger->smaller;
  for (uint64_t i = top; i != bottom; i++) {
    pp_entry entry;
    pp_cell_read(&ring->cells[i & (ring->size - 1)], &entry);
    pp_cell_write(&larger->cells[i & (larger->size - 1)], &entry, PP_ENTRY_WORDS);
  }
  pp_store_release(&deque->ring, larger);
  return larger;
}

typedef enum pp_push {
  PP_PUSH_FULL,  /* no memory for a larger ring; nothing was pushed */
  PP_PUSH_ABOVE, /* older entries are there */
  PP_PUSH_OLDEST /* it is the oldest: nobody has been told of it (D5) */
} pp_push;

/* The owner. Only the first `words` of the entry count: each store before the exchange is waited for by it. */
static inline pp_push pp_deque_push(pp_deque *deque, const pp_entry *entry, uint32_t words) {
  uint64_t bottom = pp_load_relaxed(&deque->bottom), top = pp_load_acquire(&deque->top);
  pp_ring *ring = pp_load_relaxed(&deque->ring);
  assert((int64_t)(bottom - top) >= 0);
  if (bottom - top >= ring->size && (ring = pp_deque_grow(deque, ring, top, bottom)) == NULL) return PP_PUSH_FULL;
  pp_cell_write(&ring->cells[bottom & (ring->size - 1)], entry, words);
  pp_store_seq_cst(&deque->bottom, bottom + 1);
  return pp_load_seq_cst(&deque->top) == bottom ? PP_PUSH_OLDEST : PP_PUSH_ABOVE;
}

/* The owner: the newest entry; false: none was left. */
static inline bool pp_deque_pop(pp_deque *deque, pp_entry *entry) {
  uint64_t bottom = pp_load_relaxed(&deque->bottom) - 1, top;
  pp_ring *ring = pp_load_relaxed(&deque->ring);
  bool mine = true;
  pp_store_seq_cst(&deque->bottom, bottom);
  top = pp_load_seq_cst(&deque->top);
  if ((int64_t)(bottom - top) < 0) {
    pp_store_relaxed(&deque->bottom, bottom + 1);
    return false;
  }
  pp_cell_read(&ring->cells[bottom & (ring->size - 1)], entry);
  if (bottom == top) {
    mine = pp_cas_seq_cst(&deque->top, &top, top + 1);
    pp_store_relaxed(&deque->bottom, bottom + 1);
  }
  return mine;
}

/* The owner: reads an entry that is there. */
static inline void pp_deque_read(pp_deque *deque, uint64_t index, pp_entry *entry) {
  pp_ring *ring = pp_load_relaxed(&deque->ring);
  pp_cell_read(&ring->cells[index & (ring->size - 1)], entry);
}

/* Whether there is an entry to steal; *top is then its index. */
static inline bool pp_deque_look(pp_deque *deque, uint64_t *top) {
  *top = pp_load_seq_cst(&deque->top);
  return (int64_t)(pp_load_seq_cst(&deque->bottom) - *top) > 0;
}

/* A thief, after a look that found something: reads the entry with this index, which was there as it was read; if it is
 * then stolen, it still was. False: it is gone, and what was read may be anything (D7). */
static inline bool pp_deque_peek(pp_deque *deque, uint64_t top, pp_entry *entry) {
  pp_ring *ring = pp_load_acquire(&deque->ring);
  pp_cell *cell = &ring->cells[top & (ring->size - 1)];
  for (uint32_t w = 0; w < PP_ENTRY_WORDS; w++) entry->word[w] = pp_load_acquire(&cell->word[w]);
  return pp_load_relaxed(&deque->top) == top;
}

/* A thief, after a look that found something: takes the entry with this index, if it is still there. */
static inline bool pp_deque_steal(pp_deque *deque, uint64_t top, pp_entry *entry) {
  pp_ring *ring = pp_load_acquire(&deque->ring);
  pp_cell_read(&ring->cells[top & (ring->size - 1)], entry);
  return pp_cas_seq_cst(&deque->top, &top, top + 1);
}

#endif
