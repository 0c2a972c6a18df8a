/* SPDX-License-Identifier: MIT */
/* parking.pml: how a thread that waits falls asleep and is woken by any of several others (lib/claim/parking.h, N1),
 * also for work that is begun inside of what it waits for (lib/pool/waiters.h, V1, V2; lib/pool/waiting.c).
 *
 * A caller runs two loops on one record and waits for the two members of each. One of these hands work back; then it
 * takes that itself, or waits until the caller has it. The other begins a nested loop; it too takes that itself, or
 * waits until the caller does. (The library's threads never wait so, but thus a wake that is lost shows as a
 * deadlock.) There are three threads for the members, so one that has left the first loop may be delayed before it
 * wakes the caller, into the second loop.
 *
 *     wait        pp_wait: is_over, is_busy, park; how long it spins and how often it looks for nested loops are left
 *                 open
 *     park        park and sleep_registered of waiting.c: prepare, find, is_over, pp_waiters_add, sleep,
 *                 pp_waiters_remove, rise; what find has found is run afterwards. That the thread may help once more
 *                 before is in wait; how it sleeps for tasks is deque.pml's
 *     prepare     prepare_to_park of lib/loop/caller.c: pp_parking_prepare, pp_group_announce
 *     find        caller.c's: pp_claim_find of what was handed back
 *     help        help of waiting.c, with the look at the posted loops (lib/loop/source.c)
 *     wake        pp_parking_wake: an exchange, then the unpark
 *     hand_back   of lib/share/batch.c: pp_range_put, then offer of lib/loop/record.c; its ring is for workers, and
 *                 left out
 *     post        post of caller.c: the loop is opened, the bell rung, and then pp_waiters_tell
 *     leave       pp_group_leave, then pp_parking_wake if the waiter bit was set (lib/loop/joiner.c)
 *     sleep, unpark  park.h's contract: comparing the word and falling asleep are one step
 *
 * What is handed back is a release store, which a look may miss as long as nothing that the caller has read says that
 * it was made: so the word of parking.h carries whether its latest value says that. An exchange keeps what the word
 * carried before, a plain store does not. All else is sequentially consistent, as the code asks for: the bell and the
 * number of waiters by name, the group's word since all its changes are read-modify-writes.
 *
 * Checked, on every interleaving of single atomic operations:
 *   N1  no lost wake by who hands work back or leaves: no invalid end state;
 *   V1  no lost wake by who posts a nested loop: the same;
 *   V2  a poster that wakes a waiter finds its entry there, from the beginning of the wake to its end.
 *
 * Mutants: 1 the last looks come before prepare; 2 rise is a plain store; 3 prepare is a plain store; 4 a wake leaves
 * the word as it is; 5 a wake comes before the change; 6 a waiter registers after it has compared the epoch; 7 it
 * does not compare the epoch; 8 it does not register; 9 a poster looks for waiters before it rings; 10 it wakes none
 * of them; 11 a waiter takes its entry off without the lock. */
#define MUTANTS 11
#ifndef MUTANT
#define MUTANT 0
#endif

#define LOOPS 2
#define PLACES 2 /* members of a loop */
#define MEMBERS 3
#define NEVER 15

#define HANDING 0
#define POSTING 1

bool place[PLACES]; /* nobody has it yet */
byte left;          /* the loop's members that have left it; in the group's word */
bool waiter;        /* the same word's bit */
byte members;       /* who are in a loop */

bool asleep;  /* the word of parking.h */
bool carries; /* it says that work was handed back */
bool kernel;  /* the caller sleeps */
bool handed;  /* there is work that was handed back ... */
bool known;   /* ... and the caller has read that */

byte bell, waiters; /* the bell's epoch; registered waiters */
bool lock, entry;   /* the waiters' lock, and the caller's entry in their list */
bool vacant;        /* the nested loop has room */

inline exchange(value) {
  known = known || carries;
  asleep = value
}

inline unpark() { kernel = false }

/* says: the waker has handed work back before. */
inline wake(says) {
  atomic {
    was = asleep;
#if MUTANT != 4
    asleep = false;
#endif
    carries = carries || says
  };
  if
  :: was -> unpark(); was = false
  :: else
  fi
}

inline hand_back() {
#if MUTANT == 5
  wake(false);
#endif
  atomic { handed = true; carries = false; known = false };
#if MUTANT != 5
  wake(true);
#endif
  if
  :: atomic { handed -> handed = false }
  :: true -> !handed
  fi
}

inline tell() {
#if MUTANT != 9
  told = waiters;
#endif
#if MUTANT != 10
  if
  :: told != 0 ->
    atomic { !lock -> lock = true };
    if
    :: entry ->
      wake(false);
      assert(entry) /* V2 */
    :: else
    fi;
    lock = false
  :: else
  fi;
#endif
  told = 0
}

inline post() {
#if MUTANT == 9
  told = waiters;
#endif
  vacant = true;
  bell++;
  tell();
  if
  :: atomic { vacant -> vacant = false }
  :: true -> !vacant
  fi
}

proctype member() {
  byte told;
  bool was;
end_idle:
  do
  :: atomic { place[HANDING] -> place[HANDING] = false; members++ };
    hand_back();
    goto leave
  :: atomic { place[POSTING] -> place[POSTING] = false; members++ };
    post();
leave:
    atomic { was = waiter; left++; members-- };
    if
    :: was -> wake(false)
    :: else
    fi
  od
}

/* Sets found. */
inline find() {
  atomic {
    if
    :: handed -> handed = false; found = true
    :: handed && !known
    :: !handed
    fi
  }
}

inline is_over() { over = (left == PLACES) }

inline help() {
  atomic {
    if
    :: bell != heard -> heard = bell; looks = true
    :: else
    fi
  };
  if
  :: atomic { looks && vacant -> vacant = false; heard = NEVER; looks = false }
  :: atomic { looks && !vacant -> looks = false }
  :: !looks
  fi
}

/* Sets sleeps. */
inline register() {
#if MUTANT == 6
  sleeps = (bell == heard);
#endif
#if MUTANT != 8
  atomic { !lock -> entry = true };
  waiters++;
#endif
#if MUTANT == 7 || MUTANT == 8
  sleeps = true
#elif MUTANT != 6
  sleeps = (bell == heard)
#endif
}

inline unregister() {
#if MUTANT == 8
  skip
#elif MUTANT == 11
  waiters--;
  entry = false
#else
  waiters--;
  atomic { !lock -> entry = false }
#endif
}

inline park() {
#if MUTANT == 1
  find();
  is_over();
#endif
#if MUTANT == 3
  atomic { asleep = true; carries = false };
#else
  atomic { exchange(true) };
#endif
  waiter = true;
#if MUTANT != 1
  find();
  is_over();
#endif
  if
  :: found || over
  :: else ->
    register();
    if
    :: sleeps ->
      sleeps = false;
      atomic { kernel = asleep };
      !kernel
    :: else
    fi;
    unregister()
  fi;
#if MUTANT == 2
  atomic { asleep = false; carries = false };
#else
  atomic { exchange(false) };
#endif
  atomic { found = false; over = false }
}

init {
  byte loop, heard;
  bool found, over, looks, sleeps;
  atomic {
    run member();
    run member();
    run member()
  };
  do
  :: loop < LOOPS ->
    atomic {
      members == 0;
      loop++;
      left = 0;
      waiter = false;
      place[HANDING] = true;
      place[POSTING] = true;
      heard = NEVER
    };
    do /* wait */
    :: left == PLACES -> break
    :: left != PLACES -> find(); found = false
    :: left != PLACES -> help()
    :: left != PLACES -> park()
    od
  :: else -> break
  od
}
