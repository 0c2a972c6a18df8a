// SPDX-License-Identifier: MIT
// target_memory.c: routines for devices and their memory, where there is the host alone.
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

PROGRAM(device_numbers) {
  int before = omp_get_default_device();
  EXPECT_EQ(omp_get_num_devices(), 0);
  EXPECT_EQ(omp_get_initial_device(), 0);
  EXPECT_EQ(omp_get_device_num(), 0);
  EXPECT_EQ(omp_is_initial_device(), 1);
  omp_set_default_device(3);
  EXPECT_EQ(omp_get_default_device(), 3);
#pragma omp parallel num_threads(2)
  {
    EXPECT_EQ(omp_get_default_device(), 3);
    omp_set_default_device(omp_get_thread_num() + 5);  // of this task alone
    EXPECT_EQ(omp_get_default_device(), omp_get_thread_num() + 5);
  }
  omp_set_default_device(before);
  EXPECT_EQ(omp_get_default_device(), before);
}

PROGRAM(target_memory_is_the_hosts) {
  int host = omp_get_initial_device();
  char *block = omp_target_alloc(100, host), other[100];
  EXPECT(block != NULL);
  if (block == NULL) return;
  for (int i = 0; i < 100; i++) block[i] = (char)i;
  EXPECT_EQ(omp_target_is_present(block, host), 1);
  EXPECT_EQ(omp_target_memcpy(other, block, 50, 10, 20, host, host), 0);
  for (int i = 0; i < 50; i++) EXPECT_EQ(other[10 + i], 20 + i);
  EXPECT(omp_target_associate_ptr(block, other, 10, 0, host) != 0);
  EXPECT(omp_target_disassociate_ptr(block, host) != 0);
  omp_target_free(block, host);
  omp_target_free(NULL, host);
}

PROGRAM(target_memory_of_no_device) {
  char from[8] = "abcdefg", to[8] = "1234567";
  EXPECT(omp_target_alloc(100, 5) == NULL);
  EXPECT_EQ(omp_target_is_present(from, 5), 0);
  EXPECT(omp_target_memcpy(to, from, 3, 0, 0, 5, 0) != 0);
  EXPECT(omp_target_memcpy(to, from, 3, 0, 0, 0, 5) != 0);
  EXPECT_EQ(strcmp(to, "1234567"), 0);
  EXPECT(omp_target_associate_ptr(from, to, 8, 0, 5) != 0);
  omp_target_free(from, 5);
}

// Boxes of one to three dimensions, element by element.
PROGRAM(target_memcpy_rect) {
  enum { A = 4, B = 3, C = 5 };
  int from[A][B][C], to[A + 1][B + 2][C + 3];
  size_t volume[3] = {2, 2, 3}, to_offsets[3] = {1, 2, 4}, from_offsets[3] = {2, 1, 1};
  size_t to_sizes[3] = {A + 1, B + 2, C + 3}, from_sizes[3] = {A, B, C};
  for (int i = 0; i < A * B * C; i++) ((int *)from)[i] = i + 1;
  memset(to, 0, sizeof to);
  EXPECT_EQ(
      omp_target_memcpy_rect(to, from, sizeof(int), 3, volume, to_offsets, from_offsets, to_sizes, from_sizes, 0, 0),
      0);
  for (size_t i = 0; i < A + 1; i++) {
    for (size_t j = 0; j < B + 2; j++) {
      for (size_t k = 0; k < C + 3; k++) {
        int inside = i >= 1 && i < 3 && j >= 2 && j < 4 && k >= 4 && k < 7;
        EXPECT_EQ(to[i][j][k], inside ? from[i + 1][j - 1][k - 3] : 0);
      }
    }
  }
  memset(to, 0, sizeof to);
  EXPECT_EQ(
      omp_target_memcpy_rect(to, from, sizeof(int), 1, volume, to_offsets, from_offsets, to_sizes, from_sizes, 0, 0),
      0);
  EXPECT_EQ(to[0][0][0], 0);
  EXPECT_EQ(to[0][0][1], 3);
  EXPECT_EQ(to[0][0][2], 4);
  EXPECT_EQ(to[0][0][3], 0);
  EXPECT(omp_target_memcpy_rect(NULL, NULL, 4, 3, volume, to_offsets, from_offsets, to_sizes, from_sizes, 0, 0) >= 3);
  EXPECT(omp_target_memcpy_rect(to, from, 4, 3, volume, to_offsets, from_offsets, to_sizes, from_sizes, 5, 0) != 0);
  volume[2] = SIZE_MAX;
  EXPECT(omp_target_memcpy_rect(to, from, 4, 3, volume, to_offsets, from_offsets, to_sizes, from_sizes, 0, 0) != 0);
}

PROGRAM_OF_OURS(target_memory_of_bad_arguments) {
  size_t volume[2] = {1, 1}, offsets[2] = {0, 0}, sizes[2] = {1, SIZE_MAX}, far[2] = {SIZE_MAX, 0};
  char from[4] = "abc", to[4] = "123";
  EXPECT(omp_target_memcpy(NULL, from, 3, 0, 0, 0, 0) != 0);
  EXPECT(omp_target_memcpy(to, NULL, 3, 0, 0, 0, 0) != 0);
  EXPECT_EQ(omp_target_memcpy(NULL, NULL, 0, 0, 0, 0, 0), 0);
  EXPECT(omp_target_memcpy_rect(to, from, 4, 0, volume, offsets, offsets, sizes, sizes, 0, 0) != 0);
  EXPECT(omp_target_memcpy_rect(to, from, 4, -1, volume, offsets, offsets, sizes, sizes, 0, 0) != 0);
  EXPECT(omp_target_memcpy_rect(to, from, 4, 2, volume, offsets, offsets, sizes, sizes, 0, 0) != 0);
  EXPECT(omp_target_memcpy_rect(to, from, 4, 2, volume, far, offsets, volume, volume, 0, 0) != 0);
  EXPECT_EQ(strcmp(to, "123"), 0);
}
