"""The listening side of a worker."""

import math
import socket
import time
from collections.abc import Callable
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.wasyncore import poll2

from function_server.connection import Connection
from function_server.dispatcher import LeaderDispatcher

_LOOK_EVERY = 1.0  # seconds


class FunctionServer(TcpWSGIServer):  # type: ignore[misc]
    """waitress's server on a socket that all workers share, its loop driven by the dispatcher."""

    channel_class = Connection
    next_channel_cleanup = math.inf  # waitress's own clean-up goes by the wall's clock

    def __init__(
        self,
        application: Any,
        listener: socket.socket,
        adj: Adjustments,
        dispatcher: LeaderDispatcher,
        draining: Callable[[], bool],
    ) -> None:
        self.draining = draining
        self._retiring = False
        self._farewell = 0.0
        self._look_at = 0.0
        super().__init__(
            application,
            map={},
            _start=False,
            _sock=listener,
            dispatcher=dispatcher,
            adj=adj,
            bind_socket=False,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
        )

    def poll(self, seconds: float) -> None:
        """Waits for what connections have to say, and hears it."""
        poll2(seconds, self._map)

    def pull_trigger(self) -> None:
        """Ends the leader's wait, after something that it has to look at."""
        if not self.task_dispatcher.leads():
            super().pull_trigger()

    def readable(self) -> bool:
        """Asked by the loop before each wait; this is also where it looks after its connections."""
        now = time.monotonic()
        if self._retiring or now >= self._look_at:
            self._look_at = now + _LOOK_EVERY
            self._look_after_connections(now)
        return bool(super().readable())

    def _look_after_connections(self, now: float) -> None:
        if self._retiring and self.accepting:
            self._accept_rest()
        for connection in list(self.active_channels.values()):
            connection.end_if_overdue(now)
            if self._retiring:
                connection.end_if_unused(now, self._farewell)

    def _accept_rest(self) -> None:
        """Takes the connections that clients have already made, then no more."""
        known = -1
        while known != len(self.active_channels):
            known = len(self.active_channels)
            self.handle_accept()
        self.accepting = False

    def handle_close(self) -> None:
        """The supervisor has shut the port, for all workers."""
        self.accepting = False

    def retire(self, farewell: float) -> None:
        """Accepts no more connections and closes each one that nobody has used for some seconds.

        Until then clients learn by their next answer to connect anew. Closed at once, a connection may
        take a request along that is on its way already.
        """
        self._retiring = True
        self._farewell = farewell
        self.pull_trigger()

    def fix_addr(self, addr: Any) -> Any:
        """IPv4 clients of a dual-stack socket by their IPv4 address."""
        return (addr[0].removeprefix("::ffff:"), *addr[1:])

    def close_in_fork(self) -> None:
        """In a process that the function forked: leaves the port and the clients to this one."""
        for connection in list(self.active_channels.values()):
            connection.socket.close()
        self.socket.close()
