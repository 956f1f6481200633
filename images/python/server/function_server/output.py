"""Standard output: what the function prints, and the access log in batches.

A write of up to PIPE_BUF bytes to a pipe is atomic, so lines of several workers never tear each
other as long as no write is larger than that and none ends within a line.
"""

import io
import mmap
import select
import sys
import threading
from os import write

_SIZE = 64 * 1024
_HEADER = 8  # the number of pending bytes


class LineBuffer:
    """Lines of one worker that wait to be written, in memory that the supervisor shares.

    When a worker dies at once, the supervisor writes what it left.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SIZE)
        self._lock = threading.Lock()
        self._used = memoryview(self._memory)[:_HEADER].cast("Q")

    def claim(self) -> None:
        """For a new worker: the lock may have been held when this process was forked."""
        self._lock = threading.Lock()

    def append(self, line: bytes) -> None:
        """Keeps a line, with its line end, until the next flush."""
        with self._lock:
            used = self._used[0]
            if _HEADER + used + len(line) > _SIZE:
                self._flush()
                used = 0
                if _HEADER + len(line) > _SIZE:
                    _write_lines(line)
                    return
            start = _HEADER + used
            self._memory[start : start + len(line)] = line
            self._used[0] = used + len(line)

    def pending(self) -> bool:
        return self._used[0] > 0

    def flush(self) -> None:
        if self._used[0]:
            with self._lock:
                self._flush()

    def _flush(self) -> None:
        pending = self._memory[_HEADER : _HEADER + self._used[0]]
        self._used[0] = 0
        _write_lines(pending)


def _write_lines(lines: bytes) -> None:
    """Writes whole lines, as many at a time as are written atomically."""
    start = 0
    while start < len(lines):
        end = start + select.PIPE_BUF
        if end < len(lines):
            # A single line above the limit goes out whole; it cannot be atomic.
            last = lines.rfind(b"\n", start, end)
            end = (last if last >= 0 else lines.index(b"\n", end)) + 1
        while start < min(end, len(lines)):
            start += write(1, lines[start:end])


def use_line_buffers() -> None:
    """Makes print() write a line at once and in one piece, also where stdout is no terminal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")


def flush_prints() -> None:
    """Writes what was printed without a line end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass  # the function may have closed its stdout
