/* SPDX-License-Identifier: MIT */
/* plugin.c: what plugins for devices call. No plugin is ever loaded, but a program may be linked to one; what has a
 * meaning without a device is served, and the rest ends the program with a line that names it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "gomp/acc_abi.h"
#include "gomp/acc_device.h"
#include "gomp/acc_prof.h"
#include "gomp/message.h"

enum { TEXT_MOST = 400, DIMENSIONS = 3 };

static _Noreturn void refuse(const char *routine) {
  pp_omp_fatal("%s is for devices' plugins; this library has no devices", routine);
}

/* --- Memory ----------------------------------------------------------------------------------------------- */

static void *or_end(void *block, const char *routine, size_t size) {
  if (block == NULL && size != 0) pp_omp_fatal("%s: no memory for %zu bytes", routine, size);
  return block;
}

/* Plugins free what they get by the C library's free. */
void *GOMP_PLUGIN_malloc(size_t size) { return or_end(malloc(size), "GOMP_PLUGIN_malloc", size); }

void *GOMP_PLUGIN_malloc_cleared(size_t size) { return or_end(calloc(1, size), "GOMP_PLUGIN_malloc_cleared", size); }

void *GOMP_PLUGIN_realloc(void *block, size_t size) {
  return or_end(realloc(block, size), "GOMP_PLUGIN_realloc", size);
}

/* --- Messages --------------------------------------------------------------------------------------------- */

/* Is said where GOMP_DEBUG is set, to whatever but 0. */
void GOMP_PLUGIN_debug(int kind, const char *format, ...) {
  const char *wish = getenv("GOMP_DEBUG");
  va_list arguments;
  (void)kind;
  if (wish == NULL || atoi(wish) == 0) return;
  va_start(arguments, format);
  (void)vfprintf(stderr, format, arguments);
  va_end(arguments);
}

void GOMP_PLUGIN_error(const char *format, ...) {
  char text[TEXT_MOST];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  pp_omp_warn("%s", text);
}

_Noreturn void GOMP_PLUGIN_fatal(const char *format, ...) {
  char text[TEXT_MOST];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  pp_omp_fatal("%s", text);
}

/* --- Devices ---------------------------------------------------------------------------------------------- */

/* What GOMP_OPENACC_DIM says of gangs, workers and elements of vectors. */
int GOMP_PLUGIN_acc_default_dim(unsigned dimension) {
  if (dimension >= DIMENSIONS) pp_omp_fatal("GOMP_PLUGIN_acc_default_dim: invalid dimension argument: %u", dimension);
  return pp_omp_acc_default_dimension(dimension);
}

/* What a plugin keeps for the calling thread: nothing. */
void *GOMP_PLUGIN_acc_thread(void) { return NULL; }

void *GOMP_PLUGIN_goacc_thread(void) { return NULL; }

/* Tells tools of an event on a device. */
void GOMP_PLUGIN_goacc_profiling_dispatch(struct pp_acc_prof_info *where, struct pp_acc_event_info *what,
                                          struct pp_acc_api_info *how) {
  pp_omp_acc_dispatch(where, what, how);
}

_Noreturn void GOMP_PLUGIN_async_unmap_vars(void *variables, int async) {
  (void)variables;
  (void)async;
  refuse("GOMP_PLUGIN_async_unmap_vars");
}

_Noreturn void GOMP_PLUGIN_target_task_completion(void *task) {
  (void)task;
  refuse("GOMP_PLUGIN_target_task_completion");
}

_Noreturn void GOMP_PLUGIN_target_rev(uint64_t function, uint64_t count, uint64_t addresses, uint64_t sizes,
                                      uint64_t kinds, int device, void *queue) {
  (void)function;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  (void)device;
  (void)queue;
  refuse("GOMP_PLUGIN_target_rev");
}
