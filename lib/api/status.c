/* SPDX-License-Identifier: MIT */
/* status.c: texts for statuses, and the version. */
#include <ppar/status.h>

#include <ppar/version.h>

const char *ppar_strerror(int status) {
  switch (status) {
    case PPAR_OK: return "success";
    case PPAR_EINVAL: return "invalid argument";
    case PPAR_ENOMEM: return "out of memory";
    case PPAR_EAGAIN: return "the system refused to start a thread";
    case PPAR_EBUSY: return "in use";
    case PPAR_ECANCELED: return "cancelled";
    default: return status > 0 ? "status of a loop's body" : "unknown status";
  }
}

const char *ppar_version(void) { return PPAR_VERSION_STRING; }
