import threading

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
        news.wait(0.005)

    dispatcher = LeaderDispatcher(limit)
    dispatcher.start(poll, lambda: None)
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
