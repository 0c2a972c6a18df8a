// SPDX-License-Identifier: MIT
// allocators.c: memory from allocators: alignment, pools, what they fall back on, and sizes that cannot be had.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

static int is_aligned(const void *block, size_t alignment) { return (uintptr_t)block % alignment == 0; }

// Writes to all of it, and frees it.
static void use(void *block, size_t size) {
  EXPECT(block != NULL);
  if (block != NULL) memset(block, 0x5a, size);
  omp_free(block, omp_null_allocator);
}

static int is_zero(const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] != 0) return 0;
  }
  return 1;
}

static omp_allocator_handle_t make(omp_memspace_handle_t space, int count, const omp_alloctrait_t *traits) {
  omp_allocator_handle_t made = omp_init_allocator(space, count, traits);
  EXPECT(made != omp_null_allocator);
  return made;
}

PROGRAM(predefined_allocators) {
  static const omp_allocator_handle_t all[] = {omp_null_allocator,   omp_default_mem_alloc, omp_large_cap_mem_alloc,
                                               omp_const_mem_alloc,  omp_high_bw_mem_alloc, omp_low_lat_mem_alloc,
                                               omp_cgroup_mem_alloc, omp_pteam_mem_alloc,   omp_thread_mem_alloc};
  static const size_t sizes[] = {1, 7, 8, 100, 4096, 1000000};
#pragma omp parallel
  for (int a = 0; a < COUNT(all); a++) {
    for (int s = 0; s < COUNT(sizes); s++) {
      use(omp_alloc(sizes[s], all[a]), sizes[s]);
      for (size_t alignment = 1; alignment <= 65536; alignment *= 4) {
        void *block = omp_aligned_alloc(alignment, sizes[s], all[a]);
        EXPECT(is_aligned(block, alignment));
        use(block, sizes[s]);
      }
    }
  }
}

PROGRAM(blocks_do_not_overlap) {
  enum { BLOCKS = 200 };
#pragma omp parallel
  {
    unsigned char *blocks[BLOCKS];
    unsigned char mark = (unsigned char)omp_get_thread_num();
    for (int b = 0; b < BLOCKS; b++) {
      blocks[b] = omp_aligned_alloc((size_t)8 << b % 6, (size_t)b + 1, omp_default_mem_alloc);
      EXPECT(blocks[b] != NULL);
      memset(blocks[b], mark + b, (size_t)b + 1);
    }
    for (int b = 0; b < BLOCKS; b++) {
      for (int i = 0; i <= b; i++) EXPECT_EQ(blocks[b][i], (unsigned char)(mark + b));
      omp_free(blocks[b], omp_default_mem_alloc);
    }
  }
}

PROGRAM(zeros) {
  for (int round = 0; round < 3; round++) {
    char *block = omp_calloc(100, 37, omp_default_mem_alloc), *aligned;
    EXPECT(is_zero(block, 3700));
    use(block, 3700);
    aligned = omp_aligned_calloc(256, 10, 512, omp_default_mem_alloc);
    EXPECT(is_aligned(aligned, 256));
    EXPECT(is_zero(aligned, 5120));
    use(aligned, 5120);
  }
}

PROGRAM(nothing_is_allocated) {
  EXPECT(omp_alloc(0, omp_default_mem_alloc) == NULL);
  EXPECT(omp_calloc(0, 8, omp_default_mem_alloc) == NULL);
  EXPECT(omp_calloc(8, 0, omp_default_mem_alloc) == NULL);
  EXPECT(omp_realloc(NULL, 0, omp_default_mem_alloc, omp_default_mem_alloc) == NULL);
  omp_free(NULL, omp_default_mem_alloc);
  omp_free(NULL, omp_null_allocator);
}

// OpenMP has powers of two alone.
PROGRAM_OF_OURS(alignments_that_there_are_not) {
  static volatile size_t alignments[] = {3, 24, SIZE_MAX};
  for (int a = 0; a < COUNT(alignments); a++) {
    EXPECT(omp_aligned_alloc(alignments[a], 48, omp_default_mem_alloc) == NULL);
    EXPECT(omp_aligned_calloc(alignments[a], 1, 48, omp_default_mem_alloc) == NULL);
  }
}

// The compiler is not to know that these cannot be had.
static volatile size_t huge = SIZE_MAX, half = SIZE_MAX / 2, root = (size_t)1 << (sizeof(size_t) * 4);

static void ask_for_too_much(omp_allocator_handle_t allocator) {
  EXPECT(omp_alloc(huge, allocator) == NULL);
  EXPECT(omp_alloc(huge - 40, allocator) == NULL);
  EXPECT(omp_alloc(half, allocator) == NULL);
  EXPECT(omp_aligned_alloc(4096, huge - 4096, allocator) == NULL);
  EXPECT(omp_aligned_alloc(half + 1, 64, allocator) == NULL);
  EXPECT(omp_calloc(root, root, allocator) == NULL);
  EXPECT(omp_calloc(root + 1, root, allocator) == NULL);
  EXPECT(omp_aligned_calloc(64, huge, 2, allocator) == NULL);
}

PROGRAM(too_much_is_refused) {
  static const omp_alloctrait_t null_fb[] = {{omp_atk_fallback, omp_atv_null_fb}};
  static const omp_alloctrait_t pooled[] = {{omp_atk_fallback, omp_atv_default_mem_fb}, {omp_atk_pool_size, 4096}};
  omp_allocator_handle_t first = make(omp_default_mem_space, 1, null_fb),
                         second = make(omp_default_mem_space, 2, pooled);
  char *block;
  ask_for_too_much(omp_default_mem_alloc);
  ask_for_too_much(first);
  ask_for_too_much(second);
  block = omp_alloc(100, first);
  block[99] = 17;
  EXPECT(omp_realloc(block, huge, first, first) == NULL);
  EXPECT_EQ(block[99], 17);
  omp_free(block, first);
  omp_destroy_allocator(first);
  omp_destroy_allocator(second);
}

PROGRAM(alignment_of_an_allocator) {
  for (uintptr_t alignment = 1; alignment <= 65536; alignment *= 2) {
    omp_alloctrait_t traits[] = {{omp_atk_alignment, alignment}};
    omp_allocator_handle_t allocator = make(omp_default_mem_space, 1, traits);
    for (size_t size = 1; size < 3000; size = size * 3 + 1) {
      void *block = omp_alloc(size, allocator);
      EXPECT(is_aligned(block, alignment));
      use(block, size);
      block = omp_aligned_alloc(64, size, allocator);
      EXPECT(is_aligned(block, alignment) && is_aligned(block, 64));
      use(block, size);
      block = omp_calloc(size, 3, allocator);
      EXPECT(is_aligned(block, alignment) && is_zero(block, size * 3));
      use(block, size * 3);
    }
    omp_destroy_allocator(allocator);
  }
}

PROGRAM(traits_that_there_are) {
  static const omp_alloctrait_t traits[] = {
      {omp_atk_sync_hint, omp_atv_contended},
      {omp_atk_sync_hint, omp_atv_uncontended},
      {omp_atk_sync_hint, omp_atv_serialized},
      {omp_atk_sync_hint, omp_atv_private},
      {omp_atk_sync_hint, omp_atv_default},
      {omp_atk_access, omp_atv_all},
      {omp_atk_access, omp_atv_cgroup},
      {omp_atk_access, omp_atv_pteam},
      {omp_atk_access, omp_atv_thread},
      {omp_atk_access, omp_atv_default},
      {omp_atk_fallback, omp_atv_default_mem_fb},
      {omp_atk_fallback, omp_atv_default},
      {omp_atk_pinned, omp_atv_false},
      {omp_atk_pinned, omp_atv_default},
      {omp_atk_partition, omp_atv_environment},
      {omp_atk_partition, omp_atv_nearest},
      {omp_atk_partition, omp_atv_blocked},
      {omp_atk_partition, omp_atv_interleaved},
      {omp_atk_partition, omp_atv_default},
      {omp_atk_pool_size, omp_atv_default},
      {omp_atk_fb_data, omp_default_mem_alloc},
  };
  static const omp_memspace_handle_t spaces[] = {omp_default_mem_space, omp_large_cap_mem_space, omp_const_mem_space,
                                                 omp_low_lat_mem_space};
  omp_allocator_handle_t allocator;
  for (int s = 0; s < COUNT(spaces); s++) {
    for (int t = 0; t < COUNT(traits); t++) {
      allocator = make(spaces[s], 1, &traits[t]);
      use(omp_alloc(100, allocator), 100);
      omp_destroy_allocator(allocator);
    }
  }
  allocator = make(omp_default_mem_space, COUNT(traits), traits);
  use(omp_alloc(100, allocator), 100);
  omp_destroy_allocator(allocator);
  allocator = make(omp_default_mem_space, 0, NULL);
  use(omp_alloc(100, allocator), 100);
  omp_destroy_allocator(allocator);
}

PROGRAM(traits_that_there_are_not) {
  static const omp_alloctrait_t traits[] = {
      {(omp_alloctrait_key_t)0, 1}, {(omp_alloctrait_key_t)99, 1}, {omp_atk_sync_hint, omp_atv_all},
      {omp_atk_access, 99},         {omp_atk_alignment, 0},        {omp_atk_alignment, 24},
      {omp_atk_fallback, 1},        {omp_atk_pinned, 5},           {omp_atk_partition, omp_atv_all},
  };
  for (int t = 0; t < COUNT(traits); t++)
    EXPECT(omp_init_allocator(omp_default_mem_space, 1, &traits[t]) == omp_null_allocator);
  EXPECT(omp_init_allocator((omp_memspace_handle_t)5, 0, NULL) == omp_null_allocator);
  EXPECT(omp_init_allocator((omp_memspace_handle_t)1000, 0, NULL) == omp_null_allocator);
  omp_destroy_allocator(omp_null_allocator);
}

// A block of half of the pool's size, and then some, fits once, whatever the library needs beside it.
PROGRAM(pool_has_a_limit) {
  static const omp_alloctrait_t traits[] = {{omp_atk_pool_size, 4096}, {omp_atk_fallback, omp_atv_null_fb}};
  omp_allocator_handle_t allocator = make(omp_default_mem_space, 2, traits);
  EXPECT(omp_alloc(4097, allocator) == NULL);
  for (int round = 0; round < 100; round++) {
    char *block = omp_alloc(3000, allocator);
    EXPECT(block != NULL);
    EXPECT(omp_alloc(3000, allocator) == NULL);
    EXPECT(omp_calloc(1000, 3, allocator) == NULL);
    block[0] = 17;
    block = omp_realloc(block, 3500, allocator, allocator);
    EXPECT(block != NULL && block[0] == 17);
    EXPECT(omp_realloc(block, 5000, allocator, allocator) == NULL);
    block = omp_realloc(block, 100, allocator, allocator);
    EXPECT(block != NULL && block[0] == 17);
    use(omp_alloc(3000, allocator), 3000);
    EXPECT(omp_realloc(block, 0, allocator, allocator) == NULL);
  }
  omp_destroy_allocator(allocator);
}

PROGRAM_OF_OURS(pool_counts_what_was_asked_for) {
  static const omp_alloctrait_t traits[] = {
      {omp_atk_pool_size, 4096}, {omp_atk_fallback, omp_atv_null_fb}, {omp_atk_alignment, 1024}};
  omp_allocator_handle_t allocator = make(omp_default_mem_space, 3, traits);
  void *block = omp_alloc(4095, allocator);
  EXPECT(block != NULL);
  use(omp_alloc(1, allocator), 1);
  EXPECT(omp_alloc(2, allocator) == NULL);
  use(block, 4095);
  use(omp_alloc(4096, allocator), 4096);
  omp_destroy_allocator(allocator);
}

// Threads take and give back; never more of them than fit have a block.
PROGRAM(pool_is_shared) {
  enum { ROUNDS = 1000, FIT = 2 };
  static const omp_alloctrait_t traits[] = {{omp_atk_pool_size, 1000}, {omp_atk_fallback, omp_atv_null_fb}};
  omp_allocator_handle_t allocator = make(omp_default_mem_space, 2, traits);
  int have = 0;
#pragma omp parallel num_threads(8)
  for (int round = 0; round < ROUNDS; round++) {
    int now;
    char *block = omp_alloc(400, allocator);
    if (block == NULL) continue;
#pragma omp atomic capture
    now = ++have;
    EXPECT(now <= FIT);
    memset(block, 1, 400);
#pragma omp atomic
    have--;
    omp_free(block, allocator);
  }
  for (int round = 0; round < 10; round++) use(omp_alloc(800, allocator), 800);
  omp_destroy_allocator(allocator);
}

PROGRAM(fallbacks) {
  static const omp_alloctrait_t last[] = {
      {omp_atk_pool_size, 2000}, {omp_atk_fallback, omp_atv_null_fb}, {omp_atk_alignment, 512}};
  omp_alloctrait_t first[] = {
      {omp_atk_pool_size, 1000}, {omp_atk_fallback, omp_atv_allocator_fb}, {omp_atk_fb_data, 0}};
  static const omp_alloctrait_t plain[] = {{omp_atk_pool_size, 1000}};
  omp_allocator_handle_t a, b = make(omp_default_mem_space, 3, last), c = make(omp_default_mem_space, 1, plain);
  void *one, *two;
  first[2].value = b;
  a = make(omp_default_mem_space, 3, first);
  one = omp_alloc(700, a);
  two = omp_alloc(700, a);
  EXPECT(one != NULL && two != NULL && is_aligned(two, 512));
  EXPECT(omp_alloc(1500, a) == NULL);
  two = omp_realloc(two, 200, a, a);
  EXPECT(two != NULL);
  use(one, 700);
  use(two, 200);
  use(omp_alloc(5000, c), 5000);
  omp_destroy_allocator(a);
  omp_destroy_allocator(b);
  omp_destroy_allocator(c);
}

PROGRAM(fallback_ends_the_program) {
  static const omp_alloctrait_t traits[] = {{omp_atk_pool_size, 100}, {omp_atk_fallback, omp_atv_abort_fb}};
  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    omp_allocator_handle_t allocator = omp_init_allocator(omp_default_mem_space, 2, traits);
    close(2);
    (void)omp_alloc(101, allocator);
    _exit(0);
  }
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT(status != 0);
}

PROGRAM(realloc_keeps_what_fits) {
  static const omp_alloctrait_t traits[] = {{omp_atk_alignment, 256}};
  omp_allocator_handle_t allocator = make(omp_default_mem_space, 1, traits);
  static const size_t sizes[] = {1, 100, 99, 5000, 100000, 300, 3};
  size_t before = 0;
  unsigned char *block = NULL;
  for (int s = 0; s < COUNT(sizes); s++) {
    block = omp_realloc(block, sizes[s], s % 2 == 0 ? allocator : omp_default_mem_alloc, omp_null_allocator);
    EXPECT(block != NULL && (s % 2 != 0 || is_aligned(block, 256)));
    for (size_t i = 0; i < before && i < sizes[s]; i++) EXPECT_EQ(block[i], (i * 7) % 256);
    for (size_t i = 0; i < sizes[s]; i++) block[i] = (unsigned char)(i * 7);
    before = sizes[s];
  }
  use(block, before);
  omp_destroy_allocator(allocator);
}

// Of each task its own.
PROGRAM(default_allocator) {
  static const omp_alloctrait_t traits[] = {
      {omp_atk_pool_size, 1000}, {omp_atk_fallback, omp_atv_null_fb}, {omp_atk_alignment, 128}};
  omp_allocator_handle_t allocator = make(omp_default_mem_space, 3, traits);
  EXPECT(omp_get_default_allocator() == omp_default_mem_alloc);
  omp_set_default_allocator(allocator);
  EXPECT(omp_get_default_allocator() == allocator);
  EXPECT(omp_alloc(1001, omp_null_allocator) == NULL);
#pragma omp parallel
  {
    EXPECT(omp_get_default_allocator() == allocator);
    omp_set_default_allocator(omp_get_thread_num() % 2 == 0 ? allocator : omp_large_cap_mem_alloc);
#pragma omp barrier
    EXPECT(omp_get_default_allocator() == (omp_get_thread_num() % 2 == 0 ? allocator : omp_large_cap_mem_alloc));
    void *block = omp_alloc(1001, omp_null_allocator);
    EXPECT((block == NULL) == (omp_get_thread_num() % 2 == 0));
    omp_free(block, omp_null_allocator);
  }
  EXPECT(omp_get_default_allocator() == allocator);
  use(omp_alloc(500, omp_null_allocator), 500);
  omp_set_default_allocator(omp_default_mem_alloc);
  omp_destroy_allocator(allocator);
}

// What compilers call for the clause: the memory of private variables.
PROGRAM(allocate_clause) {
  static const omp_alloctrait_t traits[] = {{omp_atk_alignment, 256}};
  omp_allocator_handle_t allocator = make(omp_default_mem_space, 1, traits);
  int number = 3;
  double values[10] = {0};
  values[9] = 4;
#pragma omp parallel firstprivate(number, values) allocate(allocator : number, values)
  {
    EXPECT_EQ(number, 3);
    EXPECT_EQ(values[9], 4);
    EXPECT(is_aligned(&number, 256));
    number = values[9] = omp_get_thread_num();
#pragma omp barrier
    EXPECT_EQ(number, omp_get_thread_num());
    EXPECT_EQ(values[9], omp_get_thread_num());
  }
  omp_destroy_allocator(allocator);
}

// Where the system permits it.
PROGRAM(pinned_memory) {
  static const omp_alloctrait_t traits[] = {
      {omp_atk_pinned, omp_atv_true}, {omp_atk_fallback, omp_atv_null_fb}, {omp_atk_alignment, 256}};
  omp_allocator_handle_t allocator = omp_init_allocator(omp_default_mem_space, 3, traits);
  if (allocator == omp_null_allocator) return;
  for (int round = 0; round < 10; round++) {
    char *block = omp_calloc(100, 7, allocator);
    if (block == NULL) continue;
    EXPECT(is_aligned(block, 256) && is_zero(block, 700));
    block = omp_realloc(block, 1000, allocator, allocator);
    if (block != NULL) use(block, 1000);
  }
  omp_destroy_allocator(allocator);
}

// --- OMP_ALLOCATOR

// Starts the program with this name again, with another environment.
static void start_with(const char *name, const char *text) {
  int status = -1;
  pid_t child = fork();
  if (child == 0) {
    setenv("OMP_ALLOCATOR", text, 1);
    execl("/proc/self/exe", "openmp_c", name, (char *)NULL);
    _exit(1);
  }
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

PROGRAM(allocator_of_the_environment) {
  if (getenv("OMP_ALLOCATOR") == NULL) {
    start_with("allocator_of_the_environment", "omp_large_cap_mem_alloc");
    start_with("allocator_of_the_environment", " OMP_Large_Cap_mem_alloc ");
  } else {
    EXPECT(omp_get_default_allocator() == omp_large_cap_mem_alloc);
    use(omp_alloc(5000, omp_null_allocator), 5000);
  }
}

// Since OpenMP 5.1.
PROGRAM_OF_OURS(memory_space_of_the_environment) {
  if (getenv("OMP_ALLOCATOR") == NULL) {
    start_with("memory_space_of_the_environment", "omp_low_lat_mem_space");
  } else {
    EXPECT(omp_get_default_allocator() == omp_low_lat_mem_alloc);
    use(omp_alloc(5000, omp_null_allocator), 5000);
  }
}

PROGRAM_OF_OURS(traits_of_the_environment) {
  if (getenv("OMP_ALLOCATOR") == NULL) {
    start_with("traits_of_the_environment",
               "omp_default_mem_space:pool_size=4096,fallback=null_fb,alignment=512,"
               "pinned=false,access=all,sync_hint=contended");
    start_with("traits_of_the_environment",
               "omp_low_lat_mem_space : alignment = 512 , partition = nearest , "
               "pool_size = 4096 , fallback = null_fb");
  } else {
    void *block = omp_alloc(3000, omp_null_allocator);
    EXPECT(omp_alloc(5000, omp_null_allocator) == NULL);
    EXPECT(is_aligned(block, 512));
    use(block, 3000);
  }
}

// Nonsense is told of, and the default allocator is used.
PROGRAM_OF_OURS(allocator_of_a_wrong_environment) {
  static const char *const texts[] = {
      "",
      "nonsense",
      "omp_null_allocator",
      "omp_default_mem_alloc,",
      "omp_default_mem_space:",
      "omp_default_mem_space:alignment",
      "omp_default_mem_space:alignment=",
      "omp_default_mem_space:alignment=24",
      "omp_default_mem_space:alignment=-8",
      "omp_default_mem_space:pool_size=99999999999999999999999",
      "omp_default_mem_space:fallback=1",
      "omp_default_mem_space:pinned=true,",
      "omp_default_mem_alloc:pinned=true",
  };
  if (getenv("OMP_ALLOCATOR") == NULL) {
    for (int t = 0; t < COUNT(texts); t++) start_with("allocator_of_a_wrong_environment", texts[t]);
  } else {
    EXPECT(omp_get_default_allocator() == omp_default_mem_alloc);
    use(omp_alloc(5000, omp_null_allocator), 5000);
  }
}
