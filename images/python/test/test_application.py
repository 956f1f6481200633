import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import bottle
import pytest
from function_server.application import Application
from function_server.calls import Deadlines
from function_server.log import Log
from function_server.metrics import CALLS, FAILURES, Metrics
from function_server.output import LineBuffer
from function_server.task import TASK


class Server:
    """An application around a function, with what it counts and logs."""

    def __init__(self, handler: Callable[..., Any]) -> None:
        self.metrics = Metrics(1)
        self.lines = LineBuffer()
        self.application = Application(
            handler,
            {},
            "*",
            deadlines=Deadlines(60),
            metrics=self.metrics,
            log=Log(self.lines, as_json=False),
            probe=lambda path: (200, "text/plain", b"OK"),
        )

    def ask(self, method: str, path: str = "/", **headers: str) -> tuple[str, dict[str, str], bytes]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "REQUEST_URI": path,
            "PATH_INFO": path,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "10.0.0.1",
            "wsgi.input": io.BytesIO(b"x"),
            TASK: SimpleNamespace(request=SimpleNamespace(probe=path in ("/healthz", "/metrics"))),
            **headers,
        }
        head: list[Any] = []
        body = self.application(environ, lambda status, headers: head.extend((status, headers)))
        return head[0], dict(head[1]), b"".join(body)

    def counted(self) -> tuple[float, float]:
        get = self.metrics.totals()["GET"]
        return get[CALLS], get[FAILURES]


def raising(error: BaseException) -> Callable[..., Any]:
    def handler(event: Any, context: Any) -> Any:
        raise error

    return handler


def test_a_raised_error_is_a_failure_whatever_its_status() -> None:
    server = Server(raising(bottle.HTTPError(418, "teapot")))
    status, _, body = server.ask("GET")
    assert (status[:3], body) == ("418", b"teapot")
    assert server.counted() == (1, 1)


def test_a_raised_answer_and_a_returned_error_are_no_failures() -> None:
    for handler in (
        raising(bottle.HTTPResponse("made", 201)),
        lambda event, context: bottle.HTTPError(404, "none"),
    ):
        server = Server(handler)
        server.ask("GET")
        assert server.counted() == (1, 0)


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_probes_can_only_be_read(path: str) -> None:
    server = Server(lambda event, context: None)
    for method in ("GET", "HEAD"):
        assert server.ask(method, path)[0] == "200 OK"
    for method in ("POST", "DELETE", "OPTIONS"):
        status, headers, body = server.ask(method, path)
        assert (status, headers["Allow"], body) == (
            "405 Method Not Allowed",
            "GET, HEAD",
            b"Method Not Allowed",
        )


def test_a_preflight_is_not_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []

    def record(descriptor: int, data: bytes) -> int:
        written.append(bytes(data))
        return len(data)

    monkeypatch.setattr("function_server.output.os.write", record)
    server = Server(lambda event, context: None)
    assert server.ask("OPTIONS", HTTP_ACCESS_CONTROL_REQUEST_METHOD="PUT")[0] == "204 No Content"
    server.ask("OPTIONS", "/call")
    server.lines.flush()
    lines = b"".join(written).splitlines()
    assert [b"OPTIONS /call" in line for line in lines] == [True]


def test_an_unknown_charset_is_415() -> None:
    server = Server(lambda event, context: None)
    status, _, body = server.ask("POST", CONTENT_TYPE="text/plain; charset=X-Y", CONTENT_LENGTH="1")
    assert (status, body) == ("415 Unsupported Media Type", b"Unsupported charset: X-Y")
