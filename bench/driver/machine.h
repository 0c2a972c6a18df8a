/* SPDX-License-Identifier: MIT */
/* machine.h: the machine the figures are from, and its physical unit. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stddef.h>

typedef struct bench_machine {
  char processor[128];
  char system[192];
  int cpus;            /* that this process may use */
  double roundtrip_ns; /* a cache line from one CPU to another and back; 0: not known, as where there is only one */
  double two_lines_ns; /* the same where the answer comes in another line */
  double others;       /* CPUs that other programs, or the host of a virtual machine, kept busy during the run */
  double stolen;       /* the part of the CPUs' ticks that the host took for itself meanwhile */
} bench_machine;

/* More than this part of a CPU, and the figures are disturbed. */
#define BENCH_OTHERS_MAX 0.1

/* The number of CPUs in the affinity mask. */
int bench_machine_cpus(void);

/* Takes some 100 ms for the round trips. */
void bench_machine_measure(bench_machine *out);

/* The round trip again, within a millisecond on a machine of one's own; 0 as above. The lower quartile of a few short
 * batches: a processor that has to be woken first, or is taken away meanwhile, does not show. */
double bench_machine_roundtrip(void);

/* Processor time, in seconds, up to now. */
typedef struct bench_usage {
  double wall, all, own; /* own: of this process and of its children that have ended */
  double stolen;         /* by the host of a virtual machine; part of all */
} bench_usage;

bench_usage bench_usage_now(void);

/* The CPUs that others kept busy between the two moments; 0 where the system does not say. */
double bench_usage_others(const bench_usage *start, const bench_usage *end);

/* The part of all CPUs' time between the two moments that the host took. */
double bench_usage_stolen(const bench_usage *start, const bench_usage *end);

#endif
