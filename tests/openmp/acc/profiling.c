// SPDX-License-Identifier: MIT
// profiling.c: functions that OpenACC's profiling interface calls as constructs begin and end.
#include <acc_prof.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum { MOST = 64 };

// What was called: a letter for the function, and the event.
static struct {
  char who;
  int event, device_type, construct, implicit, async;
  acc_device_t in_use;  // as events of initialization find it
  void *tool_info;
} calls[MOST];
static int count;

static void note(char who, acc_prof_info *where, acc_event_info *what, acc_api_info *how) {
  EXPECT_EQ(where->event_type, what->event_type);
  EXPECT_EQ(where->valid_bytes, sizeof *where);
  EXPECT_EQ(where->version, 201711);
  EXPECT_EQ(where->device_number, 0);
  EXPECT_EQ(what->other_event.valid_bytes, sizeof what->other_event);
  EXPECT_EQ(how->valid_bytes, sizeof *how);
  EXPECT_EQ(how->device_type, where->device_type);
  if (count == MOST) return;
  calls[count].who = who;
  calls[count].event = what->event_type;
  calls[count].device_type = where->device_type;
  calls[count].construct = what->other_event.parent_construct;
  calls[count].implicit = what->other_event.implicit;
  calls[count].async = (int)where->async;
  EXPECT_EQ(where->async_queue, where->async);
  if (what->event_type <= acc_ev_device_init_end) calls[count].in_use = acc_get_device_type();
  calls[count].tool_info = what->other_event.tool_info;
  count++;
  if (what->event_type == acc_ev_compute_construct_start) what->other_event.tool_info = &count;
}

static void a(acc_prof_info *where, acc_event_info *what, acc_api_info *how) { note('a', where, what, how); }
static void b(acc_prof_info *where, acc_event_info *what, acc_api_info *how) { note('b', where, what, how); }

static int value;

static void region(void) {
#pragma acc parallel copy(value)
  value++;
}

// Expects calls "a16 b16 ..." since the last time.
static void expect_calls(const char *expected) {
  char text[MOST * 8] = "";
  for (int i = 0; i < count; i++) {
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s%c%d", i ? " " : "", calls[i].who, calls[i].event);
  }
  if (strcmp(text, expected) != 0) fprintf(stderr, "called: \"%s\", expected \"%s\"\n", text, expected);
  EXPECT(strcmp(text, expected) == 0);
  count = 0;
}

static void register_all(acc_prof_callback callback) {
  for (int event = 1; event < acc_ev_last; event++) acc_prof_register((acc_event_t)event, callback, acc_reg);
}

PROGRAM(acc_profiling_events) {
  int data[10] = {0};
  (void)data;
  register_all(a);
  region();
  EXPECT_EQ(calls[0].device_type, acc_device_default);
  EXPECT_EQ(calls[0].implicit, 1);
  EXPECT_EQ(calls[2].device_type, acc_device_host);
  EXPECT_EQ(calls[2].construct, acc_construct_parallel);
  EXPECT(calls[3].tool_info == &count);  // what the start has left
  expect_calls("a1 a2 a16 a17");
#pragma acc data copy(data)
  EXPECT_EQ(calls[1].construct, acc_construct_data);
  expect_calls("a10 a11 a12 a13");
#pragma acc enter data copyin(data)
  EXPECT_EQ(calls[0].construct, acc_construct_enter_data);
  expect_calls("a10 a11");
#pragma acc update self(data)
  EXPECT_EQ(calls[0].construct, acc_construct_update);
  expect_calls("a14 a15");
#pragma acc exit data copyout(data)
  EXPECT_EQ(calls[0].construct, acc_construct_exit_data);
  expect_calls("a12 a13");
#pragma acc host_data use_device(data)
  EXPECT_EQ(calls[0].construct, acc_construct_host_data);
  expect_calls("a10 a11 a12 a13");
#pragma acc wait
  expect_calls("");
}

PROGRAM(acc_profiling_init) {
  register_all(a);
  acc_init(acc_device_host);
  EXPECT_EQ(calls[0].construct, acc_construct_runtime_api);
  EXPECT_EQ(calls[0].implicit, 0);
  EXPECT_EQ(calls[0].device_type, acc_device_host);
  expect_calls("a1 a2");
  region();
  expect_calls("a16 a17");
}

PROGRAM(acc_profiling_order) {
  region();
  for (int i = 0; i < 2; i++) {
    acc_prof_register(acc_ev_compute_construct_start, i ? b : a, acc_reg);
    acc_prof_register(acc_ev_compute_construct_end, i ? b : a, acc_reg);
  }
  region();
  expect_calls("a16 b16 b17 a17");
  acc_prof_register(acc_ev_compute_construct_start, a, acc_reg);  // the second time
  region();
  expect_calls("a16 b16 b17 a17");
  acc_prof_unregister(acc_ev_compute_construct_start, a, acc_reg);
  region();
  expect_calls("a16 b16 b17 a17");
  acc_prof_unregister(acc_ev_compute_construct_start, a, acc_reg);
  region();
  expect_calls("b16 b17 a17");
  acc_prof_unregister(acc_ev_compute_construct_start, a, acc_reg);  // once too often
  acc_prof_unregister(acc_ev_compute_construct_start, b, acc_reg);
  acc_prof_unregister(acc_ev_compute_construct_end, b, acc_reg);
  acc_prof_unregister(acc_ev_compute_construct_end, a, acc_reg);
  region();
  expect_calls("");
}

PROGRAM(acc_profiling_toggles) {
  region();
  acc_prof_register(acc_ev_compute_construct_start, a, acc_reg);
  acc_prof_register(acc_ev_compute_construct_end, b, acc_reg);
  acc_prof_unregister(acc_ev_compute_construct_start, a, acc_toggle);
  region();
  expect_calls("b17");
  acc_prof_register(acc_ev_compute_construct_start, a, acc_toggle);
  region();
  expect_calls("a16 b17");
  acc_prof_unregister(acc_ev_none, NULL, acc_toggle);
  region();
  expect_calls("");
  acc_prof_register(acc_ev_none, NULL, acc_toggle);
  region();
  expect_calls("a16 b17");
  acc_prof_unregister(acc_ev_none, NULL, acc_toggle_per_thread);
  region();
  expect_calls("");
  acc_prof_register(acc_ev_none, NULL, acc_toggle_per_thread);
  region();
  expect_calls("a16 b17");
  acc_prof_register(acc_ev_update_start, a, acc_toggle);  // it was not registered
#pragma acc update self(value)
  expect_calls("");
}

// All functions of one event, which have switches of their own as well, as have all functions at once.
PROGRAM(acc_profiling_toggles_of_an_event) {
  region();
  acc_prof_register(acc_ev_compute_construct_start, a, acc_reg);
  acc_prof_register(acc_ev_compute_construct_end, a, acc_reg);
  acc_prof_register(acc_ev_compute_construct_end, b, acc_reg);
  acc_prof_unregister(acc_ev_compute_construct_end, NULL, acc_toggle);
  region();
  expect_calls("a16");
  acc_prof_unregister(acc_ev_compute_construct_end, a, acc_toggle);
  acc_prof_unregister(acc_ev_compute_construct_end, NULL, acc_toggle);  // a second time is as once
  acc_prof_register(acc_ev_none, NULL, acc_toggle);
  region();
  expect_calls("a16");
  acc_prof_register(acc_ev_compute_construct_end, NULL, acc_toggle);
  region();
  expect_calls("a16 b17");
  acc_prof_unregister(acc_ev_none, NULL, acc_toggle);
  acc_prof_register(acc_ev_compute_construct_end, a, acc_toggle);
  acc_prof_register(acc_ev_compute_construct_start, NULL, acc_toggle);
  region();
  expect_calls("");
  acc_prof_register(acc_ev_none, NULL, acc_toggle);
  region();
  expect_calls("a16 b17 a17");
}

// As long as tools are told that the device is made ready there is none.
PROGRAM(acc_profiling_while_initializing) {
  register_all(a);
  for (int round = 0; round < 2; round++) {
    acc_init(acc_device_host);
    EXPECT_EQ(calls[0].in_use, acc_device_none);
    EXPECT_EQ(calls[1].in_use, acc_device_none);
    expect_calls("a1 a2");
    EXPECT_EQ(acc_get_device_type(), acc_device_host);
    acc_shutdown(acc_device_host);
  }
}

// What makes the device ready, and what does not.
PROGRAM(acc_profiling_first_calls) {
  register_all(a);
  EXPECT(acc_get_property_string(0, acc_device_host, acc_property_memory) == NULL);
  EXPECT_EQ(acc_set_cuda_stream(-3, &value), 0);
  expect_calls("");
  EXPECT_EQ(acc_set_cuda_stream(acc_async_sync, &value), -1);
  EXPECT_EQ(calls[0].in_use, acc_device_none);
  expect_calls("a1 a2");
}

PROGRAM_OF_OURS(acc_profiling_a_number_comes_first) {
  register_all(a);
  acc_set_device_num(0, acc_device_none);
  expect_calls("");
  region();
  expect_calls("a1 a2 a16 a17");
}

PROGRAM(acc_profiling_off_on_a_thread) {
  register_all(a);
  acc_prof_unregister(acc_ev_none, NULL, acc_toggle_per_thread);
  expect_calls("a1 a2");
  region();
  expect_calls("");
}

PROGRAM(acc_profiling_queues) {
  static const int queues[] = {5, acc_async_noval, 6, acc_async_sync};
  int data[10] = {0};
  (void)data;
  region();
  register_all(a);
#pragma acc enter data copyin(data) async(5)
#pragma acc update self(data) async
#pragma acc exit data delete (data)async(6)
#pragma acc update self(data)
  for (int i = 0; i < 8; i++) EXPECT_EQ(calls[i].async, queues[i / 2]);
  expect_calls("a10 a11 a14 a15 a12 a13 a14 a15");
#pragma acc parallel copy(value) async(7)
  value++;
#pragma acc data copy(data)
  EXPECT_EQ(calls[0].async, acc_async_sync);
  EXPECT_EQ(calls[2].async, acc_async_sync);
  expect_calls("a16 a17 a10 a11 a12 a13");
}

PROGRAM(acc_profiling_nonsense) {
  acc_prof_register((acc_event_t)99, a, acc_reg);
  acc_prof_register((acc_event_t)-1, a, acc_reg);
  acc_prof_unregister((acc_event_t)99, a, acc_reg);
  acc_prof_register(acc_ev_update_start, a, (acc_register_t)7);
  acc_prof_unregister(acc_ev_update_start, a, acc_reg);
  EXPECT(acc_prof_lookup("no such function") == NULL);
#pragma acc update self(value)
  expect_calls("");
}

PROGRAM_OF_OURS(acc_profiling_without_a_tool) {
  acc_prof_register(acc_ev_update_start, NULL, acc_reg);
#pragma acc update self(value)
  acc_register_library(acc_prof_register, acc_prof_unregister, acc_prof_lookup);
  expect_calls("");
}
