"""Waits for what a function returns before it has its result: coroutines and futures."""

import threading
from collections.abc import Generator
from typing import Any

from function_server.calls import Call, CallTimeout

_local = threading.local()


def resolve(value: Any, call: Call) -> Any:
    """The result of a coroutine, another awaitable or a future; any other value as it is."""
    if hasattr(value, "__await__"):
        return _run(_await(value), call)
    if hasattr(value, "add_done_callback"):
        return _wait(value, call)
    return value


def iterate(values: Any, call: Call) -> Generator[Any, None, None]:
    """The items of an asynchronous iterator, one after the other. Closing it closes the other."""
    iterator = aiter(values)
    try:
        while True:
            try:
                item = _run(_await(anext(iterator)), call)
            except StopAsyncIteration:
                return
            yield item
    finally:
        if hasattr(iterator, "aclose"):
            _run(_await(iterator.aclose()), call)


async def _await(value: Any) -> Any:
    return await value


def _wait(future: Any, call: Call) -> Any:
    # A lock cannot be interrupted, so the wait ends by an event that the keeper can set too.
    ended = threading.Event()
    future.add_done_callback(lambda _: ended.set())
    call.cancel = ended.set
    ended.wait()
    call.cancel = None
    if not future.done():
        future.cancel()
        raise CallTimeout
    return future.result()


def _run(coroutine: Any, call: Call) -> Any:
    """Runs a coroutine in this thread's own event loop, which lives as long as the thread.

    A loop per thread keeps one call's endless loop from holding up the others.
    """
    loop = _loop()
    task = loop.create_task(coroutine)

    def cancel() -> None:
        try:
            loop.call_soon_threadsafe(task.cancel)  # also wakes the loop, for an interruption to arrive
        except RuntimeError:
            pass  # the loop is closed: nothing waits in it any more

    call.cancel = cancel
    try:
        return loop.run_until_complete(task)
    except CallTimeout:
        task._log_destroy_pending = False
        _abandon(loop)
        raise
    finally:
        call.cancel = None


def _loop() -> Any:
    loop = getattr(_local, "loop", None)
    if loop is None or loop.is_closed():
        import asyncio  # costs 4 MiB and 50 ms, which other functions need not pay

        loop = _local.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    return loop


def _abandon(loop: Any) -> None:
    """Gives up a loop that was interrupted, maybe half-way through a step of its own."""
    from asyncio.events import _set_running_loop

    _local.loop = None
    _set_running_loop(None)
    try:
        loop.close()  # its descriptors; what still waits in it never goes on
    except RuntimeError:
        pass  # it takes itself for running: garbage collection closes it
