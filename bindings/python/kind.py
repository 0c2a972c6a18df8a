# SPDX-License-Identifier: MIT
"""kind.py: for the build: which libraries this Python can load, as the number of bits and the C library."""

import platform
import struct

print(8 * struct.calcsize("P"), "glibc" if platform.libc_ver()[0] == "glibc" else "other")
