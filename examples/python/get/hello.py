"""Answers a GET request; a query parameter changes the answer."""


def greet(event, context):
    name = event["extensions"]["request"].query.name or "world"
    return f"hello {name}"
