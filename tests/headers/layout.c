/* SPDX-License-Identifier: MIT */
/* layout.c: the structs that programs are compiled with, field by field, on systems of 64 bits (docs/abi.md). What
 * fails here would break programs that are already compiled. Compiled by headers.sh, as C11 and as C++17; never run. */
#include <ppar/ppar.h>

#ifdef __cplusplus
#define CHECK(condition) static_assert(condition, #condition)
#else
#define CHECK(condition) _Static_assert(condition, #condition)
#endif
#define SIZE(type, bytes) CHECK(sizeof(type) == (bytes))
#define FIELD(type, field, at) CHECK(offsetof(type, field) == (at))

CHECK(sizeof(bool) == 1 && sizeof(int) == 4);
CHECK(sizeof(ppar_schedule_kind) == 4 && sizeof(ppar_schedule_order) == 4);
CHECK(sizeof(ppar_wait_policy) == 4 && sizeof(ppar_bind_policy) == 4);

#ifdef __LP64__

/* May grow at their ends; each size from here on stays one that programs come with. */

FIELD(ppar_options, size, 0);
FIELD(ppar_options, schedule, 8);
FIELD(ppar_options, threads, 24);
FIELD(ppar_options, reproducible, 28);
FIELD(ppar_options, nowait, 29);
FIELD(ppar_options, ordered, 30);
FIELD(ppar_options, pool, 32);
FIELD(ppar_options, step, 40);
FIELD(ppar_options, name, 48);
FIELD(ppar_options, tile, 56);
SIZE(ppar_options, 80);
CHECK(PPAR_OPTIONS_FIRST_ == 80); /* release 0.2's, for ever */

FIELD(ppar_pool_options, size, 0);
FIELD(ppar_pool_options, threads, 8);
FIELD(ppar_pool_options, stack_size, 16);
FIELD(ppar_pool_options, wait, 24);
FIELD(ppar_pool_options, bind, 28);
FIELD(ppar_pool_options, places, 32);
FIELD(ppar_pool_options, name, 40);
SIZE(ppar_pool_options, 48);

/* The library makes these, and may make them longer. */

FIELD(ppar_chunk, begin, 0);
FIELD(ppar_chunk, end, 8);
FIELD(ppar_chunk, step, 16);
FIELD(ppar_chunk, count, 24);
FIELD(ppar_chunk, thread, 32);
FIELD(ppar_chunk, first_, 40);
FIELD(ppar_chunk, loop_, 48);
FIELD(ppar_chunk, train_, 56);

FIELD(ppar_train_, chunks, 0);
FIELD(ppar_train_, hop, 8);

FIELD(ppar_tile, dim, 0);
FIELD(ppar_tile, thread, 72);
FIELD(ppar_tile, chunk, 80);
FIELD(ppar_tile, more, 88);

/* Never change: programs make these, or have room for what the library makes, or pass them by value; and the head of a
 * team, behind which the library has its own. */

FIELD(ppar_schedule, kind, 0);
FIELD(ppar_schedule, order, 4);
FIELD(ppar_schedule, chunk, 8);
SIZE(ppar_schedule, 16);

FIELD(ppar_bounds, begin, 0);
FIELD(ppar_bounds, end, 8);
FIELD(ppar_bounds, step, 16);
SIZE(ppar_bounds, 24);

FIELD(ppar_reduction, size, 0);
FIELD(ppar_reduction, identity, 8);
FIELD(ppar_reduction, combine, 16);
SIZE(ppar_reduction, 24);

FIELD(ppar_part_, begin, 0);
FIELD(ppar_part_, count, 8);
SIZE(ppar_part_, 16);

FIELD(ppar_cursor_, team, 0);
FIELD(ppar_cursor_, left, 8);
FIELD(ppar_cursor_, step, 24);
FIELD(ppar_cursor_, open, 32);
FIELD(ppar_cursor_, more, 33);
FIELD(ppar_cursor_, by_macro, 34);
FIELD(ppar_cursor_, nowait, 35);
SIZE(ppar_cursor_, 40);

FIELD(ppar_team_head_, thread, 0);
FIELD(ppar_team_head_, size, 4);
FIELD(ppar_team_head_, canceled, 8);
FIELD(ppar_team_head_, by_macro, 16);
FIELD(ppar_team_head_, closed_before, 20);
FIELD(ppar_team_head_, pranges, 24);
FIELD(ppar_team_head_, begin, 32);
FIELD(ppar_team_head_, end, 40);
FIELD(ppar_team_head_, step, 48);
FIELD(ppar_team_head_, chunk, 56);
SIZE(ppar_team_head_, 64);

FIELD(ppar_sections_state_, team, 0);
FIELD(ppar_sections_state_, claimed, 8);
FIELD(ppar_sections_state_, here, 16);
FIELD(ppar_sections_state_, claims, 24);
FIELD(ppar_sections_state_, open, 25);
FIELD(ppar_sections_state_, nowait, 26);
SIZE(ppar_sections_state_, 32);

FIELD(ppar_rng, seed_, 0);
FIELD(ppar_rng, stream_, 8);
FIELD(ppar_rng, next_, 16);
FIELD(ppar_rng, end_, 24);
FIELD(ppar_rng, numbers_, 32);
SIZE(ppar_rng, 96);
CHECK(PPAR_RNG_NUMBERS_ == 8);

SIZE(ppar_task_group, 64);
SIZE(ppar_future, 64);

SIZE(ppar_indexed_f64, 16);
SIZE(ppar_indexed_f32, 16);
SIZE(ppar_indexed_i64, 16);
SIZE(ppar_indexed_i32, 16);
FIELD(ppar_indexed_f64, index, 8);
FIELD(ppar_indexed_f32, index, 8);
FIELD(ppar_indexed_i64, index, 8);
FIELD(ppar_indexed_i32, index, 8);
SIZE(ppar_complex_f64, 16);
SIZE(ppar_complex_f32, 8);

#endif

/* What programs have as numbers. */
CHECK(PPAR_OK == 0 && PPAR_EINVAL == -1 && PPAR_ENOMEM == -2 && PPAR_EAGAIN == -3);
CHECK(PPAR_EBUSY == -4 && PPAR_ECANCELED == -5);
CHECK(PPAR_SCHEDULE_AUTO == 0 && PPAR_SCHEDULE_STATIC == 1 && PPAR_SCHEDULE_DYNAMIC == 2);
CHECK(PPAR_SCHEDULE_GUIDED == 3 && PPAR_SCHEDULE_RUNTIME == 4);
CHECK(PPAR_ORDER_DEFAULT == 0 && PPAR_ORDER_MONOTONIC == 1 && PPAR_ORDER_NONMONOTONIC == 2);
CHECK(PPAR_WAIT_DEFAULT == 0 && PPAR_WAIT_ACTIVE == 1 && PPAR_WAIT_PASSIVE == 2);
CHECK(PPAR_BIND_DEFAULT == 0 && PPAR_BIND_FALSE == 1 && PPAR_BIND_TRUE == 2 && PPAR_BIND_PRIMARY == 3);
CHECK(PPAR_BIND_CLOSE == 4 && PPAR_BIND_SPREAD == 5);
CHECK(PPAR_BY_MACRO_ == 1 && PPAR_MAX_THREADS == 4096);

extern int nothing;
