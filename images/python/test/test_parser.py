import pytest
from function_server.connection import adjustments
from function_server.parser import Request

LIMIT, MULTIPART_LIMIT = 1000, 2000


def parse(*pieces: bytes) -> Request:
    request = Request(adjustments(LIMIT, MULTIPART_LIMIT))
    for piece in pieces:
        request.received(piece)
    return request


def get(target: bytes) -> Request:
    return parse(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n")


CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("target", "probe"),
    [
        (b"/healthz", True),
        (b"/metrics?x", True),
        (b"http://a/healthz", True),
        (b"/Healthz", False),
        (b"/healthz/", False),
        (b"//healthz", False),
        (b"/%68ealthz", False),
    ],
)
def test_only_the_exact_path_is_a_probe(target: bytes, probe: bool) -> None:
    assert get(target).probe is probe


def test_a_whole_url_becomes_path_and_host() -> None:
    request = get(b"http://user:secret@b:80?q")
    assert (request.request_uri, request.path, request.headers["HOST"]) == ("/?q", "/", "b:80")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/2.0\r\nHost: a",
        b"GET / HTTP/1.1\r\nX: y",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b",
        b"GET / HTTP/1.1\r\nHost: a\r\n : b",
        b"GET / HTTP/1.1\r\nHost: a\r\n\tb: c",
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5000,
    ],
)
def test_what_proxies_may_read_otherwise_is_refused(head: bytes) -> None:
    assert parse(head + b"\r\n\r\n").error.code == 400


def test_a_head_that_is_too_long_is_not_taken_for_another() -> None:
    request = parse(b"POST /a HTTP/1.1\r\nHost: a\r\n", b"X: y\r\n" * 4096)
    assert (request.error.code, request.command, request.request_uri) == (431, "-", "-")


@pytest.mark.parametrize("size", [LIMIT, 1])
def test_the_limit_is_for_the_body_without_its_chunks(size: int) -> None:
    chunk = b"%X\r\n%s\r\n" % (size, b"x" * size)
    request = parse(CHUNKED, *[chunk] * (LIMIT // size), b"0\r\n\r\n")
    assert request.completed
    assert not request.error
    assert parse(CHUNKED, *[chunk] * (LIMIT // size), b"1\r\nx\r\n").error.code == 413


@pytest.mark.parametrize(
    ("content_type", "limit"),
    [(b"text/plain", LIMIT), (b"Multipart/form-data; boundary=x", MULTIPART_LIMIT)],
)
def test_the_limit_goes_by_the_type(content_type: bytes, limit: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: " + content_type + b"\r\nContent-Length: "
    whole = parse(head + b"%d\r\n\r\n" % limit, b"x" * limit)
    assert whole.get_body_stream().read() == b"x" * limit
    assert parse(head + b"%d\r\n\r\n" % (limit + 1), b"x" * (limit + 1)).error.code == 413


def test_a_chunk_that_will_be_too_large_is_not_waited_for() -> None:
    assert parse(CHUNKED, b"FFFFFFFFF\r\n").error.code == 413


@pytest.mark.parametrize("start", [b"1", b"0\r\nX: "])
def test_the_framing_of_chunks_has_a_limit_too(start: bytes) -> None:
    assert parse(CHUNKED, start, *[b"1" * 8000] * 3).error.code == 400
