"""What Kubeless's Python runtime did for each call, by its documents: fork a process for it.

The parent waits for the child as long as the function's timeout lets it, then takes the answer out of a
queue. Access log and metrics are those it had.
"""

import logging
import multiprocessing
import os
import sys

import bottle
import function
import prometheus_client
import requestlogger
from cheroot import wsgi

TIMEOUT_S = 180

handler = getattr(function, os.environ["FUNC_HANDLER"])
processes = multiprocessing.get_context("fork")
app = bottle.Bottle()
bottle.BaseRequest.MEMFILE_MAX = 2 * 1024 * 1024

duration = prometheus_client.Histogram(
    "function_duration_seconds", "Duration of user function in seconds", ["method"]
)
calls = prometheus_client.Counter("function_calls_total", "Number of calls to user function", ["method"])
failures = prometheus_client.Counter(
    "function_failures_total", "Number of exceptions in user function", ["method"]
)


def run(answers, event):
    answers.put(handler(event, {}))


@app.route("/", ["GET", "POST"])
def call():
    request = bottle.request
    data = request.json if request.content_type == "application/json" else request.body.read()
    event = {"data": data, "event-id": request.get_header("event-id"), "extensions": {}}
    method = request.method
    calls.labels(method).inc()
    with failures.labels(method).count_exceptions(), duration.labels(method).time():
        answers = processes.Queue()
        process = processes.Process(target=run, args=(answers, event))
        process.start()
        process.join(TIMEOUT_S)
        if process.is_alive():
            process.terminate()
            process.join()
            return bottle.HTTPError(408, "Timeout while processing the function")
        return answers.get()


@app.get("/healthz")
def healthz():
    return "OK"


logged = requestlogger.WSGILogger(
    app, [logging.StreamHandler(stream=sys.stdout)], requestlogger.ApacheFormatter()
)
wsgi.Server(("0.0.0.0", 8080), logged).start()
