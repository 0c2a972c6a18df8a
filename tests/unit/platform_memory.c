/* SPDX-License-Identifier: MIT */
/* platform_memory.c: the library's memory, by the allocator that this process has and by the C library's alone. The
 * build may link this test with jemalloc: the first of the two is then jemalloc. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <sys/mman.h>
#include <unistd.h>

#include "platform/cache_line.h"
#include "platform/memory.h"

/* The C library's, under names of its own. */
#if !defined(PP_NO_JEMALLOC)
#define PP_NO_JEMALLOC
#endif
#define pp_memory_begin plain_begin
#define pp_memory_alloc plain_alloc
#define pp_memory_alloc_values plain_alloc_values
#define pp_memory_zalloc plain_zalloc
#define pp_memory_free plain_free
#define pp_memory_give_back plain_give_back
#include "platform/memory.c"
#undef pp_memory_begin
#undef pp_memory_alloc
#undef pp_memory_alloc_values
#undef pp_memory_zalloc
#undef pp_memory_free
#undef pp_memory_give_back

typedef struct allocator {
  void *(*alloc)(size_t);
  void *(*zalloc)(size_t);
  void *(*alloc_values)(size_t bytes, size_t size);
  void (*free)(void *);
} allocator;

static const allocator allocators[] = {{pp_memory_alloc, pp_memory_zalloc, pp_memory_alloc_values, pp_memory_free},
                                       {plain_alloc, plain_zalloc, plain_alloc_values, plain_free}};

#define MEMORY_TEST(name)                                     \
  static void name(const allocator *a);                       \
  Test(platform_memory, name) { name(&allocators[0]); }       \
  Test(platform_memory_plain, name) { name(&allocators[1]); } \
  static void name(const allocator *a)

static const size_t sizes[] = {1, 8, 127, 128, 129, 1000, 4096, 100000, 1 << 20, (1 << 24) + 1};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

MEMORY_TEST(blocks_are_aligned_and_writable_to_the_last_byte) {
  for (int i = 0; i < SIZES; i++) {
    unsigned char *block = a->alloc(sizes[i]);
    cr_assert_not_null(block);
    cr_expect_eq((uintptr_t)block % PP_CACHE_LINE, 0);
    memset(block, 0x5a, sizes[i]);
    cr_expect_eq(block[sizes[i] - 1], 0x5a);
    a->free(block);
  }
}

MEMORY_TEST(values_are_aligned_for_any_type_of_their_size) {
  static const struct {
    size_t size, alignment;
  } values[] = {{1, 1},    {24, 8},      {32, 32},     {96, 32},      {128, 128},   {256, 256},     {768, 256},
                {1000, 8}, {4096, 4096}, {8192, 4096}, {12288, 4096}, {100000, 32}, {1 << 20, 4096}};
  for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
    const size_t size = values[v].size;
    cr_expect_eq(pp_alignment_of(size), values[v].alignment, "%zu", size);
    unsigned char *block = a->alloc_values(3 * size, size);
    cr_assert_not_null(block);
    cr_expect(pp_is_aligned_for(block, size));
    cr_expect_eq((uintptr_t)block % values[v].alignment, 0, "%zu", size);
    cr_expect_eq((uintptr_t)block % PP_CACHE_LINE, 0);
    memset(block, 0x5a, 3 * size);
    a->free(block);
  }
  cr_expect_null(a->alloc_values(0, 4096));
  cr_expect_null(a->alloc_values((size_t)PTRDIFF_MAX, 4096));
  cr_expect_null(a->alloc_values(SIZE_MAX, 4096));
}

MEMORY_TEST(zeroed_blocks_are_zero_also_where_memory_is_used_again) {
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < SIZES; i++) {
      unsigned char *block = a->zalloc(sizes[i]);
      size_t others = 0;
      cr_assert_not_null(block);
      cr_expect_eq((uintptr_t)block % PP_CACHE_LINE, 0);
      for (size_t at = 0; at < sizes[i]; at++) others += block[at] != 0;
      cr_expect_eq(others, 0);
      memset(block, 0xff, sizes[i]);
      a->free(block);
    }
  }
}

MEMORY_TEST(no_two_blocks_share_a_cache_line) {
  enum { BLOCKS = 100 };
  uintptr_t blocks[BLOCKS];
  for (int i = 0; i < BLOCKS; i++) blocks[i] = (uintptr_t)a->alloc(1 + (size_t)i % 200);
  for (int i = 0; i < BLOCKS; i++) {
    uintptr_t end = blocks[i] + 1 + (uintptr_t)i % 200;
    for (int j = 0; j < BLOCKS; j++) {
      if (i != j) cr_expect(blocks[j] / PP_CACHE_LINE > (end - 1) / PP_CACHE_LINE || blocks[j] < blocks[i]);
    }
  }
  for (int i = 0; i < BLOCKS; i++) a->free((void *)blocks[i]);
}

MEMORY_TEST(impossible_sizes_give_null) {
  cr_expect_null(a->alloc(0));
  cr_expect_null(a->zalloc(0));
  cr_expect_null(a->alloc(SIZE_MAX));
  cr_expect_null(a->zalloc(SIZE_MAX));
  cr_expect_null(a->alloc(SIZE_MAX - PP_CACHE_LINE + 1));
  cr_expect_null(a->alloc((size_t)PTRDIFF_MAX));
  cr_expect_null(a->alloc((size_t)PTRDIFF_MAX + 1));
}

MEMORY_TEST(freeing_null_is_fine) { a->free(NULL); }

#if defined(__linux__)

/* What is not a whole page stays. */
MEMORY_TEST(pages_that_are_given_back_can_be_used_again) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 16 * page;
  unsigned char resident[18] = {0};
  unsigned char *block = a->alloc(size);
  cr_assert_not_null(block);
  memset(block, 5, size);
  errno = 1234;
  pp_memory_give_back(block + 1, size - 2);
  cr_expect_eq(errno, 1234);
  cr_expect_eq(block[0], 5);
  cr_expect_eq(block[size - 1], 5);
  unsigned char *first = block + 1 + (page - (uintptr_t)(block + 1) % page) % page;
  size_t pages = (size_t)(block + size - 1 - first) / page, left = 0;
  cr_assert_eq(mincore(first, pages * page, resident), 0);
  for (size_t i = 0; i < pages; i++) left += resident[i] & 1;
  cr_expect_lt(left, pages);
  memset(block, 6, size);
  for (size_t i = 0; i < size; i++) cr_assert_eq(block[i], 6);
  pp_memory_give_back(block, 1);
  cr_expect_eq(block[0], 6);
  a->free(block);
}

/* Some pages may be: allocators write beside a block, and huge pages come whole. */
MEMORY_TEST(most_pages_of_a_large_block_are_untouched) {
  const size_t size = (size_t)256 << 20, page = (size_t)sysconf(_SC_PAGESIZE);
  unsigned char *resident = calloc(size / page, 1);
  char *block;
#ifdef M_PERTURB
  (void)mallopt(M_PERTURB, 0); /* a test run may have asked the C library to fill all blocks */
#endif
  block = a->alloc(size);
  size_t touched = 0;
  char *first = block + (page - (uintptr_t)block % page) % page;
  size_t pages = size / page - 1;
  cr_assert_not_null(block);
  cr_assert_eq(mincore(first, pages * page, resident), 0);
  for (size_t i = 0; i < pages; i++) touched += resident[i] & 1;
  cr_expect_lt(touched, pages / 10);
  a->free(block);
  free(resident);
}

#endif
