"""The termination log: where Kubernetes looks for the reason of an exit."""

import os
import sys

LIMIT = 4096  # what Kubernetes keeps of the file, in bytes


def report_fatal(text: str) -> None:
    """Writes why the server ends to stderr and, as far as it can, to the termination log."""
    print(text, file=sys.stderr, flush=True)
    path = os.environ.get("KUBELESS_TERMINATION_LOG") or "/dev/termination-log"
    try:
        with open(path, "wb") as log:
            log.write(text.encode()[:LIMIT])
    except OSError:
        pass  # outside Kubernetes there is no such file, and stderr has it all
