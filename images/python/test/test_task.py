from types import SimpleNamespace
from typing import Any

import pytest
from function_server.connection import adjustments
from function_server.parser import Request
from function_server.task import FunctionTask


@pytest.fixture
def sent() -> list[bytes]:
    return []


@pytest.fixture
def task(sent: list[bytes]) -> FunctionTask:
    adj = adjustments(1000, 1000)
    request = Request(adj)
    request.received(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    server: Any = SimpleNamespace(adj=adj, draining=lambda: False)
    task = FunctionTask(SimpleNamespace(server=server, adj=adj, write_soon=sent.append), request)
    task.start()
    task.complete = True
    task.status = "200 OK"
    return task


def test_a_head_is_sent_together_with_its_body(task: FunctionTask, sent: list[bytes]) -> None:
    task.content_length = 5
    task.write(b"hello")
    [answer] = sent
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\nhello")
    assert task.content_bytes_written == 5


def test_a_head_is_sent_together_with_the_first_chunk(task: FunctionTask, sent: list[bytes]) -> None:
    task.write(b"a" * 17)
    task.write(b"b")
    [begin, chunk] = sent
    assert begin.endswith(b"\r\n\r\n11\r\n" + b"a" * 17 + b"\r\n")
    assert b"Transfer-Encoding: chunked\r\n" in begin
    assert chunk == b"1\r\nb\r\n"


def test_a_large_body_is_not_copied_for_its_head(task: FunctionTask, sent: list[bytes]) -> None:
    body = b"x" * (64 * 1024 + 1)
    task.content_length = len(body)
    task.write(body)
    [head, rest] = sent
    assert head.endswith(b"\r\n\r\n")
    assert rest == body


def test_an_answer_without_body_is_its_head(task: FunctionTask, sent: list[bytes]) -> None:
    task.content_length = 0
    task.finish()
    [head] = sent
    assert head.endswith(b"\r\n\r\n")
