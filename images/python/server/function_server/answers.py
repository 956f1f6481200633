"""Turns what a function returns into the body of an answer."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import bottle

from function_server.awaiting import iterate
from function_server.calls import Call

PLAIN_TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
BYTES = "application/octet-stream"


class Chunks:
    """A body that the function makes piece by piece. The first piece is made here: it has the type."""

    def __init__(self, pieces: Iterator[Any], close: Callable[[], object] | None) -> None:
        self._pieces = pieces
        self.close = close or (lambda: None)
        first = next(pieces, b"")
        self.kind = PLAIN_TEXT if isinstance(first, str) else BYTES
        self._first: bytes | None = _chunk(first)

    def __iter__(self) -> "Chunks":
        return self

    def __next__(self) -> bytes:
        if self._first is None:
            return _chunk(next(self._pieces))
        first, self._first = self._first, None
        return first


def encode(value: Any, call: Call) -> tuple[bytes | Chunks, str | None]:
    """The body for a function's result and its content type, None where there is no content.

    Raises TypeError for a value that no answer can be made of, ValueError for NaN in JSON.
    """
    if isinstance(value, str):
        return _text(value), PLAIN_TEXT
    if value is None:
        return b"", None
    if isinstance(value, (dict, list, tuple, int, float)):
        return _json(value), JSON
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value), BYTES
    if isinstance(value, Mapping):  # such as Bottle's query and forms
        return _json(dict(value)), JSON
    chunks = _stream(value, call)
    return chunks, chunks.kind


def _text(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:  # half a pair of surrogates is no character: it becomes U+FFFD
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _json(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:  # half a pair of surrogates, which JSON can only write as an escape
        return json.dumps(value, allow_nan=False).encode()


def _stream(value: Any, call: Call) -> Chunks:
    close = getattr(value, "close", None)
    if hasattr(value, "__aiter__"):
        pieces = iterate(value, call)
        return Chunks(pieces, pieces.close)
    if hasattr(value, "read"):
        return Chunks(iter(lambda: value.read(64 * 1024), type(value.read(0))()), close)
    if hasattr(value, "__iter__"):
        return Chunks(iter(value), close)
    raise TypeError(
        f"the function returned {type(value).__name__}, which is nothing an answer can be made of"
    )


def _chunk(chunk: Any) -> bytes:
    if isinstance(chunk, str):
        return _text(chunk)
    if isinstance(chunk, (bytes, bytearray, memoryview)):
        return bytes(chunk)
    raise TypeError(f"the function streamed {type(chunk).__name__}, which is neither str nor bytes")


def apply(answer: bottle.HTTPResponse, response: bottle.BaseResponse) -> Any:
    """Takes over status and headers of a framework's response; returns what its body holds."""
    answer.apply(response)
    return answer.body if answer.body != "" else None
