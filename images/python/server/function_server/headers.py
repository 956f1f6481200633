"""The headers of an answer: what the function set, checked, and what the server adds."""

import re
from typing import Any

from waitress.task import hop_by_hop

Headers = list[tuple[str, str]]

# Between this server and its client: a function that copies them from elsewhere must not set them.
_NOT_THE_FUNCTIONS = hop_by_hop | {"trailer", "content-length"}
_is_name = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch


def function_headers(response: Any, kind: str | None) -> Headers:
    """The headers of Bottle's response, with `kind` as the content type where the function set none.

    Raises ValueError for a name that HTTP does not allow; Bottle itself refuses bad values.
    """
    if not len(response.headers) and not response._cookies:
        return [("Content-Type", kind)] if kind else []
    typed = "Content-Type" in response.headers
    # headerlist adds Bottle's default type where there is none.
    headers = [
        (name, value)
        for name, value in response.headerlist
        if name.lower() not in _NOT_THE_FUNCTIONS and (typed or name != "Content-Type")
    ]
    for name, _ in headers:
        if not _is_name(name):
            raise ValueError(f"the function set the header {name!r}, which is no name for a header")
    if kind and not typed:
        headers.append(("Content-Type", kind))
    return headers


def length_for_head(response: Any, body: bytes) -> str:
    """The length that GET would answer with: a function may say it and leave the body out."""
    said: str = response.headers.get("Content-Length", "")
    return said if said.isdecimal() and not body else str(len(body))
