"""Loads the function's module and finds its handler."""

import importlib.util
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from function_server.settings import SettingError, Settings


class LoadError(Exception):
    """The module cannot be loaded; the message is the traceback of the function's own files."""


def load_handler(settings: Settings) -> Callable[..., Any]:
    """Runs the module and returns its handler.

    Raises LoadError for a module that is missing or fails, SettingError for a handler that is not
    there. Helper modules beside the function and the packages on PYTHONPATH can be imported.
    """
    path = os.path.join(settings.root, f"{settings.module}.py")
    if not os.path.isfile(path):
        raise LoadError(
            f"runtime-kit: {path} is not there: MOD_NAME and MOD_ROOT_PATH must name the function file"
        )
    _extend_path(settings.root)
    module = _run_module(settings.module, path)
    handler = getattr(module, settings.handler, None)
    if not callable(handler):
        raise SettingError(
            f'FUNC_HANDLER is "{settings.handler}": {settings.module}.py has no function of that name, '
            "define it or set FUNC_HANDLER to one that is there"
        )
    return handler  # type: ignore[no-any-return]


def _extend_path(root: str) -> None:
    """Puts the function's folder and packages first.

    The image starts Python in isolated mode, so that a package of the function never replaces one
    that the server has not imported yet; from here on the function's packages win.
    """
    listed = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    wanted = [root, *listed]
    sys.path[:] = wanted + [entry for entry in sys.path if entry not in wanted]


def _run_module(name: str, path: str) -> Any:
    # A function file may be called like a module that the server uses (json.py, bottle.py).
    unique = f"function_{name}" if name in sys.modules else name
    spec = importlib.util.spec_from_file_location(unique, path)
    assert spec is not None  # a file with the suffix .py always has one
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[unique] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise LoadError(_explain(error, path)) from error
    return module


def _explain(error: BaseException, path: str) -> str:
    """The error first, then where: a reader, and 4,096 bytes, see the reason at the top."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename != path:
        trace = trace.tb_next
    # Frames of Python itself, as those of exit(), have no file that a reader could look at.
    where = [frame for frame in traceback.extract_tb(trace) if not frame.filename.startswith("<")]
    if isinstance(error, SyntaxError):
        place, what = f"{error.filename}, line {error.lineno}", error.msg
    else:
        place = f"{where[-1].filename}, line {where[-1].lineno}" if where else path
        what = str(error).partition("\n")[0]
    reason = "".join(traceback.format_exception_only(error)).rstrip()
    summary = f"{type(error).__name__}: {what}"
    stack = "".join(traceback.format_list(where))
    return f"runtime-kit: {path} cannot be loaded: {summary} ({place})\n{stack}{reason}"
