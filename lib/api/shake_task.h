/* SPDX-License-Identifier: MIT */
/* shake_task.h: tasks under PPAR_SHAKE: they begin late, or together with another one. */
#ifndef PP_API_SHAKE_TASK_H
#define PP_API_SHAKE_TASK_H

#include <stdint.h>

#include <ppar/task.h>

/* What a copy of must be the argument of pp_shake_run_task, so that it runs task(arg). */
typedef struct pp_shaken_task {
  ppar_task *task;
  void *arg;
  uint64_t identity;
} pp_shaken_task;

/* A task is spawned. */
pp_shaken_task pp_shake_spawn(ppar_task *task, void *arg);
void pp_shake_run_task(void *shaken);

/* A group's owner is about to run what nobody has stolen: perhaps thieves get some time. */
void pp_shake_wait(void);

#endif
