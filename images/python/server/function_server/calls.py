"""Calls of the function, and the deadline that another thread keeps for them."""

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Any

INTERRUPT_AGAIN = 0.25
"""Seconds until a call that swallowed the interruption gets another one."""
STUCK_AFTER = 1.0
"""Seconds after which a call that cannot be interrupted costs the worker its place."""

_interrupt = ctypes.pythonapi.PyThreadState_SetAsyncExc
_interrupt.argtypes = (ctypes.c_ulong, ctypes.py_object)


class CallTimeout(BaseException):
    """Raised inside a function that ran past FUNC_TIMEOUT. Not an Exception, as few should catch it."""


class Call:
    """One call, from before the function starts until its answer is made.

    `abort` answers 408 in the place of the thread that runs the call, `cancel`, if set, ends what
    that thread is waiting for. Both are called by the keeper of the deadlines.
    """

    def __init__(
        self,
        environ: dict[str, Any],
        abort: Callable[["Call"], None],
        settled: Callable[["Call", int, int], None],
    ) -> None:
        self.environ = environ
        self.failed = False
        self.started = time.perf_counter()
        self.timed_out_at = 0.0
        self.cancel: Callable[[], object] | None = None
        self._abort = abort
        self._on_settled = settled
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._inside = False
        self._interrupted_at = 0.0
        self._settled = False

    def enter(self) -> None:
        """The thread goes into the function's code and may be interrupted."""
        self._inside = True

    def leave(self) -> None:
        """The thread is back; an interruption that was still on its way is dropped."""
        while True:
            try:
                with self._lock:
                    self._inside = False
                if self._interrupted_at:
                    _interrupt(self._thread, ctypes.py_object())
                return
            except CallTimeout:
                continue

    def settle(self, status: int, size: int) -> bool:
        """Claims the right to answer. False if the other side, thread or keeper, was first."""
        with self._lock:
            if self._settled:
                return False
            self._settled = True
        self._on_settled(self, status, size)
        return True

    def expire(self, now: float) -> None:
        """Answers 408 and interrupts the function, again and again until it gives in."""
        if not self.timed_out_at:
            self.timed_out_at = now
            self._abort(self)
        if now - self._interrupted_at < INTERRUPT_AGAIN:
            return
        if self.cancel and not self._interrupted_at:
            # What waits in an event loop is cancelled first: that runs its clean-up.
            self._interrupted_at = now
            self.cancel()
            return
        with self._lock:
            if self._inside:
                self._interrupted_at = now
                _interrupt(self._thread, CallTimeout)


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
        for call in list(self._running):
            if now - call.started >= self._timeout:
                call.expire(now)

    def has_stuck_call(self) -> bool:
        now = time.perf_counter()
        return any(
            call.timed_out_at and now - call.timed_out_at > STUCK_AFTER for call in list(self._running)
        )

    def in_time(self) -> int:
        """How many calls are running that may still answer."""
        return sum(not call.timed_out_at for call in list(self._running))
