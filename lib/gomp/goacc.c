/* SPDX-License-Identifier: MIT */
/* goacc.c: what compilers call for OpenACC's constructs. The function that a compiler makes of a compute construct runs
 * on the calling thread, with the addresses of the host's data; constructs for data do nothing but tell tools of it. */
#include <stdarg.h>

#include "gomp/acc_abi.h"
#include "gomp/acc_device.h"
#include "gomp/acc_prof.h"
#include "gomp/acc_queue.h"

/* Kinds of mapping, as compilers number them, in the low byte. */
enum {
  KIND_MASK = 0xff,
  KIND_ALLOC = 0x00,
  KIND_TO = 0x01,
  KIND_FORCE_PRESENT = 0x06,
  KIND_USE_DEVICE = 0x0e,
  KIND_USE_DEVICE_IF_PRESENT = 0x10,
  KIND_ATTACH = 0x50,
  KIND_FORCE_ALLOC = 0x80,
  KIND_FORCE_TO = 0x81
};

/* A construct begins that ends at once. */
static void pass(int construct, int async, int start, int end) {
  pp_omp_acc_span span = {.device_type = PP_ACC_DEVICE_HOST, .construct = construct, .async = async};
  pp_omp_acc_attach();
  pp_omp_acc_tell(&span, start);
  pp_omp_acc_tell(&span, end);
}

/* --- Compute constructs ----------------------------------------------------------------------------------- */

static void compute(void (*function)(void *), void **addresses) {
  pp_omp_acc_span span = {
      .device_type = PP_ACC_DEVICE_HOST, .construct = PP_ACC_CONSTRUCT_PARALLEL, .async = PP_ACC_ASYNC_SYNC};
  pp_omp_acc_attach();
  pp_omp_acc_tell(&span, PP_ACC_COMPUTE_START);
  function(addresses);
  pp_omp_acc_tell(&span, PP_ACC_COMPUTE_END);
}

/* #pragma acc parallel, kernels and serial. What follows the arguments that are named are sizes, a queue, and queues to
 * be waited for, with a 0 at the end. */
void GOACC_parallel_keyed(int flags, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                          unsigned short *kinds, ...) {
  (void)flags;
  (void)count;
  (void)sizes;
  (void)kinds;
  compute(function, addresses);
}

/* The same from compilers before GCC 6. */
void GOACC_parallel(int flags, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                    unsigned short *kinds, int gangs, int workers, int length, int async, int waits, ...) {
  (void)flags;
  (void)count;
  (void)sizes;
  (void)kinds;
  (void)gangs;
  (void)workers;
  (void)length;
  (void)async;
  (void)waits;
  compute(function, addresses);
}

/* --- Data ------------------------------------------------------------------------------------------------- */

/* #pragma acc data, or host_data. */
void GOACC_data_start(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds) {
  int construct = PP_ACC_CONSTRUCT_DATA;
  (void)flags;
  (void)addresses;
  (void)sizes;
  for (size_t i = 0; i < count; i++) {
    int kind = kinds[i] & KIND_MASK;
    if (kind == KIND_USE_DEVICE || kind == KIND_USE_DEVICE_IF_PRESENT) construct = PP_ACC_CONSTRUCT_HOST_DATA;
  }
  pass(construct, PP_ACC_ASYNC_SYNC, PP_ACC_ENTER_DATA_START, PP_ACC_ENTER_DATA_END);
}

void GOACC_data_end(void) {
  pass(PP_ACC_CONSTRUCT_DATA, PP_ACC_ASYNC_SYNC, PP_ACC_EXIT_DATA_START, PP_ACC_EXIT_DATA_END);
}

/* #pragma acc enter data */
void GOACC_enter_data(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds, int async,
                      int waits, ...) {
  (void)flags;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  (void)waits;
  pass(PP_ACC_CONSTRUCT_ENTER_DATA, async, PP_ACC_ENTER_DATA_START, PP_ACC_ENTER_DATA_END);
}

/* #pragma acc exit data */
void GOACC_exit_data(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds, int async,
                     int waits, ...) {
  (void)flags;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  (void)waits;
  pass(PP_ACC_CONSTRUCT_EXIT_DATA, async, PP_ACC_EXIT_DATA_START, PP_ACC_EXIT_DATA_END);
}

static bool is_entering(int kind) {
  return kind == KIND_ALLOC || kind == KIND_TO || kind == KIND_FORCE_PRESENT || kind == KIND_ATTACH ||
         kind == KIND_FORCE_ALLOC || kind == KIND_FORCE_TO;
}

/* The two from compilers before GCC 12: which of them it is, the mappings tell. */
void GOACC_enter_exit_data(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds, int async,
                           int waits, ...) {
  bool entering = false;
  for (size_t i = 0; i < count && !entering; i++) entering = is_entering(kinds[i] & KIND_MASK);
  if (entering) {
    GOACC_enter_data(flags, count, addresses, sizes, kinds, async, waits);
  } else {
    GOACC_exit_data(flags, count, addresses, sizes, kinds, async, waits);
  }
}

/* #pragma acc update */
void GOACC_update(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds, int async, int waits,
                  ...) {
  (void)flags;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  (void)waits;
  pass(PP_ACC_CONSTRUCT_UPDATE, async, PP_ACC_UPDATE_START, PP_ACC_UPDATE_END);
}

/* #pragma acc declare */
void GOACC_declare(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds) {
  (void)flags;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  pp_omp_acc_attach();
}

/* #pragma acc wait: for `waits` queues, whose numbers follow, or for all. */
void GOACC_wait(int async, int waits, ...) {
  va_list numbers;
  pp_omp_acc_attach();
  pp_omp_acc_check_queue("#pragma acc wait", async);
  va_start(numbers, waits);
  for (int i = 0; i < waits; i++) pp_omp_acc_check_queue("#pragma acc wait", va_arg(numbers, int));
  va_end(numbers);
}

/* --- Inside a compute construct --------------------------------------------------------------------------- */

int GOACC_get_num_threads(void) { return 1; }

int GOACC_get_thread_num(void) { return 0; }
