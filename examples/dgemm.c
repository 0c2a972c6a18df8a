/* SPDX-License-Identifier: MIT */
/* dgemm.c: the matrix product of dgemm.h.
 *
 * A plain triple loop waits for memory: it fetches each element again and again. The remedy is Goto's: cut the matrices
 * into blocks that stay in a cache for as long as they are used, and copy ("pack") each block into the order in which
 * the innermost loop reads it.
 *
 *     columns of B by BLOCK_N
 *       rows of B by BLOCK_K               ppar loop 1 packs this block of B, for all slots    (last-level cache)
 *         rows of A by about BLOCK_M       ppar loop 2; each slot packs its own blocks of A    (L2)
 *           panels of the block of B       each stays while the panels of A pass by            (L1)
 *             panels of the block of A     the micro-kernel: one tile of C                     (registers)
 *
 * So a product costs two ppar loops for every BLOCK_K rows of B, each of many microseconds. */
#include "dgemm.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Found by measurement on a machine with 48 KiB of L1d and 2 MiB of L2 a core. */
#define BLOCK_M 128
#define BLOCK_N 4080
#define BLOCK_K 512
#define GROUP 4 /* panels of B packed side by side, so that a few hundred bytes of each row are read at a time */
#define LINE 8  /* doubles in a cache line */

/* A tile of C = (or, to accumulate, +=) a panel of A times a panel of B: a holds `depth` columns of the tile's height,
 * b `depth` rows of its width. On the way it fetches what it is told to into L2: from `next` on, `stride` elements for
 * each step of depth. */
typedef void micro_kernel(int64_t depth, const double *a, const double *b, double *c, int64_t ldc, bool accumulate,
                          const double *next, int64_t stride);

struct kernel {
  const char *name;
  int64_t rows, columns; /* of a tile */
  micro_kernel *multiply;
};

#define MAX_TILE (8 * 24) /* elements of the largest tile below */

/* The tile's sums have to stay in registers, so all loops with constant bounds are unrolled. Each step of depth loads a
 * row of B and spreads each element of A over a vector. The depth is cut into as many parts as the tile has rows, and
 * each part begins by fetching a row of C: all of them at once would keep the loads of A and B waiting. */
#define UNROLL _Pragma("GCC unroll 32")
#define DEFINE_MICRO_KERNEL(name, attributes, vector, width, rows, vectors, zero, load, spread, multiply_add, add, \
                            store)                                                                                 \
  attributes static void name(int64_t depth, const double *a, const double *b, double *c, int64_t ldc,             \
                              bool accumulate, const double *next, int64_t stride) {                               \
    const double *soon = c;                                                                                        \
    vector sum[rows][vectors];                                                                                     \
    UNROLL for (int r = 0; r < (rows); r++) { UNROLL for (int v = 0; v < (vectors); v++) sum[r][v] = zero(); }     \
    for (int64_t parts = (rows); parts > 0; parts--, soon += ldc) {                                                \
      const int64_t part = depth / parts;                                                                          \
      depth -= part;                                                                                               \
      UNROLL for (int v = 0; v < (vectors); v++) __builtin_prefetch(soon + v * (width), 1);                        \
      for (int64_t p = 0; p < part; p++, a += (rows), b += (vectors) * (width), next += stride) {                  \
        vector row[vectors];                                                                                       \
        __builtin_prefetch(next, 0, 2);                                                                            \
        UNROLL for (int v = 0; v < (vectors); v++) row[v] = load(b + v * (width));                                 \
        UNROLL for (int r = 0; r < (rows); r++) {                                                                  \
          const vector element = spread(a[r]);                                                                     \
          UNROLL for (int v = 0; v < (vectors); v++) sum[r][v] = multiply_add(element, row[v], sum[r][v]);         \
        }                                                                                                          \
      }                                                                                                            \
    }                                                                                                              \
    UNROLL for (int r = 0; r < (rows); r++) {                                                                      \
      UNROLL for (int v = 0; v < (vectors); v++) {                                                                 \
        double *to = c + r * ldc + v * (width);                                                                    \
        store(to, accumulate ? add(load(to), sum[r][v]) : sum[r][v]);                                              \
      }                                                                                                            \
    }                                                                                                              \
  }

/* Vectors of two doubles: every 64-bit machine has them. */
typedef double pair __attribute__((vector_size(16)));
static inline pair pair_zero(void) { return (pair){0, 0}; }
static inline pair pair_spread(double x) { return (pair){x, x}; }
static inline pair pair_add(pair x, pair y) { return x + y; }
static inline pair pair_multiply_add(pair x, pair y, pair z) { return x * y + z; }
static inline pair pair_load(const double *from) {
  pair x;
  memcpy(&x, from, sizeof x);
  return x;
}
static inline void pair_store(double *to, pair x) { memcpy(to, &x, sizeof x); }

DEFINE_MICRO_KERNEL(multiply_portable, , pair, 2, 4, 2, pair_zero, pair_load, pair_spread, pair_multiply_add, pair_add,
                    pair_store)
#if defined(__x86_64__)
DEFINE_MICRO_KERNEL(multiply_avx2, __attribute__((target("avx2,fma"))), __m256d, 4, 4, 3, _mm256_setzero_pd,
                    _mm256_loadu_pd, _mm256_set1_pd, _mm256_fmadd_pd, _mm256_add_pd, _mm256_storeu_pd)
DEFINE_MICRO_KERNEL(multiply_avx512, __attribute__((target("avx512f"))), __m512d, 8, 8, 3, _mm512_setzero_pd,
                    _mm512_loadu_pd, _mm512_set1_pd, _mm512_fmadd_pd, _mm512_add_pd, _mm512_storeu_pd)
#endif

static struct kernel best_kernel(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return (struct kernel){"avx512", 8, 24, multiply_avx512};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return (struct kernel){"avx2", 4, 12, multiply_avx2};
  }
#endif
  return (struct kernel){"portable", 4, 4, multiply_portable};
}

const char *dgemm_kernel_name(void) { return best_kernel().name; }

/* What the two loops over a block of B need. */
struct pass {
  struct kernel kernel;
  const double *a, *b; /* A's columns and B's rows of this block, from their first element on */
  double *c;
  int64_t lda, ldb, ldc;
  int64_t m, n, depth; /* rows of A, columns and rows of the block of B */
  int64_t block_m;     /* rows of A packed at a time */
  bool accumulate;     /* C has the products of earlier blocks */
  double *packed_a;    /* block_m x depth for each slot */
  double *packed_b;    /* panels of depth x kernel.columns */
};

static int64_t least(int64_t x, int64_t y) { return x < y ? x : y; }
static int64_t divide_up(int64_t x, int64_t y) { return (x + y - 1) / y; }

/* A panel of B is the tile's width, row after row; zeros fill the last one up. */
PPAR_BODY(pack_b, group, struct pass, pass) {
  const int64_t columns = pass->kernel.columns, end = least((group + 1) * GROUP * columns, pass->n);
  for (int64_t p = 0; p < pass->depth; p++) {
    for (int64_t j = group * GROUP * columns; j < end; j += columns) {
      const int64_t width = least(columns, pass->n - j);
      double *to = pass->packed_b + j * pass->depth + p * columns;
      memcpy(to, pass->b + p * pass->ldb + j, (size_t)width * sizeof *to);
      if (width < columns) memset(to + width, 0, (size_t)(columns - width) * sizeof *to);
    }
  }
}

/* A panel of A is the tile's height, column after column; zeros fill the last one up. Squares of a cache line's
 * size, since what is read lies along the rows and what is written across them. */
static void pack_a(const struct pass *pass, int64_t first, int64_t count, double *to) {
  const int64_t rows = pass->kernel.rows;
  for (int64_t i = 0; i < count; i += rows, to += rows * pass->depth) {
    const double *from = pass->a + (first + i) * pass->lda;
    const int64_t height = least(rows, count - i);
    for (int64_t begin = 0; begin < pass->depth; begin += LINE) {
      const int64_t end = least(begin + LINE, pass->depth);
      for (int64_t r = 0; r < rows; r++) {
        for (int64_t p = begin; p < end; p++) to[p * rows + r] = r < height ? from[r * pass->lda + p] : 0;
      }
    }
  }
}

/* A tile that reaches beyond C is made beside it, and what C has of it moved there. */
static void multiply_edge(const struct pass *pass, const double *a, const double *b, double *c, int64_t height,
                          int64_t width) {
  double tile[MAX_TILE];
  pass->kernel.multiply(pass->depth, a, b, tile, pass->kernel.columns, false, b, 0);
  for (int64_t r = 0; r < height; r++) {
    for (int64_t s = 0; s < width; s++) {
      const double sum = tile[r * pass->kernel.columns + s];
      double *to = c + r * pass->ldc + s;
      *to = pass->accumulate ? *to + sum : sum;
    }
  }
}

/* Packs some rows of A and makes the same rows of C. */
static void multiply_block(const struct pass *pass, int64_t block, double *packed_a) {
  const int64_t rows = pass->kernel.rows, columns = pass->kernel.columns, depth = pass->depth;
  const int64_t first = block * pass->block_m, count = least(pass->block_m, pass->m - first);
  const int64_t stride = divide_up(columns, divide_up(count, rows)); /* the tiles of a panel fetch the next panel */
  pack_a(pass, first, count, packed_a);
  for (int64_t j = 0; j < pass->n; j += columns) {
    const double *b = pass->packed_b + j * depth, *next = b + columns * depth;
    for (int64_t i = 0; i < count; i += rows, next += stride * depth) {
      const double *a = packed_a + i * depth;
      double *c = pass->c + (first + i) * pass->ldc + j;
      const int64_t height = least(rows, count - i), width = least(columns, pass->n - j);
      if (height == rows && width == columns) {
        pass->kernel.multiply(depth, a, b, c, pass->ldc, pass->accumulate, next, stride);
      } else {
        multiply_edge(pass, a, b, c, height, width);
      }
    }
  }
}

/* Written without PPAR_BODY, for the slot's number: it says whose memory to pack A into. */
static void multiply_blocks(const ppar_chunk *chunk, void *arg) {
  const struct pass *pass = arg;
  double *packed_a = pass->packed_a + chunk->thread * pass->block_m * pass->depth;
  ppar_for_each_index(block, chunk) {
    multiply_block(pass, block, packed_a);
  }
}

static bool are_valid(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda, const double *b, int64_t ldb,
                      const double *c, int64_t ldc, const ppar_options *options) {
  if (m < 0 || n < 0 || k < 0 || lda < k || ldb < n || ldc < n) return false;
  if ((a == NULL && m > 0 && k > 0) || (b == NULL && k > 0 && n > 0) || (c == NULL && m > 0 && n > 0)) return false;
  return options->threads >= 0 && options->threads <= PPAR_MAX_THREADS;
}

static int multiply(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda, const double *b, int64_t ldb,
                    double *c, int64_t ldc, const ppar_options *options, bool add) {
  ppar_options mine;
  if (ppar_options_copy(&mine, options) != PPAR_OK) return PPAR_EINVAL;
  if (!are_valid(m, n, k, a, lda, b, ldb, c, ldc, &mine)) return PPAR_EINVAL;
  if (m == 0 || n == 0) return PPAR_OK;
  if (k == 0) {
    for (int64_t i = 0; i < m && !add; i++) memset(c + i * ldc, 0, (size_t)n * sizeof *c);
    return PPAR_OK;
  }

  /* Blocks of equal size, no larger than suits the caches, and as many of them for each slot. */
  struct pass pass = {.kernel = best_kernel(), .lda = lda, .ldb = ldb, .ldc = ldc, .m = m};
  if (mine.threads == 0) mine.threads = ppar_max_threads(mine.pool);
  mine.threads = (int)least(mine.threads, divide_up(m, pass.kernel.rows));
  mine.step = 1;
  const int64_t blocks = mine.threads * divide_up(m, (int64_t)mine.threads * BLOCK_M);
  const int64_t block_n = divide_up(least(n, BLOCK_N), pass.kernel.columns) * pass.kernel.columns;
  const int64_t block_k = divide_up(k, divide_up(k, BLOCK_K));
  pass.block_m = divide_up(divide_up(m, blocks), pass.kernel.rows) * pass.kernel.rows;
  pass.packed_a = ppar_alloc((size_t)(mine.threads * pass.block_m * block_k) * sizeof(double));
  pass.packed_b = ppar_alloc((size_t)(block_n * block_k) * sizeof(double));

  int status = pass.packed_a != NULL && pass.packed_b != NULL ? PPAR_OK : PPAR_ENOMEM;
  for (int64_t j = 0; j < n && status == PPAR_OK; j += block_n) {
    pass.c = c + j;
    pass.n = least(block_n, n - j);
    for (int64_t p = 0; p < k && status == PPAR_OK; p += block_k) {
      pass.a = a + p;
      pass.b = b + p * ldb + j;
      pass.depth = least(block_k, k - p);
      pass.accumulate = add || p > 0;
      status = ppar_parallel_for(0, divide_up(pass.n, GROUP * pass.kernel.columns), pack_b, &pass, &mine);
      if (status == PPAR_OK) status = ppar_parallel_for(0, divide_up(m, pass.block_m), multiply_blocks, &pass, &mine);
    }
  }
  ppar_free(pass.packed_b);
  ppar_free(pass.packed_a);
  return status;
}

int dgemm_ppar(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda, const double *b, int64_t ldb, double *c,
               int64_t ldc, const ppar_options *options) {
  return multiply(m, n, k, a, lda, b, ldb, c, ldc, options, false);
}

int dgemm_ppar_add(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda, const double *b, int64_t ldb,
                   double *c, int64_t ldc, const ppar_options *options) {
  return multiply(m, n, k, a, lda, b, ldb, c, ldc, options, true);
}
