"""The WSGI application: probes, preflights, and calls of the function through Bottle's objects."""

import time
from collections.abc import Callable
from functools import partial
from http.client import responses
from typing import Any

import bottle

from function_server.answers import PLAIN_TEXT, Chunks, apply, encode
from function_server.awaiting import resolve
from function_server.calls import TIMED_OUT, Call, Deadlines
from function_server.events import BadEvent, build_event
from function_server.headers import Headers, function_headers, length_for_head
from function_server.log import Log
from function_server.metrics import Metrics
from function_server.stream import Stream
from function_server.task import TASK, AnswerTaken

ALLOWED_METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"
PROBE_METHODS = ("GET", "HEAD")
Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Application:
    """Calls `handler(event, context)` for every request but probes and preflights."""

    def __init__(
        self,
        handler: Callable[..., Any],
        context: dict[str, str | float],
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
        task = environ.pop(TASK)  # the task has the environ already: together they would be garbage
        if task.request.probe:
            if environ["REQUEST_METHOD"] not in PROBE_METHODS:
                headers = [("Content-Type", PLAIN_TEXT), ("Allow", ", ".join(PROBE_METHODS))]
                return _send(environ, start_response, _status_line(405), headers, b"Method Not Allowed")
            status, kind, page = self._probe(environ["PATH_INFO"])
            return _send(environ, start_response, _status_line(status), [("Content-Type", kind)], page)
        if (
            environ["REQUEST_METHOD"] == "OPTIONS"
            and self.cors_headers
            and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
        ):
            return self._preflight(environ, start_response)
        environ["bottle.request.body"] = environ["wsgi.input"]  # Bottle would make a copy of it
        # The function's own request is no thread-local one: it may take it to another thread.
        request = bottle.Request(environ)
        bottle.request.bind(environ)
        bottle.response.bind()
        try:
            event = build_event(request, bottle.response)
        except BadEvent as error:
            body = str(error).encode()
            self._log.access(environ, error.status, len(body), 0)
            headers = [("Content-Type", PLAIN_TEXT), *self.cors_headers]
            return _send(environ, start_response, _status_line(error.status), headers, body)
        return self._call(event, environ, task, start_response)

    def _call(self, event: dict[str, Any], environ: Environ, task: Any, start_response: StartResponse) -> Any:
        response = bottle.response
        call = Call(environ, task, self._abort, self._settled)
        self._metrics.begin(environ["REQUEST_METHOD"])
        self._deadlines.add(call)
        body: bytes | Chunks
        try:
            headers, body = call.run(partial(self._answer, event, response, call))
        except BaseException as error:  # also SystemExit: a call must not end the process
            self._report(call, error, "failed")
            response.bind()
            response.status, body = 500, b"Internal Server Error"
            headers = function_headers(response, PLAIN_TEXT)
        if self.cors_headers and "Access-Control-Allow-Origin" not in response.headers:
            headers += self.cors_headers
        if isinstance(body, Chunks):
            stream = Stream(call, body, self._end_stream)
            if environ["REQUEST_METHOD"] != "HEAD":
                start_response(response.status_line, headers)
                return stream
            stream.close()
            start_response(response.status_line, headers)
            return []
        self._finish(call, len(body))
        length = length_for_head(response, body) if environ["REQUEST_METHOD"] == "HEAD" else None
        return _send(environ, start_response, response.status_line, headers, body, length)

    def _answer(self, event: dict[str, Any], response: Any, call: Call) -> tuple[Headers, bytes | Chunks]:
        """Everything of a call that runs the function's code, or fails by its fault."""
        try:
            value = resolve(self._handler(event, self._context.copy()), call)
        except bottle.HTTPResponse as answer:
            call.failed = isinstance(answer, bottle.HTTPError)  # any other is an answer that was raised
            value = answer
        while isinstance(value, bottle.HTTPResponse):
            value = apply(value, response)
        body, kind = encode(value, call)
        status = response.status_code
        if status < 200:
            raise ValueError(f"the function set the status {status}, with which no answer ends")
        if status in (204, 304):
            if isinstance(body, Chunks):
                body.close()
            body, kind = b"", None
        return function_headers(response, kind), body

    def _report(self, call: Call, error: BaseException, what: str) -> None:
        call.failed = True
        if not call.timed_out_at:
            environ = call.environ
            self._log.error(error, f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']} {what}")

    def _end_stream(self, call: Call, error: BaseException | None, size: int) -> None:
        """Ends a call whose answer was streamed. Raises AnswerTaken to cut an incomplete one off."""
        if error:
            self._report(call, error, "failed in its stream")
        self._finish(call, size)
        if error:
            raise AnswerTaken

    def _finish(self, call: Call, size: int) -> None:
        """Claims the answer for this thread. Raises AnswerTaken where the keeper was faster."""
        self._deadlines.discard(call)
        settled = call.settle(bottle.response.status_code, size)
        # Until its next call this thread would keep the request's body and files alive.
        bottle.request.bind({})
        if not settled:
            call.wait_for_answer()
            raise AnswerTaken

    def _abort(self, call: Call) -> None:
        """Answers a call that ran too long; its thread may still be in the function."""
        call.task.abort(self._timed_out)

    def _settled(self, call: Call, status: int, size: int) -> None:
        seconds = time.perf_counter() - call.started
        environ = call.environ
        method = environ["REQUEST_METHOD"]
        self._metrics.finish(method, seconds, failed=call.failed or call.timed_out, timed_out=call.timed_out)
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
        start_response("204 No Content", headers)
        return []

    def log_refusal(self, request: Any, remote: str, status: int, size: int) -> None:
        """Logs a request that was refused before it got here. Its line may be unreadable."""
        if request.probe:
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
    environ: Environ,
    start_response: StartResponse,
    status: str,
    headers: Headers,
    body: bytes,
    length: str | None = None,
) -> list[bytes]:
    """Starts a complete answer. A HEAD has the length of its body, but not the body."""
    if status[:3] not in ("204", "304"):
        headers.append(("Content-Length", length or str(len(body))))
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
