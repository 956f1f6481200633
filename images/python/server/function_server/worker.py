"""A worker process: it loads the function and serves it until it is told to stop."""

import os
import sys

from function_server import metrics_page
from function_server.answers import PLAIN_TEXT
from function_server.application import Application
from function_server.calls import Deadlines
from function_server.connection import adjustments
from function_server.dispatcher import LeaderDispatcher
from function_server.forms import prepare_forms
from function_server.keeper import Keeper, Place
from function_server.loader import LoadError, load_handler
from function_server.log import Log
from function_server.output import flush_prints
from function_server.server import FunctionServer
from function_server.settings import SettingError, Settings
from function_server.termination import report_fatal

BAD_FUNCTION = 3
"""Exit code of a worker whose function cannot be loaded."""

SWITCH_SECONDS = 0.001
"""How long one thread may compute while others wait, a fifth of Python's own value.

Each thread that loops delays all others by it, at each of their system calls: new requests, and the keeper.
"""


def run_worker(settings: Settings, place: Place) -> int:
    """Loads the function and serves it. Returns the exit code."""
    place.metrics.claim(place.slot)
    place.lines.claim()
    log = Log(place.lines, as_json=settings.json_log)
    log.catch_stray_errors()
    log.take_server_logger()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        handler = load_handler(settings)
    except LoadError as error:
        report_fatal(str(error))
        return BAD_FUNCTION
    except SettingError as error:
        report_fatal(f"runtime-kit: {error}")
        return BAD_FUNCTION
    prepare_forms(max(settings.body_limit, settings.multipart_limit))
    deadlines = Deadlines(settings.timeout)

    def probe(path: str) -> tuple[int, str, bytes]:
        if path == "/metrics":
            return 200, metrics_page.CONTENT_TYPE, metrics_page.render(place.metrics, place.supervisor)
        if place.shared.draining:
            return 503, PLAIN_TEXT, b"Draining"
        return 200, PLAIN_TEXT, b"OK"

    application = Application(
        handler,
        settings.context,
        settings.cors_origin,
        deadlines=deadlines,
        metrics=place.metrics,
        log=log,
        probe=probe,
    )
    keeper = Keeper(settings, place, deadlines, LeaderDispatcher(settings.threads))
    server = FunctionServer(
        application,
        place.listener,
        adjustments(settings.body_limit, settings.multipart_limit),
        keeper.dispatcher,
        keeper.draining,
    )
    return keeper.run(server)


def exit_process(code: int) -> None:
    """Ends without waiting for threads that the function may never end."""
    flush_prints()
    os._exit(code)
