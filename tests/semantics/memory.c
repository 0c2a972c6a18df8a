/* SPDX-License-Identifier: MIT */
/* memory.c: what ppar_alloc gives, and what ppar_free takes. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include <ppar/ppar.h>

#include "../support/scale.h"

enum { ALIGNMENT = 128, LARGE = 3 << 20 };

static const size_t sizes[] = {1, 7, 127, 128, 129, 4096, 100000, LARGE};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

Test(memory, blocks_are_aligned_and_theirs_alone) {
  unsigned char *blocks[2 * SIZES];
  for (size_t i = 0; i < 2 * SIZES; i++) {
    blocks[i] = ppar_alloc(sizes[i % SIZES]);
    cr_assert_not_null(blocks[i]);
    cr_expect_eq((uintptr_t)blocks[i] % ALIGNMENT, 0, "%zu bytes", sizes[i % SIZES]);
    memset(blocks[i], (int)i + 1, sizes[i % SIZES]);
  }
  for (size_t i = 0; i < 2 * SIZES; i++) {
    size_t kept = 0;
    while (kept < sizes[i % SIZES] && blocks[i][kept] == i + 1) kept++;
    cr_expect_eq(kept, sizes[i % SIZES], "block %zu", i);
  }
  for (size_t i = 0; i < 2 * SIZES; i++) {
    for (size_t j = 0; j < 2 * SIZES; j++) {
      const uintptr_t a = (uintptr_t)blocks[i], b = (uintptr_t)blocks[j];
      if (a < b) cr_expect(a + sizes[i % SIZES] <= b, "blocks %zu and %zu share a line", i, j);
    }
  }
  for (size_t i = 0; i < 2 * SIZES; i++) ppar_free(blocks[i]);
}

Test(memory, nothing_is_no_block_and_no_block_may_be_freed) {
  cr_expect_null(ppar_alloc(0));
  ppar_free(NULL);
}

Test(memory, more_than_there_is_gives_no_block) {
  if (SCALE_ADDRESS_SANITIZER || SCALE_THREAD_SANITIZER) cr_skip_test("the checker ends the process");
  cr_expect_null(ppar_alloc(SIZE_MAX));
  cr_expect_null(ppar_alloc(SIZE_MAX - ALIGNMENT + 1));
  cr_expect_null(ppar_alloc(SIZE_MAX / 2 + 1));
}

static void *free_here(void *block) {
  ppar_free(block);
  return NULL;
}

Test(memory, any_thread_may_free) {
  pthread_t thread;
  void *block = ppar_alloc(LARGE);
  cr_assert_not_null(block);
  cr_assert_eq(pthread_create(&thread, NULL, free_here, block), 0);
  pthread_join(thread, NULL);
}

struct allocating {
  _Atomic int *failed;
};

PPAR_BODY(allocate_write_and_free, i, struct allocating, a) {
  const size_t size = (size_t)i + 1;
  unsigned char *block = ppar_alloc(size);
  if (block == NULL || (uintptr_t)block % ALIGNMENT != 0) {
    ++*a->failed;
  } else {
    memset(block, 1, size);
  }
  ppar_free(block);
}

Test(memory, bodies_may_allocate) {
  _Atomic int failed = 0;
  struct allocating allocating = {&failed};
  cr_assert_eq(ppar_parallel_for(0, 2000, allocate_write_and_free, &allocating, PPAR_OPTIONS(.threads = 4)), PPAR_OK);
  cr_expect_eq(failed, 0);
}
