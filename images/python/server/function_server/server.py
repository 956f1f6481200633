"""The listening side of a worker."""

import socket
from collections.abc import Callable
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.wasyncore import poll2

from function_server.dispatcher import LeaderDispatcher
from function_server.http import Connection


class FunctionServer(TcpWSGIServer):  # type: ignore[misc]
    """waitress's server on a socket that all workers share, its loop driven by the dispatcher."""

    channel_class = Connection

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

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for connection in list(self.active_channels.values()):
            connection.end_if_overdue(now)
            if self._retiring:
                connection.end_if_unused()

    def readable(self) -> bool:
        if self._retiring:
            if self.accepting:
                self._accept_rest()
            self.next_channel_cleanup = 0
        return bool(super().readable())

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

    def retire(self) -> None:
        """Accepts no more connections and closes each one as soon as it is unused."""
        self._retiring = True
        self.pull_trigger()

    def fix_addr(self, addr: Any) -> Any:
        """IPv4 clients of a dual-stack socket by their IPv4 address."""
        return (addr[0].removeprefix("::ffff:"), *addr[1:])
