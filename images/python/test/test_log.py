import json
import logging
from typing import Any

import pytest
from function_server.events import EVENT_ID
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


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    done: list[bytes] = []

    def record(descriptor: int, data: bytes) -> int:
        done.append(data)
        return len(data)

    monkeypatch.setattr("function_server.output.os.write", record)
    return done


def line_of(written: list[bytes], as_json: bool, **environ: Any) -> str:
    lines = LineBuffer()
    Log(lines, as_json=as_json).access({**ENVIRON, **environ}, 200, 11, 0.0015)
    lines.flush()
    return b"".join(written).decode()


def test_a_combined_line_cannot_be_forged(written: list[bytes]) -> None:
    line = line_of(written, False)
    assert line.startswith("10.0.0.1 - - [")
    assert line.endswith('"GET /a?b=c HTTP/1.1" 200 11 "-" "curl \\x22x\\x22\\x1b[2J"\n')


def test_a_json_line_has_the_keys_of_the_contract(written: list[bytes]) -> None:
    entry = json.loads(line_of(written, True))
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


def test_a_structured_cloudevents_id_is_logged(written: list[bytes]) -> None:
    environ = {"HTTP_EVENT_ID": "", EVENT_ID: "8"}
    assert json.loads(line_of(written, True, **environ))["eventId"] == "8"


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_that_cannot_say_what_it_is_is_logged_all_the_same(
    written: list[bytes], as_json: bool
) -> None:
    Log(LineBuffer(), as_json=as_json).error(Unprintable(), "GET / failed")
    text = b"".join(written).decode()
    assert "GET / failed: " in text
    assert "Unprintable: <exception str() failed>" in text


def test_what_waitress_reports_has_the_form_of_the_log(written: list[bytes]) -> None:
    Log(LineBuffer(), as_json=True).take_server_logger()
    logger = logging.getLogger("waitress")
    try:
        raise KeyError("x")
    except KeyError:
        logger.exception("Exception while serving /")
    logger.info("Client disconnected while serving /")
    [entry] = map(json.loads, b"".join(written).splitlines())
    assert (entry["level"], entry["message"]) == ("error", "Exception while serving /: KeyError: 'x'")
