/* SPDX-License-Identifier: MIT */
/* devices.c: routines that ask for devices. */
#include "gomp/devices.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gomp/data.h"
#include "gomp/message.h"
#include "gomp/omp_abi.h"

/* What compilers pass in the place of a number: the construct names none, or its clause `if` is false. */
enum { DEVICE_OF_ICV = -1, DEVICE_NOT_WANTED = -2 };

/* How programs that look for one device of several know the host (OpenMP 6.0). */
static const char host_uid[] = "OMP_INITIAL_DEVICE";

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_mandatory; /* OMP_TARGET_OFFLOAD */

static void read_environment(void) {
  const char *text = getenv("OMP_TARGET_OFFLOAD");
  if (text == NULL || strcasecmp(text, "default") == 0 || strcasecmp(text, "disabled") == 0) return;
  is_mandatory = strcasecmp(text, "mandatory") == 0;
  if (!is_mandatory) {
    pp_omp_warn("OMP_TARGET_OFFLOAD=\"%.60s\" is neither default, disabled nor mandatory; using default", text);
  }
}

bool pp_omp_offload_is_mandatory(void) {
  (void)pthread_once(&once, read_environment);
  return is_mandatory;
}

void pp_omp_need_host(const char *construct, int device) {
  if (device == DEVICE_NOT_WANTED) return;
  if (device == DEVICE_OF_ICV) device = pp_omp_here()->icvs->default_device;
  if (pp_omp_is_host(device)) return;
  if (device == PP_OMP_INVALID_DEVICE) pp_omp_fatal("%s: omp_invalid_device is no device to run on", construct);
  if (pp_omp_offload_is_mandatory()) {
    pp_omp_fatal("%s: OMP_TARGET_OFFLOAD is mandatory, but there is no device %d", construct, device);
  }
}

/* --- Entry points ----------------------------------------------------------------------------------------- */

/* How many devices there are beside the host. */
int omp_get_num_devices(void) { return PP_OMP_HOST; }

/* The host's number. */
int omp_get_initial_device(void) { return PP_OMP_HOST; }

/* The number of the device that the caller runs on, and whether that is the host. */
int omp_get_device_num(void) { return PP_OMP_HOST; }

int omp_is_initial_device(void) { return 1; }

/* The device of constructs that name none; a part of the task's data environment. */
void omp_set_default_device(int device) { pp_omp_own_icvs(pp_omp_here())->default_device = device; }

int omp_get_default_device(void) { return pp_omp_here()->icvs->default_device; }

/* A device's name, the same in each run of a program; NULL: there is no such device. */
const char *omp_get_uid_from_device(int device) { return pp_omp_is_host(device) ? host_uid : NULL; }

/* ... and the other way round; omp_invalid_device: there is none of that name. */
int omp_get_device_from_uid(const char *uid) {
  return uid != NULL && strcmp(uid, host_uid) == 0 ? PP_OMP_HOST : PP_OMP_INVALID_DEVICE;
}

/* --- Fortran ---------------------------------------------------------------------------------------------- */

int32_t omp_get_num_devices_(void) { return omp_get_num_devices(); }

int32_t omp_get_initial_device_(void) { return omp_get_initial_device(); }

int32_t omp_get_device_num_(void) { return omp_get_device_num(); }

int32_t omp_is_initial_device_(void) { return omp_is_initial_device(); }

int32_t omp_get_default_device_(void) { return omp_get_default_device(); }

void omp_set_default_device_(const int32_t *device) { omp_set_default_device(*device); }

void omp_set_default_device_8_(const int64_t *device) {
  omp_set_default_device(*device >= INT32_MIN && *device <= INT32_MAX ? (int)*device : PP_OMP_INVALID_DEVICE);
}

/* A string comes as its address and length. */
static void give(const char *string, const char **text, size_t *length) {
  *text = string;
  *length = string != NULL ? strlen(string) : 0;
}

void omp_get_uid_from_device_(const char **text, size_t *length, int32_t device) {
  give(omp_get_uid_from_device(device), text, length);
}

void omp_get_uid_from_device_8_(const char **text, size_t *length, int64_t device) {
  give(device >= INT32_MIN && device <= INT32_MAX ? omp_get_uid_from_device((int)device) : NULL, text, length);
}

/* Fortran's strings have blanks at their ends, and no zero. */
int32_t omp_get_device_from_uid_(const char *uid, size_t length) {
  while (length > 0 && uid[length - 1] == ' ') length--;
  return length == sizeof host_uid - 1 && memcmp(uid, host_uid, length) == 0 ? PP_OMP_HOST : PP_OMP_INVALID_DEVICE;
}
