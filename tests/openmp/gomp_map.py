# SPDX-License-Identifier: MIT
"""gomp_map.py: reads lib/gomp/gomp.map."""
import re

NODE = re.compile(r"(?:/\* GCC (\d+) \*/\s*)?^([\w.]+) \{\s*global:(.*?)(?:local:\s*\*;\s*)?\}",
                  re.DOTALL | re.MULTILINE)


def read(path):
    """Each name with its node, as name@NODE; and of those that a later GCC than 12 has brought, which one."""
    names, since = [], {}
    for release, node, listed in NODE.findall(path.read_text()):
        for name in re.findall(r"(\w+)\s*;", listed):
            names.append(f"{name}@{node}")
            if release:
                since[f"{name}@{node}"] = int(release)
    return names, since
