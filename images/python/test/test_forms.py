import io
from collections.abc import Iterator

import bottle
import pytest
from function_server.forms import prepare_forms


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bottle.BaseRequest, "MEMFILE_MAX", 0)
    with monkeypatch.context() as patch:
        patch.setattr(bottle.BaseRequest, "POST", bottle.BaseRequest.POST)
        prepare_forms(1 << 20)
        yield


def form(part: bytes, content_type: str = "multipart/form-data; boundary=x") -> bottle.FormsDict:
    body = b"--x\r\n" + part + b"\r\n--x--\r\n"
    return bottle.BaseRequest(
        {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type}
    ).forms


def field(value: bytes, name: bytes = b"a") -> bytes:
    return b'Content-Disposition: form-data; name="' + name + b'"\r\n\r\n' + value


def test_a_form_may_be_as_large_as_a_body() -> None:
    assert len(form(field(b"b" * 500_000))["a"]) == 500_000


@pytest.mark.parametrize(
    ("part", "content_type"),
    [
        (field(b"\xff"), "multipart/form-data; boundary=x"),
        (field(b"b", b"\xff"), "multipart/form-data; boundary=x"),
        (field(b"b"), "multipart/form-data; boundary=x; charset=klingon"),
        (field(b"b"), "multipart/form-data"),
    ],
)
def test_a_form_that_cannot_be_read_is_a_bad_request(part: bytes, content_type: str) -> None:
    with pytest.raises(bottle.HTTPError) as refusal:
        form(part, content_type)
    assert refusal.value.status_code == 400
