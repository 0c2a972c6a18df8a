/* SPDX-License-Identifier: MIT */
/* front.h: GCC's own environment variables, and OMP_NESTED, which count where ppar's and OpenMP's say nothing:
 *
 *   GOMP_CPU_AFFINITY  CPUs, M, M-N or M-N:STRIDE, with commas or white space between: one place each, to which threads
 *                      are bound                                           as PLACES and PROC_BIND
 *   GOMP_SPINCOUNT     a number, also with k, M, G or T: how many times a thread looks before it sleeps; infinity
 *                                                                          as WAIT_POLICY, before OMP_WAIT_POLICY
 *   GOMP_STACKSIZE     as STACKSIZE
 *   OMP_NESTED         true: no limit; false: 1                            as MAX_ACTIVE_LEVELS */
#ifndef PP_GOMP_FRONT_H
#define PP_GOMP_FRONT_H

/* Hands them on, before the environment is first read. */
void pp_omp_front_begin(void);

#endif
