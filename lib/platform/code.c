/* SPDX-License-Identifier: MIT */
/* code.c: dladdr. */
#include "platform/code.h"

#include <dlfcn.h>
#include <stddef.h>

bool pp_code_find(const void *address, pp_code *code) {
  Dl_info info;
  *code = (pp_code){NULL, NULL, 0};
  if (dladdr(address, &info) == 0 || info.dli_fname == NULL) return false;
  code->image = info.dli_fname;
  code->function = info.dli_sname;
  code->offset = (uint64_t)((uintptr_t)address - (uintptr_t)(info.dli_sname != NULL ? info.dli_saddr : info.dli_fbase));
  return true;
}
