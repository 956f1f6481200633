"""Types for functions, so that an editor and mypy know what a handler is called with.

from kubeless_function import Context, Event

def handler(event: Event, context: Context) -> str:
    return f"hello {event['data']}"
"""

from typing import Any, Protocol, TypedDict

import bottle


class Extensions(TypedDict):
    """What comes with the call beside its data."""

    request: bottle.Request
    """The HTTP request, with forms, files, query and headers."""
    response: bottle.Response
    """Status and headers of the answer, for a function that sets them itself."""
    cloudevent: dict[str, Any] | None
    """The attributes of a CloudEvent, names without `ce-`; None for any other request."""


Event = TypedDict(
    "Event",
    {
        # A parsed JSON value, a string, bytes, or None, by the request's content type.
        "data": Any,
        "event-id": str | None,
        "event-type": str | None,
        "event-time": str | None,
        "event-namespace": str | None,
        "extensions": Extensions,
    },
)
"""One call of the function."""

Context = TypedDict(
    "Context",
    {
        "function-name": str,
        # Seconds, for example 180.0.
        "timeout": float,
        "runtime": str,
        # As the environment says it, for example "128Mi"; empty where there is no limit.
        "memory-limit": str,
    },
)
"""What the platform says about the function; the same for every call."""


class Handler(Protocol):
    """A function that can be deployed. Its result becomes the answer, see the contract."""

    def __call__(self, event: Event, context: Context, /) -> Any: ...


__all__ = ["Context", "Event", "Extensions", "Handler"]
