"""Counts of calls in memory that all workers share.

Every worker owns one block of cells and is the only process that writes there, so a worker needs no
lock against another one. A block outlives its worker: the next worker that gets it counts on from
where the last one stopped, and the sums never go backwards.
"""

import mmap
import threading
from bisect import bisect_left

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER")
"""Any other method shares one label, or a client could fill the page with names of its own."""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180)
"""Upper bounds in seconds; one more bucket takes what is longer."""

CALLS, FAILURES, TIMEOUTS, RUNNING, SECONDS, FIRST_BUCKET = range(6)
_WIDTH = FIRST_BUCKET + len(BUCKETS) + 1
_BLOCK = _WIDTH * len(METHODS)
_START = {method: index * _WIDTH for index, method in enumerate(METHODS)}
_OTHER = _START["OTHER"]


class Metrics:
    """The cells of all workers; made before the first worker is forked."""

    def __init__(self, blocks: int) -> None:
        self._cells = memoryview(mmap.mmap(-1, blocks * _BLOCK * 8)).cast("d")
        self._blocks = blocks
        self._own = 0
        self._lock = threading.Lock()

    def claim(self, block: int) -> None:
        """From now on this process counts in that block."""
        self._own = block * _BLOCK
        self._lock = threading.Lock()

    def begin(self, method: str) -> None:
        cell = self._own + _START.get(method, _OTHER) + RUNNING
        with self._lock:
            self._cells[cell] += 1

    def finish(self, method: str, seconds: float, *, failed: bool, timed_out: bool) -> None:
        first = self._own + _START.get(method, _OTHER)
        bucket = first + FIRST_BUCKET + bisect_left(BUCKETS, seconds)
        cells = self._cells
        with self._lock:
            cells[first + CALLS] += 1
            cells[first + RUNNING] -= 1
            cells[first + SECONDS] += seconds
            cells[bucket] += 1
            if failed:
                cells[first + FAILURES] += 1
                if timed_out:
                    cells[first + TIMEOUTS] += 1

    def bury(self, block: int) -> None:
        """Counts what a dead worker was running as failed calls. For the supervisor."""
        for start in _START.values():
            first = block * _BLOCK + start
            running = self._cells[first + RUNNING]
            self._cells[first + CALLS] += running
            self._cells[first + FAILURES] += running
            self._cells[first + RUNNING] = 0

    def totals(self) -> dict[str, list[float]]:
        """The sums over all workers, by method; a list's indexes are CALLS to FIRST_BUCKET and on."""
        return {
            method: [
                sum(self._cells[block * _BLOCK + start + cell] for block in range(self._blocks))
                for cell in range(_WIDTH)
            ]
            for method, start in _START.items()
        }
