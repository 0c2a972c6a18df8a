/* SPDX-License-Identifier: MIT */
/* shared.h: names that libgomp.so.1 (lib/gomp) finds in libppar.so. No program may use them: they change with every
 * release, and the version node PPAR_PRIVATE of ppar.map says so. Protected where they are defined: nobody can replace
 * them, so the library itself calls them as it calls its hidden names. */
#ifndef PP_PLATFORM_SHARED_H
#define PP_PLATFORM_SHARED_H

#ifdef PP_GOMP
#define PP_SHARED __attribute__((visibility("default")))
#else
#define PP_SHARED __attribute__((visibility("protected")))
#endif

#endif
