"""The worker's first thread: it keeps the time for the threads that serve."""

import atexit
import gc
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from function_server.calls import Deadlines
from function_server.dispatcher import LeaderDispatcher
from function_server.forks import close_in_forks
from function_server.metrics import Metrics
from function_server.output import LineBuffer, flush_prints
from function_server.server import FunctionServer
from function_server.settings import Settings
from function_server.shared import SharedState

READY, REPLACE = b"+", b"-"
"""What a worker tells the supervisor: it serves; it has a thread that cannot be stopped."""

_QUICK, _BUSY, _DOZE = 0.005, 0.02, 0.5  # seconds between two looks
_FLUSH_EVERY = 0.04
_FAREWELL = 1.0
"""How long a worker that makes way keeps connections that nobody uses."""


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


class Keeper:
    """Enforces deadlines, relieves the leader, writes the log. Signals arrive here, in the first thread."""

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
        self._waker = select.poll()  # not select(), which takes no descriptor above 1023
        self._waker.register(self._wake_read, select.POLLIN)

    def draining(self) -> bool:
        """Whether connections end with their next answer."""
        return self._place.shared.draining or self._ends_at is not None

    def run(self, server: FunctionServer) -> int:
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        ending, making_way = self._settings.shutdown_timeout, _FAREWELL + self._settings.timeout + 1
        signal.signal(signal.SIGTERM, lambda *_: self._end_within(ending, server, 0))
        signal.signal(signal.SIGUSR1, lambda *_: self._end_within(making_way, server, _FAREWELL))
        gc.freeze()  # what is loaded stays: the collector need not look at it again
        server.accept_connections()
        close_in_forks(server.close_in_fork)
        self.dispatcher.start(server.poll, server.pull_trigger, self._wake)
        self._place.tell(READY)
        while not self._ended(server):
            self._look()
            self._doze()
        self._place.lines.flush()
        atexit._run_exitfuncs()
        flush_prints()
        return 0

    def _end_within(self, seconds: float, server: FunctionServer, farewell: float) -> None:
        """Called for each signal: one that leaves less time counts, one that leaves more does not."""
        ends_at = time.monotonic() + seconds
        self._ends_at = min(self._ends_at or ends_at, ends_at)
        server.retire(farewell)

    def _ended(self, server: FunctionServer) -> bool:
        if os.getppid() != self._place.supervisor:
            return True
        if self._ends_at is None:
            return False
        return time.monotonic() > self._ends_at or not server.active_channels

    def _look(self) -> None:
        if self.dispatcher.failure:
            raise self.dispatcher.failure
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
        if self._waker.poll(seconds * 1000):
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
