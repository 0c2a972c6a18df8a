// SPDX-License-Identifier: MIT
// entries.c: OpenACC's routines under the names that Fortran programs call, and the names for plugins, called by hand.
#include <dlfcn.h>
#include <openacc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ending.h"
#include "program.h"

// An array of Fortran's, as gfortran describes it.
struct array {
  void *first;
  size_t offset, element_size;
  int version;
  signed char rank, type;
  short attribute;
  ptrdiff_t span;
  struct {
    ptrdiff_t stride, lower, upper;
  } dimensions[2];
};

#define PLAIN(name)                                         \
  void acc_##name##_32_h_(void *data, const int32_t *size); \
  void acc_##name##_64_h_(void *data, const int64_t *size); \
  void acc_##name##_array_h_(const struct array *array);
#define ASYNC(name)                                                                     \
  void acc_##name##_async_32_h_(void *data, const int32_t *size, const int32_t *async); \
  void acc_##name##_async_64_h_(void *data, const int64_t *size, const int32_t *async); \
  void acc_##name##_async_array_h_(const struct array *array, const int32_t *async);
#define EACH(PLAIN, ASYNC) \
  PLAIN(copyin)            \
  PLAIN(create)            \
  PLAIN(present_or_copyin) \
  PLAIN(present_or_create) \
  PLAIN(copyout)           \
  PLAIN(copyout_finalize)  \
  PLAIN(delete)            \
  PLAIN(delete_finalize)   \
  PLAIN(update_device)     \
  PLAIN(update_self)       \
  ASYNC(copyin)            \
  ASYNC(create)            \
  ASYNC(copyout)           \
  ASYNC(delete)            \
  ASYNC(update_device)     \
  ASYNC(update_self)
EACH(PLAIN, ASYNC)

void acc_init_h_(const int32_t *type), acc_shutdown_h_(const int32_t *type),
    acc_set_device_type_h_(const int32_t *type);
int32_t acc_get_num_devices_h_(const int32_t *type), acc_get_device_type_h_(void);
int32_t acc_get_device_num_h_(const int32_t *type), acc_on_device_h_(const int32_t *type);
void acc_set_device_num_h_(const int32_t *number, const int32_t *type);
size_t acc_get_property_h_(int32_t number, int32_t type, int32_t property);
void acc_get_property_string_h_(int32_t number, int32_t type, int32_t property, char *text, size_t length);
int32_t acc_async_test_h_(const int32_t *async), acc_async_test_all_h_(void);
void acc_wait_h_(const int32_t *async), acc_wait_async_h_(const int32_t *async, const int32_t *waiter);
void acc_wait_all_h_(void), acc_wait_all_async_h_(const int32_t *waiter);
int32_t acc_is_present_32_h_(void *data, const int32_t *size), acc_is_present_64_h_(void *data, const int64_t *size);
int32_t acc_is_present_array_h_(const struct array *array);

static int data[6];
static const int32_t size = sizeof data, queue = 1;
static const int64_t wide_size = sizeof data;
static struct array array = {data, 0, sizeof(int), 0, 2, 1, 0, sizeof(int), {{1, 1, 3}, {3, 1, 2}}};

PROGRAM(acc_fortran_data) {
  const int32_t none = 0;
  struct array empty = array;
  empty.dimensions[1].upper = 0;
  data[0] = 5;
#define CALL(name)                      \
  acc_##name##_32_h_(data, &size);      \
  acc_##name##_64_h_(data, &wide_size); \
  acc_##name##_array_h_(&array);
#define CALL_ASYNC(name)                              \
  acc_##name##_async_32_h_(data, &size, &queue);      \
  acc_##name##_async_64_h_(data, &wide_size, &queue); \
  acc_##name##_async_array_h_(&array, &queue);
  EACH(CALL, CALL_ASYNC)
  EXPECT_EQ(data[0], 5);
  EXPECT_EQ(acc_is_present_32_h_(data, &size), 1);
  EXPECT_EQ(acc_is_present_32_h_(data, &none), 0);
  EXPECT_EQ(acc_is_present_64_h_(data, &wide_size), 1);
  EXPECT_EQ(acc_is_present_array_h_(&array), 1);
  EXPECT_EQ(acc_is_present_array_h_(&empty), 0);
}

// What newer libraries of GCC have.
PROGRAM_OF_OURS(acc_fortran_names_since_gcc_14) {
  static const char *const names[] = {"copyout_finalize_async", "delete_finalize_async"};
  void (*copy)(void *, void *, size_t) = dlsym(RTLD_DEFAULT, "acc_memcpy_device");
  void (*copy_async)(void *, void *, size_t, int) = dlsym(RTLD_DEFAULT, "acc_memcpy_device_async");
  int other[6] = {0};
  for (int i = 0; i < 2; i++) {
    char name[64];
    void (*narrow)(void *, const int32_t *, const int32_t *), (*wide)(void *, const int64_t *, const int32_t *);
    void (*of_array)(const struct array *, const int32_t *);
    snprintf(name, sizeof name, "acc_%s_32_h_", names[i]);
    narrow = dlsym(RTLD_DEFAULT, name);
    snprintf(name, sizeof name, "acc_%s_64_h_", names[i]);
    wide = dlsym(RTLD_DEFAULT, name);
    snprintf(name, sizeof name, "acc_%s_array_h_", names[i]);
    of_array = dlsym(RTLD_DEFAULT, name);
    EXPECT(narrow != NULL && wide != NULL && of_array != NULL);
    narrow(data, &size, &queue);
    wide(data, &wide_size, &queue);
    of_array(&array, &queue);
  }
  data[5] = 17;
  EXPECT(copy != NULL && copy_async != NULL);
  copy(other, data, sizeof data);
  copy_async(other, data, sizeof data, 1);
  EXPECT_EQ(other[5], 17);
}

static void copy_empty(void *arg) {
  struct array empty = array;
  (void)arg;
  empty.dimensions[0].upper = 0;
  acc_copyin_array_h_(&empty);
}

PROGRAM(acc_fortran_wrong_data) { EXPECT_END(copy_empty, NULL, "is a bad range"); }

PROGRAM(acc_fortran_routines) {
  const int32_t host = acc_device_host, other = acc_device_nvidia, number = 0;
  char text[8], long_text[12];
  EXPECT_EQ(acc_get_num_devices_h_(&host), 1);
  EXPECT_EQ(acc_get_num_devices_h_(&other), 0);
  acc_init_h_(&host);
  acc_shutdown_h_(&host);
  acc_set_device_type_h_(&host);
  acc_set_device_num_h_(&number, &host);
  EXPECT_EQ(acc_get_device_type_h_(), acc_device_host);
  EXPECT_EQ(acc_get_device_num_h_(&host), 0);
  EXPECT_EQ(acc_on_device_h_(&host), 1);
  EXPECT_EQ(acc_on_device_h_(&other), 0);
  EXPECT_EQ(acc_get_property_h_(0, acc_device_host, acc_property_memory), 0);
  acc_get_property_string_h_(0, acc_device_host, acc_property_name, text, 3);
  EXPECT_EQ(memcmp(text, "GOM", 3), 0);
  acc_get_property_string_h_(0, acc_device_host, acc_property_vendor, long_text, sizeof long_text);
  EXPECT_EQ(memcmp(long_text, "GNU         ", sizeof long_text), 0);
  acc_get_property_string_h_(0, acc_device_host, acc_property_memory, text, 4);
  EXPECT_EQ(memcmp(text, "    ", 4), 0);
  EXPECT_EQ(acc_async_test_h_(&queue), 1);
  EXPECT_EQ(acc_async_test_all_h_(), 1);
  acc_wait_h_(&queue);
  acc_wait_async_h_(&queue, &number);
  acc_wait_all_h_();
  acc_wait_all_async_h_(&number);
}

// --- Plugins ------------------------------------------------------------------------------------------------

void *GOMP_PLUGIN_malloc(size_t size), *GOMP_PLUGIN_malloc_cleared(size_t size);
void *GOMP_PLUGIN_realloc(void *block, size_t size);
void GOMP_PLUGIN_debug(int kind, const char *format, ...), GOMP_PLUGIN_error(const char *format, ...);
void GOMP_PLUGIN_fatal(const char *format, ...), GOMP_PLUGIN_target_task_completion(void *task);
void GOMP_PLUGIN_async_unmap_vars(void *variables, int async);
int GOMP_PLUGIN_acc_default_dim(unsigned dimension);
void *GOMP_PLUGIN_acc_thread(void);

PROGRAM(plugin_memory) {
  char *block = GOMP_PLUGIN_malloc(10), *cleared = GOMP_PLUGIN_malloc_cleared(1000);
  for (int i = 0; i < 1000; i++) EXPECT_EQ(cleared[i], 0);
  memcpy(block, "plugin", 7);
  block = GOMP_PLUGIN_realloc(block, 10000);
  EXPECT_EQ(strcmp(block, "plugin"), 0);
  free(block);
  free(cleared);
}

PROGRAM(plugin_devices) {
  EXPECT(GOMP_PLUGIN_acc_thread() == NULL);
  EXPECT_EQ(GOMP_PLUGIN_acc_default_dim(0), 0);
  EXPECT_EQ(GOMP_PLUGIN_acc_default_dim(2), 0);
}

static void say(void *arg) {
  GOMP_PLUGIN_debug(0, "silent %d\n", 1);
  GOMP_PLUGIN_error("error %s", (char *)arg);
}

static void die(void *arg) { GOMP_PLUGIN_fatal("fatal %s", (char *)arg); }

static void ask_for_no_dimension(void *arg) {
  (void)arg;
  GOMP_PLUGIN_acc_default_dim(3);
}

static void complete(void *arg) { GOMP_PLUGIN_target_task_completion(arg); }

static void unmap(void *arg) { GOMP_PLUGIN_async_unmap_vars(arg, 1); }

// Sanitizers have their own way to end a program that asks for so much.
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
static void use_too_much(void *arg) {
  (void)arg;
  GOMP_PLUGIN_malloc((size_t)1 << 62);
}
#endif

PROGRAM(plugin_messages) {
  char text[ENDING_TEXT];
  EXPECT_EQ(ending_run(say, "here", text), 0);
  EXPECT(strstr(text, "error here") != NULL);
  EXPECT(strstr(text, "silent") == NULL);
  EXPECT_END(die, "there", "fatal there");
  EXPECT_END(ask_for_no_dimension, NULL, "invalid dimension argument: 3");
}

// What only a plugin can need ends the program, with its name.
PROGRAM_OF_OURS(plugin_refusals) {
  EXPECT_END(complete, NULL, "GOMP_PLUGIN_target_task_completion");
  EXPECT_END(unmap, NULL, "GOMP_PLUGIN_async_unmap_vars");
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
  EXPECT_END(use_too_much, NULL, "no memory");
#endif
}
