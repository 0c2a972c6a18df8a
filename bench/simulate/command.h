/* SPDX-License-Identifier: MIT */
/* command.h: --simulate. */
#ifndef BENCH_SIMULATE_COMMAND_H
#define BENCH_SIMULATE_COMMAND_H

#include "driver/arguments.h"

/* Simulates what is asked for and writes it; returns the exit status. A file of costs that cannot be used: one
 * line on standard error, 2. */
int bench_simulate_command(const bench_arguments *arguments);

/* The part of --help on its options. */
void bench_simulate_help(void);

#endif
