"""waitress's connections, requests and tasks, with what the runtime contract adds."""

import socket
import time
from http.client import responses
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

from function_server.answers import PLAIN_TEXT
from function_server.settings import MEBIBYTE

PROBES = ("/healthz", "/metrics")
HEADER_SECONDS = 10
"""How long a client may take for a request's line and headers."""
BODY_PAUSE_SECONDS = 10
"""How long a client may send nothing within a request's body."""
LINGER_SECONDS = 2
"""How long a refused client may go on sending before the connection is cut."""
FRESH_SECONDS = 0.5
"""How long a new connection without a request is left open while the server drains."""


class AnswerTaken(ClientDisconnected):  # type: ignore[misc]
    """The keeper has answered this request, or the stream failed: the connection ends here."""


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request whose body's limit goes by its content type."""

    adj: Adjustments
    error: Any

    def received(self, data: bytes) -> int:
        """Takes bytes from the client; returns how many belong to this request.

        waitress counts the framing of chunks as body; the limit is for the body alone.
        """
        if not self.chunked:
            return super().received(data)  # type: ignore[no-any-return]
        self.body_bytes_received = len(self.body_rcv) - len(data)
        taken: int = super().received(data)
        if not self.error and len(self.body_rcv) >= self.adj.max_request_body_size:
            self.error = RequestEntityTooLarge("in chunks")
            self.completed = True
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Reads the header. Raises ParsingError, which is answered with 400."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of the standard library, for an address it cannot split
            raise ParsingError(str(error)) from None
        self._refuse_what_proxies_may_read_otherwise()
        if self.headers.get("CONTENT_TYPE", "").lower().startswith("multipart/"):
            self.adj = self.adj.multipart

    def _refuse_what_proxies_may_read_otherwise(self) -> None:
        if self.version not in ("1.0", "1.1"):
            raise ParsingError("The HTTP version must be 1.0 or 1.1")
        if self.version == "1.1" and "HOST" not in self.headers:
            raise ParsingError("The Host header is missing")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")


class FunctionTask(WSGITask):  # type: ignore[misc]
    """A request on its way through the application, which finds it in `runtime_kit.task`."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ["runtime_kit.task"] = self
        return environ

    def build_response_header(self) -> bytes:
        if self.channel.server.draining():
            self.set_close_on_finish()
        return super().build_response_header()  # type: ignore[no-any-return]

    def abort(self, response: bytes) -> None:
        """Ends the connection from another thread, with a response if none has begun."""
        channel = self.channel
        if self.wrote_header or not channel.connected:
            channel.will_close = True
        else:
            try:
                channel.write_soon(response)
            except ClientDisconnected:
                return
            channel.close_when_flushed = True
        channel.server.pull_trigger()


class Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to a request that is malformed or too large: one line of text."""

    def execute(self) -> None:
        error = self.request.error
        reason = error.body
        if error.code == 413:
            name, adj = "REQ_MB_LIMIT", self.request.adj
            if adj is self.channel.adj.multipart:
                name = "REQ_MULTIPART_MB_LIMIT"
            reason = f"Request body exceeds {name}={(adj.max_request_body_size - 1) / MEBIBYTE:g} MiB"
        elif error.code >= 500 and error.code != 501:
            reason = responses[500]
        body = reason.encode()
        self.status = f"{error.code} {responses[error.code]}"
        self.response_headers = [("Content-Type", PLAIN_TEXT), *self.channel.server.application.cors_headers]
        self.content_length = len(body)
        self.set_close_on_finish()
        self.channel.lingers = True
        self.write(b"" if getattr(self.request, "command", "") == "HEAD" else body)
        self.channel.server.application.log_refusal(self.request, self.channel.addr[0], error.code, len(body))


class Connection(HTTPChannel):  # type: ignore[misc]
    """A client's connection."""

    parser_class = Request
    task_class = FunctionTask
    error_task_class = Refusal

    lingers = False
    linger_until = 0.0
    header_since = 0.0

    def is_probe(self) -> bool:
        request = self.requests[0]
        return bool(request.error) or request.path in PROBES

    def received(self, data: bytes) -> bool:
        if self.linger_until:
            return True  # what a refused client still sends
        done: bool = super().received(data)
        partial = self.request is not None and not self.request.headers_finished
        self.header_since = (self.header_since or time.time()) if partial else 0.0
        return done

    def readable(self) -> bool:
        return self.linger_until > 0 or super().readable()

    def handle_close(self) -> None:
        """Closes; a refused client gets its answer first.

        Closing while it still sends would reset the connection, and the client would lose the
        answer that is on its way.
        """
        if self.lingers and self.connected and not self.linger_until:
            self.linger_until = time.time() + LINGER_SECONDS
            self.will_close = self.close_when_flushed = False
            try:
                self.socket.shutdown(socket.SHUT_WR)
                return
            except OSError:
                pass
        super().handle_close()

    def end_if_overdue(self, now: float) -> None:
        """Closes a connection that is too slow with its request or lingers for too long."""
        slow = self.header_since and now - self.header_since > HEADER_SECONDS
        stopped = self.request is not None and now - self.last_activity > BODY_PAUSE_SECONDS
        if slow or stopped or (self.linger_until and now > self.linger_until):
            self.lingers = False
            self.will_close = True

    def end_if_unused(self) -> None:
        """Closes a kept-alive connection on which nothing is under way. For draining.

        The request of a connection just made may still be on its way.
        """
        fresh = self.last_activity == self.creation_time and time.time() - self.creation_time < FRESH_SECONDS
        if not fresh and not self.requests and self.request is None and not self.total_outbufs_len:
            self.will_close = True


def adjustments(body_limit: int, multipart_limit: int) -> Adjustments:
    """waitress's settings; the limits are the largest bodies that are still accepted, in bytes."""

    def adjust(limit: int) -> Adjustments:
        return Adjustments(
            ident="",
            max_request_body_size=limit + 1,
            max_request_header_size=16 * 1024,
            inbuf_overflow=MEBIBYTE * 2,
            outbuf_overflow=MEBIBYTE * 8,
            channel_timeout=75,
            cleanup_interval=1,
            connection_limit=4096,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,
            backlog=1024,
        )

    adj = adjust(body_limit)
    adj.multipart = adjust(multipart_limit)
    return adj
