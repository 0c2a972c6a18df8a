/* SPDX-License-Identifier: MIT */
/* rows.h: what each thread did while one construct ran: in slices of time of one length, and in all. */
#ifndef PP_SHOW_ROWS_H
#define PP_SHOW_ROWS_H

#include "show/costs.h"
#include "show/map.h"
#include "show/run.h"
#include "show/slices.h"

typedef struct pp_row {
  uint32_t thread;        /* The run's. */
  uint32_t number;        /* The slot that it ran most of; of regions its number in the team, of tasks in the pool. */
  uint32_t slots;         /* So many slots it ran some of. */
  uint64_t first, last;   /* When its first piece of work began, and its last one ended; without any: when it came. */
  uint64_t before, after; /* How long it did nothing before that, and after. */
  uint64_t spent[PP_DOINGS];   /* Between these. */
  uint64_t pieces, iterations; /* Chunks or tasks. */
  uint64_t longest_last;       /* How long its last piece took. */
  uint64_t steals, stolen;     /* How often it stole; tasks that it had stolen. */
  pp_event at;                 /* The innermost thing that it was in the middle of; kind PP_EVENT_NONE: nothing. */
  pp_slice *slice;
} pp_row;

typedef struct pp_rows {
  const pp_run_construct *construct;
  pp_row *row; /* By number. */
  uint32_t count;
  uint32_t slices;                   /* Of each row; together they take the construct's time. */
  uint64_t work, pieces, iterations; /* Of all. */
  uint64_t groups; /* Task groups: more than one where further ones are begun in the group's tasks at the same place. */
  double differ;   /* pp_costs_ratio */
} pp_rows;

/* Of the threads that took part in the construct. To a task group belong those that are begun at the same place in its
 * tasks, as in recursive functions. maps: `map_count` of them that are told of its chunks. False: no
 * memory. Time: so much for each event that the threads recorded since it began. */
bool pp_rows_make(pp_rows *rows, const pp_run *run, const pp_run_construct *construct, uint32_t slices, pp_map *maps,
                  uint32_t map_count);

#endif
