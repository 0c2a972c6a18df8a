/* SPDX-License-Identifier: MIT */
/* slices.h: some time in slices of one length, and what a thread did in most of each. */
#ifndef PP_SHOW_SLICES_H
#define PP_SHOW_SLICES_H

#include "show/arena.h"

/* What a thread is doing at some moment, as the construct sees it. */
typedef enum pp_doing {
  PP_DOING_NOT_HERE, /* It has not come yet. */
  PP_DOING_WORK,     /* Chunks, tasks, a region's function; and what is begun inside of these. */
  PP_DOING_LOOKING,  /* Between two of them: it looks for the next one. */
  PP_DOING_WAITING,  /* For the end of the construct, or of one that was begun inside of it. */
  PP_DOING_CRITICAL, /* For a critical section; */
  PP_DOING_BARRIER,  /* at a barrier; */
  PP_DOING_TURN,     /* for its turn. */
  PP_DOING_ASLEEP,
  PP_DOING_ELSEWHERE, /* Works for another construct, which is not inside of its own work. */
  PP_DOINGS
} pp_doing;

/* What a slice shows. */
typedef struct pp_slice {
  uint8_t doing; /* What took most of it. */
  bool odd;      /* Of work: whether the chunk that took most of it is the thread's second, fourth ... */
  bool is_fine;  /* Of work: several chunks, too short for their borders to be seen. */
  bool has_steal;
} pp_slice;

/* A slice while it is made. */
typedef struct pp_tally {
  double spent[PP_DOINGS]; /* In slices. */
  uint64_t piece, best;    /* The piece of work that was met last, and the one that takes most so far. */
  double piece_time, best_time;
  double best_length; /* Of the whole piece, in slices. */
  uint32_t pieces;
  bool has_steal;
} pp_tally;

typedef struct pp_slices {
  pp_tally *tally;
  uint32_t count;
  uint64_t begin, end; /* Of the time. */
  double scale;        /* Slices a nanosecond. */
} pp_slices;

/* False: no memory. */
bool pp_slices_make(pp_slices *slices, pp_arena *arena, uint32_t count, uint64_t begin, uint64_t end);
/* Nothing has been added. */
void pp_slices_clear(pp_slices *slices);

/* The thread did so from one time to another within them; of work: in this piece. What is of one piece in one slice is
 * added without anything else of that slice in between, or counts as several pieces. */
void pp_slices_add(pp_slices *slices, uint64_t from, uint64_t to, pp_doing doing, uint64_t piece);
/* All of a piece has been added. It took from `begin` to `end`, which may lie outside. */
void pp_slices_end_piece(pp_slices *slices, uint64_t begin, uint64_t end, uint64_t piece);
void pp_slices_steal(pp_slices *slices, uint64_t when);

/* What they show. last: the number of the thread's first piece, from which those of later ones go down to 0. */
void pp_slices_read(const pp_slices *slices, uint64_t last, bool with_steals, bool tells_fine, pp_slice *slice);

#endif
