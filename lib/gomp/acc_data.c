/* SPDX-License-Identifier: MIT */
/* acc_data.c: OpenACC's routines for data. The host is the device, and has all data where they are: what would copy
 * them there, or drop them, does nothing, and an address there is the address here. */
#include "gomp/acc_data.h"

#include <stdlib.h>
#include <string.h>

#include "gomp/acc_device.h"
#include "gomp/message.h"

/* --- Data that come to the device, or are there ----------------------------------------------------------- */

static void *enter(const char *routine, void *host, size_t size) {
  if (host == NULL || size == 0) pp_omp_fatal("%s: [%p,+%zu] is a bad range", routine, host, size);
  pp_omp_acc_attach();
  return host;
}

/* acc_NAME: the data are on the device from here on. They return where. */
#define DEFINE_ENTER(name) \
  void *acc_##name(void *host, size_t size) { return enter("acc_" #name, host, size); }
#define DEFINE_ENTER_ASYNC(name)                                \
  void acc_##name##_async(void *host, size_t size, int async) { \
    (void)async;                                                \
    (void)enter("acc_" #name "_async", host, size);             \
  }
PP_ACC_ENTER(DEFINE_ENTER, DEFINE_ENTER_ASYNC)
DEFINE_ENTER(pcopyin)
DEFINE_ENTER(pcreate)

/* acc_NAME: the data there are copied, updated or dropped: which are those here. */
#define DEFINE_LEAVE(name)                   \
  void acc_##name(void *host, size_t size) { \
    (void)host;                              \
    (void)size;                              \
    pp_omp_acc_attach();                     \
  }
#define DEFINE_LEAVE_ASYNC(name)                                \
  void acc_##name##_async(void *host, size_t size, int async) { \
    (void)async;                                                \
    acc_##name(host, size);                                     \
  }
PP_ACC_LEAVE(DEFINE_LEAVE, DEFINE_LEAVE_ASYNC)

/* Whether all of the bytes are on the device. No bytes are not. */
int acc_is_present(void *host, size_t size) {
  pp_omp_acc_attach();
  return host != NULL && size != 0;
}

/* --- Addresses -------------------------------------------------------------------------------------------- */

/* Says that the data at `host` are at `device` on the device: true of one address alone. */
void acc_map_data(void *host, void *device, size_t size) {
  (void)size;
  pp_omp_acc_attach();
  if (host != device) {
    pp_omp_fatal("acc_map_data: cannot map data on shared-memory system: %p would be at %p", host, device);
  }
}

void acc_unmap_data(void *host) {
  (void)host;
  pp_omp_acc_attach();
}

/* Where on the device data of the host are. */
void *acc_deviceptr(void *host) {
  pp_omp_acc_attach();
  return host;
}

/* ... and the other way round. */
void *acc_hostptr(void *device) {
  pp_omp_acc_attach();
  return device;
}

/* A pointer on the device is to point to what it points to on the host: it is the same pointer. */
void acc_attach(void **pointer) {
  (void)pointer;
  pp_omp_acc_attach();
}

void acc_attach_async(void **pointer, int async) {
  (void)async;
  acc_attach(pointer);
}

/* The end of that. */
void acc_detach(void **pointer) {
  (void)pointer;
  pp_omp_acc_attach();
}

void acc_detach_async(void **pointer, int async) {
  (void)async;
  acc_detach(pointer);
}

void acc_detach_finalize(void **pointer) { acc_detach(pointer); }

void acc_detach_finalize_async(void **pointer, int async) {
  (void)async;
  acc_detach(pointer);
}

/* --- Memory ----------------------------------------------------------------------------------------------- */

/* Memory on the device; NULL: there is none. It is the C library's: programs that know that they are on the host free
 * it as such. */
void *acc_malloc(size_t size) {
  pp_omp_acc_attach();
  return size != 0 ? malloc(size) : NULL;
}

void acc_free(void *block) { free(block); }

/* The ranges may lie over each other. */
static void copy(const char *routine, void *to, const void *from, size_t size) {
  pp_omp_acc_attach();
  if (size == 0) return;
  if (to == NULL || from == NULL) pp_omp_fatal("%s: %zu bytes from %p to %p cannot be copied", routine, size, from, to);
  memmove(to, from, size);
}

/* Copies between the host and the device, or on the device. */
#define DEFINE_COPY(name)                                                                                  \
  void acc_memcpy_##name(void *to, void *from, size_t size) { copy("acc_memcpy_" #name, to, from, size); } \
  void acc_memcpy_##name##_async(void *to, void *from, size_t size, int async) {                           \
    (void)async;                                                                                           \
    copy("acc_memcpy_" #name "_async", to, from, size);                                                    \
  }
DEFINE_COPY(to_device)
DEFINE_COPY(from_device)
DEFINE_COPY(device)
