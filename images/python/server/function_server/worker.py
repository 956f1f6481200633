"""A worker process: it loads the function and serves it until it is told to stop."""

import atexit
import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from function_server import metrics_page
from function_server.answers import PLAIN_TEXT
from function_server.application import Application
from function_server.calls import Deadlines
from function_server.dispatcher import LeaderDispatcher
from function_server.http import adjustments
from function_server.loader import LoadError, load_handler
from function_server.log import Log
from function_server.metrics import Metrics
from function_server.output import LineBuffer, flush_prints
from function_server.server import FunctionServer
from function_server.settings import SettingError, Settings
from function_server.shared import SharedState
from function_server.termination import report_fatal

READY, REPLACE = b"+", b"-"
"""What a worker tells the supervisor: it serves; it has a thread that cannot be stopped."""
BAD_FUNCTION = 3
"""Exit code of a worker whose function cannot be loaded."""

_QUICK, _BUSY, _DOZE = 0.005, 0.02, 0.5  # seconds between two looks of the keeper
_FLUSH_EVERY = 0.04


@dataclass(frozen=True)
class Place:
    """What the supervisor gives a worker."""

    listener: socket.socket
    slot: int
    metrics: Metrics
    lines: LineBuffer
    shared: SharedState
    tell: Callable[[bytes], None]
    supervisor: int


def run_worker(settings: Settings, place: Place) -> int:
    """Loads the function and serves it. Returns the exit code."""
    place.metrics.claim(place.slot)
    place.lines.claim()
    log = Log(place.lines, as_json=settings.json_log)
    log.catch_stray_errors()
    try:
        handler = load_handler(settings)
    except LoadError as error:
        report_fatal(str(error))
        return BAD_FUNCTION
    except SettingError as error:
        report_fatal(f"runtime-kit: {error}")
        return BAD_FUNCTION
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


class Keeper:
    """What the worker's first thread does: it keeps the time for the threads that serve.

    Signals arrive here too, as Python delivers them to the first thread.
    """

    def __init__(
        self, settings: Settings, place: Place, deadlines: Deadlines, dispatcher: LeaderDispatcher
    ) -> None:
        self.dispatcher = dispatcher
        self._settings = settings
        self._place = place
        self._deadlines = deadlines
        self._ends_at: float | None = None
        self._asked_for_replacement = False
        self._flushed_at = 0.0
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)

    def draining(self) -> bool:
        """Whether connections end with their next answer."""
        return self._place.shared.draining or self._ends_at is not None

    def run(self, server: FunctionServer) -> int:
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda *_: self._end_within(self._settings.shutdown_timeout, server))
        signal.signal(signal.SIGUSR1, lambda *_: self._end_within(self._settings.timeout + 1, server))
        gc.freeze()  # what is loaded stays: the collector need not look at it again
        server.accept_connections()
        self.dispatcher.start(server.poll, self._wake)
        self._place.tell(READY)
        while not self._ended(server):
            self._look()
            self._doze()
        self._place.lines.flush()
        atexit._run_exitfuncs()
        flush_prints()
        return 0

    def _end_within(self, seconds: float, server: FunctionServer) -> None:
        if self._ends_at is None:
            self._ends_at = time.monotonic() + seconds
            server.retire()

    def _ended(self, server: FunctionServer) -> bool:
        if os.getppid() != self._place.supervisor:
            return True
        if self._ends_at is None:
            return False
        return time.monotonic() > self._ends_at or not server.active_channels

    def _look(self) -> None:
        self._place.shared.beat(self._place.slot)
        self.dispatcher.relieve()
        self._deadlines.enforce()
        if not self._asked_for_replacement and self._deadlines.has_stuck_call():
            self._asked_for_replacement = True
            self._place.tell(REPLACE)
        now = time.monotonic()
        if now - self._flushed_at > _FLUSH_EVERY:
            self._flushed_at = now
            self._place.lines.flush()
            flush_prints()

    def _doze(self) -> None:
        """Sleeps; the longer, the less there is to look after."""
        if self.dispatcher.busy():
            seconds = _QUICK
        elif self.dispatcher.rests() and self._ends_at is None and not self._place.lines.pending():
            seconds = _DOZE
            self.dispatcher.keeper_dozes = True
        else:
            seconds = _BUSY
        if select.select([self._wake_read], [], [], seconds)[0]:
            try:
                os.read(self._wake_read, 4096)
            except BlockingIOError:
                pass
        self.dispatcher.keeper_dozes = False

    def _wake(self) -> None:
        self.dispatcher.keeper_dozes = False
        try:
            os.write(self._wake_write, b".")
        except BlockingIOError:
            pass  # it is full of wake-ups already


def exit_process(code: int) -> None:
    """Ends without waiting for threads that the function may never end."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
