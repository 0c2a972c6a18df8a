/* SPDX-License-Identifier: MIT */
/* misuse.c: mistakes that compilers find, and what they say. misuse.sh compiles the file once as it is, which must give
 * no message at all, and then with each mistake by -DNAME. A line MISTAKE(NAME, LANGUAGES) in a comment names a
 * mistake, and the languages (C, C++) in which compilers find it. The lines under it are pieces of the message, each of
 * which must be there. Never run. */
#include <ppar/ppar.h>

struct vectors {
  const double *x;
  double *y;
};

struct other {
  double z;
};

PPAR_BODY(scale, i, struct vectors, v) { v->y[i] = 2 * v->x[i]; }
PPAR_BODY_GLOBAL(nothing, i) {}
PPAR_BODY_2D(scale_2d, i, j, struct vectors, v) { v->y[i + j] = 2 * v->x[i + j]; }
PPAR_BODY_3D(scale_3d, i, j, k, struct vectors, v) { v->y[i + j + k] = 2 * v->x[i + j + k]; }
PPAR_FOLD(add, double, sum, i, struct vectors, v) { *sum += v->x[i]; }

int right_calls(struct vectors *v, int64_t n);

int right_calls(struct vectors *v, int64_t n) {
  double sum = 0;
  int status = PPAR_FOR(0, n, scale, v, NULL);
  status |= PPAR_FOR(0, n, nothing, NULL, NULL);
  status |= PPAR_FOR_2D(PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), scale_2d, v, NULL);
  status |= PPAR_FOR_3D(PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), scale_3d, v, NULL);
  status |= PPAR_REDUCE(0, n, add, v, PPAR_SUM(&sum), &sum, NULL);
#ifndef __cplusplus
  status |= PPAR_FOR(0, n, scale, &(struct vectors){v->x, v->y}, PPAR_OPTIONS(.threads = 2, .name = "two"));
#endif
  return status;
}

/* MISTAKE(ARG_OF_ANOTHER_TYPE, C C++)
 *   vectors
 *   other */
#ifdef ARG_OF_ANOTHER_TYPE
int wrong_arg(struct other *other);
int wrong_arg(struct other *other) { return PPAR_FOR(0, 10, scale, other, NULL); }
#endif

/* MISTAKE(ARG_WHERE_THERE_IS_NONE, C C++)
 *   other
 *   ppar_nothing_ */
#ifdef ARG_WHERE_THERE_IS_NONE
int wrong_arg(struct other *other);
int wrong_arg(struct other *other) { return PPAR_FOR(0, 10, nothing, other, NULL); }
#endif

/* MISTAKE(ARG_OF_A_RANGE, C C++)
 *   vectors
 *   other */
#ifdef ARG_OF_A_RANGE
int wrong_arg(ppar_task_group *group, struct other *other);
int wrong_arg(ppar_task_group *group, struct other *other) {
  return ppar_task_spawn_range(group, 0, 10, scale, PPAR_ARG(scale, other), NULL);
}
#endif

/* MISTAKE(ARG_OF_A_FOLD, C C++)
 *   vectors
 *   other */
#ifdef ARG_OF_A_FOLD
int wrong_arg(struct other *other, ppar_scan *write);
int wrong_arg(struct other *other, ppar_scan *write) {
  double sum = 0;
  return ppar_parallel_scan(0, 10, add, write, PPAR_ARG(add, other), &ppar_sum_f64, &sum, NULL);
}
#endif

/* MISTAKE(BODY_OF_ANOTHER_LOOP, C C++)
 *   scale_2d_ppar_for_ */
#ifdef BODY_OF_ANOTHER_LOOP
int wrong_body(struct vectors *v);
int wrong_body(struct vectors *v) { return PPAR_FOR(0, 10, scale_2d, v, NULL); }
#endif

/* MISTAKE(ARG_OF_ANOTHER_TYPE_2D, C C++)
 *   vectors
 *   other */
#ifdef ARG_OF_ANOTHER_TYPE_2D
int wrong_arg(struct other *other);
int wrong_arg(struct other *other) {
  return PPAR_FOR_2D(PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), scale_2d, other, NULL);
}
#endif

/* MISTAKE(RESULT_OF_ANOTHER_TYPE, C C++)
 *   float
 *   double */
#ifdef RESULT_OF_ANOTHER_TYPE
int wrong_result(struct vectors *v);
int wrong_result(struct vectors *v) {
  float sum = 0;
  return PPAR_REDUCE(0, 10, add, v, PPAR_SUM(&sum), &sum, NULL);
}
#endif

/* MISTAKE(SUM_OF_SHORTS, C C++)
 *   PPAR_SUM: a pointer to float, double, an integer of 32 or 64 bits, or a complex number */
#ifdef SUM_OF_SHORTS
const ppar_reduction *wrong_operator(short *value);
const ppar_reduction *wrong_operator(short *value) { return PPAR_SUM(value); }
#endif

/* MISTAKE(AND_OF_DOUBLES, C C++)
 *   PPAR_AND, OR, XOR: a pointer to an integer of 32 or 64 bits */
#ifdef AND_OF_DOUBLES
const ppar_reduction *wrong_operator(double *value);
const ppar_reduction *wrong_operator(double *value) { return PPAR_AND(value); }
#endif

/* MISTAKE(PLACE_OF_A_NUMBER, C C++)
 *   PPAR_ARGMIN, ARGMAX: a pointer to ppar_indexed_f32, _f64, _i32 or _i64 */
#ifdef PLACE_OF_A_NUMBER
const ppar_reduction *wrong_operator(double *value);
const ppar_reduction *wrong_operator(double *value) { return PPAR_ARGMIN(value); }
#endif

/* MISTAKE(FIELD_WITHOUT_OPERATOR, C C++)
 *   PPAR_ALL, ANY: a pointer to bool or int */
#ifdef FIELD_WITHOUT_OPERATOR
struct mixed {
  double sum, all;
};
PPAR_REDUCTION(mixed, struct mixed, (PPAR_SUM, sum), (PPAR_ALL, all));
#endif

/* MISTAKE(PRANGE_IN_A_PRANGE, C)
 *   a ppar_prange or ppar_sections inside of another one */
#ifdef PRANGE_IN_A_PRANGE
void wrong_region(ppar_team *team, void *arg);
void wrong_region(ppar_team *team, void *arg) {
  double *x = (double *)arg;
  ppar_prange(team, i, 0, 10, NULL) {
    ppar_prange(team, j, 0, 10, NULL) {
      x[i * 10 + j] = 0;
    }
  }
}
#endif

/* MISTAKE(COLLAPSED_PRANGE_IN_SECTIONS, C)
 *   a ppar_prange or ppar_sections inside of another one */
#ifdef COLLAPSED_PRANGE_IN_SECTIONS
void wrong_region(ppar_team *team, void *arg);
void wrong_region(ppar_team *team, void *arg) {
  double *x = (double *)arg;
  ppar_sections(team) {
    ppar_section {
      ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), NULL) {
        x[i * 10 + j] = 0;
      }
    }
  }
}
#endif

/* MISTAKE(SECTIONS_IN_A_PRANGE, C)
 *   a ppar_prange or ppar_sections inside of another one */
#ifdef SECTIONS_IN_A_PRANGE
void wrong_region(ppar_team *team, void *arg);
void wrong_region(ppar_team *team, void *arg) {
  double *x = (double *)arg;
  ppar_prange(team, i, 0, 10, NULL) {
    ppar_sections(team) {
      ppar_section { x[i] = 0; }
    }
  }
}
#endif

/* MISTAKE(LAST_OF_AN_OUTER_INDEX, C)
 *   ppar_is_last: takes the innermost index of a collapsed prange */
#ifdef LAST_OF_AN_OUTER_INDEX
void wrong_region(ppar_team *team, void *arg);
void wrong_region(ppar_team *team, void *arg) {
  double *x = (double *)arg;
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), NULL) {
    if (ppar_is_last(i)) x[j] = 0;
  }
}
#endif

/* MISTAKE(FIELD_OF_ANOTHER_TYPE, C C++)
 *   no member
 *   vectors */
#ifdef FIELD_OF_ANOTHER_TYPE
PPAR_BODY(wrong_body, i, struct vectors, v) { v->y[i] = v->z; }
#endif

/* MISTAKE(WRITES_TO_ITS_COPY, C C++)
 *   assign */
#ifdef WRITES_TO_ITS_COPY
PPAR_BODY(wrong_body, i, struct vectors, v) { v->x = v->y + i; }
#endif

extern int nothing_else;
