/* SPDX-License-Identifier: MIT */
/* tuning.h: the numbers that were chosen: how long to spin, how large a batch should be, how many pieces make a loop.
 *
 * Each has its unit and says where it came from. Names in _NS are nanoseconds; the others are counts of what the text
 * names, or bytes where it says so. docs/performance.md tells of most of the measurements. Where no measurement is
 * named, none is recorded, and the number is a guess that has not hurt.
 *
 * Those of the checks of programs are in tuning_checks.h.
 *
 * Not here: what a layout fixes (how many slots share a word, how wide a field is), what arithmetic fixes (how many
 * units 32 bits can number), and what the floor below needs for itself (platform/: the clock's calibration, the sizes
 * of files that it reads, the delays of test builds). */
#ifndef PP_SCHEDULE_TUNING_H
#define PP_SCHEDULE_TUNING_H

#include <stdint.h>

#include "schedule/tuning_trace.h"

/* --- Batches: what a thread takes from its range at once (batches.h) ----------------------------------------- */

enum {
  /* How long a batch should take. One costs some 200 ns (a locked operation, two clock readings, the calls of its
   * bursts), which is 0.3 % of this. Uneven loops were 2 % above the ideal in batches of 16 us, and are 1 % above it in
   * these. Longer ones gain little, and hold more of a loop's end when their thread loses its CPU. */
  PP_BATCH_NS = 64000,

  /* In loops that give each slot few full batches, a batch is at most this part of what a slot has on average. The
   * simulator lost 5.5 % at the end of loops of 250 us on 32 threads without this bound. */
  PP_PART_TAKES = 16,

  /* But it is at least this part of a full one, 16 us: what a batch costs then matters less than that all end
   * together. */
  PP_LEAST_PART = 4,

  /* A batch is run in so many bursts, where the body does not make more of them: a wrong estimate costs one burst. */
  PP_BURSTS = 8,

  /* The estimate may grow by this factor from one batch to the next. */
  PP_GROWTH = 8,

  /* A batch that takes less is too short to measure: it may raise the estimate, not lower it. Also how much of a loop
   * for which nobody was woken shows that it is not short. */
  PP_SHORT_NS = 1000,

  /* The first batch of an unknown body, whose iterations may be slow, is this part of the range ... */
  PP_FIRST_PART = 32,
  /* ... and has no more units than this. */
  PP_FIRST_UNITS = 64,

  /* Large batches end, and their bursts begin, at multiples of so many units: a body's vectors then lie in cache lines
   * as they do in the whole loop. In lines that they straddle a loop in memory takes 2-6 % longer. */
  PP_EVEN_UNITS = 64,
  /* Batches of at least so many units are large in that sense. */
  PP_EVEN_BATCH = 16 * PP_EVEN_UNITS,

  /* What a call of a body costs beside its iterations is at most this part of what the iterations take, where that can
   * be had: auto then loses less than a tenth to one call a slot, by the calls that a rest is too much for. */
  PP_CALL_PART = 16,
  /* A call that costs less is not worth longer pieces, which cannot be divided on the way: a batch has PP_BURSTS. */
  PP_CALL_NS = 250,
  /* Work that cannot be told from the cost of its calls is taken for this part of the time. */
  PP_LEAST_WORK = 32,
  /* One in so many batches begins with three calls that tell what a call costs (probe.h). */
  PP_PROBED_BATCHES = 4,
  /* The second one of these has so many times the others' units, where the batch is long enough, else twice as many:
   * the farther apart, the less what is by chance counts. */
  PP_PROBE_RATIO = 4,
  /* A batch that takes more than so many times what was expected makes what is known of its calls doubtful. */
  PP_SURPRISE = 2,
  /* Loops of one call a slot, where calls are dear, tell nothing: one in so many is begun with three nevertheless,
   * which lengthens it by two calls, 3 % of all. */
  PP_DOUBTED_LOOPS = 64,

  /* Units that take less in all are not divided between a thief and its victim: a steal costs each some 300 ns. */
  PP_DIVIDE_NS = 2000,

  /* An owner keeps what takes less, rather than hand it back: waking a thief takes a few microseconds. */
  PP_KEEP_NS = 4000,

  /* An owner that was asked so long ago, and has not answered, is stuck inside of a body: thieves take from its batch
   * without it. It should answer within a burst, 8 us; what that took too long by is lost to few loops. */
  PP_STUCK_NS = 20000,

  /* Whoever has looked that often after each other, each PP_ASK_NS, sleeps in between: the one whom it waits for may
   * need its CPU. */
  PP_LINGERED = 100
};

/* --- Blocks and pieces of algorithms ------------------------------------------------------------------------- */

enum {
  /* A loop over long pieces of work has so many for each slot, and a range of tasks so many for each thread: the last
   * ones even out what threads lose to others, and one is still long enough. */
  PP_PIECES_PER_SLOT = 8,

  /* The most blocks of a reproducible reduction: 16 for each of 128 slots, so that the last ones even out; 16 KiB of
   * doubles. This and the next two decide the bits of such a reduction, and of a reproducible scan. */
  PP_BLOCKS_MAX = 2048,
  /* So many blocks there are even where the values are large: one for each slot of a large machine. */
  PP_BLOCKS_FEW = 64,
  /* Bytes that the values of all blocks may take, where that leaves PP_BLOCKS_FEW. */
  PP_BLOCKS_BYTES = 64 << 20,
  /* Bytes: a block's value up to this size is folded on the stack, so that no line is shared with a neighbour. */
  PP_LOCAL_VALUE = 64,

  /* Bytes: a block of a scanned array has more than this; a few microseconds' work, worth a claim. It decides the bits
   * of a reproducible scan, too. */
  PP_SCAN_BLOCK_BYTES = 16384,
  /* A scan folds its elements in so many stretches side by side: a fold's steps wait for each other, four cycles each
   * for additions of doubles. It decides the bits of a scan, too. */
  PP_SCAN_STRETCHES = 4,

  /* Elements in a sort's first runs: some 20 us of work with a cheap comparison. */
  PP_SORT_RUN_LEAST = 512,
  /* Elements: runs up to this length are sorted by insertion, without calls and with about as many comparisons. */
  PP_SORT_INSERTED = 8,
  /* Elements: runs shorter than this are merged from the front alone. */
  PP_SORT_PAIRED = 4,
  /* Bytes: larger elements are sorted by pointers to them. */
  PP_SORT_MOVED_MOST = 32
};

/* --- Random numbers ------------------------------------------------------------------------------------------ */

enum {
  /* Numbers that are made at once in a fill: 2 KiB, which stay in the fastest cache until they are converted. */
  PP_RNG_STRETCH = 256,
  /* Numbers in a piece of a fill: 30 us for the fastest kind. Fewer are not worth a loop. */
  PP_RNG_PIECE = 16384,

  /* The next three decide on the order in which ppar_rng_shuffle puts elements, so they never change. Elements: so many
   * are put into order by one thread, where they are, in some 60 us. */
  PP_SHUFFLE_ALONE = 16384,
  /* Elements: a bucket has no more than these on average. With 8 bytes each it stays in a second-level cache. */
  PP_SHUFFLE_BUCKET = 8192,
  /* But there are no more than 2^10 buckets: dealing into more takes a missed address translation an element. */
  PP_SHUFFLE_BUCKET_BITS_MOST = 10,

  /* Blocks of the array have at least so many elements a bucket, or counting the buckets costs more than dealing. */
  PP_SHUFFLE_DEALT_LEAST = 4
};

/* --- Loops that are short by the pace of their bodies -------------------------------------------------------- */

enum {
  /* A worker that finds less work was not worth its coming: it, and the caller after it, fetch about ten lines that the
   * other one has written, a microsecond in all. */
  PP_WORTH_NS = 1000,

  /* An auto loop that takes less on one thread is not shared: a worker that is awake has its half of a loop done
   * some 450 ns after the caller's call at the earliest. */
  PP_ALONE_NS = 1000,

  /* Bodies whose loops a thread remembers, by function and place of the call. A power of two. */
  PP_KNOWN_BODIES = 16,

  /* A loop that takes so many times PP_ALONE_NS was not a short one that lost its CPU for a moment: what was remembered
   * of its body does not hold any more. */
  PP_FAR_OFF = 8,

  /* A body that was remembered as quick, and was far from it, is believed again after so many quick loops ... */
  PP_DOUBTS_FIRST = 64,
  /* ... twice as many each time, up to this. A thread that lost its CPU in a short loop looks the same, so the first
   * number must not cost much: 64 loops that are shared in vain, 13 us. */
  PP_DOUBTS_MOST = 65536,

  /* No sleeper is woken for a loop that takes less: a worker's half of it would be worth nothing (PP_WORTH_NS). */
  PP_WAKE_NS = 2000,

  /* An auto loop that takes less is given out in blocks. Stealing would move data that each thread has in its cache
   * from the loop before: a sum of products over 10000 elements went from 5.6 to 4.4 us. */
  PP_DIVIDED_NS = 12000,

  /* One in so many short loops, and one in so many divided pranges, is timed: the clock can take 20 ns, as long as a
   * short batch. */
  PP_TIMED_LOOPS = 8,

  /* After a loop that was longer than it should be, so many are not given out in blocks: an imbalance is met in one of
   * so many loops. */
  PP_UNDIVIDED_LOOPS = 64,

  /* A dynamic prange of at most so many chunks a thread is shared by a counter, and not by range: of two chunks on two
   * threads it takes 190 ns with its barrier, where it took 380. */
  PP_FEW_CHUNKS = 2,
  /* The same of at most so many chunks in all: the more threads, the longer each waits for the counter's line. Of 16
   * chunks on two threads it takes 590 ns, where it took 1125; of 125 it would take as long. */
  PP_FEW_CHUNKS_IN_ALL = 32,

  /* An auto prange that takes less on one thread is divided: sharing it would cost 0.4 us more. */
  PP_STATIC_NS = 3000,

  /* A divided prange that took more was not short: with its barrier it takes half a microsecond or so. */
  PP_LONG_NS = 6000,

  /* Pranges whose pace a thread remembers, by their places in the program. A power of two. */
  PP_PACES = 8
};

/* --- Threads without work, in a loop or prange that goes on -------------------------------------------------- */

enum {
  /* Between two questions of a waiting thread to others, and between two searches for work that was begun inside of
   * what it waits for: each costs somebody a line. */
  PP_ASK_NS = 2000,

  /* Slots that a thread without work asks at once: each has a line taken from it. */
  PP_BEGGED = 8,

  /* Between two looks at all slots, in teams whose slots take more than one word. */
  PP_TEAM_POLL_NS = 5000,

  /* Scopes further out than so many levels are forgotten: threads that wait there help less. */
  PP_SCOPE_DEPTH = 8,

  /* Of the locks and turns that a thread holds at once, scopes tell of so many: threads that wait for others help
   * less. */
  PP_HELD_MOST = 4
};

/* --- Spinning and sleeping ----------------------------------------------------------------------------------- */

enum {
  /* How long the idle and the waiting spin before they park: long enough to bridge the serial code between two loops of
   * a program, short enough to be 0.5 % of one CPU in gaps of 20 ms. */
  PP_SPIN_NS = 100000,
  /* The same where the wait policy is active. */
  PP_SPIN_ACTIVE_NS = 20000000,
  /* The same where a pool has more threads than there are CPUs: what a spinner waits for may need its CPU. */
  PP_SPIN_CROWDED_NS = 5000,
  /* How long an idle worker spins once its CPU was taken away while it spun (pool/idle_spin.h). */
  PP_SHORTEST_SPIN_NS = 10000,
  /* How long an idle worker that is called at short intervals spins at most, and a thread that waits inside of a loop
   * or region and has its CPU for itself: it bridges a script's lines between two calls of a library. In gaps of 1 ms
   * and more idle workers sleep all but PP_SPIN_NS of the time. */
  PP_LONGEST_SPIN_NS = 500000,
  /* A thread that has lost its CPU twice in this time shares it with others: three time slices of most systems. */
  PP_COMPANY_NS = 10000000,

  /* How long one of the looks takes that GOMP_SPINCOUNT counts: a pause, of 10 to 90 ns by the processor. */
  PP_SPIN_COUNT_NS = 40,

  /* Two looks at the clock this far apart in a spin loop mean that the thread was descheduled in between: the CPUs are
   * shared, and whoever is waited for may need this one. */
  PP_DESCHEDULED_NS = 50000,

  /* Every so often a spinner offers its CPU: the thread that it waits for may be queued behind it. Where nobody is, the
   * offer takes about 300 ns, 3 % of the time between two. */
  PP_YIELD_NS = 10000,
  /* The first offer of a wait comes sooner: two threads that wait for each other may have been put on one CPU. */
  PP_FIRST_YIELD_NS = 1000,
  /* Two threads of a team on one CPU, although there are enough: where the program itself lets one of them spin for the
   * other, each such wait lasts until the system takes the CPU away, 4 ms on many systems. A worker that meets its
   * teammate there after so long, a part of that, moves to another CPU. It takes 5 us. */
  PP_SHARED_CPU_NS = 2000000,
  /* Whoever meets a worker of its team on its CPU at so many waits in a row puts that worker on another one: the two
   * let each other run at each wait, which takes some microseconds, and have one CPU's time for both. */
  PP_SHARED_WAITS = 16,

  /* A worker that the system has woken on its waker's CPU moves to another one: where an idle CPU does not show as
   * idle, as on virtual machines, the two would share one until the system looks again, milliseconds later. After such
   * a move, or one of two teammates, the next is not made before this time has passed. */
  PP_MOVE_GAP_NS = 100000,
  /* That time doubles with each move, up to this, unless the latest has held for PP_MOVE_HOLDS times as long: where
   * other programs have the CPUs moves are in vain again and again. */
  PP_MOVE_MOST_NS = 1000000000,
  PP_MOVE_HOLDS = 8,

  /* Looks of a team's thread, about a microsecond, before it asks the clock. */
  PP_QUICK_LOOKS = 20,

  /* A worker that came in vain polls less often: the pause between two polls begins with this and doubles. */
  PP_FIRST_GAP_NS = 60,
  /* The longest such pause: the first large loop after many small ones may lose it, and the small ones lose a tenth of
   * their time at most. */
  PP_POLL_GAP_NS = 10000,

  /* How long an extra thread sleeps before it ends: starting another one takes some 20 us. */
  PP_EXTRA_IDLE_NS = 2000000000,

  /* Workers that a thread starts at once: each that starts does so too, which makes log T steps for T workers. */
  PP_START_AT_ONCE = 2,
  /* Between two attempts to start workers that the system has refused. */
  PP_RETRY_NS = 100000000,
  /* Between two looks whether the process may run on other CPUs: a little less than the second that is promised. */
  PP_LOOK_NS = 900000000,

  /* Between two looks, in a process whose main thread has called pthread_exit, whether any thread of the program is
   * left. The process ends that much late at most; a look takes some 10 us, 0.02 % of one CPU. */
  PP_WATCH_NS = 50000000
};

/* --- Critical sections --------------------------------------------------------------------------------------- */

enum {
  /* Who finds a lock held looks again after a pause that begins with this and doubles ... */
  PP_CRITICAL_FIRST_PAUSE_NS = 400,
  /* ... up to this: meanwhile the others enter and leave with the line in their cache, which took 44 ns a section
   * instead of 354 with two threads. */
  PP_CRITICAL_LONGEST_PAUSE_NS = 12000,
  /* How long it spins before it parks: waking a sleeper costs whoever leaves more than most sections take. */
  PP_CRITICAL_SPIN_NS = 100000,
  /* Between two attempts to have the memory of a new name's lock. */
  PP_CRITICAL_RETRY_NS = 1000000,
  /* Lists of the table of names. */
  PP_CRITICAL_BUCKETS = 64
};

/* --- OpenMP's allocators ------------------------------------------------------------------------------------- */

enum {
  /* Lists of the table of Fortran's allocatable variables that an allocator has served: programs have few of them at a
   * time. */
  PP_OMP_KNOWN_LISTS = 256
};

/* --- What programs are told ---------------------------------------------------------------------------------- */

enum {
  /* Places of a program whose refused calls are told of, one line each. A program with more of them has said enough,
   * and the search is short. */
  PP_TOLD_PLACES = 64
};

/* --- Memory that is kept ------------------------------------------------------------------------------------- */

enum {
  /* Bytes: a serial reduction's value up to this size lives on the stack. */
  PP_SMALL_PARTIAL = 256,
  /* Bytes: a record gives larger blocks of partial values back after the loop, and a team larger copies of a thread's
   * values after the region. */
  PP_KEPT_PARTIALS = 1 << 20,
  /* Stages of one thread, and turns of a team, that are kept after a region: threads rarely run further ahead of each
   * other with nowait, and each is some hundred bytes. */
  PP_KEPT_STAGES = 64,
  PP_KEPT_TURNS = 64,
  /* Tasks of an OpenMP region that may wait to be run, for each thread; the next ones are run where they are made: few
   * enough that their memory stays in caches, more than threads use up between two looks. GCC's library has as many. */
  PP_OMP_TASKS_MANY = 64,
  /* Tasks that the deque of such a thread has room for before it grows. */
  PP_OMP_DEQUE_SIZE = 64,
  /* A stolen task that takes less was not worth coming for (task/thief.h). */
  PP_OMP_THEFT_NS = 200,
  /* The longest time between two looks of a thread that comes for such tasks alone: its maker then loses a hundredth of
   * its time. */
  PP_OMP_THIEF_GAP_NS = 10000,
  /* Tasks of a taskloop, for each thread, that are made at once: of more, only as many as are taken. */
  PP_OMP_PARTS_FEW = 4,
  /* Half of what is left of a taskloop is offered to others where it takes so long: a theft takes 0.2 to 0.5 us, and as
   * long again until the thread that has nothing to do has found it. */
  PP_OMP_PART_NS = 1000,
  /* Looks at a barrier that have found no task, in a row, after which a thread says so: 1 us or so. */
  PP_OMP_LOOKS_HUNGRY = 32,
  /* Bytes: arguments up to this size lie in the task's own block. */
  PP_OMP_TASK_ROOM = 128,
  /* Bytes: arguments of a taskloop's tasks up to this size lie on the stack of whoever runs some of them. */
  PP_OMP_SERIES_ROOM = 512,
  /* Bytes of blocks of one kind that a thread makes at once. */
  PP_LANE_SLAB = 4096,
  /* Blocks of one kind, for each thread, that are kept from one region to the next one that the same task begins. */
  PP_OMP_BLOCKS_KEPT = 256,
  /* Looks that a waiting thread leaves out after one for tasks that has found none: each moves lines of those that make
   * tasks. */
  PP_OMP_LOOKS_SKIPPED = 7,
  /* Tasks that yield beneath each other, each for a descendant of the one before: in a deeper one taskyield does
   * nothing. A level is some 500 bytes of the library's, and what the program's function needs. */
  PP_OMP_YIELDS_DEEP = 256,
  /* Looks of tasks that yield, in a row, before one that moves whatever lies above what the task may run. */
  PP_OMP_YIELDS_HASTY = 100,
  /* Threads of a region whose counts a waiting thread reads at each look. */
  PP_OMP_LANES_FEW = 4,
  /* Tasks that a task with a priority is compared with, at most: under a lock, and priorities are hints. */
  PP_OMP_PRIORITY_LOOKS = 32,
  /* Pulses on which a team's threads sleep until others are so far in a loop with ordered(n): chosen by the piece's
   * number, so that of neighbouring pieces' threads a post wakes only the one that it may be for. */
  PP_POST_PULSES = 8,
  /* Seats of the smallest team: growing costs a new team. */
  PP_TEAM_LEAST = 8
};

/* Groups in a block of a queue's: as many as are open at once in a recursion of that depth; 2 KB. */
enum { PP_GROUPS_AT_ONCE = 15 };

/* Tasks that a deque has room for before it grows. */
#define PP_DEQUE_FIRST_SIZE UINT64_C(1024)
/* One that has come to have more room than for so many, a megabyte, shrinks when all are done. */
#define PP_DEQUE_KEPT_SIZE UINT64_C(16384)
/* It shrinks once in this time: to have the memory of three million tasks again takes the system some 50 ms. */
#define PP_GIVE_BACK_NS UINT64_C(2000000000)

#endif
