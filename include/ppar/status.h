/* SPDX-License-Identifier: MIT */
/* status.h: what the library's functions return.
 *
 * Zero is success. The library's own codes are negative. A positive status is a body's own: the
 * value it gave to ppar_cancel, handed back by the loop that it ended. */
#ifndef PPAR_STATUS_H
#define PPAR_STATUS_H

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* The library's statuses. */
enum {
  PPAR_OK = 0,        /* done */
  PPAR_EINVAL = -1,   /* an argument is out of its range; nothing was run, nothing was written (see options.h) */
  PPAR_ENOMEM = -2,   /* no memory */
  PPAR_EAGAIN = -3,   /* the system would not give the threads that were asked for */
  PPAR_EBUSY = -4,    /* the object is in use */
  PPAR_ECANCELED = -5 /* a body cancelled the loop and gave no status of its own */
};

/* A short English text for a status, without a full stop; never NULL. A positive status reads
 * "status of a loop's body", an unknown negative one "unknown status". Any thread, any time. */
PPAR_API const char *ppar_strerror(int status);

PPAR_END_DECLS

#endif
