/* SPDX-License-Identifier: MIT */
/* acc_abi.h: OpenACC's routines, as C and Fortran programs call them, what compilers call for its constructs, and what
 * plugins for devices call. There is no device: all of it means the host.
 *
 * Fortran programs reach most routines under names of their own, which end in _h_: they take addresses of numbers, and
 * of arrays either the address and a size of 4 or 8 bytes (_32_h_, _64_h_) or a descriptor (_array_h_). */
#ifndef PP_GOMP_ACC_ABI_H
#define PP_GOMP_ACC_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gomp/exported.h"

/* Kinds of devices (acc_device_t). */
enum {
  PP_ACC_DEVICE_CURRENT = -1,
  PP_ACC_DEVICE_NONE = 0,
  PP_ACC_DEVICE_DEFAULT = 1,
  PP_ACC_DEVICE_HOST = 2,
  PP_ACC_DEVICE_NOT_HOST = 4,
  PP_ACC_DEVICE_NVIDIA = 5,
  PP_ACC_DEVICE_RADEON = 8
};

/* Queues of work (acc_async_t): a number from 0, or one of these. */
enum { PP_ACC_ASYNC_SYNC = -2, PP_ACC_ASYNC_NOVAL = -1 };

/* What a device can be asked for (acc_device_property_t). The strings have the second bit set of the two. */
enum {
  PP_ACC_PROPERTY_MEMORY = 1,
  PP_ACC_PROPERTY_FREE_MEMORY = 2,
  PP_ACC_PROPERTY_NAME = 0x10001,
  PP_ACC_PROPERTY_VENDOR = 0x10002,
  PP_ACC_PROPERTY_DRIVER = 0x10003
};

/* An array of Fortran's, as its compiler describes it. */
typedef struct pp_omp_array {
  char *first;
  size_t offset;
  size_t element_size;
  int version;
  signed char rank, type;
  short attribute;
  ptrdiff_t span;
  struct {
    ptrdiff_t stride, lower, upper;
  } dimensions[15];
} pp_omp_array;

/* --- Devices (acc_device.c) ------------------------------------------------------------------------------- */

PP_OMP_API void acc_init(int type);
PP_OMP_API void acc_shutdown(int type);
PP_OMP_API int acc_get_num_devices(int type);
PP_OMP_API void acc_set_device_type(int type);
PP_OMP_API int acc_get_device_type(void);
PP_OMP_API void acc_set_device_num(int number, int type);
PP_OMP_API int acc_get_device_num(int type);
PP_OMP_API int acc_on_device(int type);
PP_OMP_API size_t acc_get_property(int number, int type, int property);
PP_OMP_API const char *acc_get_property_string(int number, int type, int property);
PP_OMP_API void *acc_get_current_cuda_device(void);
PP_OMP_API void *acc_get_current_cuda_context(void);
PP_OMP_API void *acc_get_cuda_stream(int async);
PP_OMP_API int acc_set_cuda_stream(int async, void *stream);

PP_OMP_API void acc_init_h_(const int32_t *type);
PP_OMP_API void acc_shutdown_h_(const int32_t *type);
PP_OMP_API int32_t acc_get_num_devices_h_(const int32_t *type);
PP_OMP_API void acc_set_device_type_h_(const int32_t *type);
PP_OMP_API int32_t acc_get_device_type_h_(void);
PP_OMP_API void acc_set_device_num_h_(const int32_t *number, const int32_t *type);
PP_OMP_API int32_t acc_get_device_num_h_(const int32_t *type);
PP_OMP_API int32_t acc_on_device_h_(const int32_t *type);
PP_OMP_API size_t acc_get_property_h_(int32_t number, int32_t type, int32_t property);
PP_OMP_API void acc_get_property_string_h_(int32_t number, int32_t type, int32_t property, char *text, size_t length);

/* --- Queues (acc_queue.c) --------------------------------------------------------------------------------- */

PP_OMP_API int acc_async_test(int async);
PP_OMP_API int acc_async_test_all(void);
PP_OMP_API void acc_wait(int async);
PP_OMP_API void acc_async_wait(int async);
PP_OMP_API void acc_wait_async(int async, int waiter);
PP_OMP_API void acc_wait_all(void);
PP_OMP_API void acc_async_wait_all(void);
PP_OMP_API void acc_wait_all_async(int waiter);

PP_OMP_API int32_t acc_async_test_h_(const int32_t *async);
PP_OMP_API int32_t acc_async_test_all_h_(void);
PP_OMP_API void acc_wait_h_(const int32_t *async);
PP_OMP_API void acc_wait_async_h_(const int32_t *async, const int32_t *waiter);
PP_OMP_API void acc_wait_all_h_(void);
PP_OMP_API void acc_wait_all_async_h_(const int32_t *waiter);

/* --- Data (acc_data.c, acc_fortran.c) --------------------------------------------------------------------- */

PP_OMP_API void *acc_malloc(size_t size);
PP_OMP_API void acc_free(void *block);
PP_OMP_API void acc_memcpy_to_device(void *to, void *from, size_t size);
PP_OMP_API void acc_memcpy_to_device_async(void *to, void *from, size_t size, int async);
PP_OMP_API void acc_memcpy_from_device(void *to, void *from, size_t size);
PP_OMP_API void acc_memcpy_from_device_async(void *to, void *from, size_t size, int async);
PP_OMP_API void acc_memcpy_device(void *to, void *from, size_t size);
PP_OMP_API void acc_memcpy_device_async(void *to, void *from, size_t size, int async);
PP_OMP_API void acc_map_data(void *host, void *device, size_t size);
PP_OMP_API void acc_unmap_data(void *host);
PP_OMP_API void *acc_deviceptr(void *host);
PP_OMP_API void *acc_hostptr(void *device);
PP_OMP_API int acc_is_present(void *host, size_t size);
PP_OMP_API void acc_attach(void **pointer);
PP_OMP_API void acc_attach_async(void **pointer, int async);
PP_OMP_API void acc_detach(void **pointer);
PP_OMP_API void acc_detach_async(void **pointer, int async);
PP_OMP_API void acc_detach_finalize(void **pointer);
PP_OMP_API void acc_detach_finalize_async(void **pointer, int async);

PP_OMP_API int32_t acc_is_present_32_h_(void *host, const int32_t *size);
PP_OMP_API int32_t acc_is_present_64_h_(void *host, const int64_t *size);
PP_OMP_API int32_t acc_is_present_array_h_(const pp_omp_array *array);

/* Routines that put data onto the device, and return where it is there: the name, and whether it has a variant with a
 * queue. acc_pcopyin and acc_pcreate are other names of two of them in C. */
#define PP_ACC_ENTER(PLAIN, ASYNC) \
  PLAIN(copyin)                    \
  PLAIN(create)                    \
  PLAIN(present_or_copyin)         \
  PLAIN(present_or_create)         \
  ASYNC(copyin)                    \
  ASYNC(create)

/* Routines for what is there. */
#define PP_ACC_LEAVE(PLAIN, ASYNC) \
  PLAIN(copyout)                   \
  PLAIN(copyout_finalize)          \
  PLAIN(delete)                    \
  PLAIN(delete_finalize)           \
  PLAIN(update_device)             \
  PLAIN(update_self)               \
  ASYNC(copyout)                   \
  ASYNC(copyout_finalize)          \
  ASYNC(delete)                    \
  ASYNC(delete_finalize)           \
  ASYNC(update_device)             \
  ASYNC(update_self)

#define PP_ACC_DECLARE_ENTER(name) PP_OMP_API void *acc_##name(void *host, size_t size);
#define PP_ACC_DECLARE_ENTER_ASYNC(name) PP_OMP_API void acc_##name##_async(void *host, size_t size, int async);
#define PP_ACC_DECLARE_LEAVE(name) PP_OMP_API void acc_##name(void *host, size_t size);
#define PP_ACC_DECLARE_LEAVE_ASYNC(name) PP_OMP_API void acc_##name##_async(void *host, size_t size, int async);
PP_ACC_ENTER(PP_ACC_DECLARE_ENTER, PP_ACC_DECLARE_ENTER_ASYNC)
PP_ACC_LEAVE(PP_ACC_DECLARE_LEAVE, PP_ACC_DECLARE_LEAVE_ASYNC)
PP_ACC_DECLARE_ENTER(pcopyin)
PP_ACC_DECLARE_ENTER(pcreate)

#define PP_ACC_DECLARE_FORTRAN(name)                                   \
  PP_OMP_API void acc_##name##_32_h_(void *host, const int32_t *size); \
  PP_OMP_API void acc_##name##_64_h_(void *host, const int64_t *size); \
  PP_OMP_API void acc_##name##_array_h_(const pp_omp_array *array);
#define PP_ACC_DECLARE_FORTRAN_ASYNC(name)                                                         \
  PP_OMP_API void acc_##name##_async_32_h_(void *host, const int32_t *size, const int32_t *async); \
  PP_OMP_API void acc_##name##_async_64_h_(void *host, const int64_t *size, const int32_t *async); \
  PP_OMP_API void acc_##name##_async_array_h_(const pp_omp_array *array, const int32_t *async);
PP_ACC_ENTER(PP_ACC_DECLARE_FORTRAN, PP_ACC_DECLARE_FORTRAN_ASYNC)
PP_ACC_LEAVE(PP_ACC_DECLARE_FORTRAN, PP_ACC_DECLARE_FORTRAN_ASYNC)

/* --- Profiling (acc_prof.c) ------------------------------------------------------------------------------- */

struct pp_acc_prof_info;
struct pp_acc_event_info;
struct pp_acc_api_info;
typedef void pp_acc_callback(struct pp_acc_prof_info *, struct pp_acc_event_info *, struct pp_acc_api_info *);
typedef void pp_acc_register(int event, pp_acc_callback *callback, int how);
typedef void pp_acc_query(void);
typedef pp_acc_query *pp_acc_lookup(const char *name);

PP_OMP_API pp_acc_register acc_prof_register, acc_prof_unregister;
PP_OMP_API pp_acc_lookup acc_prof_lookup;
PP_OMP_API void acc_register_library(pp_acc_register *enter, pp_acc_register *leave, pp_acc_lookup *lookup);

/* --- Constructs (goacc.c) --------------------------------------------------------------------------------- */

PP_OMP_API void GOACC_parallel_keyed(int flags, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                                     unsigned short *kinds, ...);
PP_OMP_API void GOACC_parallel(int flags, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                               unsigned short *kinds, int gangs, int workers, int length, int async, int waits, ...);
PP_OMP_API void GOACC_data_start(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds);
PP_OMP_API void GOACC_data_end(void);
PP_OMP_API void GOACC_enter_exit_data(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds,
                                      int async, int waits, ...);
PP_OMP_API void GOACC_enter_data(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds,
                                 int async, int waits, ...);
PP_OMP_API void GOACC_exit_data(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds,
                                int async, int waits, ...);
PP_OMP_API void GOACC_update(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds, int async,
                             int waits, ...);
PP_OMP_API void GOACC_wait(int async, int waits, ...);
PP_OMP_API void GOACC_declare(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds);
PP_OMP_API int GOACC_get_num_threads(void);
PP_OMP_API int GOACC_get_thread_num(void);

/* --- Plugins (plugin.c) ----------------------------------------------------------------------------------- */

PP_OMP_API void *GOMP_PLUGIN_malloc(size_t size);
PP_OMP_API void *GOMP_PLUGIN_malloc_cleared(size_t size);
PP_OMP_API void *GOMP_PLUGIN_realloc(void *block, size_t size);
PP_OMP_API void GOMP_PLUGIN_debug(int kind, const char *format, ...) __attribute__((format(printf, 2, 3)));
PP_OMP_API void GOMP_PLUGIN_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
PP_OMP_API _Noreturn void GOMP_PLUGIN_fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));
PP_OMP_API int GOMP_PLUGIN_acc_default_dim(unsigned dimension);
PP_OMP_API void *GOMP_PLUGIN_acc_thread(void);
PP_OMP_API void *GOMP_PLUGIN_goacc_thread(void);
PP_OMP_API void GOMP_PLUGIN_goacc_profiling_dispatch(struct pp_acc_prof_info *where, struct pp_acc_event_info *what,
                                                     struct pp_acc_api_info *how);
PP_OMP_API _Noreturn void GOMP_PLUGIN_async_unmap_vars(void *variables, int async);
PP_OMP_API _Noreturn void GOMP_PLUGIN_target_task_completion(void *task);
PP_OMP_API _Noreturn void GOMP_PLUGIN_target_rev(uint64_t function, uint64_t count, uint64_t addresses, uint64_t sizes,
                                                 uint64_t kinds, int device, void *queue);

#endif
