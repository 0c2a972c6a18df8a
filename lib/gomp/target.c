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

#include "gomp/affinity.h"
#include "gomp/devices.h"
#include "gomp/gomp_abi.h"
#include "gomp/message.h"
#include "gomp/region.h"
#include "gomp/shared.h"
#include "gomp/tasks.h"
#include "platform/memory.h"

/* Kinds of mapping, as compilers number them, in the low byte; the high one is the logarithm of the alignment. */
enum { KIND_MASK = 0xff, KIND_FIRSTPRIVATE = 0x0c, KIND_ATTACH = 0x50, ALIGN_SHIFT = 8 };

enum { FLAG_NOWAIT = 1 };

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

/* A target region, and its data. */
typedef struct region {
  void (*function)(void *);
  int thread_limit;
  size_t count;
  void **addresses;
  const size_t *sizes;
  const unsigned short *kinds;
} region;

void pp_omp_run_initial(pp_omp_data *data, void (*function)(void *), void *arg) {
  pp_self *self = pp_self_get();
  pp_omp_data *before = self->place.omp;
  ppar_team *seat = self->place.seat;
  const int thread = self->place.seat_thread;
  pp_omp_region alone; /* as outside of all regions: of tasks that have to wait for others */
  memset(&alone, 0, sizeof alone);
  data->region = &alone;
  data->frame = self->place.frame;
  data->beneath = before;
  self->place.omp = data;
  pp_place_sit(&self->place, NULL, 0); /* Barriers and worksharing in it are none of the team's around it. */
  function(arg);
  pp_omp_tasks_leave(data);
  pp_omp_shared_leave(data);
  pp_omp_tasks_end(&alone);
  pp_place_sit(&self->place, seat, thread);
  self->place.omp = before;
}

/* --- Order ------------------------------------------------------------------------------------------------ */

void pp_omp_target_order(void **depend, bool nowait) {
  if (depend == NULL) return;
  if (nowait) {
    GOMP_taskwait_depend_nowait(depend);
  } else {
    GOMP_taskwait_depend(depend);
  }
}

void pp_omp_target_task(const pp_omp_body *body, void **depend) {
  GOMP_task(body->function, body->data, body->copy, (long)body->size, (long)body->alignment, true,
            depend != NULL ? PP_OMP_DEPEND : 0, depend, 0, NULL);
}

/* --- Copies ----------------------------------------------------------------------------------------------- */

static bool is_copied(const region *r, size_t i) {
  return (r->kinds[i] & KIND_MASK) == KIND_FIRSTPRIVATE && r->addresses[i] != NULL;
}

static size_t alignment_of(const region *r, size_t i) { return (size_t)1 << (r->kinds[i] >> ALIGN_SHIFT); }

static size_t align(size_t offset, size_t alignment) { return (offset + alignment - 1) & ~(alignment - 1); }

/* How many bytes the copies take, and how they are to begin; 0: there are none. */
static size_t measure(const region *r, size_t *alignment) {
  size_t bytes = 0;
  *alignment = 1;
  for (size_t i = 0; i < r->count; i++) {
    if (!is_copied(r, i)) continue;
    if (alignment_of(r, i) > *alignment) *alignment = alignment_of(r, i);
    bytes = align(bytes, alignment_of(r, i)) + r->sizes[i];
  }
  return bytes;
}

/* Makes the copies in `room`, which begins as they want it, and has the addresses name them. A pointer may follow that
 * is to point to the copy, at an offset that stands where others have a size. */
static void copy(const region *r, char *room) {
  size_t bytes = 0;
  for (size_t i = 0; i < r->count; i++) {
    char *place;
    if (!is_copied(r, i)) continue;
    bytes = align(bytes, alignment_of(r, i));
    place = room + bytes;
    memcpy(place, r->addresses[i], r->sizes[i]);
    r->addresses[i] = place;
    bytes += r->sizes[i];
    if (i + 1 < r->count && (r->kinds[i + 1] & KIND_MASK) == KIND_ATTACH) {
      memcpy((char *)r->addresses[i + 1] + r->sizes[i + 1], &place, sizeof place);
      i++;
    }
  }
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

static void run(const region *r) {
  pp_omp_data data;
  pp_omp_begin(&data, NULL);
  pp_omp_affinity_stay(&data);
  if (r->thread_limit > 0) pp_omp_own_icvs(&data)->thread_limit = r->thread_limit;
  pp_omp_run_initial(&data, r->function, r->addresses);
}

/* Variables are copied as the construct is met, before it waits for other tasks. */
static void run_now(const region *r, void **depend) {
  size_t alignment, bytes = measure(r, &alignment);
  alignas(STACK_ALIGNMENT) char few[COPIES_ON_STACK];
  char *many = NULL;
  if (bytes > sizeof few || alignment > STACK_ALIGNMENT) {
    many = pp_memory_alloc(bytes + alignment - 1);
    if (many == NULL) pp_omp_no_memory("the firstprivate variables of a target region");
    copy(r, (char *)align((uintptr_t)many, alignment));
  } else if (bytes != 0) {
    copy(r, few);
  }
  pp_omp_target_order(depend, false);
  run(r);
  pp_memory_free(many);
}

/* The memory of a task that runs a region: what it is, its addresses, and the copies, which begin as memory of this
 * alignment does. */
static size_t room_at(const region *r, size_t alignment) {
  return align(sizeof(region) + r->count * sizeof(void *), alignment);
}

static void run_later(void *arg) { run(arg); }

static void make_later(void *to, void *from) {
  const region *now = from;
  region *later = to;
  size_t alignment;
  (void)measure(now, &alignment);
  *later = *now;
  later->addresses = (void **)(later + 1);
  if (now->count != 0) memcpy(later->addresses, now->addresses, now->count * sizeof(void *));
  copy(later, (char *)to + room_at(now, alignment));
}

static void begin_task(region *r, void **depend) {
  size_t alignment, bytes = measure(r, &alignment);
  pp_omp_body body = {.function = run_later, .data = r, .copy = make_later};
  body.size = room_at(r, alignment) + bytes;
  body.alignment = alignment > alignof(region) ? alignment : alignof(region);
  pp_omp_target_task(&body, depend);
}

/* Whether a region with nowait may be a task that this thread does not run at once. Outside of regions only those are
 * that may have to wait for others. */
static bool can_come_later(const pp_omp_data *here, void **depend) {
  return depend != NULL ? !here->final : !pp_omp_task_is_included(here, true);
}

/* #pragma omp target: the compiler has made a function of the region, which takes the array of the data's addresses.
 * Constructs in it that are combined with it, as teams, have calls of their own there. */
void GOMP_target_ext(int device, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                     unsigned short *kinds, unsigned flags, void **depend, void **words) {
  region r = {function, find_thread_limit(words), count, addresses, sizes, kinds};
  pp_omp_need_host("target", device);
  if ((flags & FLAG_NOWAIT) != 0 && can_come_later(pp_omp_here(), depend)) {
    begin_task(&r, depend);
  } else {
    run_now(&r, depend);
  }
}

/* The same from compilers before GCC 5. */
void GOMP_target(int device, void (*function)(void *), const void *unused, size_t count, void **addresses,
                 size_t *sizes, unsigned char *kinds) {
  region r = {.function = function, .addresses = addresses};
  (void)unused;
  (void)count;
  (void)sizes;
  (void)kinds;
  pp_omp_need_host("target", device);
  run(&r);
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
