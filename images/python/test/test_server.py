import select
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from function_server.connection import FRESH_SECONDS, HEADER_SECONDS, IDLE_SECONDS, Connection, adjustments
from function_server.dispatcher import LeaderDispatcher
from function_server.server import FunctionServer


@pytest.fixture
def server() -> Iterator[FunctionServer]:
    """A server whose loop runs when a test calls poll."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = FunctionServer(
            None, listener, adjustments(1000, 1000), LeaderDispatcher(1), draining=lambda: False
        )
        server.accept_connections()
        yield server
        server.trigger.close()


def connect(server: FunctionServer) -> tuple[socket.socket, Connection]:
    client = socket.create_connection(server.socket.getsockname())
    server.poll(5)
    [connection] = server.active_channels.values()
    return client, connection


def pass_time(monkeypatch: pytest.MonkeyPatch, clock: str, seconds: float) -> None:
    now: Callable[[], float] = getattr(time, clock)
    monkeypatch.setattr(time, clock, lambda: now() + seconds)


def test_an_idle_connection_ends_by_the_clock_that_nobody_sets(
    server: FunctionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, connection = connect(server)
    pass_time(monkeypatch, "time", 1e6)
    pass_time(monkeypatch, "monotonic", IDLE_SECONDS - 5)
    server.poll(0)
    assert connection.connected
    pass_time(monkeypatch, "monotonic", 6)
    server.poll(0)
    assert client.recv(1) == b""
    client.close()


def test_slow_headers_end_though_the_clock_is_set_back(
    server: FunctionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, connection = connect(server)
    client.sendall(b"GET / HTTP/1.1\r\n")
    server.poll(5)
    assert connection.used
    pass_time(monkeypatch, "time", -1e6)
    pass_time(monkeypatch, "monotonic", HEADER_SECONDS + 1)
    server.poll(0)
    assert client.recv(1) == b""
    client.close()


def test_a_client_that_takes_nothing_of_its_answer_ends(
    server: FunctionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, connection = connect(server)
    connection.write_soon(b"x" * 10_000_000)  # more than fits between the two
    assert connection.total_outbufs_len
    pass_time(monkeypatch, "monotonic", IDLE_SECONDS + 1)
    server.poll(0)
    assert not server.active_channels
    client.close()


def test_draining_ends_a_connection_only_when_no_request_is_on_its_way(
    server: FunctionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, connection = connect(server)
    pass_time(monkeypatch, "monotonic", FRESH_SECONDS + 1)
    client.sendall(b"GET / HTTP/1.1\r\n")
    assert select.select([connection.socket], [], [], 5)[0]
    server.retire(0)
    server.poll(0)
    assert connection.used
    assert connection.connected
    client.close()


def test_a_worker_that_makes_way_keeps_a_connection_until_nobody_has_used_it_for_a_while(
    server: FunctionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, connection = connect(server)
    connection.used = True
    server.retire(1)
    pass_time(monkeypatch, "monotonic", 0.9)
    server.poll(0)
    assert connection.connected
    pass_time(monkeypatch, "monotonic", 0.2)
    server.poll(0)
    server.poll(0)
    assert client.recv(1) == b""
    client.close()
