/* SPDX-License-Identifier: MIT */
/* omp_abi.h: OpenMP's routines, as C and Fortran programs call them.
 *
 * Fortran passes addresses, appends "_" to the name, and calls the routine with "_8_" where its default integers have
 * 64 bits. Its logical values are 32-bit numbers here, as they are in C, so a routine without arguments is one function
 * with two names. */
#ifndef PP_GOMP_OMP_ABI_H
#define PP_GOMP_OMP_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gomp/exported.h"

/* --- Tasks ------------------------------------------------------------------------------------------------ */

/* The event of a task with detach is fulfilled: the task ends when its function has, too. */
PP_OMP_API void omp_fulfill_event(uintptr_t handle);
PP_OMP_API void omp_fulfill_event_(uintptr_t handle); /* by value, as the module omp_lib says */
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
/* A second name for a function: Fortran's. */
#define PP_OMP_ALSO(name) __typeof__(name) name##_ __attribute__((alias(#name)))

/* --- Numbers of the calling thread, its team and its task ------------------------------------------------- */

#define PP_OMP_DECLARE_GETTER(name) \
  PP_OMP_API int name(void);        \
  PP_OMP_API int name##_(void);

PP_OMP_DECLARE_GETTER(omp_get_thread_num)
PP_OMP_DECLARE_GETTER(omp_get_num_threads)
PP_OMP_DECLARE_GETTER(omp_get_max_threads)
PP_OMP_DECLARE_GETTER(omp_get_num_procs)
PP_OMP_DECLARE_GETTER(omp_in_parallel)
PP_OMP_DECLARE_GETTER(omp_get_level)
PP_OMP_DECLARE_GETTER(omp_get_active_level)
PP_OMP_DECLARE_GETTER(omp_in_final)
PP_OMP_DECLARE_GETTER(omp_in_explicit_task)
PP_OMP_DECLARE_GETTER(omp_get_team_num)
PP_OMP_DECLARE_GETTER(omp_get_num_teams)

PP_OMP_API int omp_get_ancestor_thread_num(int level);
PP_OMP_API int32_t omp_get_ancestor_thread_num_(const int32_t *level);
PP_OMP_API int32_t omp_get_ancestor_thread_num_8_(const int64_t *level);
PP_OMP_API int omp_get_team_size(int level);
PP_OMP_API int32_t omp_get_team_size_(const int32_t *level);
PP_OMP_API int32_t omp_get_team_size_8_(const int64_t *level);

PP_OMP_API double omp_get_wtime(void);
PP_OMP_API double omp_get_wtime_(void);
PP_OMP_API double omp_get_wtick(void);
PP_OMP_API double omp_get_wtick_(void);

/* --- Internal control variables --------------------------------------------------------------------------- */

PP_OMP_DECLARE_GETTER(omp_get_dynamic)
PP_OMP_DECLARE_GETTER(omp_get_nested)
PP_OMP_DECLARE_GETTER(omp_get_thread_limit)
PP_OMP_DECLARE_GETTER(omp_get_max_active_levels)
PP_OMP_DECLARE_GETTER(omp_get_supported_active_levels)
PP_OMP_DECLARE_GETTER(omp_get_cancellation)
PP_OMP_DECLARE_GETTER(omp_get_proc_bind)
PP_OMP_DECLARE_GETTER(omp_get_max_task_priority)
PP_OMP_DECLARE_GETTER(omp_get_max_teams)
PP_OMP_DECLARE_GETTER(omp_get_teams_thread_limit)

#define PP_OMP_DECLARE_SETTER(name)              \
  PP_OMP_API void name(int value);               \
  PP_OMP_API void name##_(const int32_t *value); \
  PP_OMP_API void name##_8_(const int64_t *value);

PP_OMP_DECLARE_SETTER(omp_set_num_threads)
PP_OMP_DECLARE_SETTER(omp_set_dynamic)
PP_OMP_DECLARE_SETTER(omp_set_nested)
PP_OMP_DECLARE_SETTER(omp_set_max_active_levels)
PP_OMP_DECLARE_SETTER(omp_set_num_teams)
PP_OMP_DECLARE_SETTER(omp_set_teams_thread_limit)

/* omp_sched_t: 1 static, 2 dynamic, 3 guided, 4 auto; with the top bit: monotonic. */
PP_OMP_API void omp_set_schedule(unsigned kind, int chunk);
PP_OMP_API void omp_set_schedule_(const int32_t *kind, const int32_t *chunk);
PP_OMP_API void omp_set_schedule_8_(const int32_t *kind, const int64_t *chunk);
PP_OMP_API void omp_get_schedule(unsigned *kind, int *chunk);
PP_OMP_API void omp_get_schedule_(int32_t *kind, int32_t *chunk);
PP_OMP_API void omp_get_schedule_8_(int32_t *kind, int64_t *chunk);

/* --- Places and affinity ---------------------------------------------------------------------------------- */

PP_OMP_DECLARE_GETTER(omp_get_num_places)
PP_OMP_DECLARE_GETTER(omp_get_place_num)
PP_OMP_DECLARE_GETTER(omp_get_partition_num_places)

PP_OMP_API int omp_get_place_num_procs(int place);
PP_OMP_API int32_t omp_get_place_num_procs_(const int32_t *place);
PP_OMP_API int32_t omp_get_place_num_procs_8_(const int64_t *place);
PP_OMP_API void omp_get_place_proc_ids(int place, int *cpus);
PP_OMP_API void omp_get_place_proc_ids_(const int32_t *place, int32_t *cpus);
PP_OMP_API void omp_get_place_proc_ids_8_(const int64_t *place, int64_t *cpus);
PP_OMP_API void omp_get_partition_place_nums(int *places);
PP_OMP_API void omp_get_partition_place_nums_(int32_t *places);
PP_OMP_API void omp_get_partition_place_nums_8_(int64_t *places);

/* Fortran's texts have a length, which follows the other arguments. Blanks at the end of a format belong to it. */
PP_OMP_API void omp_set_affinity_format(const char *format);
PP_OMP_API void omp_set_affinity_format_(const char *format, size_t length);
PP_OMP_API size_t omp_get_affinity_format(char *buffer, size_t size);
PP_OMP_API int32_t omp_get_affinity_format_(char *buffer, size_t size);
PP_OMP_API void omp_display_affinity(const char *format);
PP_OMP_API void omp_display_affinity_(const char *format, size_t length);
PP_OMP_API size_t omp_capture_affinity(char *buffer, size_t size, const char *format);
PP_OMP_API int32_t omp_capture_affinity_(char *buffer, const char *format, size_t size, size_t length);

/* --- Resources, tools and display ------------------------------------------------------------------------- */

/* omp_pause_resource_t: 1 soft, 2 hard. */
PP_OMP_API int omp_pause_resource(int kind, int device);
PP_OMP_API int32_t omp_pause_resource_(const int32_t *kind, const int32_t *device);
PP_OMP_API int omp_pause_resource_all(int kind);
PP_OMP_API int32_t omp_pause_resource_all_(const int32_t *kind);

PP_OMP_API int omp_control_tool(int command, int modifier, void *arg);
PP_OMP_API int32_t omp_control_tool_(const int32_t *command, const int32_t *modifier);
PP_OMP_API int32_t omp_control_tool_8_(const int64_t *command, const int64_t *modifier);

PP_OMP_API void omp_display_env(int verbose);
PP_OMP_API void omp_display_env_(const int32_t *verbose);
PP_OMP_API void omp_display_env_8_(const int64_t *verbose);

/* --- Memory (allocator.c, alloc.c) ------------------------------------------------------------------------------- */

struct pp_omp_trait;

/* A new allocator of a memory space, with traits; omp_null_allocator: there is no such space or trait, or no memory. */
PP_OMP_API uintptr_t omp_init_allocator(uintptr_t space, int count, const struct pp_omp_trait *traits);
PP_OMP_API uintptr_t omp_init_allocator_(const uintptr_t *space, const int32_t *count,
                                         const struct pp_omp_trait *traits);
PP_OMP_API uintptr_t omp_init_allocator_8_(const uintptr_t *space, const int64_t *count,
                                           const struct pp_omp_trait *traits);

/* The allocator is used no more, nor is memory that it has given. */
PP_OMP_API void omp_destroy_allocator(uintptr_t handle);
PP_OMP_API void omp_destroy_allocator_(const uintptr_t *handle);

/* The allocator that omp_null_allocator stands for in the calling task. */
PP_OMP_API void omp_set_default_allocator(uintptr_t handle);
PP_OMP_API void omp_set_default_allocator_(const uintptr_t *handle);
PP_OMP_API uintptr_t omp_get_default_allocator(void);
PP_OMP_API uintptr_t omp_get_default_allocator_(void);

/* `size` bytes, or `count` times `size` bytes of zeros; aligned as the allocator has it, and as `alignment` says. NULL:
 * 0 bytes, an alignment that is no power of two, or no memory where the allocator's fallback answers that with NULL. */
PP_OMP_API void *omp_alloc(size_t size, uintptr_t handle);
PP_OMP_API void *omp_aligned_alloc(size_t alignment, size_t size, uintptr_t handle);
PP_OMP_API void *omp_calloc(size_t count, size_t size, uintptr_t handle);
PP_OMP_API void *omp_aligned_calloc(size_t alignment, size_t count, size_t size, uintptr_t handle);

/* A block of another size, with what fits of the bytes of `block`, which is freed; NULL: no memory, and the block is as
 * it was; or 0 bytes, and the block is freed. */
PP_OMP_API void *omp_realloc(void *block, size_t size, uintptr_t handle, uintptr_t from);

/* Frees what the five above gave; NULL is fine. */
PP_OMP_API void omp_free(void *block, uintptr_t handle);

#endif
