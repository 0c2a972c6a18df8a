/* SPDX-License-Identifier: MIT */
/* sort_kernels.c: a stable merge sort for one thread. Each function is written once, for any size, and inlined where
 * the size is known. */
#include "algorithm/sort_kernels.h"

#include <stdint.h>
#include <string.h>

#include <ppar/base.h>

#include "schedule/tuning.h"

/* What is moved. */
struct item {
  size_t size;
  bool pointer; /* to what is compared */
};

typedef unsigned char bytes;

static PPAR_ALWAYS_INLINE const void *compared(const bytes *x, struct item item) {
  const void *element;
  if (!item.pointer) return x;
  memcpy(&element, x, sizeof element);
  return element;
}

/* Whether x has to come before y even where y was first. */
static PPAR_ALWAYS_INLINE bool precedes(const pp_sort_order *order, const bytes *x, const bytes *y, struct item item) {
  const void *a = compared(x, item), *b = compared(y, item);
  return (order->plain != NULL ? order->plain(a, b) : order->with(a, b, order->arg)) < 0;
}

static PPAR_ALWAYS_INLINE void move(bytes *to, const bytes *from, struct item item) { memcpy(to, from, item.size); }

static PPAR_ALWAYS_INLINE void copy_items(bytes *to, const bytes *from, size_t count, struct item item) {
  if (count != 0) memcpy(to, from, count * item.size);
}

/* y may be x. */
static PPAR_ALWAYS_INLINE void insert_all(const pp_sort_order *order, const bytes *x, bytes *y, size_t count,
                                          struct item item) {
  for (size_t i = 0; i < count; i++) {
    _Alignas(PP_SORT_MOVED_MOST) bytes inserted[PP_SORT_MOVED_MOST];
    bytes *at = y + i * item.size;
    move(inserted, x + i * item.size, item);
    while (at != y && precedes(order, inserted, at - item.size, item)) {
      move(at, at - item.size, item);
      at -= item.size;
    }
    move(at, inserted, item);
  }
}

/* b where `so` is 1, a where it is 0; pointers into one array. Arithmetic, since a compiler may make a branch of
 * anything else, and which of two runs an element comes from is as good as random. */
static PPAR_ALWAYS_INLINE const bytes *choose(const bytes *a, const bytes *b, size_t so) {
  return a + ((b - a) & -(ptrdiff_t)so);
}

/* One element of a merge from its front. */
#define TAKE_FIRST(a, b, to)                               \
  do {                                                     \
    const size_t second = precedes(order, (b), (a), item); \
    move((to), choose((a), (b), second), item);            \
    (a) += (1 - second) * item.size;                       \
    (b) += second * item.size;                             \
    (to) += item.size;                                     \
  } while (0)

/* And from its back; the pointers are past the last elements. */
#define TAKE_LAST(a, b, to)                                                   \
  do {                                                                        \
    const size_t first = precedes(order, (b)-item.size, (a)-item.size, item); \
    (to) -= item.size;                                                        \
    move((to), choose((b), (a), first) - item.size, item);                    \
    (a) -= first * item.size;                                                 \
    (b) -= (1 - first) * item.size;                                           \
  } while (0)

static PPAR_ALWAYS_INLINE void merge_forwards(const pp_sort_order *order, const bytes *a, const bytes *a_past,
                                              const bytes *b, const bytes *b_past, bytes *to, struct item item) {
  while (a != a_past && b != b_past) TAKE_FIRST(a, b, to);
  if (a != a_past) memcpy(to, a, (size_t)(a_past - a));
  if (b != b_past) memcpy(to, b, (size_t)(b_past - b));
}

/* From both ends at once: comparisons of one end need not wait for those of the other. As many steps as the shorter
 * run has elements cannot leave either run, so nothing else is asked. The two ends meet, or compare is inconsistent:
 * then they may have taken the same elements, and what they did is done again from the front. */
static PPAR_ALWAYS_INLINE void merge_items(const pp_sort_order *order, const bytes *a, size_t a_count, const bytes *b,
                                           size_t b_count, bytes *to, struct item item) {
  const bytes *a_past = a + a_count * item.size, *b_past = b + b_count * item.size;
  size_t steps;
  while ((steps = a_count < b_count ? a_count : b_count) >= PP_SORT_PAIRED) {
    const bytes *first_a = a, *first_b = b, *last_a = a_past, *last_b = b_past;
    bytes *first_to = to, *last_to = to + (a_count + b_count) * item.size;
    for (size_t k = 0; k < steps; k++) {
      TAKE_FIRST(first_a, first_b, first_to);
      TAKE_LAST(last_a, last_b, last_to);
    }
    if (first_a > last_a || first_b > last_b) break;
    a = first_a;
    b = first_b;
    a_past = last_a;
    b_past = last_b;
    to = first_to;
    a_count = (size_t)(a_past - a) / item.size;
    b_count = (size_t)(b_past - b) / item.size;
  }
  merge_forwards(order, a, a_past, b, b_past, to, item);
}

/* The least i such that a[i] comes after b[taken - i - 1], or i is at its end. */
static PPAR_ALWAYS_INLINE size_t split_items(const pp_sort_order *order, const bytes *a, size_t a_count, const bytes *b,
                                             size_t b_count, size_t taken, struct item item) {
  size_t least = taken > b_count ? taken - b_count : 0, most = taken < a_count ? taken : a_count;
  while (least < most) {
    size_t i = least + (most - least) / 2;
    if (precedes(order, b + (taken - i - 1) * item.size, a + i * item.size, item)) {
      most = i;
    } else {
      least = i + 1;
    }
  }
  return least;
}

static PPAR_ALWAYS_INLINE bool items_rise(const pp_sort_order *order, const bytes *x, size_t count, struct item item) {
  for (size_t i = 0; i < count; i++, x += item.size) {
    if (precedes(order, x + item.size, x, item)) return false;
  }
  return true;
}

/* Each element comes before the one that precedes it, so that turning the run round keeps equals in order. */
static PPAR_ALWAYS_INLINE bool items_fall(const pp_sort_order *order, const bytes *x, size_t count, struct item item) {
  for (size_t i = 0; i < count; i++, x += item.size) {
    if (!precedes(order, x + item.size, x, item)) return false;
  }
  return true;
}

/* y may be x. */
static PPAR_ALWAYS_INLINE void turn_items(const bytes *x, bytes *y, size_t count, struct item item) {
  for (size_t i = 0, j = count - 1; i <= j && j < count; i++, j--) {
    bytes first[PP_SORT_MOVED_MOST];
    move(first, x + i * item.size, item);
    move(y + i * item.size, x + j * item.size, item);
    move(y + j * item.size, first, item);
  }
}

/* Whether the run was in order or in reverse: found out in a few comparisons where it was neither. */
static PPAR_ALWAYS_INLINE bool sort_presorted(const pp_sort_order *order, bytes *x, bytes *y, size_t count,
                                              struct item item, bool into_y) {
  bytes *to = into_y ? y : x;
  if (items_rise(order, x, count - 1, item)) {
    if (into_y) copy_items(y, x, count, item);
    return true;
  }
  if (!items_fall(order, x, count - 1, item)) return false;
  turn_items(x, to, count, item);
  return true;
}

/* Defines the kernels of one kind of item. */
#define KERNELS(name, bytes_moved, by_pointer)                                                                         \
  static PPAR_ALWAYS_INLINE struct item item_##name(size_t size) {                                                     \
    (void)size;                                                                                                        \
    return (struct item){(bytes_moved), (by_pointer)};                                                                 \
  }                                                                                                                    \
  static void merge_##name(const pp_sort_order *order, const bytes *a, size_t a_count, const bytes *b, size_t b_count, \
                           bytes *to, size_t size) {                                                                   \
    merge_items(order, a, a_count, b, b_count, to, item_##name(size));                                                 \
  }                                                                                                                    \
  static size_t split_##name(const pp_sort_order *order, const bytes *a, size_t a_count, const bytes *b,               \
                             size_t b_count, size_t taken, size_t size) {                                              \
    return split_items(order, a, a_count, b, b_count, taken, item_##name(size));                                       \
  }                                                                                                                    \
  static bool rises_##name(const pp_sort_order *order, const bytes *x, size_t count, size_t size) {                    \
    return items_rise(order, x, count, item_##name(size));                                                             \
  }                                                                                                                    \
  static void sort_halves_##name(const pp_sort_order *order, bytes *x, bytes *y, size_t count, size_t size,            \
                                 bool into_y) {                                                                        \
    const struct item item = item_##name(size);                                                                        \
    const size_t half = count / 2;                                                                                     \
    const bytes *from = into_y ? x : y, *middle = from + half * item.size;                                             \
    bytes *to = into_y ? y : x;                                                                                        \
    if (count <= PP_SORT_INSERTED) {                                                                                   \
      insert_all(order, x, to, count, item);                                                                           \
      return;                                                                                                          \
    }                                                                                                                  \
    sort_halves_##name(order, x, y, half, size, !into_y);                                                              \
    sort_halves_##name(order, x + half * item.size, y + half * item.size, count - half, size, !into_y);                \
    if (precedes(order, middle, middle - item.size, item)) {                                                           \
      merge_##name(order, from, half, middle, count - half, to, size);                                                 \
    } else {                                                                                                           \
      copy_items(to, from, count, item);                                                                               \
    }                                                                                                                  \
  }                                                                                                                    \
  static void sort_##name(const pp_sort_order *order, bytes *x, bytes *y, size_t count, size_t size, bool into_y) {    \
    if (count != 0 && !sort_presorted(order, x, y, count, item_##name(size), into_y)) {                                \
      sort_halves_##name(order, x, y, count, size, into_y);                                                            \
    }                                                                                                                  \
  }                                                                                                                    \
  static const pp_sort_kernels kernels_##name = {sort_##name, merge_##name, split_##name, rises_##name};

KERNELS(4, 4, false)
KERNELS(8, 8, false)
KERNELS(16, 16, false)
KERNELS(any, size, false)
KERNELS(pointer, sizeof(void *), true)

const pp_sort_kernels *pp_sort_kernels_for(size_t size, bool by_pointer) {
  if (by_pointer) return &kernels_pointer;
  switch (size) {
    case 4: return &kernels_4;
    case 8: return &kernels_8;
    case 16: return &kernels_16;
    default: return &kernels_any;
  }
}
