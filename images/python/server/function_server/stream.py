"""The body of an answer that a function makes piece by piece."""

from collections.abc import Callable
from functools import partial

from function_server.answers import Chunks
from function_server.calls import Call

End = Callable[[Call, BaseException | None, int], None]


class Stream:
    """Yields a function's chunks to the server; the call lasts until `close`."""

    def __init__(self, call: Call, chunks: Chunks, end: End) -> None:
        self._call = call
        self._next = partial(next, chunks)
        self._release = chunks.close
        self._end = end
        self._size = 0
        self._error: BaseException | None = None

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> bytes:
        try:
            chunk: bytes = self._call.run(self._next)
        except StopIteration:
            raise
        except BaseException as error:
            self._error = error
            raise StopIteration from None
        if self._call.timed_out_at:
            raise StopIteration
        self._size += len(chunk)
        return chunk

    def close(self) -> None:
        """Called by the server in any case: releases what the function holds open, and ends the call."""
        try:
            self._call.run(self._release)
        except BaseException as error:
            self._error = self._error or error
        self._end(self._call, self._error, self._size)
