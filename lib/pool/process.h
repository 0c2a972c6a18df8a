/* SPDX-License-Identifier: MIT */
/* process.h: what happens to pools when the process forks. (Its end is api/pool.c's, which has the default pool.) */
#ifndef PP_POOL_PROCESS_H
#define PP_POOL_PROCESS_H

/* Sees to it that pools are renewed in forked children; the library calls it as it loads. May be called again. */
void pp_process_watch(void);

#endif
