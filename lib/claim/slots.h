/* SPDX-License-Identifier: MIT */
/* slots.h: how threads join a loop, take its slots, and tell that their work is done. One word, one locked
 * operation to join, one to leave.
 *
 * Who touches it: the loop's caller opens it; workers join and leave; anyone in the loop takes parts; the
 * caller polls it for completion.
 *
 * A loop's slots stand in groups of eight, one word and one line pair a group, so that at most eight threads
 * contend for a word, the caller reads T/8 lines to know that all is done, and a loop of up to eight slots has
 * a single fork-join line. Fields of the word:
 *
 *     done    33 bits  units of work finished by this group's slots; where a counter gives the work out, iterations
 *     joined   8 bits  slots in use by a worker (or, in a team-like loop, by the caller: slot 0)
 *     taken    8 bits  slots whose part, their initial share of the work, somebody has
 *     worked   8 bits  slots whose worker did some of the loop's work and has left: they have a partial value
 *     sharing  1 bit   slots are identities that outlast their part: a worker may join without a part, to steal
 *     waiter   1 bit   the caller sleeps: whoever adds to done wakes it
 *     closed   1 bit   nobody may join
 *
 * States of a slot's bits (joined, taken), in a loop that shares:
 *
 *     open 00 --join--> 11 --leave--> 01 --join as thief--> 11
 *     open 00 --adopt-> 01
 *
 * and in one that does not: open 00 --join--> 11 --leave--> 01; open 00 --adopt by the caller--> 01;
 * in both: 11 --withdraw--> what it was before the join.
 *
 * Invariants
 *   S1  A slot's joined bit is set by one thread's compare-and-swap and cleared by that same thread: a slot is
 *       never in use by two threads.
 *   S2  A taken bit goes from 0 to 1 once in a loop, but for takers that withdraw without having begun: each part has
 *       one taker that runs it.
 *   S3  Without sharing, joined implies taken, and taken by a worker implies joined until it has left: each
 *       part's slot number is in use by its taker alone.
 *   S4  done is the sum of the units whose bodies have returned: units are added after them, with release.
 *       worked is set with the slot's first units, so a complete loop has all its partial values. Who is in and holds
 *       nothing is not waited for. (A loop by counter of 2^33 iterations and more is over when all have left.)
 *   S5  Once closed, or once all are taken in a loop that does not share, no compare-and-swap of a join or an
 *       adoption can succeed, so only leaves (and withdrawals, by members too) change the word, and after the last one
 *       nothing does.
 *   S6  A word is opened by a plain store only in the state that S5 ends in (quiet): no join or leave is lost.
 *
 * A worker that was delayed between its load and its compare-and-swap may succeed on a later loop of the same
 * record whose word looks the same. It then is a member of that loop, as good as any: the descriptor is read
 * after the swap, and all that the join depended on is in the word.
 *
 * Orderings
 *   open    store release      with join, adopt (acquire): the descriptor is seen by members
 *   join    cas acquire        with open; with leave (release): a slot's partial value goes to its next user
 *   adopt   cas acq_rel        with open; with the load of who finds no part any more (share/share.h, E2)
 *   leave   add acq_rel        with the caller's load in done and quiet (acquire): bodies' writes are seen after
 *                              the loop; acquire so that whoever wakes the caller reads the record as it is
 *   withdraw add acq_rel       as leave
 *   wait    or acq_rel         with leave: either the caller sees the units or the leaver sees the waiter
 * Cost: join and leave each take the line once (60-150 ns from another core); a caller alone keeps it and pays
 * about 5 ns per locked operation. */
#ifndef PP_CLAIM_SLOTS_H
#define PP_CLAIM_SLOTS_H

#include <assert.h>

#include "platform/atomics.h"
#include "platform/cache_line.h"

#define PP_GROUP_SLOTS 8u
#define PP_GROUP_MASK 0xffu

#define PP_DONE_MASK ((UINT64_C(1) << 33) - 1)
#define PP_JOINED_SHIFT 33
#define PP_TAKEN_SHIFT 41
#define PP_WORKED_SHIFT 49
#define PP_SHARING (UINT64_C(1) << 57)
#define PP_WAITER (UINT64_C(1) << 58)
#define PP_CLOSED (UINT64_C(1) << 59)

typedef struct pp_group {
  PP_LINE_ALIGNED pp_atomic_u64 word;
  uint32_t preset; /* the caller's: joined bits that stand for no worker (absent slots, and its own) */
} pp_group;

_Static_assert(sizeof(pp_group) == PP_CACHE_LINE, "one line pair a group");

static inline uint32_t pp_group_field(uint64_t word, int shift) { return (uint32_t)(word >> shift) & PP_GROUP_MASK; }

static inline uint64_t pp_group_bits(uint32_t mask, int shift) { return (uint64_t)mask << shift; }

/* S1-S3 as far as one word shows them. */
static inline bool pp_group_is_valid(uint64_t word) {
  uint32_t joined = pp_group_field(word, PP_JOINED_SHIFT), taken = pp_group_field(word, PP_TAKEN_SHIFT);
  return (joined & ~taken) == 0;
}

/* No worker is in, and none can come: the caller may open it again (S5). */
static inline bool pp_group_is_quiet(const pp_group *group, uint64_t word) {
  bool shut =
      (word & PP_CLOSED) != 0 || ((word & PP_SHARING) == 0 && pp_group_field(word, PP_TAKEN_SHIFT) == PP_GROUP_MASK);
  return shut && pp_group_field(word, PP_JOINED_SHIFT) == group->preset;
}

/* The caller: makes a group quiet if no worker is in; one locked operation when it was left open. */
static inline bool pp_group_seize(pp_group *group) {
  uint64_t word = pp_load_acquire(&group->word);
  while (!pp_group_is_quiet(group, word)) {
    if (pp_group_field(word, PP_JOINED_SHIFT) != group->preset) return false;
    if (pp_cas_acquire(&group->word, &word, word | PP_CLOSED)) return true;
  }
  return true;
}

/* The caller: opens a quiet group of `slots` slots for a new loop. In the caller's own group (the first) slot 0
 * and its part are taken; pooled: the parts are given out in another way, all count as taken. */
static inline void pp_group_open(pp_group *group, uint32_t slots, bool first, bool sharing, bool pooled) {
  uint32_t absent = PP_GROUP_MASK & ~((1u << slots) - 1u), own = first ? 1u : 0u;
  uint32_t taken = pooled ? PP_GROUP_MASK : absent | own;
  group->preset = sharing ? absent | own : absent;
  pp_store_release(&group->word, pp_group_bits(group->preset, PP_JOINED_SHIFT) | pp_group_bits(taken, PP_TAKEN_SHIFT) |
                                     pp_group_bits(own, PP_WORKED_SHIFT) | (sharing ? PP_SHARING : 0));
}

/* The caller: nobody may join any more. Returns the word as it was. */
static inline uint64_t pp_group_close(pp_group *group) { return pp_or_acq_rel(&group->word, PP_CLOSED); }

/* What a join brought. */
typedef struct pp_join {
  int slot;  /* within the group; -1: none */
  bool part; /* with the slot's part */
  bool anew; /* nobody has worked under the slot in this loop: it has no partial value */
} pp_join;

/* The first set bit of mask at or after `from`, around the group. mask is not 0. */
static inline uint32_t pp_group_pick(uint32_t mask, uint32_t from) {
  uint32_t after = mask & (PP_GROUP_MASK << from);
  return (uint32_t)__builtin_ctz(after != 0 ? after : mask);
}

/* A worker: takes a slot, `preferred` if it can, with its part if nobody has that. as_thief: a slot without a
 * part will do. */
static inline pp_join pp_group_join(pp_group *group, uint32_t preferred, bool as_thief) {
  pp_join none = {-1, false, false};
  uint64_t word = pp_load_relaxed(&group->word);
  for (;;) {
    uint32_t parts = ~pp_group_field(word, PP_TAKEN_SHIFT) & PP_GROUP_MASK;
    uint32_t free = parts, slot;
    assert(pp_group_is_valid(word));
    if ((word & PP_CLOSED) != 0) return none;
    if (free == 0 && as_thief && (word & PP_SHARING) != 0)
      free = ~pp_group_field(word, PP_JOINED_SHIFT) & PP_GROUP_MASK;
    if (free == 0) return none;
    slot = pp_group_pick(free, preferred);
    uint64_t mine = pp_group_bits(1u << slot, PP_JOINED_SHIFT) | pp_group_bits(1u << slot, PP_TAKEN_SHIFT);
    if (pp_cas_acquire(&group->word, &word, word | mine)) {
      pp_join join = {(int)slot, (parts >> slot & 1u) != 0, (pp_group_field(word, PP_WORKED_SHIFT) >> slot & 1u) == 0};
      return join;
    }
  }
}

/* Whether there are parts that nobody has. */
static inline bool pp_group_has_parts(pp_group *group) {
  uint64_t word = pp_load_acquire(&group->word);
  return pp_group_field(word, PP_TAKEN_SHIFT) != PP_GROUP_MASK && (word & PP_CLOSED) == 0;
}

/* Anyone in the loop: takes the parts of neighbouring slots that nobody has, up to `most`, without their
 * slots. Returns how many, from *first on. */
static inline uint32_t pp_group_adopt(pp_group *group, uint32_t most, uint32_t *first) {
  uint64_t word = pp_load_acquire(&group->word);
  for (;;) {
    uint32_t parts = ~pp_group_field(word, PP_TAKEN_SHIFT) & PP_GROUP_MASK, slot, count;
    if (parts == 0 || (word & PP_CLOSED) != 0) return 0;
    slot = (uint32_t)__builtin_ctz(parts);
    count = (uint32_t)__builtin_ctz(~(parts >> slot));
    if (count > most) count = most;
    if (pp_cas_acq_rel(&group->word, &word, word | pp_group_bits(((1u << count) - 1u) << slot, PP_TAKEN_SHIFT))) {
      *first = slot;
      return count;
    }
  }
}

/* A worker: adds its finished units and gives its slot up; worked: these are the slot's first (see join.anew).
 * Returns true when the caller must be woken. */
static inline bool pp_group_leave(pp_group *group, uint32_t slot, uint64_t units, bool worked) {
  uint64_t mark = worked ? pp_group_bits(1u << slot, PP_WORKED_SHIFT) : 0; /* 0 until now: an addition sets it */
  uint64_t before = pp_add_acq_rel(&group->word, units + mark - pp_group_bits(1u << slot, PP_JOINED_SHIFT));
  return (before & PP_WAITER) != 0;
}

/* A worker that finds after all that the loop is none of its business: gives the slot up, and the part that came with
 * it, untouched. Returns true when the caller must be woken. */
static inline bool pp_group_withdraw(pp_group *group, uint32_t slot, bool part) {
  uint64_t bits = pp_group_bits(1u << slot, PP_JOINED_SHIFT) | (part ? pp_group_bits(1u << slot, PP_TAKEN_SHIFT) : 0);
  return (pp_add_acq_rel(&group->word, 0 - bits) & PP_WAITER) != 0;
}

/* The caller, about to sleep: from now on leavers wake it. Returns the word after. */
static inline uint64_t pp_group_announce(pp_group *group) { return pp_or_acq_rel(&group->word, PP_WAITER) | PP_WAITER; }

#endif
