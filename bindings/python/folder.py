# SPDX-License-Identifier: MIT
"""folder.py: for the build: the folder below PREFIX in which this Python looks for packages, if it is not FOLDER.

    folder.py PREFIX FOLDER
"""

import os
import site
import sys

prefix, folder = sys.argv[1:]
known = [path for path in site.getsitepackages() if os.path.commonpath([path, prefix]) == prefix]
if folder not in known:
    # Of the others, one whose path goes on from PREFIX itself: /usr/local is below /usr.
    print(next((path for path in known if not (prefix == "/usr" and path.startswith("/usr/local/"))), ""))
