/* SPDX-License-Identifier: MIT */
/* boundary.h: functions that the program gives to the library (bodies, folds, regions, tasks, combines, comparisons)
 * are left by returning. One that is left by an exception, by pthread_exit or by a cancellation of its thread ends the
 * program, with a line that says so (boundary.c).
 *
 * Whoever unwinds the stack asks, for each frame, the personality routine that the frame's unwind table names. Frames
 * of C have none, and are passed over, whatever other threads are doing with what lies below. PP_BOUNDARY gives the
 * routine of boundary.c to the function that it stands in. It is no instruction, but a line in that table. It stands
 * behind the call, so that the call is none that the compiler makes a jump of: the frame would be gone by then.
 *
 * Where the assembler or the format of tables is another one it is nothing: what happens then is as in other C code. */
#ifndef PP_PLATFORM_BOUNDARY_H
#define PP_PLATFORM_BOUNDARY_H

#if defined(__ELF__) && defined(__GCC_HAVE_DWARF2_CFI_ASM) && \
    (defined(__x86_64__) || defined(__i386__) || defined(__aarch64__) || defined(__riscv))
#define PP_HAS_BOUNDARY 1
/* DW_EH_PE_pcrel | DW_EH_PE_sdata4: the routine is within the same object, in its first 2 GiB. */
#define PP_BOUNDARY() __asm__ volatile(".cfi_personality 0x1b, pp_boundary_personality")
#else
#define PP_HAS_BOUNDARY 0
#define PP_BOUNDARY() ((void)0)
#endif

#endif
