/* SPDX-License-Identifier: MIT */
/* team_reduce.c: values of a team combine in thread order, into one result or into each thread's own, and as
 * prefixes. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(team_reduce, .timeout = SCALE_TIMEOUT);

enum { LARGEST = 100 * 1000 };

/* Values that add and multiply without rounding. */
static double exact(uint64_t random) { return (double)((random & 1) + 1) * ((random & 2) != 0 ? -1 : 1); }

static void fill_f32(void *value, uint64_t random) { *(float *)value = (float)exact(random); }
static void fill_f64(void *value, uint64_t random) { *(double *)value = exact(random); }
static void fill_32(void *value, uint64_t random) { *(uint32_t *)value = (uint32_t)random; }
static void fill_64(void *value, uint64_t random) { *(uint64_t *)value = random; }
static void fill_bool(void *value, uint64_t random) { *(bool *)value = random % 3 != 0; }
static void fill_int(void *value, uint64_t random) { *(int *)value = random % 3 != 0; }
static void fill_complex_f32(void *value, uint64_t random) {
  *(ppar_complex_f32 *)value = (ppar_complex_f32){(float)exact(random), (float)exact(random >> 8)};
}
static void fill_complex_f64(void *value, uint64_t random) {
  *(ppar_complex_f64 *)value = (ppar_complex_f64){exact(random), exact(random >> 8)};
}
#define DEFINE_INDEXED(type, value_type)                          \
  static void fill_indexed_##type(void *value, uint64_t random) { \
    ppar_indexed_##type *indexed = value;                         \
    memset(indexed, 0, sizeof *indexed);                          \
    indexed->value = (value_type)(random % 5);                    \
    indexed->index = (int64_t)(random >> 40);                     \
  }
DEFINE_INDEXED(f32, float)
DEFINE_INDEXED(f64, double)
DEFINE_INDEXED(i32, int32_t)
DEFINE_INDEXED(i64, int64_t)

/* Matrices of two rows do not commute. */
struct matrix {
  uint64_t a, b, c, d;
};
static void multiply(void *into, const void *from) {
  const struct matrix *n = from;
  struct matrix *product = into, m = *product;
  *product = (struct matrix){m.a * n->a + m.b * n->c, m.a * n->b + m.b * n->d, m.c * n->a + m.d * n->c,
                             m.c * n->b + m.d * n->d};
}
static void fill_matrix(void *value, uint64_t random) {
  *(struct matrix *)value = (struct matrix){random | 1, random >> 7, random >> 13, random >> 20 | 1};
}
static const struct matrix unit = {1, 0, 0, 1};
static const ppar_reduction matrices = {sizeof(struct matrix), &unit, multiply};

/* Values of many sizes. */
#define DEFINE_BYTES(n)                                                                             \
  static void add_##n(void *into, const void *from) {                                               \
    unsigned char *a = into;                                                                        \
    const unsigned char *b = from;                                                                  \
    for (size_t k = 0; k < (n); k++) a[k] = (unsigned char)(a[k] + b[k]);                           \
  }                                                                                                 \
  static void fill_##n##_bytes(void *value, uint64_t random) {                                      \
    for (size_t k = 0; k < (n); k++) ((unsigned char *)value)[k] = (unsigned char)(random + 7 * k); \
  }                                                                                                 \
  static const ppar_reduction bytes_##n = {n, NULL, add_##n};
DEFINE_BYTES(1)
DEFINE_BYTES(3)
DEFINE_BYTES(7)
DEFINE_BYTES(63)
DEFINE_BYTES(65)
DEFINE_BYTES(1000)
DEFINE_BYTES(4097)
DEFINE_BYTES(100000)

struct operation {
  const char *name;
  const ppar_reduction *reduction;
  void (*fill)(void *value, uint64_t random);
};

#define OPERATOR(name, fill) \
  { #name, &name, fill }
#define OPERATORS(name) OPERATOR(ppar_##name##_f32, fill_f32), OPERATOR(ppar_##name##_f64, fill_f64), INTEGERS(name)
#define INTEGERS(name)                                                                                              \
  OPERATOR(ppar_##name##_i32, fill_32), OPERATOR(ppar_##name##_i64, fill_64), OPERATOR(ppar_##name##_u32, fill_32), \
      OPERATOR(ppar_##name##_u64, fill_64)
#define INDEXED(name)                                                                           \
  OPERATOR(ppar_##name##_f32, fill_indexed_f32), OPERATOR(ppar_##name##_f64, fill_indexed_f64), \
      OPERATOR(ppar_##name##_i32, fill_indexed_i32), OPERATOR(ppar_##name##_i64, fill_indexed_i64)

static const struct operation operators[] = {
    OPERATORS(sum),
    OPERATORS(prod),
    OPERATORS(min),
    OPERATORS(max),
    INTEGERS(and),
    INTEGERS(or),
    INTEGERS(xor),
    INDEXED(argmin),
    INDEXED(argmax),
    OPERATOR(ppar_all_bool, fill_bool),
    OPERATOR(ppar_any_bool, fill_bool),
    OPERATOR(ppar_all_int, fill_int),
    OPERATOR(ppar_any_int, fill_int),
    OPERATOR(ppar_sum_complex_f32, fill_complex_f32),
    OPERATOR(ppar_sum_complex_f64, fill_complex_f64),
    OPERATOR(matrices, fill_matrix),
    OPERATOR(bytes_1, fill_1_bytes),
    OPERATOR(bytes_3, fill_3_bytes),
    OPERATOR(bytes_7, fill_7_bytes),
    OPERATOR(bytes_63, fill_63_bytes),
    OPERATOR(bytes_65, fill_65_bytes),
    OPERATOR(bytes_1000, fill_1000_bytes),
    OPERATOR(bytes_4097, fill_4097_bytes),
    OPERATOR(bytes_100000, fill_100000_bytes),
};
enum { OPERATORS_COUNT = sizeof operators / sizeof operators[0] };

/* What each thread brings can be told by all. */
static uint64_t random_of(uint64_t round, int thread) { return work_hash((int64_t)(round * 1000 + (uint64_t)thread)); }

/* *value = the values of threads first ... past - 1 in their order, into the one that it has. */
static void combine_serially(const struct operation *op, void *value, uint64_t round, int first, int past,
                             void *scratch) {
  for (int t = first; t < past; t++) {
    op->fill(scratch, random_of(round, t));
    op->reduction->combine(value, scratch);
  }
}

static void set_identity(const struct operation *op, void *value) {
  if (op->reduction->identity == NULL) {
    memset(value, 0, op->reduction->size);
  } else {
    memcpy(value, op->reduction->identity, op->reduction->size);
  }
}

/* What a reduction makes of a result that was filled with this. */
static void expected_result(const struct operation *op, void *value, uint64_t before, uint64_t round, int threads,
                            void *all, void *scratch) {
  set_identity(op, all);
  combine_serially(op, all, round, 0, threads, scratch);
  op->fill(value, before);
  op->reduction->combine(value, all);
}

/* One thread's storage. */
struct own {
  unsigned char *mine, *result, *expected, *all, *scratch;
};

static struct own own_make(size_t size) {
  struct own own = {.mine = NULL};
  const size_t step = size + sizeof(max_align_t) - size % sizeof(max_align_t);
  unsigned char *block = calloc(5, step);
  if (block == NULL) abort();
  own.mine = block;
  own.result = block + step;
  own.expected = block + 2 * step;
  own.all = block + 3 * step;
  own.scratch = block + 4 * step;
  return own;
}

struct team_work {
  const struct operation *op;
  uint64_t rounds;
  unsigned char *shared; /* a result of all */
  struct findings *found;
};

static void reduce_in_every_way(ppar_team *team, void *arg) {
  const struct team_work *work = arg;
  const struct operation *op = work->op;
  const ppar_reduction *reduction = op->reduction;
  const size_t size = reduction->size;
  const int thread = ppar_team_thread(team), threads = ppar_team_size(team);
  struct own own = own_make(size);
  for (uint64_t round = 0; round < work->rounds; round++) {
    const uint64_t random = random_of(round, thread);
    if (random % 32 == 0) work_spin(random >> 40 & 0xfff);

    /* into each thread's own, which differ */
    op->fill(own.mine, random);
    op->fill(own.result, round + (uint64_t)thread);
    ppar_team_reduce(team, own.mine, own.result, reduction);
    op->fill(own.scratch, random);
    EXPECT(work->found, memcmp(own.mine, own.scratch, size) == 0);
    memset(own.mine, 0x55, size); /* nobody looks at it any more */
    expected_result(op, own.expected, round + (uint64_t)thread, round, threads, own.all, own.scratch);
    EXPECT(work->found, memcmp(own.result, own.expected, size) == 0);

    /* into one */
    op->fill(own.mine, random);
    if (thread == 0) op->fill(work->shared, round);
    ppar_barrier(team);
    ppar_team_reduce(NULL, own.mine, work->shared, reduction);
    memset(own.mine, 0x55, size);
    expected_result(op, own.expected, round, round, threads, own.all, own.scratch);
    EXPECT(work->found, memcmp(work->shared, own.expected, size) == 0);

    /* into what it came from */
    op->fill(own.mine, random);
    ppar_team_reduce(team, own.mine, own.mine, reduction);
    expected_result(op, own.expected, random, round, threads, own.all, own.scratch);
    EXPECT(work->found, memcmp(own.mine, own.expected, size) == 0);

    /* prefixes */
    op->fill(own.mine, random);
    ppar_team_scan(team, own.mine, own.result, reduction);
    memset(own.mine, 0x55, size);
    set_identity(op, own.expected);
    combine_serially(op, own.expected, round, 0, thread + 1, own.scratch);
    EXPECT(work->found, memcmp(own.result, own.expected, size) == 0);

    op->fill(own.mine, random);
    ppar_team_scan(team, own.mine, own.mine, reduction);
    EXPECT(work->found, memcmp(own.mine, own.expected, size) == 0);

    op->fill(own.mine, random);
    ppar_team_exscan(team, own.mine, own.result, reduction);
    set_identity(op, own.expected);
    combine_serially(op, own.expected, round, 0, thread, own.scratch);
    EXPECT(work->found, memcmp(own.result, own.expected, size) == 0);

    op->fill(own.mine, random);
    ppar_team_exscan(team, own.mine, own.mine, reduction);
    EXPECT(work->found, memcmp(own.mine, own.expected, size) == 0);
  }
  free(own.mine);
}

Test(team_reduce, combines_in_thread_order_with_every_operator) {
  static max_align_t shared[LARGEST / sizeof(max_align_t) + 1];
  struct findings found = {0, NULL};
  uint64_t combination = 0;
  for (size_t o = 0; o < OPERATORS_COUNT; o++) {
    for (size_t size = 0; size < TEAMS_SIZES; size++) {
      if (!scale_keeps(&combination) && teams_sizes[size] > 3) continue;
      struct team_work work = {&operators[o], 0, (unsigned char *)shared, &found};
      work.rounds = operators[o].reduction->size > 10000 || teams_sizes[size] > 8 ? 2 : 2 + scaled(26);
      EXPECT(&found, teams_run(teams_sizes[size], reduce_in_every_way, &work) == PPAR_OK);
      ASSERT_CLEAN(&found, operators[o].name);
    }
  }
}

/* Different reductions after each other, with nothing between them. */
static void reduce_one_after_the_other(ppar_team *team, void *arg) {
  struct findings *found = arg;
  const int64_t thread = ppar_team_thread(team), size = ppar_team_size(team);
  for (int64_t round = 0; round < (int64_t)scaled(1300); round++) {
    int64_t mine = thread + round, sum = round, least = INT64_MAX, before = -1;
    struct matrix m, product = unit, expected = unit;
    ppar_team_reduce(team, &mine, &sum, &ppar_sum_i64);
    mine = 1000 - thread;
    ppar_team_reduce(team, &mine, &least, &ppar_min_i64);
    mine = thread;
    ppar_team_exscan(team, &mine, &before, &ppar_sum_i64);
    fill_matrix(&m, (uint64_t)(round + thread));
    ppar_team_reduce(team, &m, &product, &matrices);
    EXPECT(found, sum == round + size * round + size * (size - 1) / 2);
    EXPECT(found, least == 1000 - (size - 1));
    EXPECT(found, before == thread * (thread - 1) / 2);
    for (int64_t t = 0; t < size && round % 32 == 0; t++) {
      fill_matrix(&m, (uint64_t)(round + t));
      multiply(&expected, &m);
    }
    if (round % 32 == 0) EXPECT(found, memcmp(&product, &expected, sizeof product) == 0);
  }
}

Test(team_reduce, follows_another_at_once) {
  struct findings found = {0, NULL};
  for (size_t size = 0; size + 1 < TEAMS_SIZES; size++) {
    EXPECT(&found, teams_run(teams_sizes[size], reduce_one_after_the_other, &found) == PPAR_OK);
    ASSERT_CLEAN(&found, "different reductions after each other");
  }
}

/* Into one result or into each thread's own, in any order, with other constructs between, and delays. */
struct mixture {
  struct findings *found;
  uint64_t seed;
  int64_t shared;
};

static void reduce_now_here_now_there(ppar_team *team, void *arg) {
  struct mixture *mix = arg;
  uint64_t alike = mix->seed, delay = work_hash(ppar_team_thread(team)) + mix->seed;
  const int64_t thread = ppar_team_thread(team), size = ppar_team_size(team), sum = size * (size - 1) / 2;
  for (int64_t round = 0; round < (int64_t)scaled(400); round++) {
    const uint64_t choice = work_random(&alike);
    int64_t mine = thread + round, own = round;
    if (choice % 7 == 0) work_spin(work_random(&delay) % 2000);
    if ((choice >> 8) % 4 == 0) {
      ppar_team_reduce(team, &mine, &own, &ppar_sum_i64);
      EXPECT(mix->found, own == round + size * round + sum);
    } else {
      const bool first = ppar_single(team);
      if (first) mix->shared = round;
      ppar_barrier(team);
      ppar_team_reduce(team, &mine, &mix->shared, &ppar_sum_i64);
      EXPECT(mix->found, mix->shared == round + size * round + sum);
      if ((choice >> 16) % 2 == 0) {
        ppar_team_reduce(team, &mine, &own, &ppar_sum_i64); /* right after it, before others have looked */
        EXPECT(mix->found, own == round + size * round + sum);
      }
      ppar_barrier(team);
    }
    for (uint64_t k = (choice >> 24) % 3; k != 0; k--) ppar_barrier(team);
  }
}

Test(team_reduce, goes_to_one_result_or_to_many_as_it_comes) {
  struct findings found = {0, NULL};
  uint64_t random = 1;
  for (size_t round = 0; round < 4 * TEAMS_SIZES; round++) { /* teams that grow and shrink on the same threads */
    struct mixture mix = {&found, round, 0};
    EXPECT(&found, teams_run(teams_sizes[work_random(&random) % (TEAMS_SIZES - 1)], reduce_now_here_now_there, &mix) ==
                       PPAR_OK);
    ASSERT_CLEAN(&found, "results of one and of all threads");
  }
}

/* Terms whose sum depends on the order of the additions, by threads that come in any order. */
struct bits {
  double sum[TEAMS_MOST];
  _Atomic uint64_t random;
};

static void sum_roughly(ppar_team *team, void *arg) {
  struct bits *bits = arg;
  const int thread = ppar_team_thread(team);
  uint64_t delay = atomic_fetch_add(&bits->random, 1);
  const uint64_t hash = work_hash(thread);
  const double mine = (double)(int64_t)hash / (double)(UINT64_C(1) << (hash & 63));
  work_spin(work_random(&delay) & 0xfff);
  bits->sum[thread] = 0.1;
  ppar_team_reduce(team, &mine, &bits->sum[thread], &ppar_sum_f64);
}

Test(team_reduce, has_the_same_bits_in_every_run) {
  static struct bits bits;
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    double first = 0;
    for (uint64_t round = 0; round < scaled(130) + 3; round++) {
      cr_assert_eq(teams_run(teams_sizes[size], sum_roughly, &bits), PPAR_OK);
      if (round == 0) first = bits.sum[0];
      for (int t = 0; t < teams_sizes[size]; t++) cr_assert(memcmp(&bits.sum[t], &first, sizeof first) == 0);
    }
  }
}

/* What programs write: a part of a loop each, then all together. */
static void average(ppar_team *team, void *arg) {
  double *sum = arg, part = 0;
  ppar_prange(team, i, 0, 1000, PPAR_OPTIONS(.nowait = true)) {
    part += (double)i;
  }
  ppar_team_reduce(team, &part, sum, &ppar_sum_f64);
  if (*sum != 499500) *sum = -1; /* all see it at once */
}

Test(team_reduce, ends_a_prange_without_a_barrier) {
  for (uint64_t round = 0; round < scaled(650); round++) {
    double sum = 0;
    cr_assert_eq(teams_run(teams_sizes[round % TEAMS_SIZES], average, &sum), PPAR_OK);
    cr_assert_eq(sum, 499500);
  }
}

/* As the vectors of many machines are. */
struct aligned {
  _Alignas(32) double x[4];
};

static _Atomic bool misaligned;

static void add_aligned(void *into, const void *from) {
  struct aligned *x = into;
  const struct aligned *y = from;
  if (((uintptr_t)into | (uintptr_t)from) % _Alignof(struct aligned) != 0) atomic_store(&misaligned, true);
  for (int d = 0; d < 4; d++) x->x[d] += y->x[d];
}

static const struct aligned zero;
static const ppar_reduction add_vectors = {sizeof(struct aligned), &zero, add_aligned};

static void add_up_vectors(ppar_team *team, void *arg) {
  struct findings *found = arg;
  static struct aligned shared;
  struct aligned mine = {{1, 2, 3, (double)ppar_team_thread(team)}}, own = zero, prefix;
  double size = ppar_team_size(team), last = size * (size - 1) / 2;
  for (int round = 0; round < 3; round++) {
    if (ppar_master(team)) shared = zero;
    ppar_barrier(team);
    ppar_team_reduce(team, &mine, &shared, &add_vectors);
    EXPECT(found, shared.x[0] == size && shared.x[2] == 3 * size && shared.x[3] == last);
    own = zero;
    ppar_team_reduce(team, &mine, &own, &add_vectors);
    EXPECT(found, own.x[1] == 2 * size && own.x[3] == last);
    ppar_team_scan(team, &mine, &prefix, &add_vectors);
    EXPECT(found, prefix.x[0] == mine.x[3] + 1);
    ppar_barrier(team);
  }
}

Test(team_reduce, combines_values_where_their_type_may_be) {
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    struct findings found = {0, NULL};
    cr_assert_eq(teams_run(teams_sizes[size], add_up_vectors, &found), PPAR_OK);
    ASSERT_CLEAN(&found, "vectors");
    cr_assert_not(misaligned);
  }
}

static void multiply_in_place(ppar_team *team, void *arg) {
  struct matrix value = {1, 1, 1, 0}, expected = value, factor = value;
  for (int t = 0; t < ppar_team_size(team); t++) multiply(&expected, &factor);
  ppar_team_reduce(team, &value, &value, &matrices);
  EXPECT((struct findings *)arg, memcmp(&value, &expected, sizeof value) == 0);
}

enum { ROOMY = 100 };

/* Adds backwards and forwards, and so takes a value added to itself for another one. */
static void add_reversed(void *into, const void *from) {
  int64_t *x = into;
  const int64_t *y = from;
  for (int d = 0; d < ROOMY; d++) x[d] += y[ROOMY - 1 - d];
}

static const int64_t roomy_zero[ROOMY];
static const ppar_reduction roomy = {sizeof roomy_zero, roomy_zero, add_reversed};

Test(team_reduce, may_go_to_where_the_value_is) {
  int64_t x[ROOMY];
  struct findings found = {0, NULL};
  multiply_in_place(NULL, &found);
  for (size_t size = 0; size < TEAMS_SIZES; size++)
    cr_assert_eq(teams_run(teams_sizes[size], multiply_in_place, &found), PPAR_OK);
  ASSERT_CLEAN(&found, "matrices");
  for (int d = 0; d < ROOMY; d++) x[d] = d;
  ppar_team_reduce(NULL, x, x, &roomy);
  for (int d = 0; d < ROOMY; d++) cr_assert_eq(x[d], ROOMY - 1);
}

Test(team_reduce, outside_of_regions_is_of_a_team_of_one) {
  int64_t mine = 5, result = 3;
  ppar_team_reduce(NULL, &mine, &result, &ppar_sum_i64);
  cr_assert_eq(result, 8);
  ppar_team_scan(NULL, &mine, &result, &ppar_sum_i64);
  cr_assert_eq(result, 5);
  ppar_team_exscan(NULL, &mine, &result, &ppar_prod_i64);
  cr_assert_eq(result, 1);
}

struct by_value {
  double sum;
  struct matrix product;
};

static void reduce_values(ppar_team *team, void *arg) {
  struct by_value *all = arg;
  double mine = 0;
  struct matrix turn = {1, 1, 0, 1};
  ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.nowait = true)) {
    mine += (double)i;
  }
  PPAR_TEAM_REDUCE(team, mine, &all->sum, &ppar_sum_f64);
  PPAR_TEAM_REDUCE(team, turn, &all->product, &matrices);
}

Test(team_reduce, values_reduce_without_their_addresses) {
  for (int threads = 1; threads <= 9; threads++) {
    struct by_value all = {7, {1, 0, 0, 1}};
    cr_assert_eq(ppar_parallel(reduce_values, &all, PPAR_OPTIONS(.threads = threads)), PPAR_OK);
    cr_expect_eq(all.sum, 7 + 4950);
    cr_expect_eq(all.product.b, (uint64_t)threads, "each thread's matrix adds 1");
  }
}
