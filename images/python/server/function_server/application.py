"""The WSGI application: probes, preflights, and calls of the function through Bottle's objects."""

import time
from collections.abc import Callable
from http.client import responses
from typing import Any

import bottle

from function_server.answers import PLAIN_TEXT, apply, encode
from function_server.awaiting import resolve
from function_server.calls import Call, Deadlines
from function_server.events import BadEvent, build_event
from function_server.http import PROBES, AnswerTaken
from function_server.log import Log
from function_server.metrics import Metrics
from function_server.stream import Stream

ALLOWED_METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"
TIMED_OUT = b"Request timeout exceeded"
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]

# Between this server and its client: a function that copies them from elsewhere must not set them.
_HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-length",
    )
)


class Application:
    """Calls `handler(event, context)` for every request but probes and preflights."""

    def __init__(
        self,
        handler: Callable[..., Any],
        context: dict[str, str],
        cors_origin: str | None,
        *,
        deadlines: Deadlines,
        metrics: Metrics,
        log: Log,
        probe: Callable[[str], tuple[int, str, bytes]],
    ) -> None:
        self._handler = handler
        self._context = context
        self._deadlines = deadlines
        self._metrics = metrics
        self._log = log
        self._probe = probe
        self.cors_headers: Headers = [("Access-Control-Allow-Origin", cors_origin)] if cors_origin else []
        self._timed_out = _raw_response(408, TIMED_OUT, self.cors_headers)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path in PROBES and method in ("GET", "HEAD"):
            status, kind, page = self._probe(path)
            return _send(environ, start_response, _status_line(status), [("Content-Type", kind)], page)
        if method == "OPTIONS" and self.cors_headers and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
            return self._preflight(environ, start_response)
        request, response = bottle.request, bottle.response
        request.bind(environ)
        response.bind()
        try:
            event = build_event(request, response)
        except BadEvent as error:
            body = str(error).encode()
            self._log.access(environ, 400, len(body), 0)
            headers = [("Content-Type", PLAIN_TEXT), *self.cors_headers]
            return _send(environ, start_response, "400 Bad Request", headers, body)
        return self._call(event, environ, start_response)

    def _call(self, event: dict[str, Any], environ: Environ, start_response: StartResponse) -> Any:
        response = bottle.response
        call = Call(environ, self._abort, self._settled)
        self._metrics.begin(environ["REQUEST_METHOD"])
        self._deadlines.add(call)
        value = kind = None
        try:
            call.enter()
            try:
                value = resolve(self._handler(event, self._context.copy()), call)
            except bottle.HTTPResponse as answer:
                value = answer
            while isinstance(value, bottle.HTTPResponse):
                value = apply(value, response)
            body, kind = encode(value, call)
        except BaseException as error:  # also SystemExit: a call must not end the process
            call.failed = True
            if not call.timed_out_at:
                self._log.error(error, f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']} failed")
            response.bind()
            response.status, body, kind = 500, b"Internal Server Error", PLAIN_TEXT
        finally:
            call.leave()
        headers = self._headers(response, kind)
        if not isinstance(body, bytes):
            stream = Stream(call, body, value, self._end_stream)
            start_response(response.status_line, headers)
            return stream
        self._deadlines.discard(call)
        if not call.settle(response.status_code, len(body)):
            raise AnswerTaken
        return _send(environ, start_response, response.status_line, headers, body)

    def _end_stream(self, call: Call, error: BaseException | None, size: int) -> None:
        """Ends a call whose answer was streamed. Raises AnswerTaken to cut an incomplete one off."""
        self._deadlines.discard(call)
        if error and not call.timed_out_at:
            call.failed = True
            self._log.error(
                error, f"{call.environ['REQUEST_METHOD']} {call.environ['REQUEST_URI']} failed in its stream"
            )
        if not call.settle(bottle.response.status_code, size) or error:
            raise AnswerTaken

    def _headers(self, response: Any, kind: str | None) -> Headers:
        headers: Headers
        if len(response.headers) or response._cookies:
            typed = "Content-Type" in response.headers
            # headerlist adds Bottle's default type where there is none.
            headers = [
                (name, value)
                for name, value in response.headerlist
                if name.lower() not in _HOP_BY_HOP and (typed or name != "Content-Type")
            ]
            if kind and not typed:
                headers.append(("Content-Type", kind))
        else:
            headers = [("Content-Type", kind)] if kind else []
        if self.cors_headers and "Access-Control-Allow-Origin" not in response.headers:
            headers += self.cors_headers
        return headers

    def _abort(self, call: Call) -> None:
        """Answers a call that ran too long; its thread may still be in the function."""
        call.failed = True
        if call.settle(408, len(TIMED_OUT)):
            call.environ["runtime_kit.task"].abort(self._timed_out)

    def _settled(self, call: Call, status: int, size: int) -> None:
        seconds = time.perf_counter() - call.started
        environ = call.environ
        method = environ["REQUEST_METHOD"]
        self._metrics.finish(method, seconds, failed=call.failed, timed_out=call.timed_out_at > 0)
        self._log.access(environ, status, 0 if method == "HEAD" else size, seconds)

    def _preflight(self, environ: Environ, start_response: StartResponse) -> Any:
        headers = [
            *self.cors_headers,
            ("Access-Control-Allow-Methods", ALLOWED_METHODS),
            ("Vary", "Access-Control-Request-Headers"),
        ]
        asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
        if asked:
            headers.append(("Access-Control-Allow-Headers", asked))
        self._log.access(environ, 204, 0, 0)
        start_response("204 No Content", headers)
        return []

    def log_refusal(self, request: Any, remote: str, status: int, size: int) -> None:
        """Logs a request that was refused before it got here. Its line may be unreadable."""
        if getattr(request, "path", None) in PROBES:
            return
        environ = {f"HTTP_{name}": value for name, value in request.headers.items()}
        environ |= {
            "REMOTE_ADDR": remote,
            "REQUEST_METHOD": getattr(request, "command", "-"),
            "REQUEST_URI": getattr(request, "request_uri", "-"),
            "SERVER_PROTOCOL": f"HTTP/{request.version}",
        }
        self._log.access(environ, status, size, 0)


def _send(
    environ: Environ, start_response: StartResponse, status: str, headers: Headers, body: bytes
) -> list[bytes]:
    """Starts a complete answer. A HEAD has the length of its body, but not the body."""
    if status[:3] not in ("204", "304"):
        headers.append(("Content-Length", str(len(body))))
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _status_line(status: int) -> str:
    return f"{status} {responses[status]}"


def _raw_response(status: int, body: bytes, headers: Headers) -> bytes:
    """A whole response, for a connection whose own thread cannot write it."""
    lines = [
        f"HTTP/1.1 {_status_line(status)}",
        f"Content-Type: {PLAIN_TEXT}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
