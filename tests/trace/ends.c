/* SPDX-License-Identifier: MIT */
/* ends.c: a program that ends in the way that its argument names; ends.py looks at what is shown of it. */
#include <fcntl.h>
#include <ppar/ppar.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALL_STACK = 32 << 10 /* bytes */ };

static const char *how;
static volatile int *volatile nowhere = (volatile int *)8;

static void count(const ppar_chunk *chunk, void *arg) {
  __atomic_fetch_add((uint64_t *)arg, chunk->count, __ATOMIC_RELAXED);
}

static void loop(const char *name) {
  uint64_t sum = 0;
  if (ppar_parallel_for(0, 1000, count, &sum, PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(10), .name = name)) !=
          PPAR_OK ||
      sum != 1000)
    abort();
}

static int overflow(int depth) {
  volatile char room[4096];
  room[0] = (char)depth;
  return depth < 0 ? room[0] : overflow(depth + 1) + room[0];
}

static void end(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  if (chunk->begin != 7) return;
  if (strcmp(how, "exit in a body") == 0) exit(3);
  if (strcmp(how, "segv") == 0) *nowhere = 0;
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "stack") == 0) (void)overflow(0);
  if (strncmp(how, "term", 4) != 0) return;
  (void)kill(getpid(), SIGTERM);
  while (strcmp(how, "term") == 0) (void)usleep(1000); /* until it comes */
}

/* All threads meet with a fault at about the same time. */
static void fault(const ppar_chunk *chunk, void *arg) {
  (void)chunk;
  (void)arg;
  *nowhere = 0;
}

static void handle(int number) { _exit(number == SIGTERM ? 5 : 6); }
static void note(int number) { (void)number; }

static void in_a_loop(void) {
  (void)ppar_parallel_for(0, 50, end, NULL,
                          PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(1), .name = "the last loop"));
}

static void *thread(void *arg) {
  loop("a thread's loop");
  return arg;
}

/* Of all stacks that a thread may have the smallest; it leaves 3 behind, or 4 where it was cancelled before. */
static void *small_thread(void *arg) {
  loop("a thread's loop");
  if (strcmp(how, "small") == 0) return arg;
  if (strcmp(how, "small exits") == 0) exit(3);
  (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &(int){0});
  (void)pthread_cancel(pthread_self());
  (void)pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &(int){0});
  if (strcmp(how, "small cancelled exits") == 0) exit(4);
  (void)raise(SIGTERM);
  return arg;
}

static void run_small(void) {
  pthread_attr_t attributes;
  pthread_t small;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, SMALL_STACK);
  if (pthread_create(&small, &attributes, small_thread, NULL) != 0) abort();
  pthread_join(small, NULL);
  puts("it ended");
}

/* Children that have the program's memory, or that the C library does not tell of. */
static void make_odd_children(void) {
  pid_t child = vfork();
  if (child == 0) {
    (void)kill(getpid(), SIGTERM);
    _exit(0);
  }
  (void)waitpid(child, NULL, 0);
  child = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0L);
  if (child == 0) exit(0);
  (void)waitpid(child, NULL, 0);
}

static void fork_some(void) {
  for (int k = 0; k < 2; k++) {
    pid_t child = fork();
    if (child == 0) {
      if (k == 0) loop("the child's loop");
      exit(0);
    }
    (void)waitpid(child, NULL, 0);
  }
}

static int open_streams(void) {
  int streams = 0;
  for (int d = 0; d <= 2; d++) streams = streams * 2 + (fcntl(d, F_GETFD) != -1);
  return streams;
}

int main(int argc, char **argv) {
  int streams = open_streams(), failed = 0;
  how = argc > 1 ? argv[1] : "return";
  if (strcmp(how, "nothing") == 0) {
    ppar_pool_default();
    puts("output");
    return 0;
  }
  if (strcmp(how, "term ignored") == 0) signal(SIGTERM, SIG_IGN);
  if (strcmp(how, "small first") == 0) {
    how = "small";
    run_small();
    return 0;
  }
  if (strcmp(how, "memory limit") == 0)
    failed = setrlimit(RLIMIT_AS, &(struct rlimit){(rlim_t)8 << 30, (rlim_t)8 << 30});
  loop("the first loop");
  puts("output");
  fflush(stdout);
  if (strcmp(how, "streams") == 0) return open_streams() == streams ? 0 : 7;
  if (strcmp(how, "asks") == 0) return getchar() != '\n';
  if (strcmp(how, "file limit") == 0) failed = setrlimit(RLIMIT_FSIZE, &(struct rlimit){100, 100});
  if (strcmp(how, "fork") == 0) fork_some();
  if (strncmp(how, "small", 5) == 0) run_small();
  if (strcmp(how, "odd children") == 0) make_odd_children();
  if (strcmp(how, "folder") == 0 && chdir("/") != 0) return 9;
  if (strcmp(how, "closed") == 0) {
    for (int d = 3; d < 100; d++) close(d);
  }
  if (strcmp(how, "handler") == 0) {
    signal(SIGTERM, handle);
    kill(getpid(), SIGTERM);
  }
  if (strcmp(how, "term handled") == 0) signal(SIGTERM, note);
  if (strcmp(how, "threads") == 0) {
    pthread_t threads[20];
    for (int t = 0; t < 20; t++) pthread_create(&threads[t], NULL, thread, NULL);
    for (int t = 0; t < 20; t++) pthread_join(threads[t], NULL);
  }
  if (strcmp(how, "many") == 0) {
    for (int k = 0; k < 20000; k++) loop("many loops");
  }
  if (strcmp(how, "all at once") == 0)
    (void)ppar_parallel_for(0, 50, fault, NULL,
                            PPAR_OPTIONS(.threads = 4, .schedule = ppar_static(1), .name = "the last loop"));
  in_a_loop();
  return failed;
}
