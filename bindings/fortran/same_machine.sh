#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# same_machine.sh: whether a Fortran compiler's program runs with a C compiler's object in it: both make code for this
# machine and for one C library.
#
#   same_machine.sh C_COMPILER [ARGUMENT...] -- FORTRAN_COMPILER [ARGUMENT...]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

c=()
while [ "$1" != -- ]; do
  c+=("$1")
  shift
done
shift

cat >"$folder/c.c" <<'EOF'
#include <stdio.h>
#include <stddef.h>
#if defined(__linux__) && !defined(__GLIBC__)
#error "gfortran's library is made for glibc here"
#endif
size_t same_size(void);
size_t same_size(void) { return sizeof(void *); }
EOF
cat >"$folder/f.f90" <<'EOF'
use, intrinsic :: iso_c_binding
interface
  integer(c_size_t) function same_size() bind(C)
    import
  end function
end interface
if (same_size() /= c_sizeof(c_null_ptr)) error stop 1
end
EOF
"${c[@]}" -c "$folder/c.c" -o "$folder/c.o"
"$@" "$folder/f.f90" "$folder/c.o" -o "$folder/f"
"$folder/f"
