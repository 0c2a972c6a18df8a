/* SPDX-License-Identifier: MIT */
/* tls.h: how the library's thread-local variables are reached. */
#ifndef PP_PLATFORM_TLS_H
#define PP_PLATFORM_TLS_H

/* The initial-exec model makes an access one instruction; the few bytes fit what the C library keeps for
 * libraries that are loaded late. Not under gcc's sanitizers: gcc 12's check for NULL misreads such an address. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define PP_TLS_MODEL __attribute__((tls_model("initial-exec")))
#else
#define PP_TLS_MODEL
#endif

#endif
