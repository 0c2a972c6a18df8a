/* SPDX-License-Identifier: MIT */
/* 01_hello_solution.c: each thread leaves its value in a place of its own; main prints them, in order. */
#include <stdio.h>

#include <ppar/ppar.h>

static int squares[4];

static void square(ppar_team *team, void *arg) {
  (void)arg;
  int t = ppar_team_thread(team);
  squares[t] = t * t;
}

int main(void) {
  ppar_parallel(square, NULL, PPAR_OPTIONS(.threads = 4));
  for (int t = 0; t < 4; t++) printf("thread %d: %d\n", t, squares[t]);
  return 0;
}
