#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""exports.py: our libgomp.so.1 has all that programs ask of GCC's when they are loaded.

    exports.py --tap=FILE SOURCE_ROOT LIBRARY [delays]      (CC: the compiler; NM, READELF: the tools)

LIBRARY is compared with lib/gomp/gomp.map, and with the system's libgomp.so.1 where there is one for this machine.
delays: it was built with -Ddelays=true, and each of its files has a thread's random number of its own.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys

sys.dont_write_bytecode = True
import gomp_map  # noqa: E402

# Bytes of static thread-local storage. Libraries that are loaded while a program runs share a small reserve of it, and
# GCC's takes as much.
TLS_ALLOWED = 136
# Where names may come from that the library lacks itself: its own library, and what every program has.
NEEDED_ALLOWED = re.compile(r"libppar\.so\.\d+|lib(c|m|pthread|dl|rt)\.so\.\d+|ld-linux.*\.so\.\d+|"
                            r"libc\.musl.*|libc\.so|libgcc_s\.so\.1")
SHOWN = 20  # names, of those that should not be there
WEAK_ALLOWED = {"__cxa_finalize", "__gmon_start__", "_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable"}


def lines_of(tool, *arguments):
    command = [*shlex.split(os.environ.get(tool.upper(), tool)), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def exported(library):
    """The functions that a library exports, as name@NODE; and those of them that programs get by the bare name."""
    names, defaults = set(), set()
    for line in lines_of("nm", "-D", "--defined-only", library):
        _, kind, name = line.split()
        if kind != "A":  # a node itself
            names.add(name.replace("@@", "@"))
            if "@@" in name:
                defaults.add(name.replace("@@", "@"))
    return names, defaults


def imported(library):
    """The names that a library takes from others, without those that may be missing."""
    entries = [line.split() for line in lines_of("nm", "-D", "--undefined-only", library)]
    return {name for kind, name in entries if kind not in "wv" or name.partition("@")[0] not in WEAK_ALLOWED}


def dynamic(library, tag):
    return [match[1] for line in lines_of("readelf", "-dW", library)
            if (match := re.search(rf"\({tag}\).*\[(.*)\]", line))]


def tls_size(library):
    fields = [line.split() for line in lines_of("readelf", "-lW", library) if line.split()[:1] == ["TLS"]]
    return sum(int(entry[5], 16) for entry in fields)


def systems_library():
    """GCC's library for the machine that the compiler compiles for; None: it has none."""
    command = [*shlex.split(os.environ.get("CC", "cc")), "-print-file-name=libgomp.so.1"]
    path = pathlib.Path(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())
    return path.resolve() if path.is_absolute() and path.exists() else None


def nothing_of(names, sentence):
    """Prints names that should not be there; true if there are none."""
    for name in sorted(names)[:SHOWN]:
        print(f"{name}: {sentence}")
    if len(names) > SHOWN:
        print(f"and {len(names) - SHOWN} more: {sentence}")
    return not names


def loads_at_once(library):
    """Whether all of its names are found as it is loaded. The loader says it where it cannot preload a library."""
    for program in ("/bin/true", "/usr/bin/true"):
        if os.path.exists(program):
            result = subprocess.run([program], stderr=subprocess.PIPE, text=True, check=False,
                                    env={"LD_PRELOAD": str(library), "LD_BIND_NOW": "1"})
            print(result.stderr, end="")
            return result.returncode == 0 and result.stderr == ""
    return False


def is_of_this_machine(library):
    """Whether /bin/true, which is preloaded with it, is for the same machine."""
    def machine(path):
        return pathlib.Path(path).read_bytes()[:20][4:5], pathlib.Path(path).read_bytes()[18:20]
    return os.path.exists("/bin/true") and machine(library) == machine("/bin/true")


def main():
    tap = sys.argv[1].removeprefix("--tap=")
    source_root, library, has_delays = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), "delays" in sys.argv[4:]
    listed, since = gomp_map.read(source_root / "lib/gomp/gomp.map")
    names, defaults = exported(library)
    needed = dynamic(library, "NEEDED")
    cases = [
        ("lib/gomp/gomp.map has each name of a node once",
         nothing_of({name for name in listed if listed.count(name) > 1}, "it is there more than once")
         and len(listed) > len(since) > 0),
        ("the library has every name that lib/gomp/gomp.map lists",
         nothing_of(set(listed) - names, "lib/gomp/gomp.map lists it, the library does not have it")),
        ("lib/gomp/gomp.map lists every name of the library",
         nothing_of(names - set(listed), "the library has it, lib/gomp/gomp.map does not list it")),
        ("the file is libgomp.so.1.0.0, by which tools know it", library.resolve().name == "libgomp.so.1.0.0"),
        ("the library calls itself libgomp.so.1", dynamic(library, "SONAME") == ["libgomp.so.1"]),
        (f"at most {TLS_ALLOWED} bytes of thread-local storage: {tls_size(library)}"
         + (" # SKIP built with delays" if has_delays else ""),
         has_delays or tls_size(library) <= TLS_ALLOWED),
        ("it needs libppar and the C library alone",
         nothing_of({name for name in needed if not NEEDED_ALLOWED.fullmatch(name)}, "it is needed, too")
         and any(name.startswith("libppar.so") for name in needed)),
        ("no name that others would have to bring",
         nothing_of({name for name in imported(library) if name.startswith(("GOMP_", "omp_", "acc_", "GOACC_"))},
                    "the library takes it from elsewhere")),
        ("all names are found as it is loaded" + ("" if is_of_this_machine(library) else " # SKIP another machine's"),
         not is_of_this_machine(library) or loads_at_once(library)),
    ]
    system = systems_library()
    titles = ("the library has every name of the system's libgomp.so.1, in the same versions",
              "programs are linked to the same versions as with the system's",
              "what the library has more came with later releases of GCC")
    if system is None:
        cases += [(f"{title} # SKIP there is no libgomp.so.1 for this machine", True) for title in titles]
    else:
        theirs, their_defaults = exported(system)
        cases += [
            (titles[0], nothing_of(theirs - names, f"{system} has it, the library does not")),
            (titles[1], nothing_of(their_defaults - defaults, f"{system} has it as the version to link to")),
            (titles[2], nothing_of(names - theirs - set(since), f"{system} does not have it")),
        ]
    with open(tap, "w", encoding="utf-8") as file:
        file.write(f"1..{len(cases)}\n")
        file.writelines(f"{'ok' if good else 'not ok'} - {case}\n" for case, good in cases)
    return 0 if all(good for _, good in cases) else 1


sys.exit(main())
