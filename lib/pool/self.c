/* SPDX-License-Identifier: MIT */
/* self.c: the storage behind self.h. */
#include "pool/self.h"

_Thread_local pp_self pp_self_of_thread PP_TLS_MODEL = {.leaves = false};
