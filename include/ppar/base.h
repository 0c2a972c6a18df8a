/* SPDX-License-Identifier: MIT */
/* base.h: what every public header needs: linkage, visibility, forced inlining. */
#ifndef PPAR_BASE_H
#define PPAR_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Around the declarations of each public header: in C++ they have C's linkage. The inline functions among them are C,
 * and are compiled without the warnings of C's casts and null pointers, which C++ programs may want where they write
 * such themselves. The macros, which become a part of the programs, have neither. */
#ifdef __cplusplus
#define PPAR_BEGIN_DECLS                                                                \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wold-style-cast\"") \
      _Pragma("GCC diagnostic ignored \"-Wzero-as-null-pointer-constant\"") extern "C" {
#define PPAR_END_DECLS \
  }                    \
  _Pragma("GCC diagnostic pop")
#else
#define PPAR_BEGIN_DECLS
#define PPAR_END_DECLS
#endif

/* Marks a name that programs may link against; everything else in the library is hidden. */
#define PPAR_API __attribute__((visibility("default")))

/* Has a function inlined wherever it is called. Bodies made by PPAR_BODY and PPAR_FOLD must be, to vectorise. */
#define PPAR_ALWAYS_INLINE inline __attribute__((always_inline))

/* A function of these headers by which a program's call goes on to the library. It is inlined wherever it is called,
 * also without optimisation, so that the library sees where the program calls it. Debuggers and the library's reports
 * take its code for a part of that line. */
#if defined(__has_attribute)
#if __has_attribute(artificial)
#define PPAR_ARTIFICIAL_ __attribute__((artificial))
#endif
#endif
#ifndef PPAR_ARTIFICIAL_
#define PPAR_ARTIFICIAL_
#endif
#define PPAR_PASS_ON_ PPAR_ARTIFICIAL_ PPAR_ALWAYS_INLINE

/* A condition that seldom holds. Compilers learn how seldom, too: where they think that a call is likely, they keep
 * in memory whatever is needed after it, and where they know that it is rare, they keep that in registers. */
#if defined(__clang__) ? __clang_major__ >= 11 : __GNUC__ >= 9
#define PPAR_SELDOM_(condition) __builtin_expect_with_probability((condition), 0, 0.999)
#else
#define PPAR_SELDOM_(condition) __builtin_expect((condition), 0)
#endif

/* What must hold for a program to be compiled at all: as a declaration, and in C as an expression of no value, for
 * macros. In C99 the expression has no words: some C libraries replace _Static_assert there, by a declaration. */
#ifdef __cplusplus
#define PPAR_STATIC_ASSERT_(condition, text) static_assert(condition, text)
#else
#define PPAR_STATIC_ASSERT_(condition, text) __extension__ _Static_assert(condition, text)
#if __STDC_VERSION__ >= 201112L
#define PPAR_ASSERT_(condition, text) \
  ((void)sizeof(struct {              \
    int unused_;                      \
    _Static_assert(condition, text);  \
  }))
#else
#define PPAR_ASSERT_(condition, text) ((void)sizeof(char[(condition) ? 1 : -1]))
#endif
#endif

/* What macros end with that define functions, so that a semicolon may follow them. `struct ppar_chunk` would do, but
 * not in a namespace of C++, where it declares another struct. */
#define PPAR_TAKES_SEMICOLON_ PPAR_STATIC_ASSERT_(1, "nothing")

/* What a macro declares for a program that may not need it. */
#define PPAR_UNUSED_ __attribute__((unused))

/* What the macros say in both languages: a conversion of numbers or from void *, the null pointer, and a pointer to an
 * object that nothing else points to. */
#ifdef __cplusplus
#define PPAR_CAST_(type, value) static_cast<type>(value)
#define PPAR_NULL_ nullptr
#else
#define PPAR_CAST_(type, value) ((type)(value))
#define PPAR_NULL_ NULL
#endif
#define PPAR_RESTRICT_ __restrict

/* Constructs that all threads of a team come to must not be written inside of each other: the inner one would be met by
 * some threads alone. Each declares ppar_inside_, and asserts that what has this name around it is still the function
 * below. In C++ there is no check: a lambda may be a region of its own. */
#ifndef __cplusplus
void ppar_inside_(void);
#define PPAR_IS_TYPE_(value, type) __builtin_types_compatible_p(__typeof__(value), type)
#define PPAR_ASSERT_NOT_INSIDE_                                                                   \
  PPAR_ASSERT_(PPAR_IS_TYPE_(ppar_inside_, void(void)),                                           \
               "a ppar_prange or ppar_sections inside of another one: write the inner loop as a " \
               "ppar_parallel_for, or as a plain for")
#define PPAR_AND_INSIDE_ , *ppar_inside_ PPAR_UNUSED_ = NULL
#else
#define PPAR_ASSERT_NOT_INSIDE_ ((void)0)
#define PPAR_AND_INSIDE_
#endif

/* A pointer as functions take it that have a type of their own for it: bodies get their arg as void *. */
static inline void *ppar_pointer_(const void *pointer) {
#ifdef __cplusplus
  return const_cast<void *>(pointer);
#else
  return (void *)(uintptr_t)pointer;
#endif
}

/* In place of an arg, where there is none: only NULL points to it. */
typedef struct ppar_nothing_ ppar_nothing_;

#endif
