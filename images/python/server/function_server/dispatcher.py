"""Runs the server's loop and the function's calls in the same threads.

Handing each request from a loop thread to a pool thread and its answer back costs more than most
functions (docs/decisions/0003). So the thread that leads the loop calls the function itself. When a
call holds it up, the keeper makes another thread the leader and the call goes on where it is. A
function whose calls take a millisecond or more on average is not waited for: the leader hands the
loop over before the call.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

HOLD_UP = 0.004
"""Seconds that a call may hold up the loop."""
SLOW_CALL = 0.001
"""Mean seconds of a call from which on the loop is handed over before it."""
_WEIGHT = 0.1  # of the last call in that mean


class Channel(Protocol):
    """A connection whose first request waits for its answer."""

    def service(self) -> None: ...

    def is_probe(self) -> bool: ...


class _Worker:
    """A thread of the pool; it sleeps until it is to lead."""

    def __init__(
        self, lead: Callable[["_Worker"], None], fail: Callable[[BaseException], None], name: str
    ) -> None:
        self.turn = threading.Semaphore(0)
        self.serving_since = 0.0
        self.ident = 0
        self._lead = lead
        self._fail = fail
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        self.ident = threading.get_ident()
        try:
            while True:
                self.turn.acquire()
                self._lead(self)
        except BaseException as error:
            self._fail(error)


class LeaderDispatcher:
    """waitress's task dispatcher. `limit` calls can run at once; probes run beside them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._calls: deque[Channel] = deque()
        self._probes: deque[Channel] = deque()
        self._idle: list[_Worker] = []
        self._threads = 0
        self._leader: _Worker | None = None
        self._running = 0
        self._mean = 0.0
        self._poll: Callable[[float], None]
        self._wake_leader: Callable[[], None]
        self.wake_keeper: Callable[[], None]
        self.keeper_dozes = False
        self.failure: BaseException | None = None
        """What no thread of ours may raise: one that led would leave the loop to nobody."""

    def start(
        self, poll: Callable[[float], None], wake_leader: Callable[[], None], wake_keeper: Callable[[], None]
    ) -> None:
        """`poll` waits for connections for some seconds; the others end its wait, and the keeper's doze."""
        self._poll = poll
        self._wake_leader = wake_leader
        self.wake_keeper = wake_keeper
        with self._lock:
            self._appoint()

    def add_task(self, channel: Channel) -> None:
        (self._probes if channel.is_probe() else self._calls).append(channel)

    def leads(self) -> bool:
        """Whether the calling thread runs the loop."""
        leader = self._leader
        return leader is not None and leader.ident == threading.get_ident()

    def busy(self) -> bool:
        """Whether a call may be holding up the loop."""
        leader = self._leader
        return leader is not None and leader.serving_since > 0

    def rests(self) -> bool:
        """Whether no call is running or waiting."""
        return not self._running and not self._calls

    def relieve(self) -> None:
        """Makes another thread the leader where a call holds up this one. For the keeper."""
        with self._lock:
            leader = self._leader
            if leader and leader.serving_since and time.monotonic() - leader.serving_since > HOLD_UP:
                self._appoint()

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """waitress asks for it; the process ends as a whole."""
        return False

    def _appoint(self) -> None:
        if self._idle:
            worker = self._idle.pop()
        else:
            self._threads += 1
            worker = _Worker(self._lead, self._fail, f"function-{self._threads}")
        self._leader = worker
        worker.turn.release()

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        self.wake_keeper()

    def _lead(self, worker: _Worker) -> None:
        while self._leader is worker:
            if self._probes:
                self._probes.popleft().service()
            elif self._calls and self._running < self._limit:
                self._serve(worker, self._calls.popleft())
            else:
                self._poll(1.0)
        with self._lock:
            self._idle.append(worker)

    def _serve(self, worker: _Worker, channel: Channel) -> None:
        if self.keeper_dozes:
            self.wake_keeper()
        started = time.monotonic()
        with self._lock:
            self._running += 1
            worker.serving_since = started
            if self._mean > SLOW_CALL:
                self._appoint()
        try:
            channel.service()
        finally:
            with self._lock:
                self._running -= 1
                worker.serving_since = 0.0
                self._mean += (time.monotonic() - started - self._mean) * _WEIGHT
            if self._calls:
                self._wake_leader()  # it may have waited for this thread's place
