/* SPDX-License-Identifier: MIT */
/* base.h: what every public header needs: linkage, visibility, forced inlining. */
#ifndef PPAR_BASE_H
#define PPAR_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define PPAR_BEGIN_DECLS extern "C" {
#define PPAR_END_DECLS }
#else
#define PPAR_BEGIN_DECLS
#define PPAR_END_DECLS
#endif

/* A name that programs may link against; everything else in the library is hidden. */
#define PPAR_API __attribute__((visibility("default")))

/* Bodies made by PPAR_BODY and PPAR_FOLD must be inlined into their loop to vectorise. */
#define PPAR_ALWAYS_INLINE inline __attribute__((always_inline))

/* A condition that seldom holds. Compilers learn how seldom, too: where they think that a call is likely, they keep
 * in memory whatever is needed after it, and where they know that it is rare, they keep that in registers. */
#if defined(__clang__) ? __clang_major__ >= 11 : __GNUC__ >= 9
#define PPAR_SELDOM_(condition) __builtin_expect_with_probability((condition), 0, 0.999)
#else
#define PPAR_SELDOM_(condition) __builtin_expect((condition), 0)
#endif

/* What must hold for a program to be compiled at all. */
#ifdef __cplusplus
#define PPAR_STATIC_ASSERT_(condition, text) static_assert(condition, text)
#else
#define PPAR_STATIC_ASSERT_(condition, text) _Static_assert(condition, text)
#endif

/* What a macro declares for a program that may not need it. */
#define PPAR_UNUSED_ __attribute__((unused))

/* What the macros say in both languages: a pointer's conversion from void *, the null pointer, and a pointer to an
 * object that nothing else points to. */
#ifdef __cplusplus
#define PPAR_CAST_(type, value) static_cast<type>(value)
#define PPAR_NULL_ nullptr
#else
#define PPAR_CAST_(type, value) ((type)(value))
#define PPAR_NULL_ NULL
#endif
#define PPAR_RESTRICT_ __restrict

#endif
