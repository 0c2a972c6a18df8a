/* SPDX-License-Identifier: MIT */
/* schedules.h: the schedules that are compared: an identifier, OMP_SCHEDULE's text, OpenMP's clause.
 *
 * One list for the suites, which ask for them, and for the OpenMP peer, which compiles a loop for each:
 * a clause known at compile time is what a program would have, and lets the compiler inline static ones. */
#ifndef BENCH_SCHEDULES_H
#define BENCH_SCHEDULES_H

/* With chunks that leave eight threads something to share of some thousand iterations. */
#define BENCH_STATIC_SEARCHED(X)          \
  X(static_, "static", (static))          \
  X(static_1, "static,1", (static, 1))    \
  X(static_4, "static,4", (static, 4))    \
  X(static_16, "static,16", (static, 16)) \
  X(static_64, "static,64", (static, 64)) \
  X(static_256, "static,256", (static, 256))
#define BENCH_DYNAMIC_SEARCHED(X)            \
  X(dynamic_1, "dynamic,1", (dynamic, 1))    \
  X(dynamic_4, "dynamic,4", (dynamic, 4))    \
  X(dynamic_16, "dynamic,16", (dynamic, 16)) \
  X(dynamic_64, "dynamic,64", (dynamic, 64)) \
  X(dynamic_256, "dynamic,256", (dynamic, 256))
#define BENCH_GUIDED_SEARCHED(X)          \
  X(guided_1, "guided,1", (guided, 1))    \
  X(guided_4, "guided,4", (guided, 4))    \
  X(guided_16, "guided,16", (guided, 16)) \
  X(guided_64, "guided,64", (guided, 64)) \
  X(guided_256, "guided,256", (guided, 256))
#define BENCH_SEARCHED_SCHEDULES(X) BENCH_STATIC_SEARCHED(X) BENCH_DYNAMIC_SEARCHED(X) BENCH_GUIDED_SEARCHED(X)

#define BENCH_STATIC_SCHEDULES(X) BENCH_STATIC_SEARCHED(X) X(static_1024, "static,1024", (static, 1024))
#define BENCH_DYNAMIC_SCHEDULES(X)                 \
  BENCH_DYNAMIC_SEARCHED(X)                        \
  X(dynamic_1024, "dynamic,1024", (dynamic, 1024)) \
  X(ordered_1, "monotonic:dynamic,1", (monotonic : dynamic, 1))
#define BENCH_GUIDED_SCHEDULES(X)               \
  BENCH_GUIDED_SEARCHED(X)                      \
  X(guided_1024, "guided,1024", (guided, 1024)) \
  X(auto_, "auto", (auto))
#define BENCH_SCHEDULES(X) BENCH_STATIC_SCHEDULES(X) BENCH_DYNAMIC_SCHEDULES(X) BENCH_GUIDED_SCHEDULES(X)

/* Those that are compared within a region, where the division alone is looked at. */
#define BENCH_REGION_SCHEDULES(X)         \
  X(static_, "static", (static))          \
  X(static_1, "static,1", (static, 1))    \
  X(dynamic_1, "dynamic,1", (dynamic, 1)) \
  X(guided_1, "guided,1", (guided, 1))    \
  X(auto_, "auto", (auto))

#endif
