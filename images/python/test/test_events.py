import io
from typing import Any

import bottle
import pytest
from function_server.events import EVENT_ID, BadEvent, build_event


def event_of(body: bytes, content_type: str | None = None, **headers: str) -> dict[str, Any]:
    environ: dict[str, Any] = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))} | headers
    if content_type is not None:
        environ["CONTENT_TYPE"] = content_type
    return build_event(bottle.BaseRequest(environ), bottle.BaseResponse())


@pytest.mark.parametrize(
    ("body", "content_type", "data"),
    [
        (b'{"a": 1}', "application/json", {"a": 1}),
        (b"[1]", "application/vnd.api+json; charset=utf-8", [1]),
        ("ü😀".encode(), "text/plain", "ü😀"),
        ("ü".encode("latin-1"), "text/plain; charset=ISO-8859-1", "ü"),
        (b"a=b", "application/x-www-form-urlencoded", "a=b"),
        ("ü".encode(), None, "ü"),
        (b"\x00\xff", "application/octet-stream", b"\x00\xff"),
        (b"\x89PNG", "image/png", b"\x89PNG"),
        (b"<a/>", "text/xml", "<a/>"),
        (b"<a/>", "application/xml", b"<a/>"),
        (b"<svg/>", "image/svg+xml", b"<svg/>"),
        (b"a: 1", "application/yaml", b"a: 1"),
        (b"--x--", "multipart/form-data; boundary=x", None),
        (b"", "application/json", None),
    ],
)
def test_data_goes_by_the_content_type(body: bytes, content_type: str | None, data: object) -> None:
    assert event_of(body, content_type)["data"] == data


def test_the_body_stays_readable_for_the_function() -> None:
    event = event_of(b"a=b", "application/x-www-form-urlencoded")
    assert event["extensions"]["request"].forms.a == "b"


@pytest.mark.parametrize(
    "body",
    [b'{"a":', b"NaN", b"\xff\xfe\xfd", b"[" * 100_000, '"ü"'.encode("utf-16"), b'"\xed\xa0\x80"'],
)
def test_malformed_json_has_a_reason(body: bytes) -> None:
    with pytest.raises(BadEvent, match=r"^Malformed JSON: ."):
        event_of(body, "application/json")


# The last ones Python knows, as encodings of host names and source code.
@pytest.mark.parametrize("charset", ["klingon", "hex", "punycode", "idna", "undefined"])
@pytest.mark.parametrize("content_type", ["text/plain", "application/json"])
def test_an_unknown_charset_is_refused(content_type: str, charset: str) -> None:
    with pytest.raises(BadEvent, match=f"^Unsupported charset: {charset}$") as refusal:
        event_of(b"1", f"{content_type}; charset={charset}")
    assert refusal.value.status == 415


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
def test_json_may_begin_with_a_byte_order_mark(content_type: str) -> None:
    assert event_of(b"\xef\xbb\xbf[1]", content_type)["data"] == [1]


def test_a_length_of_several_noughts_is_no_body() -> None:
    assert event_of(b"", "application/json", CONTENT_LENGTH="00")["data"] is None


def test_a_binary_cloudevent_fills_what_headers_leave_open() -> None:
    event = event_of(
        b"x",
        "text/plain",
        HTTP_CE_ID="1",
        HTTP_CE_TYPE="t",
        HTTP_CE_SOURCE="/caf%C3%A9",
        HTTP_EVENT_TYPE="own",
    )
    assert (event["event-id"], event["event-type"], event["event-namespace"]) == ("1", "own", "/café")
    assert event["extensions"]["cloudevent"] == {"id": "1", "type": "t", "source": "/café"}


STRUCTURED = "application/cloudevents+json; charset=utf-8"


def test_a_structured_cloudevent_is_unpacked() -> None:
    event = event_of(b'{"specversion":"1.0","id":"1","type":"t","source":"s","x":"y","data":[1]}', STRUCTURED)
    assert event["data"] == [1]
    assert event["event-id"] == "1"
    assert event["extensions"]["cloudevent"]["x"] == "y"
    assert event["extensions"]["request"].environ[EVENT_ID] == "1"  # for the log


def test_base64_data_becomes_bytes() -> None:
    event = event_of(
        b'{"specversion":"1.0","id":"1","type":"t","source":"s","data_base64":"AP8="}', STRUCTURED
    )
    assert event["data"] == b"\x00\xff"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"specversion":"1.0","type":"t","source":"s"}',
        b'{"specversion":"0.3","id":"1","type":"t","source":"s"}',
        b'{"specversion":"1.0","id":"1","type":"t","source":"s","data_base64":"%"}',
    ],
)
def test_a_malformed_cloudevent_is_refused(body: bytes) -> None:
    with pytest.raises(BadEvent, match=r"^Malformed CloudEvent: ."):
        event_of(body, STRUCTURED)
