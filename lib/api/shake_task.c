/* SPDX-License-Identifier: MIT */
/* shake_task.c: a task that is called by way of another one. */
#include "api/shake_task.h"

#include "api/shaker.h"
#include "schedule/tuning_checks.h"

static pp_rendezvous tasks; /* all of the process */
PP_CHECKS_LEAVE_OUT(tasks)

pp_shaken_task pp_shake_spawn(ppar_task *task, void *arg) {
  return (pp_shaken_task){task, arg, pp_shaker_decide(pp_shaker_get()).state};
}

/* Three of four tasks wait for another one to begin with. */
void pp_shake_run_task(void *shaken) {
  const pp_shaken_task *t = shaken;
  pp_shaker *shaker = pp_shaker_get();
  pp_shaken_place before = pp_shaker_enter(shaker, t->identity, NULL);
  pp_dice dice = {t->identity};
  if (pp_dice_roll(&dice, 4) != 0) {
    pp_shaker_meet(shaker, &tasks, &dice);
  } else {
    pp_shaker_perhaps(shaker, &dice);
  }
  t->task(t->arg);
  shaker->place = before;
}

void pp_shake_wait(void) {
  pp_shaker *shaker = pp_shaker_get();
  pp_dice dice = pp_shaker_decide(shaker);
  if (pp_dice_roll(&dice, 2) == 0) pp_shaker_hold_up(shaker, pp_dice_roll(&dice, PP_SHAKE_LONG_NS));
}
