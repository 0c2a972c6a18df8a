/* SPDX-License-Identifier: MIT */
/* exported.h: how the names of gomp.map are marked where they are declared. */
#ifndef PP_GOMP_EXPORTED_H
#define PP_GOMP_EXPORTED_H

#define PP_OMP_API __attribute__((visibility("default")))

#endif
