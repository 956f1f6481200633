"""Turns what a function returns into the body of an answer."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import bottle

from function_server.awaiting import iterate
from function_server.calls import Call

PLAIN_TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
BYTES = "application/octet-stream"

Body = bytes | Iterator[bytes]


def encode(value: Any, call: Call) -> tuple[Body, str | None]:
    """The body for a function's result and its content type, None where there is no content.

    Raises TypeError for a value that no answer can be made of, ValueError for NaN in JSON.
    """
    if isinstance(value, str):
        return value.encode(), PLAIN_TEXT
    if value is None:
        return b"", None
    if isinstance(value, (dict, list, tuple, int, float)):
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode(), JSON
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value), BYTES
    return _stream(value, call)


def _stream(value: Any, call: Call) -> tuple[Body, str]:
    """The chunks of an iterable or a file, with the type of the first one."""
    if hasattr(value, "__aiter__"):
        chunks = iterate(value, call)
    elif hasattr(value, "read"):
        chunks = iter(lambda: value.read(64 * 1024), type(value.read(0))())
    elif hasattr(value, "__iter__"):
        chunks = iter(value)
    else:
        raise TypeError(
            f"the function returned {type(value).__name__}, which is nothing an answer can be made of"
        )
    first = next(chunks, b"")
    kind = PLAIN_TEXT if isinstance(first, str) else BYTES
    return map(_chunk, itertools.chain([first], chunks)), kind


def _chunk(chunk: Any) -> bytes:
    if isinstance(chunk, str):
        return chunk.encode()
    if isinstance(chunk, (bytes, bytearray, memoryview)):
        return bytes(chunk)
    raise TypeError(f"the function streamed {type(chunk).__name__}, which is neither str nor bytes")


def apply(answer: bottle.HTTPResponse, response: bottle.BaseResponse) -> Any:
    """Takes over status and headers of a framework's response; returns what its body holds."""
    answer.apply(response)
    return answer.body if answer.body != "" else None
