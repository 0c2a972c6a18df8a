/* SPDX-License-Identifier: MIT */
/* acc_device.c: which device OpenACC programs are on. There is the host alone; asking for another one ends the program
 * with a line that says so, as OpenACC leaves no other way. */
#include "gomp/acc_device.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gomp/acc_abi.h"
#include "gomp/acc_prof.h"
#include "gomp/message.h"
#include "platform/atomics.h"
#include "platform/tls.h"

enum { TYPES = 9, DIMENSIONS = 3 };

/* By acc_device_t; NULL: there is no such type. */
static const char *const type_names[TYPES] = {
    [PP_ACC_DEVICE_NONE] = "none",         [PP_ACC_DEVICE_DEFAULT] = "default", [PP_ACC_DEVICE_HOST] = "host",
    [PP_ACC_DEVICE_NOT_HOST] = "not_host", [PP_ACC_DEVICE_NVIDIA] = "nvidia",   [PP_ACC_DEVICE_RADEON] = "radeon",
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *default_type; /* ACC_DEVICE_TYPE; NULL: none, or the host */
static int default_number;
static int default_dimensions[DIMENSIONS];

static pp_atomic_u32 is_chosen; /* Some thread has attached itself. */
static pp_atomic_u32 is_active; /* acc_init, or what stands for it, came after the latest acc_shutdown. */

static _Thread_local bool is_initializing PP_TLS_MODEL; /* This thread tells tools that the device is made ready. */

/* --- The environment -------------------------------------------------------------------------------------- */

static void read_dimensions(const char *text) {
  const char *at = text;
  for (int i = 0; i < DIMENSIONS; i++) {
    char *end;
    long n = strtol(at, &end, 10);
    if (end != at && (n < 1 || n > INT32_MAX)) break;
    default_dimensions[i] = end != at ? (int)n : 0;
    if (*end == '\0') return;
    if (*end != ':') break;
    at = end + 1;
  }
  pp_omp_warn(
      "GOMP_OPENACC_DIM=\"%.60s\" is not up to three numbers from 1 to %d with colons between them; using default",
      text, INT32_MAX);
  memset(default_dimensions, 0, sizeof default_dimensions);
}

static void read_environment(void) {
  const char *type = getenv("ACC_DEVICE_TYPE"), *number = getenv("ACC_DEVICE_NUM"), *text = getenv("GOMP_OPENACC_DIM");
  if (type != NULL && *type != '\0' && strcasecmp(type, "host") != 0) default_type = type;
  if (number != NULL) {
    char *end;
    long n = strtol(number, &end, 10);
    if (end == number || *end != '\0' || n < 0 || n > INT32_MAX) {
      pp_omp_warn("ACC_DEVICE_NUM=\"%.60s\" is not a whole number from 0 to %d; using 0", number, INT32_MAX);
    } else {
      default_number = (int)n;
    }
  }
  if (text != NULL) read_dimensions(text);
}

int pp_omp_acc_default_number(void) {
  (void)pthread_once(&once, read_environment);
  return default_number;
}

int pp_omp_acc_default_dimension(unsigned dimension) {
  (void)pthread_once(&once, read_environment);
  return dimension < DIMENSIONS ? default_dimensions[dimension] : 0;
}

/* --- Which device is meant -------------------------------------------------------------------------------- */

static const char *default_type_name(void) {
  (void)pthread_once(&once, read_environment);
  return default_type;
}

static void check_type(const char *routine, int type) {
  if (type == PP_ACC_DEVICE_CURRENT || (type >= 0 && type < TYPES && type_names[type] != NULL)) return;
  pp_omp_fatal("%s: unknown device type %d", routine, type);
}

/* Ends the program unless the type stands for the host. */
static void need_host(const char *routine, int type) {
  const char *name;
  check_type(routine, type);
  switch (type) {
    case PP_ACC_DEVICE_NONE: pp_omp_fatal("%s: no device is of type none", routine);
    case PP_ACC_DEVICE_NOT_HOST: pp_omp_fatal("%s: no device found but the host", routine);
    case PP_ACC_DEVICE_HOST: return;
    case PP_ACC_DEVICE_DEFAULT:
      name = default_type_name();
      if (name == NULL) return;
      pp_omp_fatal("%s: device type %s not supported (ACC_DEVICE_TYPE); there is the host alone", routine, name);
    case PP_ACC_DEVICE_CURRENT: return;
    default: pp_omp_fatal("%s: device type %s not supported; there is the host alone", routine, type_names[type]);
  }
}

static void check_number(const char *routine, int number) {
  if (number > 0) pp_omp_fatal("%s: device %d out of range; there is the host alone, number 0", routine, number);
}

/* --- In use, or not --------------------------------------------------------------------------------------- */

/* The first to come chooses. Relaxed: nothing is written for the device, so there is nothing to be seen with it. */
static bool choose(void) {
  uint32_t no = 0;
  if (pp_load_relaxed(&is_chosen) != 0 || !pp_cas_relaxed(&is_chosen, &no, 1)) return false;
  pp_store_relaxed(&is_active, 1);
  return true;
}

/* As long as tools are told, there is no device yet for those that ask. */
static void tell_of_init(pp_omp_acc_span *span, int event) {
  is_initializing = true;
  pp_omp_acc_tell(span, event);
  is_initializing = false;
}

void pp_omp_acc_attach(void) {
  pp_omp_acc_span span = {.device_type = PP_ACC_DEVICE_DEFAULT,
                          .construct = PP_ACC_CONSTRUCT_PARALLEL,
                          .async = PP_ACC_ASYNC_SYNC,
                          .implicit = true};
  if (pp_load_relaxed(&is_chosen) != 0) return;
  need_host("OpenACC", PP_ACC_DEVICE_DEFAULT);
  check_number("OpenACC", pp_omp_acc_default_number());
  if (!choose()) return;
  tell_of_init(&span, PP_ACC_DEVICE_INIT_START);
  tell_of_init(&span, PP_ACC_DEVICE_INIT_END);
}

/* The program says which device it wants. */
static void set(const char *routine, int number, int type) {
  need_host(routine, type);
  check_number(routine, number);
  (void)choose();
  pp_store_relaxed(&is_active, 1);
}

/* --- Entry points ----------------------------------------------------------------------------------------- */

/* #pragma acc init, and the routine: has the device made ready. */
void acc_init(int type) {
  pp_omp_acc_span span = {.device_type = type, .construct = PP_ACC_CONSTRUCT_ROUTINE, .async = PP_ACC_ASYNC_SYNC};
  uint32_t no = 0;
  need_host("acc_init", type);
  tell_of_init(&span, PP_ACC_DEVICE_INIT_START);
  if (!pp_cas_relaxed(&is_active, &no, 1)) pp_omp_fatal("acc_init: device already active: acc_shutdown comes first");
  pp_store_relaxed(&is_chosen, 1);
  tell_of_init(&span, PP_ACC_DEVICE_INIT_END);
}

/* The end of what acc_init begins. */
void acc_shutdown(int type) {
  uint32_t yes = 1;
  need_host("acc_shutdown", type);
  if (!pp_cas_relaxed(&is_active, &yes, 0)) pp_omp_fatal("acc_shutdown: no device initialized");
}

/* How many devices of the type there are: the host is one. Of types that were given up there are none. */
int acc_get_num_devices(int type) {
  if (type < 0 || type >= TYPES) check_type("acc_get_num_devices", type);
  if (type == PP_ACC_DEVICE_DEFAULT) return default_type_name() == NULL;
  return type == PP_ACC_DEVICE_HOST || type == PP_ACC_DEVICE_CURRENT;
}

/* What the program will run on. */
void acc_set_device_type(int type) { set("acc_set_device_type", 0, type); }

int acc_get_device_type(void) {
  if (is_initializing) return PP_ACC_DEVICE_NONE;
  if (pp_load_relaxed(&is_chosen) == 0) need_host("acc_get_device_type", PP_ACC_DEVICE_DEFAULT);
  return PP_ACC_DEVICE_HOST;
}

/* Which of the devices of the type, and that type. Type 0: of the one that is in use, or will be. Less than 0: as
 * ACC_DEVICE_NUM has it. */
void acc_set_device_num(int number, int type) {
  const char *routine = "acc_set_device_num";
  if (number < 0) number = pp_omp_acc_default_number();
  if (type == PP_ACC_DEVICE_NONE) {
    check_number(routine, number);
  } else {
    set(routine, number, type);
  }
}

int acc_get_device_num(int type) {
  need_host("acc_get_device_num", type);
  return 0;
}

/* Whether the code that asks runs on a device of the type. Compilers know the answer where the type is known. */
int acc_on_device(int type) { return type == PP_ACC_DEVICE_HOST || type == PP_ACC_DEVICE_NONE; }

/* Puts the device into use, also after acc_shutdown. */
static void use_device(const char *routine, int number, int type) {
  need_host(routine, type);
  if (number < 0) pp_omp_fatal("%s: device %d out of range; there is the host alone, number 0", routine, number);
  check_number(routine, number);
  pp_omp_acc_attach();
  pp_store_relaxed(&is_active, 1);
}

/* What is known of a device: sizes of its memory; 0: it is not known. */
size_t acc_get_property(int number, int type, int property) {
  use_device("acc_get_property", number, type);
  (void)property;
  return 0;
}

/* ... and its names; NULL: the property is no string, and the device stays as it is. Programs compare the host's names
 * with those that it has under the library that this one stands for. */
const char *acc_get_property_string(int number, int type, int property) {
  const char *string;
  switch (property) {
    case PP_ACC_PROPERTY_NAME: string = "GOMP"; break;
    case PP_ACC_PROPERTY_VENDOR: string = "GNU"; break;
    case PP_ACC_PROPERTY_DRIVER: string = "1.0"; break;
    default: return NULL;
  }
  use_device("acc_get_property_string", number, type);
  return string;
}

/* CUDA's objects behind the device: the host has none. */
void *acc_get_current_cuda_device(void) { return NULL; }

void *acc_get_current_cuda_context(void) { return NULL; }

void *acc_get_cuda_stream(int async) {
  (void)async;
  return NULL;
}

/* Less than 0: the stream is not used. What is no queue's number is not looked at. */
int acc_set_cuda_stream(int async, void *stream) {
  (void)stream;
  if (async < PP_ACC_ASYNC_SYNC) return 0;
  pp_omp_acc_attach();
  return -1;
}

/* --- Fortran ---------------------------------------------------------------------------------------------- */

void acc_init_h_(const int32_t *type) { acc_init(*type); }

void acc_shutdown_h_(const int32_t *type) { acc_shutdown(*type); }

int32_t acc_get_num_devices_h_(const int32_t *type) { return acc_get_num_devices(*type); }

void acc_set_device_type_h_(const int32_t *type) { acc_set_device_type(*type); }

int32_t acc_get_device_type_h_(void) { return acc_get_device_type(); }

void acc_set_device_num_h_(const int32_t *number, const int32_t *type) { acc_set_device_num(*number, *type); }

int32_t acc_get_device_num_h_(const int32_t *type) { return acc_get_device_num(*type); }

int32_t acc_on_device_h_(const int32_t *type) { return acc_on_device(*type) != 0; }

size_t acc_get_property_h_(int32_t number, int32_t type, int32_t property) {
  return acc_get_property(number, type, property);
}

/* As much of the string as `text` has room for; blanks after it. */
void acc_get_property_string_h_(int32_t number, int32_t type, int32_t property, char *text, size_t length) {
  const char *string = acc_get_property_string(number, type, property);
  size_t most = string != NULL ? strlen(string) : 0;
  if (most > length) most = length;
  memset(text, ' ', length);
  if (most != 0) memcpy(text, string, most);
}
