"""What becomes of a request's bytes before there is a call."""

import pytest
from function_server.http import Request, adjustments

LIMIT, MULTIPART_LIMIT = 10, 20
HEAD = b"POST /a HTTP/1.1\r\nHost: x\r\n"


def parse(data: bytes) -> Request:
    request = Request(adjustments(LIMIT, MULTIPART_LIMIT))
    while data and not request.completed:
        taken = request.received(data)
        data = data[taken:]
    return request


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/2.7\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n",
    ],
)
def test_malformed_requests_are_refused(head: bytes) -> None:
    request = parse(head)
    assert request.completed
    assert 400 <= request.error.code < 600


def chunked(body: bytes) -> bytes:
    return (
        b"Transfer-Encoding: chunked\r\n\r\n"
        + b"".join(b"1\r\n%c\r\n" % byte for byte in body)
        + b"0\r\n\r\n"
    )


def with_length(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize("framed", [with_length, chunked])
@pytest.mark.parametrize(
    ("content_type", "limit"), [(b"text/plain", LIMIT), (b"Multipart/form-data; boundary=x", MULTIPART_LIMIT)]
)
def test_the_limit_is_for_the_body_alone_and_goes_by_its_type(
    framed: type, content_type: bytes, limit: int
) -> None:
    head = HEAD + b"Content-Type: " + content_type + b"\r\n"
    whole = parse(head + framed(b"x" * limit))
    assert whole.completed
    assert not whole.error
    assert whole.get_body_stream().read() == b"x" * limit
    assert parse(head + framed(b"x" * (limit + 1))).error.code == 413


def test_a_header_over_16_kibibytes_is_refused() -> None:
    request = parse(HEAD + b"X-Long: " + b"x" * (16 * 1024) + b"\r\n\r\n")
    assert request.error.code == 431
