"""`python3 -m function_server` serves the function that the environment names."""

import sys

from function_server.settings import SettingError, read_settings
from function_server.supervisor import Supervisor
from function_server.termination import report_fatal


def main() -> int:
    try:
        return Supervisor(read_settings()).run()
    except SettingError as error:
        report_fatal(f"runtime-kit: {error}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
