/* SPDX-License-Identifier: MIT */
/* omp_abi.h: OpenMP's routines, as C and Fortran programs call them. */
#ifndef PP_GOMP_OMP_ABI_H
#define PP_GOMP_OMP_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gomp/exported.h"

/* --- Tasks ------------------------------------------------------------------------------------------------ */

/* The event of a task with detach is fulfilled: the task ends when its function has, too. */
PP_OMP_API void omp_fulfill_event(uintptr_t handle);
PP_OMP_API void omp_fulfill_event_(const uintptr_t *handle);
/* --- Devices (devices.c) ---------------------------------------------------------------------------------- */

PP_OMP_API int omp_get_num_devices(void);
PP_OMP_API int omp_get_initial_device(void);
PP_OMP_API int omp_get_device_num(void);
PP_OMP_API int omp_is_initial_device(void);
PP_OMP_API int omp_get_default_device(void);
PP_OMP_API void omp_set_default_device(int device);
PP_OMP_API const char *omp_get_uid_from_device(int device);
PP_OMP_API int omp_get_device_from_uid(const char *uid);

PP_OMP_API int32_t omp_get_num_devices_(void);
PP_OMP_API int32_t omp_get_initial_device_(void);
PP_OMP_API int32_t omp_get_device_num_(void);
PP_OMP_API int32_t omp_is_initial_device_(void);
PP_OMP_API int32_t omp_get_default_device_(void);
PP_OMP_API void omp_set_default_device_(const int32_t *device);
PP_OMP_API void omp_set_default_device_8_(const int64_t *device);
PP_OMP_API void omp_get_uid_from_device_(const char **text, size_t *length, int32_t device);
PP_OMP_API void omp_get_uid_from_device_8_(const char **text, size_t *length, int64_t device);
PP_OMP_API int32_t omp_get_device_from_uid_(const char *uid, size_t length);

/* --- Memory on devices (target_memory.c) ------------------------------------------------------------------ */

/* `objects`: an array of `count` omp_depend_t. */
PP_OMP_API void *omp_target_alloc(size_t size, int device);
PP_OMP_API void omp_target_free(void *block, int device);
PP_OMP_API int omp_target_is_present(const void *pointer, int device);
PP_OMP_API int omp_target_is_accessible(const void *pointer, size_t size, int device);
PP_OMP_API void *omp_get_mapped_ptr(const void *pointer, int device);
PP_OMP_API int omp_target_associate_ptr(const void *host, const void *pointer, size_t size, size_t offset, int device);
PP_OMP_API int omp_target_disassociate_ptr(const void *pointer, int device);
PP_OMP_API int omp_target_memcpy(void *to, const void *from, size_t size, size_t to_offset, size_t from_offset,
                                 int to_device, int from_device);
PP_OMP_API int omp_target_memcpy_async(void *to, const void *from, size_t size, size_t to_offset, size_t from_offset,
                                       int to_device, int from_device, int count, void *objects);
PP_OMP_API int omp_target_memcpy_rect(void *to, const void *from, size_t element, int dimensions, const size_t *volume,
                                      const size_t *to_offsets, const size_t *from_offsets, const size_t *to_dimensions,
                                      const size_t *from_dimensions, int to_device, int from_device);
PP_OMP_API int omp_target_memcpy_rect_async(void *to, const void *from, size_t element, int dimensions,
                                            const size_t *volume, const size_t *to_offsets, const size_t *from_offsets,
                                            const size_t *to_dimensions, const size_t *from_dimensions, int to_device,
                                            int from_device, int count, void *objects);
PP_OMP_API void *omp_target_memset(void *block, int value, size_t size, int device);
PP_OMP_API void *omp_target_memset_async(void *block, int value, size_t size, int device, int count, void *objects);

/* --- Objects of other runtimes (interop.c) ---------------------------------------------------------------- */

/* An object is an omp_interop_t. */
PP_OMP_API int omp_get_num_interop_properties(uintptr_t object);
PP_OMP_API intptr_t omp_get_interop_int(uintptr_t object, int property, int *result);
PP_OMP_API void *omp_get_interop_ptr(uintptr_t object, int property, int *result);
PP_OMP_API const char *omp_get_interop_str(uintptr_t object, int property, int *result);
PP_OMP_API const char *omp_get_interop_name(uintptr_t object, int property);
PP_OMP_API const char *omp_get_interop_type_desc(uintptr_t object, int property);
PP_OMP_API const char *omp_get_interop_rc_desc(uintptr_t object, int result);

PP_OMP_API void omp_get_interop_str_(const char **text, size_t *length, uintptr_t object, int property, int *result);
PP_OMP_API void omp_get_interop_name_(const char **text, size_t *length, uintptr_t object, int property);
PP_OMP_API void omp_get_interop_type_desc_(const char **text, size_t *length, uintptr_t object, int property);
PP_OMP_API void omp_get_interop_rc_desc_(const char **text, size_t *length, uintptr_t object, int result);

#endif
