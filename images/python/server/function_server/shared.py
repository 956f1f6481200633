"""What the supervisor and its workers tell each other in shared memory."""

import mmap
import time


class SharedState:
    """One flag from the supervisor, and a heartbeat from each worker."""

    def __init__(self, slots: int) -> None:
        self._memory = mmap.mmap(-1, 8 * (slots + 1))
        self._cells = memoryview(self._memory).cast("d")

    @property
    def draining(self) -> bool:
        """Whether the container is about to stop."""
        return self._cells[0] != 0

    def start_draining(self) -> None:
        self._cells[0] = 1

    def beat(self, slot: int) -> None:
        """The worker in this slot is alive: its threads get their turns."""
        self._cells[slot + 1] = time.monotonic()

    def last_beat(self, slot: int) -> float:
        """On the clock of time.monotonic, which is the same in all processes."""
        return self._cells[slot + 1]
