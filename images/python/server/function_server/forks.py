"""Processes that a function forks: they have this server's sockets, but none of its threads."""

import os
import sys
import traceback
from collections.abc import Callable

_forked = False


def close_in_forks(close: Callable[[], None]) -> None:
    """Calls `close` in every process forked from now on: clients and the port are not its business.

    Does not concern a process that runs another program: no socket of ours survives that.
    """

    def forked() -> None:
        global _forked
        _forked = True
        close()

    os.register_at_fork(after_in_child=forked)


def end_if_forked(error: BaseException | None) -> None:
    """Ends a forked process whose code comes back to the server, which would answer a second time."""
    if not _forked:
        return
    code = 0
    if isinstance(error, SystemExit):
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    elif error is not None:
        traceback.print_exception(error)
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass  # the function has closed or replaced it
    os._exit(code & 0xFF)
