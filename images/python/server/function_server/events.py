"""The event that a function is called with."""

import codecs
import json
from typing import Any

import bottle

from function_server.cloudevents import binary_attributes, unpack

STRUCTURED = "application/cloudevents+json"
EVENT_ID = "runtime_kit.event_id"
"""Where the log finds in the environ an id that no header has."""
_HEADERS = (
    ("event-id", "HTTP_EVENT_ID", "id"),
    ("event-type", "HTTP_EVENT_TYPE", "type"),
    ("event-time", "HTTP_EVENT_TIME", "time"),
    ("event-namespace", "HTTP_EVENT_NAMESPACE", "source"),
)
# Types outside text/* whose bodies are text all the same. XML says its own encoding: it stays bytes.
_TEXT_TYPES = frozenset(("", "application/x-www-form-urlencoded"))
# Python's own, for names of hosts and source code. Decoding punycode takes time by the body's square.
_NO_CHARSETS = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))


class BadEvent(Exception):
    """The request's body is not what its content type says; the message is the answer, with `status`."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def build_event(request: bottle.BaseRequest, response: bottle.BaseResponse) -> dict[str, Any]:
    """The event of a request. Raises BadEvent for malformed JSON or CloudEvents, and for unknown charsets."""
    environ = request.environ
    cloudevent = binary_attributes(environ) if "HTTP_CE_ID" in environ or "HTTP_CE_TYPE" in environ else None
    data: Any = None
    if environ.get("CONTENT_LENGTH", "0").strip("0"):
        mime = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        if mime == STRUCTURED:
            try:
                data, cloudevent = unpack(_json(environ))
            except ValueError as error:
                raise BadEvent(str(error)) from None
            environ[EVENT_ID] = cloudevent["id"]
        elif not mime.startswith("multipart/"):
            data = _data(environ, mime)
    event = {
        "data": data,
        "extensions": {"request": request, "response": response, "cloudevent": cloudevent},
    }
    for name, variable, attribute in _HEADERS:
        value = environ.get(variable)
        event[name] = value if value is not None or cloudevent is None else cloudevent.get(attribute)
    return event


def _data(environ: dict[str, Any], mime: str) -> Any:
    if mime == "application/json" or mime.endswith("+json"):
        return _json(environ)
    if mime.startswith("text/") or mime in _TEXT_TYPES:
        return _text(environ)
    return _body(environ)


def _body(environ: dict[str, Any]) -> bytes:
    """The whole body. It stays readable for the function, from its start."""
    stream = environ["wsgi.input"]
    body: bytes = stream.read()
    stream.seek(0)
    return body


def _text(environ: dict[str, Any]) -> str:
    return _body(environ).decode(_charset(environ) or "utf-8", "replace")


def _json(environ: dict[str, Any]) -> Any:
    body = _body(environ)
    charset = _charset(environ)
    try:
        # JSON is UTF-8 (RFC 8259): left to itself, json would guess, and take surrogates for characters.
        text = body.decode(charset or "utf-8").removeprefix("\ufeff")
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise BadEvent("Malformed JSON: nested too deeply") from None
    except ValueError as error:
        raise BadEvent(f"Malformed JSON: {error}") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _charset(environ: dict[str, Any]) -> str | None:
    """The charset that the content type names. Raises BadEvent for one that Python does not know."""
    content_type: str = environ.get("CONTENT_TYPE", "")
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"')
            if charset and not _decodes_text(charset):
                raise BadEvent(f"Unsupported charset: {charset}", 415)
            return charset
    return None


def _decodes_text(charset: str) -> bool:
    try:
        codec = codecs.lookup(charset)
    except (LookupError, ValueError):
        return False
    return codec._is_text_encoding and codec.name not in _NO_CHARSETS
