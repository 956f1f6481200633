import os
import select

import pytest
from function_server.output import LineBuffer


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What goes to standard output, one entry for each write."""
    done: list[bytes] = []

    def record(descriptor: int, data: bytes) -> int:
        assert descriptor == 1
        done.append(data)
        return len(data)

    monkeypatch.setattr("function_server.output.write", record)
    return done


def test_lines_wait_for_a_flush(writes: list[bytes]) -> None:
    lines = LineBuffer()
    lines.append(b"a\n")
    lines.append(b"b\n")
    assert writes == []
    lines.flush()
    assert writes == [b"a\nb\n"]
    assert not lines.pending()


def test_no_write_is_larger_than_atomic_or_ends_within_a_line(writes: list[bytes]) -> None:
    lines = LineBuffer()
    expected = b""
    for number in range(3000):
        line = f"{number}".encode() * 10 + b"\n"
        expected += line
        lines.append(line)
    lines.flush()
    assert b"".join(writes) == expected
    assert all(len(data) <= select.PIPE_BUF and data.endswith(b"\n") for data in writes)


def test_a_line_longer_than_the_buffer_is_written_whole(writes: list[bytes]) -> None:
    lines = LineBuffer()
    lines.append(b"short\n")
    lines.append(b"x" * 200_000 + b"\n")
    assert b"".join(writes) == b"short\n" + b"x" * 200_000 + b"\n"


def test_what_a_dead_worker_left_is_there_for_the_supervisor(writes: list[bytes]) -> None:
    lines = LineBuffer()
    child = os.fork()
    if child == 0:
        lines.append(b"last words\n")
        os._exit(0)
    os.waitpid(child, 0)
    lines.flush()
    assert writes == [b"last words\n"]
