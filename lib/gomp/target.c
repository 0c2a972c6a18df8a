/* SPDX-License-Identifier: MIT */
/* target.c: what compilers call for constructs for devices. A target region runs on the calling thread, on the data of
 * the host, as if nothing were around it: in the data environment of an initial task. What would copy data to a device
 * and back does nothing. Variables that are firstprivate are copied all the same, since the region may change them.
 *
 * A construct with nowait is a task, by GOMP_task; one without waits for the tasks that its depend clause names, by
 * GOMP_taskwait_depend. */
#include "gomp/target.h"

#include <limits.h>
#include <stdalign.h>
#include <string.h>

#include "gomp/devices.h"
#include "gomp/gomp_abi.h"
#include "gomp/message.h"
#include "gomp/shared.h"
#include "platform/memory.h"

/* Kinds of mapping, as compilers number them, in the low byte; the high one is the logarithm of the alignment. */
enum { KIND_MASK = 0xff, KIND_FIRSTPRIVATE = 0x0c, KIND_ATTACH = 0x50, ALIGN_SHIFT = 8 };

enum { FLAG_NOWAIT = 1 };
enum { TASK_DEPEND = 8 };

/* What a region is told beside its data: words that end with a 0. */
enum {
  WORD_DEVICE_MASK = 0x7f, /* 0: whatever the device */
  WORD_IS_FOLLOWED = 0x80, /* by its value */
  WORD_NAME_MASK = 0xff00, /* what it is */
  WORD_THREAD_LIMIT = 0x200,
  WORD_VALUE_SHIFT = 16
};

/* Copies of so many bytes are on the stack. */
enum { COPIES_ON_STACK = 1024, STACK_ALIGNMENT = 64 };

/* A target region with nowait. What it needs stands in the same block. */
typedef struct region {
  void (*function)(void *);
  int thread_limit;
  void **addresses;
} region;

void pp_omp_run_initial(pp_omp_data *data, void (*function)(void *), void *arg) {
  pp_self *self = pp_self_get();
  pp_omp_data *before = self->place.omp;
  data->frame = self->place.frame;
  self->place.omp = data;
  function(arg);
  pp_omp_shared_leave(data);
  self->place.omp = before;
}

/* --- Order ------------------------------------------------------------------------------------------------ */

static void do_nothing(void *arg) { (void)arg; }

void pp_omp_target_order(void **depend, bool nowait) {
  if (depend == NULL) return;
  if (nowait) {
    GOMP_task(do_nothing, NULL, NULL, 0, 1, true, TASK_DEPEND, depend, 0, NULL);
  } else {
    GOMP_taskwait_depend(depend);
  }
}

/* What the task is given is a copy of this. */
typedef struct work {
  void (*function)(void *);
  void *arg;
} work;

static void do_work(void *arg) {
  work *work_to_do = arg;
  work_to_do->function(work_to_do->arg);
  pp_memory_free(work_to_do->arg);
}

void pp_omp_target_task(void (*function)(void *), void *arg, void **depend) {
  work work_to_do = {.function = function, .arg = arg};
  GOMP_task(do_work, &work_to_do, NULL, sizeof work_to_do, alignof(work), true, depend != NULL ? TASK_DEPEND : 0,
            depend, 0, NULL);
}

/* --- Copies ----------------------------------------------------------------------------------------------- */

static bool is_copied(void *const *addresses, const unsigned short *kinds, size_t i) {
  return (kinds[i] & KIND_MASK) == KIND_FIRSTPRIVATE && addresses[i] != NULL;
}

static size_t alignment_of(unsigned short kind) { return (size_t)1 << (kind >> ALIGN_SHIFT); }

static size_t align(size_t offset, size_t alignment) { return (offset + alignment - 1) & ~(alignment - 1); }

/* How many bytes the copies take, and how they are to begin; 0: there are none. */
static size_t measure(size_t count, void *const *addresses, const size_t *sizes, const unsigned short *kinds,
                      size_t *alignment) {
  size_t bytes = 0;
  *alignment = 1;
  for (size_t i = 0; i < count; i++) {
    if (!is_copied(addresses, kinds, i)) continue;
    if (alignment_of(kinds[i]) > *alignment) *alignment = alignment_of(kinds[i]);
    bytes = align(bytes, alignment_of(kinds[i])) + sizes[i];
  }
  return bytes;
}

/* Makes the copies in `room`, which begins as they want it, and has the addresses name them. A pointer may follow that
 * is to point to the copy, at an offset that stands where others have a size. */
static void copy(char *room, size_t count, void **addresses, const size_t *sizes, const unsigned short *kinds) {
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    char *place;
    if (!is_copied(addresses, kinds, i)) continue;
    bytes = align(bytes, alignment_of(kinds[i]));
    place = room + bytes;
    memcpy(place, addresses[i], sizes[i]);
    addresses[i] = place;
    bytes += sizes[i];
    if (i + 1 < count && (kinds[i + 1] & KIND_MASK) == KIND_ATTACH) {
      memcpy((char *)addresses[i + 1] + sizes[i + 1], &place, sizeof place);
      i++;
    }
  }
}

static char *align_address(char *address, size_t alignment) {
  return address + (align((uintptr_t)address, alignment) - (uintptr_t)address);
}

/* --- Regions ---------------------------------------------------------------------------------------------- */

/* 0: none. */
static int find_thread_limit(void **words) {
  if (words == NULL) return 0;
  for (; *words != NULL; words++) {
    intptr_t word = (intptr_t)*words, value = word >> WORD_VALUE_SHIFT;
    if ((word & WORD_IS_FOLLOWED) != 0) value = (intptr_t) * ++words;
    if ((word & WORD_DEVICE_MASK) == 0 && (word & WORD_NAME_MASK) == WORD_THREAD_LIMIT) {
      return value < INT_MAX ? (int)value : INT_MAX;
    }
  }
  return 0;
}

static void run(void (*function)(void *), void **addresses, int thread_limit) {
  pp_omp_data data;
  pp_omp_begin(&data, NULL);
  if (thread_limit > 0) pp_omp_own_icvs(&data)->thread_limit = thread_limit;
  pp_omp_run_initial(&data, function, addresses);
}

static void run_later(void *arg) {
  region *later = arg;
  run(later->function, later->addresses, later->thread_limit);
}

static void begin_task(const region *now, size_t count, const size_t *sizes, const unsigned short *kinds,
                       void **depend) {
  size_t alignment, bytes = measure(count, now->addresses, sizes, kinds, &alignment);
  size_t table = align(sizeof(region), alignof(void *)), room = table + count * sizeof(void *);
  region *later = pp_memory_alloc(room + alignment - 1 + bytes);
  if (later == NULL) pp_omp_no_memory("a target region with nowait");
  *later = *now;
  later->addresses = (void **)((char *)later + table);
  if (count != 0) memcpy(later->addresses, now->addresses, count * sizeof(void *));
  copy(align_address((char *)later + room, alignment), count, later->addresses, sizes, kinds);
  pp_omp_target_task(run_later, later, depend);
}

/* Variables are copied as the construct is met, before it waits for other tasks. */
static void run_now(const region *now, size_t count, const size_t *sizes, const unsigned short *kinds, void **depend) {
  size_t alignment, bytes = measure(count, now->addresses, sizes, kinds, &alignment);
  alignas(STACK_ALIGNMENT) char few[COPIES_ON_STACK];
  char *many = NULL;
  if (bytes != 0) {
    if (bytes > sizeof few || alignment > STACK_ALIGNMENT) {
      many = pp_memory_alloc(bytes + alignment - 1);
      if (many == NULL) pp_omp_no_memory("the firstprivate variables of a target region");
    }
    copy(many != NULL ? align_address(many, alignment) : few, count, now->addresses, sizes, kinds);
  }
  pp_omp_target_order(depend, false);
  run(now->function, now->addresses, now->thread_limit);
  pp_memory_free(many);
}

/* #pragma omp target: the compiler has made a function of the region, which takes the array of the data's addresses.
 * Constructs in it that are combined with it, as teams, have calls of their own there. */
void GOMP_target_ext(int device, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                     unsigned short *kinds, unsigned flags, void **depend, void **words) {
  region now = {.function = function, .thread_limit = find_thread_limit(words), .addresses = addresses};
  pp_omp_need_host("target", device);
  if ((flags & FLAG_NOWAIT) != 0) {
    begin_task(&now, count, sizes, kinds, depend);
  } else {
    run_now(&now, count, sizes, kinds, depend);
  }
}

/* The same from compilers before GCC 5. */
void GOMP_target(int device, void (*function)(void *), const void *unused, size_t count, void **addresses,
                 size_t *sizes, unsigned char *kinds) {
  (void)unused;
  (void)count;
  (void)sizes;
  (void)kinds;
  pp_omp_need_host("target", device);
  run(function, addresses, 0);
}

/* --- Data ------------------------------------------------------------------------------------------------- */

/* #pragma omp target data, its end, and how compilers before GCC 5 called its beginning. */
void GOMP_target_data_ext(int device, size_t count, void **addresses, size_t *sizes, unsigned short *kinds) {
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  pp_omp_need_host("target data", device);
}

void GOMP_target_data(int device, const void *unused, size_t count, void **addresses, size_t *sizes,
                      unsigned char *kinds) {
  (void)unused;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  pp_omp_need_host("target data", device);
}

void GOMP_target_end_data(void) {}

/* #pragma omp target update */
void GOMP_target_update_ext(int device, size_t count, void **addresses, size_t *sizes, unsigned short *kinds,
                            unsigned flags, void **depend) {
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  pp_omp_need_host("target update", device);
  pp_omp_target_order(depend, (flags & FLAG_NOWAIT) != 0);
}

void GOMP_target_update(int device, const void *unused, size_t count, void **addresses, size_t *sizes,
                        unsigned char *kinds) {
  (void)unused;
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  pp_omp_need_host("target update", device);
}

/* #pragma omp target enter data, and target exit data */
void GOMP_target_enter_exit_data(int device, size_t count, void **addresses, size_t *sizes, unsigned short *kinds,
                                 unsigned flags, void **depend) {
  (void)count;
  (void)addresses;
  (void)sizes;
  (void)kinds;
  pp_omp_need_host("target enter data or target exit data", device);
  pp_omp_target_order(depend, (flags & FLAG_NOWAIT) != 0);
}

/* --- Code for devices ------------------------------------------------------------------------------------- */

/* What a program that is compiled for devices, too, calls as it loads and as it ends: which code it has for which
 * device. It is not used. */
void GOMP_offload_register_ver(unsigned version, const void *host, int type, const void *code) {
  (void)version;
  (void)host;
  (void)type;
  (void)code;
}

void GOMP_offload_register(const void *host, int type, const void *code) {
  (void)host;
  (void)type;
  (void)code;
}

void GOMP_offload_unregister_ver(unsigned version, const void *host, int type, const void *code) {
  (void)version;
  (void)host;
  (void)type;
  (void)code;
}

void GOMP_offload_unregister(const void *host, int type, const void *code) {
  (void)host;
  (void)type;
  (void)code;
}

/* Where the function that a pointer names is on the device that calls it. */
void *GOMP_target_map_indirect_ptr(void *pointer) { return pointer; }
