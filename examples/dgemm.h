/* SPDX-License-Identifier: MIT */
/* dgemm.h: the product of two matrices of doubles, with ppar loops outside and vector instructions inside. */
#ifndef DGEMM_H
#define DGEMM_H

#include <stdint.h>

#include <ppar/ppar.h>

/* C = A * B, all stored by rows: A is m x k, B is k x n, C is m x n, and row i of A starts at a + i * lda (ldb and ldc
 * likewise, in elements). C must not overlap A or B. The options' threads, pool and schedule are used; NULL is all
 * defaults. Equals
 *
 *     for (i = 0; i < m; i++)
 *       for (j = 0; j < n; j++) {
 *         c[i * ldc + j] = 0;
 *         for (p = 0; p < k; p++) c[i * ldc + j] += a[i * lda + p] * b[p * ldb + j];
 *       }
 *
 * up to rounding. Each element's sum is made in the same order whatever the threads and the schedule, so the result's
 * bits do not depend on them. Returns PPAR_OK; PPAR_EINVAL, nothing written, for a negative size, a leading dimension
 * shorter than its row, a NULL matrix that is not empty, or an option out of its range; PPAR_ENOMEM. */
int dgemm_ppar(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda, const double *b, int64_t ldb, double *c,
               int64_t ldc, const ppar_options *options);

/* C += A * B: the same, but that c keeps what it has, to which each element's sum is added at the end of every block of
 * up to 512 products. The block's width depends on k alone. */
int dgemm_ppar_add(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda, const double *b, int64_t ldb,
                   double *c, int64_t ldc, const ppar_options *options);

/* The instruction set that dgemm_ppar uses on this machine: "avx512", "avx2" or "portable". */
const char *dgemm_kernel_name(void);

#endif
