/* SPDX-License-Identifier: MIT */
/* 03_wrong_sum_solution.c: the largest of many numbers. Each thread keeps the largest that it has seen in a place of
 * its own; when all are done, main looks at the four places. */
#include <stdio.h>

#include <ppar/ppar.h>

enum { N = 1000000, THREADS = 4 };

static int x[N];
static int largest[THREADS]; /* of what each thread has seen; all numbers are above 0 */

static void look(ppar_team *team, void *arg) {
  (void)arg;
  int mine = 0;
  ppar_prange(team, i, 0, N, NULL) {
    if (x[i] > mine) mine = x[i];
  }
  largest[ppar_team_thread(team)] = mine;
}

int main(void) {
  for (int64_t i = 0; i < N; i++) x[i] = 1 + (int)(i * 7919 % 1000003);
  ppar_parallel(look, NULL, PPAR_OPTIONS(.threads = THREADS));
  int most = largest[0];
  for (int t = 1; t < THREADS; t++) {
    if (largest[t] > most) most = largest[t];
  }
  int serially = 0;
  for (int i = 0; i < N; i++) {
    if (x[i] > serially) serially = x[i];
  }
  printf("the largest of %d numbers is %d: %s\n", N, most, most == serially ? "right" : "WRONG");
  return 0;
}
