"""`python3 -m function_server` serves the function that the environment names."""

import os
import signal
import sys

# As the first process of a container we get no signal that we do not handle, and loading takes a while.
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: os._exit(0))

from function_server.settings import SettingError, read_settings  # noqa: E402
from function_server.supervisor import Supervisor  # noqa: E402
from function_server.termination import report_fatal  # noqa: E402


def main() -> int:
    try:
        return Supervisor(read_settings()).run()
    except SettingError as error:
        report_fatal(f"runtime-kit: {error}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
