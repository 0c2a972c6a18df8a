/* SPDX-License-Identifier: MIT */
/* clock.c: the public face of platform/clock.h, in seconds. */
#include <ppar/clock.h>

#include "platform/clock.h"

double ppar_wtime(void) { return (double)pp_clock_ns() * 1e-9; }

double ppar_wtick(void) { return (double)pp_clock_resolution_ns() * 1e-9; }
