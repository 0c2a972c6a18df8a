/* SPDX-License-Identifier: MIT */
/* interop.c: objects that stand for another runtime's devices and streams. Without devices each is omp_interop_none,
 * which has no properties. */
#include <string.h>

#include "gomp/devices.h"
#include "gomp/gomp_abi.h"
#include "gomp/omp_abi.h"
#include "gomp/target.h"

enum {
  PROPERTIES = 9, /* they have the numbers -1 ... -9 */
  INTEROP_NONE = 0,
  FLAG_NOWAIT = 1
};

/* omp_interop_rc_t */
enum { NO_VALUE = 1, SUCCESS = 0, EMPTY = -1, OUT_OF_RANGE = -2, TYPE_INT = -3, TYPE_PTR = -4, TYPE_STR = -5 };

static bool is_property(int property) { return property < 0 && property >= -PROPERTIES; }

/* Why there is no value. */
static void tell(int property, int *result) {
  if (result != NULL) *result = is_property(property) ? EMPTY : OUT_OF_RANGE;
}

static void clear(int count, uintptr_t **objects) {
  for (int i = 0; i < count; i++) *objects[i] = INTEROP_NONE;
}

/* #pragma omp interop: makes objects, uses some and drops some, after what its depend clause names. */
void GOMP_interop(int device, int made, uintptr_t **make, const void *kinds, const void *wishes, int used,
                  uintptr_t **use, int dropped, uintptr_t **drop, unsigned flags, void **depend) {
  (void)kinds;
  (void)wishes;
  (void)used;
  (void)use;
  pp_omp_need_host("interop", device);
  clear(made, make);
  clear(dropped, drop);
  pp_omp_target_order(depend, (flags & FLAG_NOWAIT) != 0);
}

/* How many properties an object has beyond those that all have. */
int omp_get_num_interop_properties(uintptr_t object) {
  (void)object;
  return 0;
}

/* The value of a property, if it is a number, a pointer or a string. */
intptr_t omp_get_interop_int(uintptr_t object, int property, int *result) {
  (void)object;
  tell(property, result);
  return 0;
}

void *omp_get_interop_ptr(uintptr_t object, int property, int *result) {
  (void)object;
  tell(property, result);
  return NULL;
}

const char *omp_get_interop_str(uintptr_t object, int property, int *result) {
  (void)object;
  tell(property, result);
  return NULL;
}

/* A property's name. */
const char *omp_get_interop_name(uintptr_t object, int property) {
  static const char *const names[PROPERTIES] = {"fr_id",    "fr_name", "vendor",         "vendor_name", "device_num",
                                                "platform", "device",  "device_context", "targetsync"};
  (void)object;
  return is_property(property) ? names[-property - 1] : NULL;
}

/* A property's type in C; an object without properties has none. */
const char *omp_get_interop_type_desc(uintptr_t object, int property) {
  (void)object;
  (void)property;
  return NULL;
}

/* What a result of the three above means. */
const char *omp_get_interop_rc_desc(uintptr_t object, int result) {
  (void)object;
  switch (result) {
    case NO_VALUE: return "the property has no value here";
    case SUCCESS: return "the property's value was returned";
    case EMPTY: return "the object is omp_interop_none";
    case OUT_OF_RANGE: return "no property has this number";
    case TYPE_INT: return "the property is a number: ask by omp_get_interop_int";
    case TYPE_PTR: return "the property is a pointer: ask by omp_get_interop_ptr";
    case TYPE_STR: return "the property is a string: ask by omp_get_interop_str";
    default: return NULL;
  }
}

/* --- Fortran ---------------------------------------------------------------------------------------------- */

static void give(const char *string, const char **text, size_t *length) {
  *text = string;
  *length = string != NULL ? strlen(string) : 0;
}

void omp_get_interop_str_(const char **text, size_t *length, uintptr_t object, int property, int *result) {
  give(omp_get_interop_str(object, property, result), text, length);
}

void omp_get_interop_name_(const char **text, size_t *length, uintptr_t object, int property) {
  give(omp_get_interop_name(object, property), text, length);
}

void omp_get_interop_type_desc_(const char **text, size_t *length, uintptr_t object, int property) {
  give(omp_get_interop_type_desc(object, property), text, length);
}

void omp_get_interop_rc_desc_(const char **text, size_t *length, uintptr_t object, int result) {
  give(omp_get_interop_rc_desc(object, result), text, length);
}
