import json
from typing import Any

import pytest
from function_server.log import Log
from function_server.output import LineBuffer

ENVIRON = {
    "REMOTE_ADDR": "10.0.0.1",
    "REQUEST_METHOD": "GET",
    "REQUEST_URI": "/a?b=c",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_USER_AGENT": 'curl "x"\x1b[2J',
    "HTTP_EVENT_ID": "7",
}


def line_of(monkeypatch: pytest.MonkeyPatch, as_json: bool, **environ: Any) -> str:
    written: list[bytes] = []

    def record(descriptor: int, data: bytes) -> int:
        written.append(data)
        return len(data)

    monkeypatch.setattr("function_server.output.write", record)
    lines = LineBuffer()
    Log(lines, as_json=as_json).access({**ENVIRON, **environ}, 200, 11, 0.0015)
    lines.flush()
    return b"".join(written).decode()


def test_a_combined_line_cannot_be_forged(monkeypatch: pytest.MonkeyPatch) -> None:
    line = line_of(monkeypatch, False)
    assert line.startswith("10.0.0.1 - - [")
    assert line.endswith('"GET /a?b=c HTTP/1.1" 200 11 "-" "curl \\x22x\\x22\\x1b[2J"\n')


def test_a_json_line_has_the_keys_of_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = json.loads(line_of(monkeypatch, True))
    assert entry.pop("time").endswith("Z")
    assert entry == {
        "level": "info",
        "method": "GET",
        "path": "/a",
        "status": 200,
        "durationMs": 1.5,
        "bytes": 11,
        "eventId": "7",
        "traceparent": None,
        "remote": "10.0.0.1",
    }
