from collections.abc import AsyncIterator, Iterator
from types import MappingProxyType

import pytest
from function_server.answers import BYTES, JSON, PLAIN_TEXT, encode
from function_server.calls import Call

CALL = Call({}, None, lambda call: None, lambda call, status, size: None)


@pytest.mark.parametrize(
    ("value", "body", "kind"),
    [
        ("ü", "ü".encode(), PLAIN_TEXT),
        (None, b"", None),
        ({"a": [1, None]}, b'{"a": [1, null]}', JSON),
        ((1, 2), b"[1, 2]", JSON),
        (False, b"false", JSON),
        (1.5, b"1.5", JSON),
        (b"\x00", b"\x00", BYTES),
        (bytearray(b"\xff"), b"\xff", BYTES),
        (MappingProxyType({"a": "b"}), b'{"a": "b"}', JSON),
        ("half a pair: \ud83d", "half a pair: \ufffd".encode(), PLAIN_TEXT),
        ({"a": "\ud800"}, b'{"a": "\\ud800"}', JSON),
    ],
)
def test_a_value_has_the_type_that_suits_it(value: object, body: bytes, kind: str | None) -> None:
    assert encode(value, CALL) == (body, kind)


def test_a_generator_is_not_run_ahead() -> None:
    made: list[int] = []

    def chunks() -> Iterator[str]:
        for number in range(3):
            made.append(number)
            yield str(number)

    body, kind = encode(chunks(), CALL)
    assert not isinstance(body, bytes)
    assert (made, kind) == ([0], PLAIN_TEXT)
    assert list(body) == [b"0", b"1", b"2"]


def test_an_asynchronous_generator_streams_too() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    body, kind = encode(chunks(), CALL)
    assert not isinstance(body, bytes)
    assert (list(body), kind) == ([b"a", b"b"], BYTES)


def test_closing_a_stream_closes_an_asynchronous_generator() -> None:
    closed: list[bool] = []

    async def chunks() -> AsyncIterator[str]:
        try:
            yield "a"
            yield "b"
        finally:
            closed.append(True)

    body, _ = encode(chunks(), CALL)
    assert not isinstance(body, bytes)
    assert next(body) == b"a"
    body.close()
    assert closed == [True]


@pytest.mark.parametrize("value", [object(), {"a": object()}, iter([1]), {1, 2}])
def test_what_no_answer_can_be_made_of_is_an_error_at_once(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value, CALL)


def test_nan_is_no_json() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode([float("nan")], CALL)
