"""CloudEvents 1.0 over HTTP, in both modes."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote

_REQUIRED = ("id", "source", "specversion", "type")
_PREFIX = "HTTP_CE_"


def binary_attributes(environ: dict[str, Any]) -> dict[str, str]:
    """The ce-* headers by attribute name. Values are percent-encoded, as the HTTP binding says."""
    return {
        name.removeprefix(_PREFIX).lower(): unquote(value)
        for name, value in environ.items()
        if name.startswith(_PREFIX)
    }


def unpack(envelope: Any) -> tuple[Any, dict[str, Any]]:
    """Data and attributes of a structured event. Raises ValueError with what is wrong with it."""
    if not isinstance(envelope, dict):
        raise ValueError("Malformed CloudEvent: it is no JSON object")
    for name in _REQUIRED:
        if not isinstance(envelope.get(name), str) or not envelope[name]:
            raise ValueError(f"Malformed CloudEvent: the attribute {name} is missing")
    if envelope["specversion"] != "1.0":
        raise ValueError("Malformed CloudEvent: specversion must be 1.0")
    attributes = {name: value for name, value in envelope.items() if name not in ("data", "data_base64")}
    if "data_base64" not in envelope:
        return envelope.get("data"), attributes
    if "data" in envelope:
        raise ValueError("Malformed CloudEvent: it has both data and data_base64")
    try:
        return base64.b64decode(envelope["data_base64"], validate=True), attributes
    except (binascii.Error, TypeError, ValueError):
        raise ValueError("Malformed CloudEvent: data_base64 is no base64") from None
