/* SPDX-License-Identifier: MIT */
/* ppar.h: OpenMP's loop model as a C library; includes every public header. */
#ifndef PPAR_PPAR_H
#define PPAR_PPAR_H

#include <ppar/atomic.h>
#include <ppar/base.h>
#include <ppar/clock.h>
#include <ppar/loop.h>
#include <ppar/loop_nd.h>
#include <ppar/memory.h>
#include <ppar/operators.h>
#include <ppar/options.h>
#include <ppar/per_thread.h>
#include <ppar/pool.h>
#include <ppar/prange.h>
#include <ppar/reduce.h>
#include <ppar/rng.h>
#include <ppar/rng_arrays.h>
#include <ppar/scan.h>
#include <ppar/schedule.h>
#include <ppar/sort.h>
#include <ppar/status.h>
#include <ppar/task.h>
#include <ppar/team.h>
#include <ppar/version.h>

#endif
