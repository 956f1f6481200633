"""Standard output and error: what the function prints, and the server's own lines beside it.

A write of up to PIPE_BUF bytes to a pipe is atomic, so lines of several workers never tear each
other as long as no write is larger than that and none ends within a line. What a function prints
without a line end is written too, after a moment; a line of the server then begins on a line of its own.
"""

import io
import mmap
import os
import select
import sys
import threading

_SIZE = 64 * 1024
_HEADER = 8  # the number of pending bytes
_open_lines = mmap.mmap(-1, 3)
"""By descriptor, for all processes: 1 where the last thing printed was no whole line."""
_own = (-1, os.dup(1), os.dup(2))
"""Copies of the descriptors. A function may close its own, and the next client's may get the number."""


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
                    write_lines(1, line)
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
        write_lines(1, pending)


def write_lines(descriptor: int, lines: bytes) -> None:
    """Writes whole lines, as many at a time as are written atomically; drops them if nobody reads any."""
    if _open_lines[descriptor]:
        _open_lines[descriptor] = 0
        lines = b"\n" + lines
    start = 0
    while start < len(lines):
        end = start + select.PIPE_BUF
        if end < len(lines):
            # A single line above the limit goes out whole; it cannot be atomic.
            last = lines.rfind(b"\n", start, end)
            end = (last if last >= 0 else lines.index(b"\n", end)) + 1
        while start < min(end, len(lines)):
            try:
                start += os.write(_own[descriptor], lines[start:end])
            except BlockingIOError:  # the function, or a program it runs, has made it non-blocking
                select.select([], [_own[descriptor]], [], 1)
            except OSError:
                return


class _Prints(io.TextIOWrapper):
    """A standard stream that tells other writers when it has written less than a line.

    Text, not the raw bytes: an interruption of the function in the midst of a raw write would leave its
    bytes to be written a second time.
    """

    def __init__(self, descriptor: int) -> None:
        raw = io.FileIO(descriptor, "w", closefd=False)
        super().__init__(
            io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True
        )
        self._descriptor = descriptor
        self._partial = False

    def write(self, text: str, /) -> int:
        written = super().write(text)
        if text:
            self._partial = text[-1] != "\n"
            if not self._partial:
                _open_lines[self._descriptor] = 0
        return written

    def flush(self) -> None:
        super().flush()
        if self._partial:
            self._partial = False
            _open_lines[self._descriptor] = 1


def use_line_buffers() -> None:
    """Makes print() write a line at once and in one piece, also where stdout is no terminal."""
    sys.stdout = sys.__stdout__ = _Prints(1)  # type: ignore[misc]  # final for all but the one who starts
    sys.stderr = sys.__stderr__ = _Prints(2)  # type: ignore[misc]


def flush_prints() -> None:
    """Writes what was printed without a line end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass  # the function may have closed or replaced it
