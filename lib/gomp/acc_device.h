/* SPDX-License-Identifier: MIT */
/* acc_device.h: OpenACC's device, which is the host.
 *
 * It is chosen once a program, by the first construct or routine that needs one, and each thread is attached to it when
 * it first needs it. acc_init and acc_shutdown say when it is in use; that has no effect but on what they say when they
 * are called at the wrong time. */
#ifndef PP_GOMP_ACC_DEVICE_H
#define PP_GOMP_ACC_DEVICE_H

#include <stdbool.h>

/* Attaches the calling thread to the device, and chooses that if nobody has. Ends the program where the environment
 * asks for another device than the host. */
void pp_omp_acc_attach(void);

/* What ACC_DEVICE_NUM says; 0 where it says nothing. */
int pp_omp_acc_default_number(void);

/* So many gangs, workers or elements of a vector (0, 1, 2) the variable GOMP_OPENACC_DIM wants; 0: it says nothing. */
int pp_omp_acc_default_dimension(unsigned dimension);

#endif
