import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from function_server.loader import LoadError, load_handler
from function_server.settings import SettingError, read_settings


@pytest.fixture(autouse=True)
def _clean_imports() -> Iterator[None]:
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def load(folder: Path, text: str, handler: str = "handler", module: str = "function") -> Any:
    (folder / f"{module}.py").write_text(text)
    environment = {"MOD_ROOT_PATH": str(folder), "MOD_NAME": module, "FUNC_HANDLER": handler}
    return load_handler(read_settings(environment))


def test_a_helper_beside_the_function_is_imported(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("NAME = 'helper'")
    handler = load(tmp_path, "from helper import NAME\ndef handler(event, context): return NAME")
    assert handler({}, {}) == "helper"


def test_packages_on_the_python_path_come_after_the_function_and_before_the_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    (packages / "wanted.py").write_text("WHERE = 'packages'")
    monkeypatch.setenv("PYTHONPATH", str(packages))
    assert load(tmp_path, "import wanted\ndef handler(e, c): return wanted.WHERE")({}, {}) == "packages"
    assert sys.path[:2] == [str(tmp_path), str(packages)]


def test_a_function_called_like_a_module_of_the_server_does_not_replace_it(tmp_path: Path) -> None:
    import json

    handler = load(tmp_path, "import json\ndef handler(e, c): return json.dumps(1)", module="json")
    assert handler({}, {}) == "1"
    assert sys.modules["json"] is json


def test_a_missing_file_names_the_settings(tmp_path: Path) -> None:
    settings = read_settings({"MOD_ROOT_PATH": str(tmp_path), "MOD_NAME": "no", "FUNC_HANDLER": "h"})
    with pytest.raises(LoadError, match=r"^runtime-kit: .*/no\.py is not there: MOD_NAME and MOD_ROOT_PATH"):
        load_handler(settings)


@pytest.mark.parametrize("text", ["", "handler = 3"])
def test_a_handler_that_cannot_be_called_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingError, match=r'^FUNC_HANDLER is "handler": function\.py has no function'):
        load(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\n\ndef handler(:", "SyntaxError: "),
        ("\n\nimport no_such_module_4711", "ModuleNotFoundError: No module named 'no_such_module_4711'"),
        ("\n\nraise ValueError('load-4711\\nsecond line')", "ValueError: load-4711 "),
        ("\n\nexit(3)", "SystemExit: 3"),
    ],
)
def test_the_first_line_says_why_it_cannot_be_loaded_and_where(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(LoadError) as raised:
        load(tmp_path, text)
    first = str(raised.value).splitlines()[0]
    assert reason in first
    assert first.endswith(f"({tmp_path}/function.py, line 3)")


def test_the_stack_begins_in_the_functions_own_file(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text("def fail(): raise RuntimeError('deep')\n")
    with pytest.raises(LoadError) as raised:
        load(tmp_path, "import deep\ndeep.fail()")
    assert "function.py" in str(raised.value).splitlines()[1]
    assert "importlib" not in str(raised.value)
