/* SPDX-License-Identifier: MIT */
/* svg_panel.h: what is drawn of one construct: pieces of work and waits, each as long as can be seen; steals; and which
 * thread ran which iterations.
 *
 * What is too short to be seen is put together with what is beside it and of its kind: the picture's size does not
 * depend on how much was recorded. What was put together keeps the part of its time that it really takes, and is
 * drawn that high, so that areas are true. */
#ifndef PP_SHOW_SVG_PANEL_H
#define PP_SHOW_SVG_PANEL_H

#include "show/rows.h"

typedef enum pp_svg_kind {
  PP_SVG_CHUNK,
  PP_SVG_TASK,
  PP_SVG_PART,  /* A region's function. */
  PP_SVG_INNER, /* Work for another construct. */
  PP_SVG_END_WAIT,
  PP_SVG_BARRIER_WAIT,
  PP_SVG_CRITICAL_WAIT,
  PP_SVG_TURN_WAIT,
  PP_SVG_SLEEP,
  PP_SVG_CRITICAL,
  PP_SVG_TURN,
  PP_SVG_KINDS
} pp_svg_kind;

static inline bool pp_svg_is_work(pp_svg_kind kind) { return kind <= PP_SVG_INNER; }

typedef struct pp_svg_item {
  uint64_t begin, end;  /* ns from the construct's begin, no later than its end. */
  uint64_t spent;       /* How much of that it is, where several were put together. */
  uint64_t pieces;      /* So many. */
  uint64_t first, last; /* Of chunks: the lowest and the highest iteration's number. */
  uint64_t count;       /* Iterations. */
  uint32_t construct;
  uint16_t slot;
  uint8_t kind;  /* pp_svg_kind */
  uint8_t flags; /* Of its event. */
  uint8_t depth; /* So many pieces of work is it inside of, since the latest wait. */
  uint8_t wait;  /* Of a sleep: the kind of the wait that it is a part of; PP_SVG_KINDS: of none. */
} pp_svg_item;

/* A thread. */
typedef struct pp_svg_row {
  const pp_row *told;
  uint64_t last;     /* When its last work ended, from the construct's begin. */
  pp_svg_item *item; /* What contains others comes before them; the latest first. */
  uint64_t count, room;
  float *bin; /* How much of each bin of iterations it ran; NULL: there is no map. */
} pp_svg_row;

typedef struct pp_svg_steal {
  uint64_t at, count, times; /* When, how much, in so many steals. */
  uint32_t thief, victim;    /* Their rows. */
} pp_svg_steal;

typedef struct pp_svg_panel {
  const pp_run *run;
  const pp_run_construct *construct;
  pp_rows rows;
  pp_svg_row *row;
  uint64_t length; /* ns */
  uint32_t bins;   /* Of the map; 0: there is none. */
  double bin_size; /* Iterations of each; of the last one perhaps fewer. */
  uint64_t parts;  /* Of the map, as it is drawn. */
  pp_svg_steal *steal;
  uint64_t steals, steal_room;
  uint64_t cancelled;               /* When, 0: it was not. */
  uint32_t occurs;                  /* Bits by pp_svg_kind. */
  bool sleeps_waiting, sleeps_idle; /* A sleep is a part of a wait, or of none. */
  bool has_stolen;                  /* Stolen tasks. */
  bool has_many;                    /* Several chunks put together. */
  bool is_cut;                      /* There was not enough memory for all. */
  uint64_t titled_from;             /* Items of so many ns get titles, of so many */
  uint64_t seen_from;               /* are seen, */
  uint64_t least;                   /* and those of fewer than this are put together. */
  const char *words;
} pp_svg_panel;

/* width: of the threads' time, in pixels. False: no memory. */
bool pp_svg_panel_make(pp_svg_panel *panel, const pp_run *run, const pp_run_construct *construct, double width);

/* The iteration's index in the program. */
static inline int64_t pp_svg_index(const pp_construct *of, uint64_t iteration) {
  return (int64_t)((uint64_t)of->index + iteration * (uint64_t)of->step);
}

/* Of iteration `first` and those after it: how far it is from each to the next. */
static inline uint64_t pp_svg_stride(const pp_construct *of, uint8_t flags) {
  return (flags & PP_EVENT_STRIDED) != 0 && of->slots != 0 ? of->slots : 1;
}

#endif
