/* SPDX-License-Identifier: MIT */
/* pool.h: the default pool, for what is not a call of a program. */
#ifndef PP_API_POOL_H
#define PP_API_POOL_H

#include <stdint.h>

/* The default pool's number of threads, if the pool is there. pp_pools_lock is held. */
void pp_default_pool_resize(uint32_t threads);

#endif
