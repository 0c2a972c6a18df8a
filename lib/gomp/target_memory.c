/* SPDX-License-Identifier: MIT */
/* target_memory.c: routines for memory on devices. The host's is that of the program: it is there, at the address that
 * it has, and need not be given to it. */
#include <errno.h>
#include <limits.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "gomp/devices.h"
#include "gomp/message.h"
#include "gomp/omp_abi.h"
#include "gomp/target.h"
#include "platform/memory.h"

/* Where a box begins in an array, and how large the array is: numbers of elements, the outermost dimension first. */
typedef struct box {
  const size_t *offsets, *dimensions;
} box;

enum {
  NUMBERS = 5,    /* arrays with a number for each dimension, in what a routine for boxes is given */
  DEPEND_HEAD = 5 /* words before the objects, in what GOMP_task is told of them */
};

/* --- Copies ----------------------------------------------------------------------------------------------- */

/* 0, or EINVAL. */
static int check_copy(const void *to, const void *from, size_t size, int to_device, int from_device) {
  if (!pp_omp_is_host(to_device) || !pp_omp_is_host(from_device)) return EINVAL;
  return size != 0 && (to == NULL || from == NULL) ? EINVAL : 0;
}

static void copy(void *to, const void *from, size_t size, size_t to_offset, size_t from_offset) {
  if (size != 0) memmove((char *)to + to_offset, (const char *)from + from_offset, size);
}

/* False: the product has more than a size_t. */
static bool multiply(size_t *product, size_t by) { return !__builtin_mul_overflow(*product, by, product); }

/* Whether all distances within the array can be told in bytes. */
static bool is_box(const box *b, const size_t *volume, size_t element, int dimensions) {
  size_t all = element;
  for (int i = dimensions - 1; i >= 0; i--) {
    size_t from = b->offsets[i], past;
    if (__builtin_add_overflow(from, volume[i], &past) || __builtin_mul_overflow(past, all, &past)) return false;
    if (i > 0 && !multiply(&all, b->dimensions[i])) return false;
  }
  return true;
}

static size_t element_bytes(const box *b, size_t element, int dimensions) {
  size_t bytes = element;
  for (int i = 1; i < dimensions; i++) bytes *= b->dimensions[i];
  return bytes;
}

static void copy_box(char *to, const char *from, size_t element, int dimensions, const size_t *volume, box to_box,
                     box from_box) {
  size_t to_stride = element_bytes(&to_box, element, dimensions);
  size_t from_stride = element_bytes(&from_box, element, dimensions);
  to += to_box.offsets[0] * to_stride;
  from += from_box.offsets[0] * from_stride;
  if (dimensions == 1) {
    copy(to, from, volume[0] * element, 0, 0);
    return;
  }
  to_box = (box){to_box.offsets + 1, to_box.dimensions + 1};
  from_box = (box){from_box.offsets + 1, from_box.dimensions + 1};
  for (size_t i = 0; i < volume[0]; i++) {
    copy_box(to + i * to_stride, from + i * from_stride, element, dimensions - 1, volume + 1, to_box, from_box);
  }
}

static int check_box(const void *to, const void *from, size_t element, int dimensions, const size_t *volume, box to_box,
                     box from_box, int to_device, int from_device) {
  size_t size = element;
  if (!pp_omp_is_host(to_device) || !pp_omp_is_host(from_device) || dimensions < 1 || element == 0) return EINVAL;
  for (int i = 0; i < dimensions; i++) {
    if (!multiply(&size, volume[i])) return EINVAL;
  }
  if (!is_box(&to_box, volume, element, dimensions) || !is_box(&from_box, volume, element, dimensions)) return EINVAL;
  return check_copy(to, from, size, to_device, from_device);
}

/* --- Copies that are tasks -------------------------------------------------------------------------------- */

/* What such a task is given. */
typedef struct later {
  void *to;
  const void *from;
  size_t size; /* of all, or of an element */
  size_t to_offset, from_offset;
  int value;                      /* what the memory is filled with, where nothing is copied */
  int dimensions;                 /* 0: no box */
  const size_t *numbers[NUMBERS]; /* a box's volume, and both boxes */
} later;

static void copy_later(void *arg) {
  const later *l = arg;
  const size_t *const *n = l->numbers;
  if (l->from == NULL) {
    memset(l->to, l->value, l->size);
  } else if (l->dimensions == 0) {
    copy(l->to, l->from, l->size, l->to_offset, l->from_offset);
  } else {
    copy_box(l->to, l->from, l->size, l->dimensions, n[0], (box){n[1], n[3]}, (box){n[2], n[4]});
  }
}

/* The numbers lie behind it in the task's memory. */
static void make_later(void *to, void *from) {
  later *l = to;
  size_t dimensions, *room = (size_t *)(l + 1);
  *l = *(const later *)from;
  dimensions = (size_t)l->dimensions;
  for (size_t i = 0; i < NUMBERS && dimensions != 0; i++) {
    memcpy(room, l->numbers[i], dimensions * sizeof *room);
    l->numbers[i] = room;
    room += dimensions;
  }
}

/* The objects (omp_depend_t) are told in the form that compilers have for them. */
static void begin_task(later *l, int count, void *objects) {
  enum { OBJECT_BYTES = 2 * sizeof(void *) };
  size_t room = NUMBERS * (size_t)l->dimensions * sizeof(size_t);
  pp_omp_body body = {copy_later, l, make_later, sizeof *l + room, alignof(later)};
  uintptr_t *depend;
  if (count <= 0 || objects == NULL) {
    pp_omp_target_task(&body, NULL);
    return;
  }
  depend = pp_memory_zalloc((DEPEND_HEAD + (size_t)count) * sizeof *depend);
  if (depend == NULL) pp_omp_no_memory("what a copy depends on");
  depend[1] = (uintptr_t)count;
  for (size_t i = 0; i < (size_t)count; i++) {
    depend[DEPEND_HEAD + i] = (uintptr_t)((char *)objects + i * OBJECT_BYTES);
  }
  pp_omp_target_task(&body, (void **)depend);
  pp_memory_free(depend);
}

/* --- Entry points ----------------------------------------------------------------------------------------- */

/* Memory on the device; NULL: there is none, or no such device. It is the C library's. */
void *omp_target_alloc(size_t size, int device) { return pp_omp_is_host(device) ? malloc(size) : NULL; }

void omp_target_free(void *block, int device) {
  if (pp_omp_is_host(device)) free(block);
}

/* Whether data of the host are on the device, where they are there, and whether code there may use the host's. */
int omp_target_is_present(const void *pointer, int device) {
  (void)pointer;
  return pp_omp_is_host(device);
}

void *omp_get_mapped_ptr(const void *pointer, int device) {
  return pp_omp_is_host(device) ? (void *)(uintptr_t)pointer : NULL;
}

int omp_target_is_accessible(const void *pointer, size_t size, int device) {
  (void)pointer;
  (void)size;
  return pp_omp_is_host(device);
}

/* Says that data of the host are at a place on the device, which the host does not allow. */
int omp_target_associate_ptr(const void *host, const void *pointer, size_t size, size_t offset, int device) {
  (void)host;
  (void)pointer;
  (void)size;
  (void)offset;
  (void)device;
  return EINVAL;
}

int omp_target_disassociate_ptr(const void *pointer, int device) {
  (void)pointer;
  (void)device;
  return EINVAL;
}

/* Copies bytes between devices. 0, or EINVAL: there is no such device. */
int omp_target_memcpy(void *to, const void *from, size_t size, size_t to_offset, size_t from_offset, int to_device,
                      int from_device) {
  int result = check_copy(to, from, size, to_device, from_device);
  if (result == 0) copy(to, from, size, to_offset, from_offset);
  return result;
}

/* The same as a task, which comes after what the objects name. */
int omp_target_memcpy_async(void *to, const void *from, size_t size, size_t to_offset, size_t from_offset,
                            int to_device, int from_device, int count, void *objects) {
  later l = {.to = to, .from = from, .size = size, .to_offset = to_offset, .from_offset = from_offset};
  int result = check_copy(to, from, size, to_device, from_device);
  if (result == 0 && size != 0) begin_task(&l, count, objects);
  return result;
}

/* Copies a box of `volume` elements from one array to another. Without addresses: how many dimensions there may be. */
int omp_target_memcpy_rect(void *to, const void *from, size_t element, int dimensions, const size_t *volume,
                           const size_t *to_offsets, const size_t *from_offsets, const size_t *to_dimensions,
                           const size_t *from_dimensions, int to_device, int from_device) {
  box to_box = {to_offsets, to_dimensions}, from_box = {from_offsets, from_dimensions};
  int result;
  if (to == NULL && from == NULL) return INT_MAX;
  result = check_box(to, from, element, dimensions, volume, to_box, from_box, to_device, from_device);
  if (result == 0) copy_box(to, from, element, dimensions, volume, to_box, from_box);
  return result;
}

/* The same as a task; the numbers are copied. */
int omp_target_memcpy_rect_async(void *to, const void *from, size_t element, int dimensions, const size_t *volume,
                                 const size_t *to_offsets, const size_t *from_offsets, const size_t *to_dimensions,
                                 const size_t *from_dimensions, int to_device, int from_device, int count,
                                 void *objects) {
  box to_box = {to_offsets, to_dimensions}, from_box = {from_offsets, from_dimensions};
  later l = {.to = to,
             .from = from,
             .size = element,
             .dimensions = dimensions,
             .numbers = {volume, to_offsets, from_offsets, to_dimensions, from_dimensions}};
  int result;
  if (to == NULL && from == NULL) return INT_MAX;
  result = check_box(to, from, element, dimensions, volume, to_box, from_box, to_device, from_device);
  if (result == 0) begin_task(&l, count, objects);
  return result;
}

/* Fills memory on the device with a byte, and returns where it is. */
void *omp_target_memset(void *block, int value, size_t size, int device) {
  if (pp_omp_is_host(device) && block != NULL && size != 0) memset(block, value, size);
  return block;
}

void *omp_target_memset_async(void *block, int value, size_t size, int device, int count, void *objects) {
  later l = {.to = block, .value = value, .size = size};
  if (pp_omp_is_host(device) && block != NULL && size != 0) begin_task(&l, count, objects);
  return block;
}
