"""The body of an answer that a function makes piece by piece."""

from collections.abc import Callable, Iterator
from typing import Any

from function_server.calls import Call

End = Callable[[Call, BaseException | None, int], None]


class Stream:
    """Yields a function's chunks; the call lasts until the last one."""

    def __init__(self, call: Call, chunks: Iterator[bytes], source: Any, end: End) -> None:
        self._call = call
        self._chunks = chunks
        self._source = source
        self._end = end
        self._size = 0
        self._ended = False

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> bytes:
        error: BaseException | None = None
        chunk = b""
        try:
            self._call.enter()
            chunk = next(self._chunks)
        except BaseException as raised:
            error = raised
        finally:
            self._call.leave()
        if error is None and not self._call.timed_out_at:
            self._size += len(chunk)
            return chunk
        self._ended = True
        self._end(self._call, None if isinstance(error, StopIteration) else error, self._size)
        raise StopIteration

    def close(self) -> None:
        """Called by the server in any case: releases what the function holds open."""
        try:
            close = getattr(self._source, "close", None)
            if close:
                close()
        finally:
            if not self._ended:  # the client went away
                self._ended = True
                self._end(self._call, None, self._size)
