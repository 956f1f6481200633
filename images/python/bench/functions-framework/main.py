"""The benchmark's scenarios as HTTP functions of the Functions Framework."""

import time

import flask
import functions_framework


@functions_framework.http
def hello(request):
    return "hello world"


@functions_framework.http
def json(request):
    return flask.jsonify(request.get_json())


@functions_framework.http
def large(request):
    return str(len(request.get_data()))


@functions_framework.http
def wait(request):
    time.sleep(0.01)
    return "waited"
