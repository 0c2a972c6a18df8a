// SPDX-License-Identifier: MIT
// devices.c: the programs of devices.f90.
#include "program.h"

int fortran_target(void), fortran_devices(void), fortran_acc(void);

PROGRAM(fortran_target_regions) { EXPECT_EQ(fortran_target(), 0); }
PROGRAM(fortran_device_routines) { EXPECT_EQ(fortran_devices(), 0); }
PROGRAM(fortran_openacc) { EXPECT_EQ(fortran_acc(), 0); }
