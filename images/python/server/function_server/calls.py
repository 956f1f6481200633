"""Calls of the function, and the deadline that another thread keeps for them."""

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Any

from function_server.forks import end_if_forked

INTERRUPT_AGAIN = 0.25
"""Seconds until a call that swallowed the interruption gets another one."""
STUCK_AFTER = 1.0
"""Seconds after which a call that cannot be interrupted costs the worker its place."""

TIMED_OUT = b"Request timeout exceeded"

_interrupt = ctypes.pythonapi.PyThreadState_SetAsyncExc
_interrupt.argtypes = (ctypes.c_ulong, ctypes.py_object)


class CallTimeout(BaseException):
    """Raised inside a function that ran past FUNC_TIMEOUT. Not an Exception, as few should catch it."""


class Call:
    """One call, from before the function starts until its answer is made.

    `abort` writes 408 in the place of the thread that runs the call, `cancel`, if set, ends what
    that thread is waiting for. Both are called by the keeper of the deadlines. `task` is the server's
    handle of the request.
    """

    def __init__(
        self,
        environ: dict[str, Any],
        task: Any,
        abort: Callable[["Call"], None],
        settled: Callable[["Call", int, int], None],
    ) -> None:
        self.environ = environ
        self.task = task
        self.failed = False
        self.started = time.perf_counter()
        self.timed_out = False
        self.timed_out_at = 0.0
        self.cancel: Callable[[], object] | None = None
        self._abort = abort
        self._on_settled = settled
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._inside = False
        self._interrupted_at = 0.0
        self._settled = False
        self._answered: threading.Event

    def run(self, work: Callable[[], Any]) -> Any:
        """Runs a piece of the function's code; only there this thread may be interrupted.

        An interruption comes between any two instructions, in an `except` or `finally` too. So there is
        no other code inside: no log, no lock of ours, nothing that must not be left half-way.
        """
        result: Any = None
        error: BaseException | None = None
        try:
            self._inside = True
            result = work()
        except BaseException as raised:
            error = raised
        while self._inside:
            try:
                self._leave()
            except CallTimeout as late:  # it was on its way already
                error = late
        end_if_forked(error)
        try:
            if error is not None:
                raise error
            return result
        finally:
            del error  # or it and its traceback keep each other alive

    def _leave(self) -> None:
        with self._lock:
            self._inside = False
        if self._interrupted_at:
            _interrupt(self._thread, ctypes.py_object())  # one that has not arrived yet is dropped

    def settle(self, status: int, size: int, *, timed_out: bool = False) -> bool:
        """Claims the right to answer. False if the other side, thread or keeper, was first."""
        with self._lock:
            if self._settled:
                return False
            self._settled = True
        self.timed_out = timed_out
        self._on_settled(self, status, size)
        return True

    def claim(self, now: float) -> bool:
        """The deadline is over: claims the answer for the keeper. False if it is not the first to claim."""
        if self.timed_out_at:
            return False
        self._answered = threading.Event()
        self.timed_out_at = now
        if self.settle(408, len(TIMED_OUT), timed_out=True):
            return True
        self._answered.set()
        return False

    def interrupt(self, now: float) -> None:
        """Interrupts the function, again and again until it gives in."""
        if now - self._interrupted_at < INTERRUPT_AGAIN:
            return
        first, self._interrupted_at = not self._interrupted_at, now
        if cancel := self.cancel:  # read once: the call's own thread takes it away
            # What waits in an event loop is cancelled: that runs its clean-up, before any interruption.
            cancel()
            if first:
                return
        with self._lock:
            if self._inside:
                _interrupt(self._thread, CallTimeout)

    def answer(self) -> None:
        """Answers 408, after `claim`."""
        try:
            self._abort(self)
        finally:
            self._answered.set()

    def wait_for_answer(self) -> None:
        """For the call's own thread, before it ends the connection that the keeper is answering on."""
        self._answered.wait()


class Deadlines:
    """The calls that are running in this worker."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._running: set[Call] = set()
        self.add = self._running.add
        self.discard = self._running.discard

    def enforce(self) -> None:
        """To be called every few hundredths of a second by a thread that runs no function."""
        if not self._running:
            return
        now = time.perf_counter()
        overdue = [call for call in list(self._running) if now - call.started >= self._timeout]
        # Writing gives up the interpreter's lock. Loops that still ran would keep it for long, one after
        # the other, so all of them are interrupted first.
        claimed = [call for call in overdue if call.claim(now)]
        for call in overdue:
            call.interrupt(now)
        for call in claimed:
            call.answer()

    def has_stuck_call(self) -> bool:
        now = time.perf_counter()
        return any(
            call.timed_out_at and now - call.timed_out_at > STUCK_AFTER for call in list(self._running)
        )
