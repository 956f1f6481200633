"""A request as it comes from the client: waitress's parser, with what the runtime contract adds."""

import re
from typing import Any

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, RequestEntityTooLarge, RequestHeaderFieldsTooLarge

PROBES = ("/healthz", "/metrics")

_folded = re.compile(rb"\n[ \t]").search
_absolute = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE).match


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request whose body's limit goes by its content type."""

    adj: Adjustments
    error: Any
    path: str
    probe = False
    """Whether it is the platform's and not the function's."""

    def received(self, data: bytes) -> int:
        """Takes bytes from the client; returns how many belong to this request."""
        if self.chunked:
            return self._received_chunks(data)
        taken: int = super().received(data)
        if isinstance(self.error, RequestHeaderFieldsTooLarge):
            # waitress has parsed a line of its own making in the place of the client's.
            self.command = self.request_uri = "-"
        return taken

    def _received_chunks(self, data: bytes) -> int:
        """waitress counts the framing of chunks as body; the limit is for the body alone."""
        receiver = self.body_rcv
        self.body_bytes_received = len(receiver) - len(data)
        taken: int = super().received(data)
        if self.error:
            return taken
        if len(receiver) + receiver.chunk_remainder >= self.adj.max_request_body_size:
            self._refuse(RequestEntityTooLarge("in chunks"))
        elif len(receiver.control_line) + len(receiver.trailer) > self.adj.max_request_header_size:
            self._refuse(BadRequest("The line of a chunk's size or the trailer is too long"))
        return taken

    def _refuse(self, error: Any) -> None:
        self.error = error
        self.completed = True

    def parse_header(self, header_plus: bytes) -> None:
        """Reads the header. Raises ParsingError, which is answered with 400."""
        if _folded(header_plus):  # waitress reads it as more of the header before, others as one of no name
            raise ParsingError("A header line begins with a space")
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of the standard library, for an address or a number it cannot read
            raise ParsingError(str(error)) from None
        self._refuse_what_proxies_may_read_otherwise()
        self._take_the_form_of_an_origin()
        self.probe = self.request_uri.partition("?")[0] in PROBES
        if self.headers.get("CONTENT_TYPE", "").lower().startswith("multipart/"):
            self.adj = self.adj.multipart

    def _refuse_what_proxies_may_read_otherwise(self) -> None:
        if self.version not in ("1.0", "1.1"):
            raise ParsingError("The HTTP version must be 1.0 or 1.1")
        if self.version == "1.1" and "HOST" not in self.headers:
            raise ParsingError("The Host header is missing")
        if "," in self.headers.get("HOST", ""):
            raise ParsingError("There is more than one Host header")
        if self.version == "1.0" and "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding needs HTTP/1.1")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")

    def _take_the_form_of_an_origin(self) -> None:
        """A whole URL, as proxies get it, becomes a path and a host; it may hold a password too."""
        url = _absolute(self.request_uri)
        if url:
            path = self.request_uri[url.end() :]
            self.request_uri = path if path.startswith("/") else f"/{path}"
            self.path = self.path or "/"
            self.headers["HOST"] = url[1].rpartition("@")[2]
