"""Takes a JSON order by POST and answers with JSON: a dict becomes an object.

The types are optional; they come with the image, and let an editor and mypy check the function.
"""

from kubeless_function import Context, Event


def add_up(event: Event, context: Context) -> dict[str, float]:
    items = event["data"]["items"]
    return {"items": len(items), "total": sum(item["price"] for item in items)}
