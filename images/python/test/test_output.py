import os
import select
import subprocess
import sys

import pytest
from function_server.output import LineBuffer


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What goes to standard output, one entry for each write."""
    done: list[bytes] = []

    def record(descriptor: int, data: bytes) -> int:
        assert os.path.samestat(os.fstat(descriptor), os.fstat(1))
        done.append(data)
        return len(data)

    monkeypatch.setattr("function_server.output.os.write", record)
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


PRINTS = """
import os, sys
from function_server.output import LineBuffer, flush_prints, use_line_buffers
use_line_buffers()
lines = LineBuffer()

def serve():
    flush_prints()
    lines.append(b"access\\n")
    lines.flush()

{script}
"""


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("print('a'); serve()", "a\naccess\n"),
        ("print('a', end=''); serve(); serve()", "a\naccess\naccess\n"),
        ("print('a', end=''); serve(); print('b'); serve()", "a\naccess\nb\naccess\n"),
        ("print('a', end='', flush=True); print('b'); serve()", "ab\naccess\n"),
        # Another process printed less than a line.
        ("os.fork() or (print('a', end='', flush=True), os._exit(0)); os.wait(); serve()", "a\naccess\n"),
        ("sys.stdout.close(); serve()", "access\n"),
        ("os.close(1); os.open('/dev/null', os.O_WRONLY); serve()", "access\n"),
        (
            "os.set_blocking(1, False); lines.append(b'x' * 200_000 + b'\\n'); serve()",
            "x" * 200_000 + "\naccess\n",
        ),
    ],
)
def test_a_line_of_the_server_is_whole_whatever_the_function_prints(script: str, expected: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PRINTS.format(script=script)],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ran.stdout == expected
