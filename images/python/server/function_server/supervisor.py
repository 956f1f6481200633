"""The first process: it holds the port, and starts, watches and replaces the workers."""

import gc
import math
import os
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from function_server.keeper import READY, Place
from function_server.listener import bind
from function_server.log import Log
from function_server.metrics import Metrics
from function_server.output import LineBuffer, use_line_buffers
from function_server.settings import Settings
from function_server.shared import SharedState
from function_server.worker import BAD_FUNCTION, exit_process, run_worker

_RETRY_FIRST, _RETRY_LAST = 0.1, 5.0  # seconds before a worker that dies while it loads is replaced
_SHORT_LIFE, _SHORT_LIVES = 1.0, 10  # seconds; how many in a row are replaced at once
_RETRY_SHORT_LIFE = 1.0
_LEAST_STALL = 2.0
_STOP_GRACE = 0.5
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LAST_ACCEPTS = 0.05


@dataclass
class _Worker:
    slot: int
    pipe: int
    ready_at: float | None = None
    retiring: bool = False
    killed: bool = False


class Supervisor:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # A worker that drains needs a slot beside the one that replaces it.
        slots = settings.workers * 2 + 1
        self._free = list(range(slots))
        self._lines = [LineBuffer() for _ in range(slots)]
        self._metrics = Metrics(slots)
        self._shared = SharedState(slots)
        self._log = Log(self._lines[0], as_json=settings.json_log)
        self._workers: dict[int, _Worker] = {}
        self._served = False
        self._stopping = self._ending = False
        self._failures = 0
        self._next_start = 0.0
        self._listener: socket.socket
        self._wake: tuple[int, int]

    def run(self) -> int:
        """Serves until SIGTERM. Returns the exit code."""
        use_line_buffers()
        self._listener = bind(self._settings.port)
        self._catch_signals()
        gc.freeze()  # keeps the collector from touching, and so copying, pages that workers share
        return self._watch()

    def _catch_signals(self) -> None:
        self._wake = os.pipe()
        for end in self._wake:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _stop(self, *_: object) -> None:
        self._stopping = True
        self._shared.start_draining()

    def _watch(self) -> int:
        until = math.inf
        while (left := until - time.monotonic()) > 0:
            self._fill_up()
            self._listen(min(left, 0.5))
            code = self._reap()
            if code is not None and not self._served:
                return code
            self._kill_stalled()
            if self._stopping:
                until = min(until, time.monotonic() + (self._settings.drain_delay if self._served else 0))
        self._end_workers(signal.SIGTERM, self._settings.shutdown_timeout + _STOP_GRACE)
        return 0

    def _fill_up(self) -> None:
        """Starts what is missing: one worker until it serves, so that one reports what is wrong."""
        serving = sum(not worker.retiring for worker in self._workers.values())
        wanted = self._settings.workers if self._served else 1
        while serving < wanted and self._free and time.monotonic() >= self._next_start:
            self._start()
            serving += 1

    def _start(self) -> None:
        slot = self._free.pop(0)
        reading, writing = os.pipe()
        self._shared.beat(slot)
        # A signal for the worker must not come to what it inherits of our handlers.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                self._become_worker(reading)
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
                code = run_worker(self._settings, self._place(slot, writing))
            except BaseException as error:
                self._log.error(error, "runtime-kit: a worker failed")
            finally:
                exit_process(code)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        os.close(writing)
        self._workers[pid] = _Worker(slot, reading)

    def _become_worker(self, reading: int) -> None:
        """Leaves behind what is the supervisor's own."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        others = [worker.pipe for worker in self._workers.values() if worker.pipe >= 0]
        for descriptor in (reading, *self._wake, *others):
            os.close(descriptor)

    def _place(self, slot: int, writing: int) -> Place:
        return Place(
            listener=self._listener,
            slot=slot,
            metrics=self._metrics,
            lines=self._lines[slot],
            shared=self._shared,
            tell=partial(_tell, writing),
            supervisor=os.getppid(),
        )

    def _listen(self, seconds: float) -> None:
        """Waits for signals and for what workers say."""
        pipes = {worker.pipe: pid for pid, worker in self._workers.items() if worker.pipe >= 0}
        for descriptor in select.select([self._wake[0], *pipes], [], [], seconds)[0]:
            message = os.read(descriptor, 4096)
            pid = pipes.get(descriptor)
            if pid is None:
                continue
            worker = self._workers[pid]
            if not message:
                os.close(descriptor)
                worker.pipe = -1
            elif READY in message:
                self._welcome(worker)
            else:
                worker.retiring = True
                self._log.note(
                    f"runtime-kit: worker {pid} has a call that cannot be stopped, starting another"
                )

    def _welcome(self, worker: _Worker) -> None:
        """A worker serves now: one that it replaces may go."""
        worker.ready_at = time.monotonic()
        self._served = True
        for pid, other in self._workers.items():
            if other.retiring:
                os.kill(pid, signal.SIGUSR1)

    def _reap(self) -> int | None:
        """Buries dead processes. Returns the code to exit with if the function cannot be served."""
        verdict = None
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return verdict
            if pid == 0:
                return verdict
            worker = self._workers.pop(pid, None)
            if worker:
                verdict = self._bury(pid, worker, os.waitstatus_to_exitcode(status))

    def _bury(self, pid: int, worker: _Worker, code: int) -> int | None:
        if worker.pipe >= 0:
            os.close(worker.pipe)
        self._lines[worker.slot].flush()
        self._metrics.bury(worker.slot)
        self._free.append(worker.slot)
        if self._ending or (code == 0 and worker.retiring):
            return None
        if code == BAD_FUNCTION and not self._served:
            return code  # the worker has said why
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        self._log.note(f"runtime-kit: worker {pid} ended {how}, starting another")
        self._postpone_start(worker)
        return code if code == BAD_FUNCTION else 1

    def _postpone_start(self, worker: _Worker) -> None:
        """Calls may end their process, and the next worker starts at once. Not if that is all they do."""
        now = time.monotonic()
        if worker.ready_at is not None and now - worker.ready_at > _SHORT_LIFE:
            self._failures = 0
            return
        self._failures += 1
        if worker.ready_at is None:
            delay = min(_RETRY_FIRST * 2**self._failures, _RETRY_LAST)
        else:
            delay = _RETRY_SHORT_LIFE if self._failures > _SHORT_LIVES else 0
        self._next_start = now + delay

    def _kill_stalled(self) -> None:
        """Ends workers in which code holds the interpreter's lock, so that no deadline is kept."""
        limit = max(self._settings.timeout, _LEAST_STALL) + 0.5
        for pid, worker in self._workers.items():
            if (
                worker.ready_at is not None
                and not worker.killed
                and time.monotonic() - self._shared.last_beat(worker.slot) > limit
            ):
                self._log.note(
                    f"runtime-kit: worker {pid} is stuck in code that cannot be interrupted, ending it"
                )
                worker.killed = True
                os.kill(pid, signal.SIGKILL)

    def _end_workers(self, number: signal.Signals, seconds: float) -> None:
        """Asks all workers to end, and kills those that take longer than some seconds."""
        self._ending = True
        for pid in self._workers:
            os.kill(pid, number)
        self._listen(_LAST_ACCEPTS)
        with suppress(OSError):  # no worker has listened yet
            self._listener.shutdown(socket.SHUT_RDWR)
        until = time.monotonic() + seconds
        while self._workers and (left := until - time.monotonic()) > 0:
            self._listen(min(left, 0.1))
            self._reap()
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)
        while self._workers:
            self._listen(0.1)
            self._reap()


def _tell(writing: int, message: bytes) -> None:
    os.write(writing, message)
