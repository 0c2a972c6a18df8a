/* SPDX-License-Identifier: MIT */
/* acc_fortran.c: the routines of acc_data.c as Fortran programs call them. */
#include "gomp/acc_abi.h"
#include "gomp/acc_data.h"

size_t pp_omp_acc_array_size(const pp_omp_array *array) {
  size_t size = array->element_size;
  for (int i = 0; i < array->rank; i++) {
    ptrdiff_t n = array->dimensions[i].upper - array->dimensions[i].lower + 1;
    size *= n > 0 ? (size_t)n : 0;
  }
  return size;
}

/* A size that is below 0 is none. */
static size_t as_size(int64_t size) { return size > 0 ? (size_t)size : 0; }

#define DEFINE(name)                                                                                   \
  void acc_##name##_32_h_(void *host, const int32_t *size) { (void)acc_##name(host, as_size(*size)); } \
  void acc_##name##_64_h_(void *host, const int64_t *size) { (void)acc_##name(host, as_size(*size)); } \
  void acc_##name##_array_h_(const pp_omp_array *array) {                                              \
    (void)acc_##name(array->first, pp_omp_acc_array_size(array));                                      \
  }
#define DEFINE_ASYNC(name)                                                               \
  void acc_##name##_async_32_h_(void *host, const int32_t *size, const int32_t *async) { \
    acc_##name##_async(host, as_size(*size), *async);                                    \
  }                                                                                      \
  void acc_##name##_async_64_h_(void *host, const int64_t *size, const int32_t *async) { \
    acc_##name##_async(host, as_size(*size), *async);                                    \
  }                                                                                      \
  void acc_##name##_async_array_h_(const pp_omp_array *array, const int32_t *async) {    \
    acc_##name##_async(array->first, pp_omp_acc_array_size(array), *async);              \
  }
PP_ACC_ENTER(DEFINE, DEFINE_ASYNC)
PP_ACC_LEAVE(DEFINE, DEFINE_ASYNC)

/* Logical values: 0 and 1. */
int32_t acc_is_present_32_h_(void *host, const int32_t *size) { return acc_is_present(host, as_size(*size)) != 0; }

int32_t acc_is_present_64_h_(void *host, const int64_t *size) { return acc_is_present(host, as_size(*size)) != 0; }

int32_t acc_is_present_array_h_(const pp_omp_array *array) {
  return acc_is_present(array->first, pp_omp_acc_array_size(array)) != 0;
}
