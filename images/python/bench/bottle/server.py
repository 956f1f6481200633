"""Bottle as its tutorial shows it, with the routes that the scenarios need and nothing else."""

import os
import time

import bottle
import waitress

app = bottle.Bottle()
bottle.BaseRequest.MEMFILE_MAX = 2 * 1024 * 1024


def hello():
    return "hello world"


def echo():
    return bottle.request.json


def size():
    return str(len(bottle.request.body.read()))


def wait():
    time.sleep(0.01)
    return "waited"


scenario = {"hello": hello, "json": echo, "large": size, "wait": wait}[os.environ["SCENARIO"]]
app.route("/", ["GET", "POST"], scenario)
waitress.serve(app, listen="0.0.0.0:8080", threads=int(os.environ["THREADS"]))
