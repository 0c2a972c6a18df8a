/* SPDX-License-Identifier: MIT */
/* ending.h: a process whose main thread has called pthread_exit ends with the last of the program's threads, although
 * the library's own are still there (ending.c). */
#ifndef PP_POOL_ENDING_H
#define PP_POOL_ENDING_H

/* Has the library told when the calling thread ends, should it be the main one. May be called again. */
void pp_ending_know_main(void);

/* One of the program's threads that used the library ends. */
void pp_ending_thread_leaves(void);

/* A thread of the library's own has been started. */
void pp_ending_thread_started(void);

/* In a forked child, whose main thread is the calling one. */
void pp_ending_renew(void);

/* The library is unloaded: no thread may be left in its code, and none may come back to it. */
void pp_ending_forget(void);

#endif
