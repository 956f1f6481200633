"""The types that a function's author installs, beside an editor or mypy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[2] / "examples/python/typed/order.py"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody who installed the package with pip, as the documentation says."""
    home = tmp_path_factory.mktemp("home")
    source = shutil.copytree(HERE.parent / "api", home / "api")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PIP_BREAK_SYSTEM_PACKAGES": "1"}
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--user"]
    # Neither the build backend nor bottle is downloaded: both are here.
    subprocess.run([*pip, "--no-build-isolation", "--no-deps", str(source)], env=environment, check=True)
    shutil.rmtree(source)
    return environment


def mypy(file: Path, environment: dict[str, str]) -> list[str]:
    """What mypy has to say, in a folder without any settings."""
    cache = f"{environment['HOME']}/cache"
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--cache-dir",
        cache,
        str(file),
    ]
    ended = subprocess.run(command, env=environment, cwd=file.parent, capture_output=True, text=True)
    assert ended.stderr == ""
    return ended.stdout.splitlines()


def test_the_example_passes(installed: dict[str, str], tmp_path: Path) -> None:
    assert mypy(Path(shutil.copy(EXAMPLE, tmp_path)), installed) == []


def test_a_function_that_reads_what_is_not_there_fails(installed: dict[str, str], tmp_path: Path) -> None:
    wrong = {
        "event['dta']": 'TypedDict "Event" has no key "dta"',
        "event['extensions']['requst']": 'TypedDict "Extensions" has no key "requst"',
        "event['event-id'].upper()": 'Item "None" of "str | None" has no attribute "upper"',
        "context['timeout'].upper()": '"float" has no attribute "upper"',
        "context['memory']": 'TypedDict "Context" has no key "memory"',
    }
    function = tmp_path / "wrong.py"
    head = (
        "from kubeless_function import Context, Event\ndef handler(event: Event, context: Context) -> None:\n"
    )
    function.write_text(head + "".join(f"    {line}\n" for line in wrong))
    errors = [line for line in mypy(function, installed) if ": error: " in line]
    assert [line.split(" ")[0] for line in errors] == [f"wrong.py:{number}:" for number in range(3, 8)]
    for said, complaint in zip(errors, wrong.values(), strict=True):
        assert complaint in said


def test_a_handler_that_takes_something_else_is_none(installed: dict[str, str], tmp_path: Path) -> None:
    function = tmp_path / "handler.py"
    function.write_text(
        "from kubeless_function import Context, Event, Handler\n\n\n"
        "def right(event: Event, context: Context) -> str:\n    return ''\n\n\n"
        "def wrong(event: Event) -> str:\n    return ''\n\n\n"
        "first: Handler = right\nsecond: Handler = wrong\n"
    )
    (error,) = [line for line in mypy(function, installed) if ": error: " in line]
    assert error.startswith("handler.py:13: error: Incompatible types in assignment")
