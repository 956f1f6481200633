"""Access lines to stdout and errors to stderr, as combined log lines or as JSON objects."""

import json
import logging
import os
import threading
import time
import traceback
from types import TracebackType
from typing import Any

from function_server.events import EVENT_ID
from function_server.output import LineBuffer, flush_prints, write_lines

_HERE = os.path.dirname(__file__) + os.sep
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What would end a quoted field or a line. A log reader must see one request as one line.
_QUOTED = {code: f"\\x{code:02x}" for code in [*range(32), 34, 92, *range(127, 160)]}


class Log:
    """Where a worker reports requests and errors."""

    def __init__(self, lines: LineBuffer, *, as_json: bool) -> None:
        self._lines = lines
        self._json = as_json
        self._second = 0
        self._stamp = ""

    def access(self, environ: dict[str, Any], status: int, size: int, seconds: float) -> None:
        """One line for one request. `size` counts the body's bytes."""
        if self._json:
            line = self._object(environ, status, size, seconds)
        else:
            line = (
                f'{environ["REMOTE_ADDR"]} - - [{self._time()}] "{environ["REQUEST_METHOD"]} '
                f'{_quote(environ["REQUEST_URI"])} {environ["SERVER_PROTOCOL"]}" '
                f'{status} {size} "{_quote(environ.get("HTTP_REFERER", "-"))}" '
                f'"{_quote(environ.get("HTTP_USER_AGENT", "-"))}"\n'
            )
        self._lines.append(line.encode("utf-8", "backslashreplace"))

    def error(self, error: BaseException, message: str) -> None:
        """An error with its stack; `message` says what was being done."""
        stack = "".join(
            traceback.format_exception(type(error), error, _own_frames(error.__traceback__))
        ).rstrip()
        if self._json:
            # The last lines of the stack are what str(error) says, or that it fails itself.
            summary = "".join(traceback.format_exception_only(type(error), error)).strip()
            self._write({"level": "error", "message": f"{message}: {summary}", "stack": stack})
        else:
            _write_error(f"{message}: {stack}")

    def note(self, message: str) -> None:
        """Something an operator should know, without a stack."""
        if self._json:
            self._write({"level": "error", "message": message})
        else:
            _write_error(message)

    def _write(self, report: dict[str, str]) -> None:
        _write_error(json.dumps({"time": _iso_time(), **report}, ensure_ascii=False))

    def catch_stray_errors(self) -> None:
        """Reports errors of threads that the function started; they harm nothing else."""

        def report(args: threading.ExceptHookArgs) -> None:
            if args.exc_value is not None and args.exc_type is not SystemExit:
                name = args.thread.name if args.thread else "a thread"
                self.error(args.exc_value, f"Error in {name}, outside a call")

        threading.excepthook = report

    def take_server_logger(self) -> None:
        """Takes over what waitress logs.

        The handlers that a function sets up have locks, which an interruption of that function may
        leave locked: no thread of the server may ever wait for one.
        """
        logger = logging.getLogger("waitress")
        logger.setLevel(logging.ERROR)  # less is about clients, and there is an access line for it
        logger.propagate = False
        logger.handlers = [_Handler(self)]

    def _time(self) -> str:
        now = int(time.time())
        if now != self._second:
            moment = time.gmtime(now)
            self._stamp = time.strftime(f"%d/{_MONTHS[moment.tm_mon - 1]}/%Y:%H:%M:%S +0000", moment)
            self._second = now
        return self._stamp

    def _object(self, environ: dict[str, Any], status: int, size: int, seconds: float) -> str:
        entry = {
            "time": _iso_time(),
            "level": "info",
            "method": environ["REQUEST_METHOD"],
            "path": environ["REQUEST_URI"].partition("?")[0],
            "status": status,
            "durationMs": round(seconds * 1000, 3),
            "bytes": size,
            "eventId": environ.get("HTTP_EVENT_ID") or environ.get(EVENT_ID) or environ.get("HTTP_CE_ID"),
            "traceparent": environ.get("HTTP_TRACEPARENT"),
            "remote": environ["REMOTE_ADDR"],
        }
        return json.dumps(entry, ensure_ascii=False) + "\n"


def _own_frames(trace: TracebackType | None) -> TracebackType | None:
    """The stack from the function's first frame on; all of it if there is none."""
    own = trace
    while own and own.tb_frame.f_code.co_filename.startswith(_HERE):
        own = own.tb_next
    return own or trace


def _quote(text: str) -> str:
    return (
        text
        if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text
        else text.translate(_QUOTED)
    )


def _iso_time() -> str:
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"


def _write_error(text: str) -> None:
    # Past sys.stderr, which the function may have replaced.
    flush_prints()
    write_lines(2, f"{text}\n".encode("utf-8", "backslashreplace"))


class _Handler(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error:
            self._log.error(error, record.getMessage())
        else:
            self._log.note(record.getMessage())
