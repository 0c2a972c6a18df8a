# SPDX-License-Identifier: MIT
"""python -m ppar: which library is in use, and on how many threads of what machine its loops run."""

import os
import pathlib

import ppar

CPUS = pathlib.Path("/sys/devices/system/cpu")


def read(cpu: int, name: str) -> str:
    try:
        return (CPUS / f"cpu{cpu}" / name).read_text().strip()
    except OSError:
        return "?"


def counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def topology() -> str:
    """The CPUs that the process may use, and the cores, sockets and NUMA domains that they belong to."""
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    sockets = {read(cpu, "topology/physical_package_id") for cpu in cpus}
    cores = {(read(cpu, "topology/physical_package_id"), read(cpu, "topology/core_id")) for cpu in cpus}
    nodes = {path.name for cpu in cpus for path in (CPUS / f"cpu{cpu}").glob("node[0-9]*")}
    if not CPUS.exists():
        return counted(len(cpus), "CPU")
    words = [counted(len(cpus), "CPU"), counted(len(cores), "core"), counted(len(sockets), "socket")]
    return ", ".join(words + ([counted(len(nodes), "NUMA domain")] if nodes else []))


print(f"ppar {ppar.__version__}")
print(f"threads: {ppar.get_num_threads()}")
print(f"machine: {topology()}")
