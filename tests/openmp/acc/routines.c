// SPDX-License-Identifier: MIT
// routines.c: OpenACC's routines, where the host is the device.
#include <openacc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ending.h"
#include "program.h"

PROGRAM(acc_devices) {
  EXPECT_EQ(acc_get_device_type(), acc_device_host);
  EXPECT_EQ(acc_get_num_devices(acc_device_host), 1);
  EXPECT_EQ(acc_get_num_devices(acc_device_default), 1);
  EXPECT_EQ(acc_get_num_devices(acc_device_not_host), 0);
  EXPECT_EQ(acc_get_num_devices(acc_device_nvidia), 0);
  EXPECT_EQ(acc_get_num_devices(acc_device_radeon), 0);
  EXPECT_EQ(acc_get_num_devices(acc_device_none), 0);
  EXPECT_EQ(acc_get_num_devices((acc_device_t)3), 0);  // a type that there was once
  EXPECT_EQ(acc_get_device_num(acc_device_host), 0);
  acc_init(acc_device_host);
  acc_set_device_num(0, acc_device_host);
  acc_set_device_num(-1, acc_device_host);
  acc_set_device_type(acc_device_default);
  EXPECT_EQ(acc_get_device_type(), acc_device_host);
  EXPECT_EQ(acc_get_device_num(acc_device_default), 0);
  acc_shutdown(acc_device_host);
  acc_init(acc_device_default);
  EXPECT_EQ(acc_get_device_type(), acc_device_host);
}

static volatile int type;

PROGRAM(acc_on_which_device) {
  type = acc_device_host;
  EXPECT(acc_on_device((acc_device_t)type) != 0);
  type = acc_device_none;
  EXPECT(acc_on_device((acc_device_t)type) != 0);
  type = acc_device_not_host;
  EXPECT_EQ(acc_on_device((acc_device_t)type), 0);
  type = acc_device_nvidia;
  EXPECT_EQ(acc_on_device((acc_device_t)type), 0);
}

PROGRAM(acc_properties) {
  EXPECT_EQ(acc_get_property(0, acc_device_host, acc_property_memory), 0);
  EXPECT_EQ(acc_get_property(0, acc_device_host, acc_property_free_memory), 0);
  EXPECT_EQ(strcmp(acc_get_property_string(0, acc_device_host, acc_property_name), "GOMP"), 0);
  EXPECT_EQ(strcmp(acc_get_property_string(0, acc_device_host, acc_property_vendor), "GNU"), 0);
  EXPECT_EQ(strcmp(acc_get_property_string(0, acc_device_host, acc_property_driver), "1.0"), 0);
  EXPECT(acc_get_property_string(0, acc_device_host, acc_property_memory) == NULL);
}

// acc_get_property puts the device into use, and so acc_shutdown may come.
PROGRAM(acc_properties_after_shutdown) {
  acc_init(acc_device_host);
  acc_shutdown(acc_device_host);
  EXPECT_EQ(acc_get_property(0, acc_device_host, acc_property_memory), 0);
  acc_shutdown(acc_device_host);
  EXPECT(acc_get_property_string(0, acc_device_host, acc_property_vendor) != NULL);
  acc_shutdown(acc_device_host);
  EXPECT(acc_get_property_string(0, acc_device_host, acc_property_memory) == NULL);
  acc_init(acc_device_host);
}

PROGRAM(acc_data_routines) {
  enum { SIZE = 40 };
  char data[SIZE], other[SIZE];
  void *pointer = data, *block;
  acc_init(acc_device_host);
  EXPECT(acc_copyin(data, SIZE) == data);
  EXPECT(acc_create(data, SIZE) == data);
  EXPECT(acc_pcopyin(data, SIZE) == data);
  EXPECT(acc_pcreate(data, SIZE) == data);
  EXPECT(acc_present_or_copyin(data, SIZE) == data);
  EXPECT(acc_present_or_create(data, SIZE) == data);
  acc_copyin_async(data, SIZE, 1);
  acc_create_async(data, SIZE, acc_async_noval);
  EXPECT(acc_is_present(data, SIZE) != 0);
  EXPECT_EQ(acc_is_present(data, 0), 0);
  EXPECT_EQ(acc_is_present(NULL, SIZE), 0);
  EXPECT(acc_deviceptr(data) == data);
  EXPECT(acc_hostptr(data) == data);
  acc_update_device(data, SIZE);
  acc_update_device_async(data, SIZE, 1);
  acc_update_self(data, SIZE);
  acc_update_self_async(data, SIZE, 1);
  acc_map_data(data, data, SIZE);
  acc_unmap_data(data);
  acc_attach(&pointer);
  acc_attach_async(&pointer, 1);
  acc_detach(&pointer);
  acc_detach_async(&pointer, 1);
  acc_detach_finalize(&pointer);
  acc_detach_finalize_async(&pointer, 1);
  EXPECT(pointer == data);
  memset(data, 'a', SIZE);
  acc_memcpy_to_device(other, data, SIZE);
  EXPECT_EQ(memcmp(other, data, SIZE), 0);
  memset(data, 'b', SIZE);
  acc_memcpy_from_device(other, data, SIZE);
  EXPECT_EQ(memcmp(other, data, SIZE), 0);
  memset(data, 'c', SIZE);
  acc_memcpy_to_device_async(other, data, SIZE / 2, 1);
  acc_memcpy_from_device_async(other + SIZE / 2, data, SIZE / 2, 1);
  acc_wait(1);
  EXPECT_EQ(memcmp(other, data, SIZE), 0);
  acc_copyout(data, SIZE);
  acc_copyout_async(data, SIZE, 1);
  acc_copyout_finalize(data, SIZE);
  acc_copyout_finalize_async(data, SIZE, 1);
  acc_delete(data, SIZE);
  acc_delete_async(data, SIZE, 1);
  acc_delete_finalize(data, SIZE);
  acc_delete_finalize_async(data, SIZE, 1);
  EXPECT_EQ(data[0], 'c');
  block = acc_malloc(100);
  EXPECT(block != NULL);
  acc_free(block);
  EXPECT(acc_malloc(0) == NULL);
  acc_free(NULL);
}

PROGRAM(acc_queues) {
  int *stream = malloc(sizeof *stream);
  acc_init(acc_device_host);
  for (int queue = acc_async_sync; queue < 5; queue++) {
    EXPECT(acc_async_test(queue) != 0);
    acc_wait(queue);
    acc_async_wait(queue);
    acc_wait_async(queue, 3);
    acc_wait_all_async(queue);
  }
  EXPECT(acc_async_test_all() != 0);
  acc_wait_all();
  acc_async_wait_all();
  EXPECT(acc_get_current_cuda_device() == NULL);
  EXPECT(acc_get_current_cuda_context() == NULL);
  EXPECT(acc_get_cuda_stream(1) == NULL);
  EXPECT_EQ(acc_set_cuda_stream(1, stream), -1);
  EXPECT_EQ(acc_set_cuda_stream(acc_async_noval, stream), -1);
  EXPECT_EQ(acc_set_cuda_stream(acc_async_sync, stream), -1);
  EXPECT_EQ(acc_set_cuda_stream(-3, stream), 0);
  free(stream);
}

// GCC's library ends or crashes where the first call is one of these. They are calls like all others.
PROGRAM_OF_OURS(acc_routines_that_come_first) {
  char data[4] = "abc", other[4] = "123";
  acc_memcpy_to_device(other, data, 4);
  EXPECT_EQ(strcmp(other, "abc"), 0);
  EXPECT(acc_async_test(1) != 0);
#pragma omp parallel num_threads(3)
  {
    acc_wait(1);
    acc_wait_all();
    acc_copyout(data, 4);
    acc_unmap_data(data);
  }
}

static void use_nvidia(void *arg) {
  (void)arg;
  acc_set_device_type(acc_device_nvidia);
}

static void use_second(void *arg) {
  (void)arg;
  acc_set_device_num(1, acc_device_host);
}

static void use_what_is_none(void *arg) {
  (void)arg;
  acc_get_num_devices((acc_device_t)77);
}

static void init_twice(void *arg) {
  (void)arg;
  acc_init(acc_device_host);
  acc_init(acc_device_host);
}

static void shut_down_first(void *arg) {
  (void)arg;
  acc_shutdown(acc_device_host);
}

static void map_elsewhere(void *arg) { acc_map_data(arg, (char *)arg + 8, 4); }

static void copy_nothing(void *arg) { acc_copyin(arg, 0); }

static void wait_for_no_queue(void *arg) {
  (void)arg;
  acc_init(acc_device_host);
  acc_wait(-5);
}

static void wait_for_no_queue_by_construct(void *arg) {
  (void)arg;
#pragma acc wait(-9)
}

PROGRAM(acc_wrong_calls) {
  char data[16];
  EXPECT_END(use_nvidia, NULL, "device type nvidia not supported");
  EXPECT_END(use_second, NULL, "device 1 out of range");
  EXPECT_END(use_what_is_none, NULL, "unknown device type 77");
  EXPECT_END(init_twice, NULL, "device already active");
  EXPECT_END(shut_down_first, NULL, "no device initialized");
  EXPECT_END(map_elsewhere, data, "cannot map data");
  EXPECT_END(copy_nothing, data, "is a bad range");
  EXPECT_END(wait_for_no_queue, NULL, "invalid async-argument: -5");
  EXPECT_END(wait_for_no_queue_by_construct, NULL, "invalid async-argument: -9");
}

// Started anew by this name, with variables that ask for another device.
PROGRAM(acc_region_alone) {
  int value = 0;
#pragma acc parallel copy(value)
  value++;
  EXPECT_EQ(value, 1);
}

static void start_with(void *arg) {
  char **variable = arg;
  setenv(variable[0], variable[1], 1);
  execl("/proc/self/exe", "acc", "acc_region_alone", (char *)NULL);
}

PROGRAM(acc_environment) {
  char *nvidia[] = {"ACC_DEVICE_TYPE", "nvidia"}, *host[] = {"ACC_DEVICE_TYPE", "HOST"};
  char *second[] = {"ACC_DEVICE_NUM", "1"}, *first[] = {"ACC_DEVICE_NUM", "0"}, *none[] = {"ACC_DEVICE_NUM", "-1"};
  char *sizes[] = {"GOMP_OPENACC_DIM", "4:-1"};
  char text[ENDING_TEXT];
  EXPECT_END(start_with, nvidia, "device type nvidia not supported");
  EXPECT_END(start_with, second, "device 1 out of range");
  EXPECT_EQ(ending_run(start_with, host, text), 0);
  EXPECT_EQ(ending_run(start_with, first, text), 0);
  EXPECT_EQ(ending_run(start_with, none, text), 0);
  if (strstr(text, "(ppar)") == NULL) return;
  EXPECT(strstr(text, "ACC_DEVICE_NUM=\"-1\" is not a whole number from 0 to 2147483647; using 0\n") != NULL);
  EXPECT_EQ(ending_run(start_with, sizes, text), 0);
  EXPECT(strstr(text, "GOMP_OPENACC_DIM=\"4:-1\" is not up to three numbers from 1 to 2147483647 with") != NULL);
}
