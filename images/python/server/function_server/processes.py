"""What the container's processes use, read from /proc."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    cpu_seconds: float
    resident_bytes: int
    start_time: float
    """Of the first process, in seconds since the epoch."""


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    ticks: int
    """CPU time with that of the children it has waited for: a dead worker's time stays counted."""
    started: int
    pages: int


def usage(supervisor: int) -> Usage:
    """Sums over the supervisor and everything that descends from it."""
    processes = {process.pid: process for process in _read_all()}
    family = [process for process in processes.values() if _descends(process, supervisor, processes)]
    return Usage(
        cpu_seconds=sum(process.ticks for process in family) / _TICKS,
        resident_bytes=sum(process.pages for process in family) * _PAGE,
        start_time=_boot_time() + processes[supervisor].started / _TICKS,
    )


def _read_all() -> Iterator[_Process]:
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = Path("/proc", entry, "stat").read_text(errors="replace")
        except OSError:
            continue  # it has ended since
        # The second field is the command in brackets, and may hold spaces and brackets itself.
        fields = stat[stat.rindex(")") + 2 :].split()
        yield _Process(
            pid=int(entry),
            parent=int(fields[1]),
            ticks=sum(map(int, fields[11:15])),
            started=int(fields[19]),
            pages=int(fields[21]),
        )


def _descends(process: _Process, ancestor: int, processes: dict[int, _Process]) -> bool:
    current: _Process | None = process
    while current:
        if current.pid == ancestor:
            return True
        current = processes.get(current.parent)
    return False


def _boot_time() -> float:
    with open("/proc/stat") as stat:
        return next(float(line.split()[1]) for line in stat if line.startswith("btime"))
