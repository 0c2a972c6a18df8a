/* SPDX-License-Identifier: MIT */
/* acc_queue.c: OpenACC's queues of work. On the host all work is done by the time that its construct returns, so a wait
 * is over at once; what is left is to refuse queues that cannot be. */
#include "gomp/acc_queue.h"

#include "gomp/acc_abi.h"
#include "gomp/acc_device.h"
#include "gomp/message.h"

void pp_omp_acc_check_queue(const char *routine, int async) {
  if (async < PP_ACC_ASYNC_SYNC) {
    pp_omp_fatal("%s: invalid async-argument: %d (0 or more, acc_async_noval or acc_async_sync allowed)", routine,
                 async);
  }
}

static void come_to(const char *routine, int async) {
  pp_omp_acc_attach();
  pp_omp_acc_check_queue(routine, async);
}

/* Whether all work of the queue is done. */
int acc_async_test(int async) {
  come_to("acc_async_test", async);
  return 1;
}

int acc_async_test_all(void) {
  pp_omp_acc_attach();
  return 1;
}

/* Returns when it is. acc_async_wait is the older name. */
void acc_wait(int async) { come_to("acc_wait", async); }

void acc_async_wait(int async) { come_to("acc_async_wait", async); }

/* Has the second queue wait for the first. */
void acc_wait_async(int async, int waiter) {
  come_to("acc_wait_async", async);
  come_to("acc_wait_async", waiter);
}

/* The same with all queues. */
void acc_wait_all(void) { pp_omp_acc_attach(); }

void acc_async_wait_all(void) { pp_omp_acc_attach(); }

void acc_wait_all_async(int waiter) { come_to("acc_wait_all_async", waiter); }

/* --- Fortran ---------------------------------------------------------------------------------------------- */

int32_t acc_async_test_h_(const int32_t *async) { return acc_async_test(*async); }

int32_t acc_async_test_all_h_(void) { return acc_async_test_all(); }

void acc_wait_h_(const int32_t *async) { acc_wait(*async); }

void acc_wait_async_h_(const int32_t *async, const int32_t *waiter) { acc_wait_async(*async, *waiter); }

void acc_wait_all_h_(void) { acc_wait_all(); }

void acc_wait_all_async_h_(const int32_t *waiter) { acc_wait_all_async(*waiter); }
