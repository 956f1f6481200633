"""As little as waitress needs to serve the benchmark's scenarios."""

import json
import os
import time

import waitress


def hello(environ):
    return b"hello world"


def echo(environ):
    return json.dumps(json.loads(environ["wsgi.input"].read())).encode()


def size(environ):
    return str(len(environ["wsgi.input"].read())).encode()


def wait(environ):
    time.sleep(0.01)
    return b"waited"


scenario = {"hello": hello, "json": echo, "large": size, "wait": wait}[os.environ["SCENARIO"]]
content_type = "application/json" if scenario is echo else "text/plain; charset=utf-8"


def application(environ, start_response):
    body = scenario(environ)
    start_response("200 OK", [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]


waitress.serve(application, listen="0.0.0.0:8080", threads=int(os.environ["THREADS"]))
