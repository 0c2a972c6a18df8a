/* SPDX-License-Identifier: MIT */
/* company.h: whether a thread shares its CPU with others: it has lost it twice in a short time, to another program or
 * to another thread of this one. Then spinning takes time from whoever it waits for, and from itself later on. Who
 * spins sees that it has lost its CPU by the clock; the system counts how often it was made to give it away. */
#ifndef PP_POOL_COMPANY_H
#define PP_POOL_COMPANY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pp_company {
  uint64_t lost, before; /* Ticks: when the thread was last seen to have lost its CPU, and the time before that. */
  uint64_t preemptions;  /* As the system had counted them ... */
  uint64_t asked;        /* ... when it was asked the last time; 0: it has not been. */
} pp_company;

/* The calling thread, whose this is, has seen that it lost its CPU just now. */
void pp_company_lost_cpu(pp_company *company, uint64_t now);

/* Asks the system, which takes about as long as a sleeper's way to sleep. True: the calling thread shares its CPU. */
bool pp_company_ask(pp_company *company, uint64_t now);

/* As far as it is known. */
bool pp_company_is_known(const pp_company *company, uint64_t now);

#endif
