/* SPDX-License-Identifier: MIT */
/* quantity.h: times with their units, as people write them. */
#ifndef BENCH_QUANTITY_H
#define BENCH_QUANTITY_H

/* By value, so that several fit into one printf. */
typedef struct bench_quantity_text {
  char text[16];
} bench_quantity_text;

/* "1.23 ms": three digits that matter, in the largest unit that keeps it at 1 or more. "-" for what is no number. */
bench_quantity_text bench_time_text(double ns);

#endif
