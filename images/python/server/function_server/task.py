"""What is done with a request: waitress's tasks, with what the runtime contract adds."""

from http.client import responses
from typing import Any

from waitress.channel import ClientDisconnected
from waitress.task import ErrorTask, WSGITask

from function_server.answers import PLAIN_TEXT
from function_server.settings import MEBIBYTE

TASK = "runtime_kit.task"
"""Where the application finds the task in its environ."""


_JOINED_BYTES = 64 * 1024
"""Up to this size, the beginning of a body is copied to send it together with the head."""


class AnswerTaken(ClientDisconnected):  # type: ignore[misc]
    """The keeper has answered this request, or the stream failed: the connection ends here."""


class FunctionTask(WSGITask):  # type: ignore[misc]
    """A request on its way through the application."""

    wrote_header: bool
    _lasts = False

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ["PATH_INFO"] = self.request.path  # waitress makes one slash of several
        environ[TASK] = self
        return environ

    def build_response_header(self) -> bytes:
        if self.channel.server.draining() or self._client_closes():
            self.request.headers["CONNECTION"] = "close"  # the one word that waitress reads
        else:
            self._lasts = self.version == "1.1"
        header: bytes = super().build_response_header()
        self._lasts = False
        if self.request.command == "HEAD":
            self.chunked_response = False  # there is no body that could end with a chunk
        return header

    def write(self, data: bytes) -> None:
        """Sends the head together with what follows: each on its own would wake the client twice."""
        if self.wrote_header or not 0 < len(data) <= _JOINED_BYTES:
            super().write(data)
            return
        head = self.build_response_header()
        self.wrote_header = True
        if self.chunked_response:
            body = b"%x\r\n%b\r\n" % (len(data), data)
        else:
            body = data[: self.content_length]
            self.content_bytes_written += len(body)
        self.channel.write_soon(head + body)

    def _client_closes(self) -> bool:
        options = self.request.headers.get("CONNECTION", "").lower().split(",")
        return "close" in map(str.strip, options)

    def set_close_on_finish(self) -> None:
        """Not where waitress only thinks that an answer of no declared length must end the connection."""
        if not self._lasts:
            super().set_close_on_finish()

    def abort(self, response: bytes) -> None:
        """Ends the connection from another thread, with a response if none has begun."""
        channel = self.channel
        if self.wrote_header or not channel.connected:
            channel.cut()
        else:
            if self.request.command == "HEAD":
                response = response[: response.index(b"\r\n\r\n") + 4]
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
        self.request.headers["CONNECTION"] = "close"
        self.channel.lingers = True
        self.write(b"" if getattr(self.request, "command", "") == "HEAD" else body)
        self.channel.server.application.log_refusal(self.request, self.channel.addr[0], error.code, len(body))
