"""The race between a thread that answers and the keeper that has waited long enough."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from function_server.calls import INTERRUPT_AGAIN, Call, CallTimeout, Deadlines


class Recorder:
    def __init__(self) -> None:
        self.settled: list[int] = []
        self.answered = 0

    def call(self) -> Call:
        return Call({}, None, self.abort, self.record)

    def abort(self, call: Call) -> None:
        self.answered += 1

    def record(self, call: Call, status: int, size: int) -> None:
        self.settled.append(status)


def enforce_until(deadlines: Deadlines, done: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 5
    while not done():
        assert time.monotonic() < give_up
        deadlines.enforce()
        time.sleep(0.005)


def run_in_thread(
    deadlines: Deadlines, recorder: Recorder, function: Callable[[], None]
) -> list[BaseException]:
    """Runs a function as a call whose deadline is over; returns what it raised."""
    raised: list[BaseException] = []

    def target() -> None:
        call = recorder.call()
        deadlines.add(call)
        try:
            call.run(function)
        except BaseException as error:
            raised.append(error)
        deadlines.discard(call)
        call.settle(200, 0)

    thread = threading.Thread(target=target)
    thread.start()
    enforce_until(deadlines, lambda: not thread.is_alive())
    return raised


def test_an_endless_loop_is_interrupted_and_answered_once() -> None:
    recorder = Recorder()

    def loop() -> None:
        while True:
            pass

    raised = run_in_thread(Deadlines(0.05), recorder, loop)
    assert isinstance(raised[0], CallTimeout)
    assert recorder.settled == [408]


def test_a_loop_that_swallows_one_interruption_gets_another() -> None:
    def stubborn() -> None:
        try:
            while True:
                pass
        except BaseException:
            while True:
                pass

    assert isinstance(run_in_thread(Deadlines(0.05), Recorder(), stubborn)[0], CallTimeout)


def test_a_call_in_a_system_call_is_answered_at_once_and_interrupted_when_it_returns() -> None:
    recorder = Recorder()
    answered: list[int] = []

    def wait() -> None:
        try:
            time.sleep(0.2)
        finally:
            answered.extend(recorder.settled)

    raised = run_in_thread(Deadlines(0.05), recorder, wait)
    assert isinstance(raised[0], CallTimeout)
    assert answered == recorder.settled == [408]


def test_a_call_in_time_is_left_alone() -> None:
    recorder = Recorder()
    assert run_in_thread(Deadlines(60), recorder, lambda: time.sleep(0.05)) == []
    assert recorder.settled == [200]


@pytest.mark.parametrize(("since", "stuck"), [(0.5, False), (1.5, True)])
def test_a_call_counts_as_stuck_some_time_after_its_answer(since: float, stuck: bool) -> None:
    deadlines = Deadlines(60)
    call = Recorder().call()
    call.timed_out_at = time.perf_counter() - since
    deadlines.add(call)
    assert deadlines.has_stuck_call() is stuck


def test_nothing_but_the_function_is_interrupted() -> None:
    deadlines = Deadlines(0.02)
    told: list[object] = []

    def fail() -> None:
        give_up = time.monotonic() + 0.03
        while time.monotonic() < give_up:
            pass
        raise ValueError

    def target() -> None:
        call = Recorder().call()
        deadlines.add(call)
        try:
            try:
                call.run(fail)
            except (ValueError, CallTimeout):
                # What the server does about an error takes its time, and the deadline is over.
                give_up = time.monotonic() + 2 * INTERRUPT_AGAIN
                while time.monotonic() < give_up:
                    pass
        except BaseException as error:
            told.append(error)
        else:
            told.append("undisturbed")

    thread = threading.Thread(target=target)
    thread.start()
    enforce_until(deadlines, lambda: not thread.is_alive())
    assert told == ["undisturbed"]


FORK = """
import os
from function_server.calls import Call
from function_server.forks import close_in_forks

def fork():
    os.fork() or {child}
    return "parent"

close_in_forks(lambda: print("closed", flush=True))
result = Call({{}}, None, lambda call: None, lambda call, status, size: None).run(fork)
_, status = os.wait()
print(result, os.waitstatus_to_exitcode(status))
"""


@pytest.mark.parametrize(("child", "code"), [("0", 0), ("exit(3)", 3), ("1 / 0", 1), ("os._exit(4)", 4)])
def test_a_forked_process_does_not_come_back(child: str, code: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FORK.format(child=child)],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert ran.stdout == f"closed\nparent {code}\n"
