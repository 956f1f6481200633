import threading
from typing import Any

from function_server.dispatcher import LeaderDispatcher


class Blocking:
    """A request whose call takes until it is released."""

    def __init__(self, probe: bool = False) -> None:
        self.started, self.release = threading.Event(), threading.Event()
        self.thread = 0
        self._probe = probe

    def is_probe(self) -> bool:
        return self._probe

    def service(self) -> None:
        self.thread = threading.get_ident()
        self.started.set()
        assert self.release.wait(5)


def started(limit: int) -> tuple[LeaderDispatcher, threading.Event]:
    """A dispatcher that runs, and the event that ends a wait of its loop."""
    news = threading.Event()

    def poll(seconds: float) -> None:
        news.wait(seconds)
        news.clear()

    dispatcher = LeaderDispatcher(limit)
    dispatcher.start(poll, news.set, lambda: None)
    return dispatcher, news


def relieve_until(dispatcher: LeaderDispatcher, event: threading.Event) -> None:
    for _ in range(1000):
        dispatcher.relieve()
        if event.wait(0.005):
            return
    raise AssertionError("no other thread took the loop over")


def test_a_call_that_holds_up_the_loop_keeps_its_thread_and_loses_the_loop() -> None:
    dispatcher, _ = started(limit=2)
    first, second = Blocking(), Blocking()
    dispatcher.add_task(first)
    assert first.started.wait(5)
    dispatcher.add_task(second)
    relieve_until(dispatcher, second.started)
    assert first.thread != second.thread
    first.release.set()
    second.release.set()


def test_probes_run_while_all_calls_are_taken() -> None:
    dispatcher, _ = started(limit=1)
    call, waiting, probe = Blocking(), Blocking(), Blocking(probe=True)
    probe.release.set()
    dispatcher.add_task(call)
    assert call.started.wait(5)
    dispatcher.add_task(waiting)
    dispatcher.add_task(probe)
    relieve_until(dispatcher, probe.started)
    assert not waiting.started.is_set()
    call.release.set()
    assert waiting.started.wait(5)
    waiting.release.set()


def test_a_place_that_gets_free_is_taken_without_news_from_a_connection() -> None:
    news, idle = threading.Event(), threading.Event()
    dispatcher = LeaderDispatcher(1)
    first, second = Blocking(), Blocking()

    def poll(seconds: float) -> None:
        if not first.started.is_set():
            dispatcher.add_task(first)
            dispatcher.add_task(second)
        else:
            idle.set()
            news.wait()  # for ever, as long as connections have nothing to say
            news.clear()

    dispatcher.start(poll, news.set, lambda: None)
    assert first.started.wait(5)
    relieve_until(dispatcher, idle)
    first.release.set()
    assert second.started.wait(5)
    second.release.set()


def test_an_error_in_a_serving_thread_is_told_to_the_keeper() -> None:
    told = threading.Event()
    dispatcher = LeaderDispatcher(1)

    def poll(seconds: float) -> Any:
        raise OSError("the loop is broken")

    dispatcher.start(poll, lambda: None, told.set)
    assert told.wait(5)
    assert isinstance(dispatcher.failure, OSError)
