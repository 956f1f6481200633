from pathlib import Path

import pytest
from function_server.termination import LIMIT, report_fatal


def test_the_first_bytes_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv("KUBELESS_TERMINATION_LOG", str(log))
    text = "first\n" + "x" * 2 * LIMIT
    report_fatal(text)
    assert log.read_bytes() == text.encode()[:LIMIT]
    assert capsys.readouterr().err == text + "\n"


def test_a_log_that_cannot_be_written_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KUBELESS_TERMINATION_LOG", "/no/such/folder/log")
    report_fatal("reason")
    assert capsys.readouterr().err == "reason\n"
