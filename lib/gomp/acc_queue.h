/* SPDX-License-Identifier: MIT */
/* acc_queue.h: OpenACC's queues of work, by their numbers. */
#ifndef PP_GOMP_ACC_QUEUE_H
#define PP_GOMP_ACC_QUEUE_H

/* Ends the program where `async` is the number of no queue. */
void pp_omp_acc_check_queue(const char *routine, int async);

#endif
