/* SPDX-License-Identifier: MIT */
/* self.h: what the library keeps for each thread that ever came by. */
#ifndef PP_POOL_SELF_H
#define PP_POOL_SELF_H

#include <stdbool.h>

struct pp_record;

typedef struct pp_self {
  int thread_num;            /* of the innermost loop */
  int num_threads;           /* of the innermost loop; 0 outside */
  int depth;                 /* how many loops this thread is inside */
  bool leaves;               /* its records are given back when it ends */
  struct pp_record *records; /* those it owns (record.h) */
} pp_self;

/* The initial-exec model makes an access one instruction; the few bytes fit what the C library keeps for
 * libraries that are loaded late. Not under gcc's sanitizers: gcc 12's check for NULL misreads such an address. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define PP_TLS_MODEL __attribute__((tls_model("initial-exec")))
#else
#define PP_TLS_MODEL
#endif

extern _Thread_local pp_self pp_self_of_thread PP_TLS_MODEL;

static inline pp_self *pp_self_get(void) { return &pp_self_of_thread; }

#endif
