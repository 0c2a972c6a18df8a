/* SPDX-License-Identifier: MIT */
/* devices.h: OpenMP's devices: there is the host alone, which has number 0, the number of devices, and -1.
 *
 * What a construct for devices names as its device is one of these, or another number: it runs on the host all the
 * same, unless OMP_TARGET_OFFLOAD is mandatory. */
#ifndef PP_GOMP_DEVICES_H
#define PP_GOMP_DEVICES_H

#include <stdbool.h>

/* Numbers of devices that have a meaning of their own. */
enum {
  PP_OMP_HOST = 0,
  PP_OMP_INITIAL_DEVICE = -1, /* omp_initial_device */
  PP_OMP_INVALID_DEVICE = -4  /* omp_invalid_device */
};

static inline bool pp_omp_is_host(int device) { return device == PP_OMP_HOST || device == PP_OMP_INITIAL_DEVICE; }

/* Whether OMP_TARGET_OFFLOAD is mandatory. */
bool pp_omp_offload_is_mandatory(void);

/* Ends the program where a construct for `device`, as compilers have it, may not run on the host. */
void pp_omp_need_host(const char *construct, int device);

#endif
