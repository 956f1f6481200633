from collections.abc import Iterator

from function_server.answers import Chunks
from function_server.calls import Call
from function_server.stream import Stream


def stream_of(chunks: Iterator[str]) -> tuple[Stream, list[tuple[str, int]]]:
    """A stream, and how its call ends: the error's name or an empty string, and the body's length."""
    ends: list[tuple[str, int]] = []

    def end(call: Call, error: BaseException | None, size: int) -> None:
        ends.append((type(error).__name__ if error else "", size))

    call = Call({}, None, lambda call: None, lambda call, status, size: None)
    return Stream(call, Chunks(chunks, getattr(chunks, "close", None)), end), ends


def test_the_call_ends_when_the_source_is_closed() -> None:
    ends: list[tuple[str, int]] = []

    def chunks() -> Iterator[str]:
        try:
            yield "ab"
            yield "c"
        finally:
            assert ends == []

    stream, ends = stream_of(chunks())
    assert list(stream) == [b"ab", b"c"]
    stream.close()
    assert ends == [("", 3)]


def test_an_error_ends_the_stream_and_is_told() -> None:
    def chunks() -> Iterator[str]:
        yield "a"
        raise KeyError

    stream, ends = stream_of(chunks())
    assert list(stream) == [b"a"]
    stream.close()
    assert ends == [("KeyError", 1)]


def test_an_error_of_the_clean_up_is_told_when_the_client_went_away() -> None:
    def chunks() -> Iterator[str]:
        try:
            yield "a"
        finally:
            raise KeyError

    stream, ends = stream_of(chunks())
    next(stream)
    stream.close()
    assert ends == [("KeyError", 1)]
