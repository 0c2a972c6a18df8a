/* SPDX-License-Identifier: MIT */
/* sort.c: heapsort (Williams, "Algorithm 232: Heapsort", 1964): in place, and n log n whatever the order was. */
#include "show/sort.h"

static void swap(unsigned char *a, unsigned char *b, size_t size) {
  for (size_t k = 0; k < size; k++) {
    unsigned char kept = a[k];
    a[k] = b[k];
    b[k] = kept;
  }
}

/* Thing `root` sinks until none below it is to come after it. */
static void sink(unsigned char *things, uint64_t root, uint64_t count, size_t size, pp_before *before) {
  for (uint64_t child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && before(things + child * size, things + (child + 1) * size)) child++;
    if (!before(things + root * size, things + child * size)) return;
    swap(things + root * size, things + child * size, size);
  }
}

/* What is in order already, as most of it is, is left as it is. */
static bool is_sorted(const unsigned char *things, uint64_t count, size_t size, pp_before *before) {
  for (uint64_t k = 1; k < count; k++) {
    if (before(things + k * size, things + (k - 1) * size)) return false;
  }
  return true;
}

void pp_sort(void *things, uint64_t count, size_t size, pp_before *before) {
  unsigned char *first = things;
  if (is_sorted(first, count, size, before)) return;
  for (uint64_t root = count / 2; root-- > 0;) sink(first, root, count, size, before);
  for (uint64_t last = count; last-- > 1;) {
    swap(first, first + last * size, size);
    sink(first, 0, last, size, before);
  }
}
