/* SPDX-License-Identifier: MIT */
/* 01_hello.c: four threads run one function, each at its own pace. */
#include <stdio.h>
#include <unistd.h>

#include <ppar/ppar.h>

static int shared; /* one variable, which all threads see */

static double work(void) {
  double x = 0;
  for (int k = 1; k <= 1000000; k++) x += 1.0 / k;
  return x;
}

static void hello(ppar_team *team, void *arg) {
  (void)arg;
  double own = work(); /* each thread that runs the function has a variable of this name, in a place of its own */
  printf("hello from thread %d of %d in process %d: own is at %p, shared at %p\n", ppar_team_thread(team),
         ppar_team_size(team), (int)getpid(), (void *)&own, (void *)&shared);
}

int main(void) {
  puts("main begins");
  ppar_parallel(hello, NULL, PPAR_OPTIONS(.threads = 4, .name = "hello"));
  puts("main ends");
  return 0;
}
