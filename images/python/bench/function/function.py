"""What `runtime-kit bench` calls: a handler for each scenario."""

import hashlib
import time

WORKLOAD = b"a" * 2**20


def hello(event, context):
    return "hello world"


def echo(event, context):
    return event["data"]


def size(event, context):
    return str(len(event["data"]))


def wait(event, context):
    time.sleep(0.01)
    return "waited"


def work(event, context):
    return hashlib.sha256(WORKLOAD).hexdigest()
