/* SPDX-License-Identifier: MIT */
/* acc_prof.h: OpenACC's profiling interface: tools register functions, which are called as constructs begin and end.
 *
 * Without a device few events happen: the device, which is the host, is made ready; constructs begin and end. */
#ifndef PP_GOMP_ACC_PROF_H
#define PP_GOMP_ACC_PROF_H

#include "gomp/acc_abi.h"
#include "platform/atomics.h"

/* acc_event_t: those that happen, and how many there are. */
enum {
  PP_ACC_EVENT_NONE = 0,
  PP_ACC_DEVICE_INIT_START = 1,
  PP_ACC_DEVICE_INIT_END = 2,
  PP_ACC_ENTER_DATA_START = 10,
  PP_ACC_ENTER_DATA_END = 11,
  PP_ACC_EXIT_DATA_START = 12,
  PP_ACC_EXIT_DATA_END = 13,
  PP_ACC_UPDATE_START = 14,
  PP_ACC_UPDATE_END = 15,
  PP_ACC_COMPUTE_START = 16,
  PP_ACC_COMPUTE_END = 17,
  PP_ACC_EVENTS = 26
};

/* acc_construct_t: what is told to have caused an event. */
enum {
  PP_ACC_CONSTRUCT_PARALLEL = 0,
  PP_ACC_CONSTRUCT_DATA = 3,
  PP_ACC_CONSTRUCT_ENTER_DATA = 4,
  PP_ACC_CONSTRUCT_EXIT_DATA = 5,
  PP_ACC_CONSTRUCT_HOST_DATA = 6,
  PP_ACC_CONSTRUCT_UPDATE = 12,
  PP_ACC_CONSTRUCT_ROUTINE = 15
};

/* acc_register_t */
enum { PP_ACC_REGISTER = 0, PP_ACC_TOGGLE = 1, PP_ACC_TOGGLE_THREAD = 2 };

/* What a callback is given, as OpenACC 2.6 lays it out. Where nothing is known a number is -1. */
typedef struct pp_acc_prof_info {
  int event, valid_bytes, version;
  int device_type, device_number, thread_id;
  ptrdiff_t async, queue;
  const char *source_file, *function_name;
  int line, end_line, function_line, function_end_line;
} pp_acc_prof_info;

typedef struct pp_acc_event_info {
  int event, valid_bytes;
  int construct, implicit;
  void *tool_info; /* The tool's: what it writes at the start it finds at the end. */
} pp_acc_event_info;

typedef struct pp_acc_api_info {
  int api, valid_bytes;
  int device_type, vendor;
  const void *device, *context, *async;
} pp_acc_api_info;

/* From one event to the one that ends it. */
typedef struct pp_omp_acc_span {
  int device_type, construct;
  int async;     /* The queue that the program named. */
  bool implicit; /* The program did not ask for it. */
  void *tool_info;
} pp_omp_acc_span;

/* How many functions are registered. Relaxed: a thread learns of the function of another one when that other has told
 * it, by whatever means; the list itself is read under its lock. */
extern pp_atomic_u32 pp_omp_acc_registered;

void pp_omp_acc_tell_all(pp_omp_acc_span *span, int event);

/* Tells all registered functions of the event. One load where there are none. */
static inline void pp_omp_acc_tell(pp_omp_acc_span *span, int event) {
  if (pp_load_relaxed(&pp_omp_acc_registered) != 0) pp_omp_acc_tell_all(span, event);
}

/* The same, where a plugin made what the functions are given. */
void pp_omp_acc_dispatch(pp_acc_prof_info *where, pp_acc_event_info *what, pp_acc_api_info *how);

#endif
