"""A typed function: an editor and mypy know what event and context hold."""

from typing import TypedDict

from kubeless_function import Context, Event


class Order(TypedDict):
    item: str
    count: int


def place(event: Event, context: Context) -> dict[str, str | int | None]:
    order: Order = event["data"]
    event["extensions"]["response"].status = 201
    return {
        "item": order["item"],
        "count": order["count"],
        "id": event["event-id"],
        "placed by": context["function-name"],
    }
