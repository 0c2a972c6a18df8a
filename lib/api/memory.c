/* SPDX-License-Identifier: MIT */
/* memory.c: the public face of platform/memory.h. */
#include <ppar/memory.h>

#include "platform/memory.h"

void *ppar_alloc(size_t size) { return pp_memory_alloc(size); }

void ppar_free(void *block) { pp_memory_free(block); }
