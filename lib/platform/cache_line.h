/* SPDX-License-Identifier: MIT */
/* cache_line.h: the distance that keeps two threads' data apart. */
#ifndef PP_PLATFORM_CACHE_LINE_H
#define PP_PLATFORM_CACHE_LINE_H

/* Two lines: x86-64's adjacent-line prefetcher moves 64-byte lines in pairs, and some 64-bit Arm and POWER
 * processors have lines of 128 bytes. */
#define PP_CACHE_LINE 128

#define PP_LINE_ALIGNED _Alignas(PP_CACHE_LINE)

#endif
