/* SPDX-License-Identifier: MIT */
/* check_objects.h: locks and events of a program that is checked, by their addresses: which have been made and not yet
 * destroyed, and whose they are. They have no room for that themselves. */
#ifndef PP_GOMP_CHECK_OBJECTS_H
#define PP_GOMP_CHECK_OBJECTS_H

typedef enum pp_omp_object {
  PP_OMP_NEVER_MADE,
  PP_OMP_MADE,
  PP_OMP_GONE,   /* destroyed, or fulfilled */
  PP_OMP_UNSURE, /* there was no memory to know */
} pp_omp_object;

/* owner: the task that has set a lock; NULL: none. Any thread. */
void pp_omp_object_put(const void *address, pp_omp_object state, const void *owner) __attribute__((cold));
pp_omp_object pp_omp_object_get(const void *address, const void **owner) __attribute__((cold));

#endif
