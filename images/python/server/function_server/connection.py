"""A client's connection: waitress's channel, with what the runtime contract adds."""

import resource
import socket
import time

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel

from function_server.parser import Request
from function_server.settings import MEBIBYTE
from function_server.task import FunctionTask, Refusal

HEADER_SECONDS = 10
"""How long a client may take for a request's line and headers."""
BODY_PAUSE_SECONDS = 10
"""How long a client may send nothing within a request's body."""
IDLE_SECONDS = 75
"""How long a client may ask nothing, or take nothing of its answer."""
LINGER_SECONDS = 2
"""How long a refused client may go on sending before the connection is cut."""
FRESH_SECONDS = 0.5
"""How long a new connection without a request is left open while the server drains."""
_MOST_CONNECTIONS = 4096


class Connection(HTTPChannel):  # type: ignore[misc]
    """Times are those of time.monotonic: somebody may set the clock."""

    parser_class = Request
    task_class = FunctionTask
    error_task_class = Refusal

    lingers = False
    linger_until = 0.0
    header_since = 0.0
    used = False
    """Whether its client has sent anything."""

    @property
    def last_activity(self) -> float:
        return self._active_at

    @last_activity.setter
    def last_activity(self, _: float) -> None:
        """waitress sets it, by the wall's clock."""
        self._active_at = time.monotonic()

    def is_probe(self) -> bool:
        """Whether this is served without waiting for the function's other calls."""
        request = self.requests[0]
        return bool(request.error) or request.probe

    def received(self, data: bytes) -> bool:
        if self.linger_until:
            return True  # what a refused client still sends
        self.used = True
        done: bool = super().received(data)
        partial = self.request is not None and not self.request.headers_finished
        self.header_since = (self.header_since or time.monotonic()) if partial else 0.0
        return done

    def readable(self) -> bool:
        return self.linger_until > 0 or super().readable()

    def _flush_some(self, do_close: bool = True) -> bool:
        # waitress takes no lock where no request is served; the keeper may be writing its 408.
        with self.outbuf_lock:
            return bool(super()._flush_some(do_close))

    def handle_close(self) -> None:
        """Closes; a refused client gets its answer first.

        Closing while it still sends would reset the connection, and the client would lose the
        answer that is on its way.
        """
        if self.lingers and self.connected and not self.linger_until:
            self.linger_until = time.monotonic() + LINGER_SECONDS
            self.will_close = self.close_when_flushed = False
            try:
                self.socket.shutdown(socket.SHUT_WR)
                return
            except OSError:
                pass
        super().handle_close()

    def cut(self) -> None:
        """Ends the connection from any thread, and with it a write that waits for the client."""
        self.will_close = True
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the client was faster

    def end_if_overdue(self, now: float) -> None:
        """Closes a connection that is too slow with its request, or lingers, or is idle for too long.

        For the leader. waitress only sets will_close and closes at the next write, which a client that
        reads nothing puts off for ever.
        """
        silent = now - self.last_activity
        slow = self.header_since and now - self.header_since > HEADER_SECONDS
        stopped = self.request is not None and silent > BODY_PAUSE_SECONDS
        idle = not self.requests and silent > IDLE_SECONDS
        if slow or stopped or idle or (self.linger_until and now > self.linger_until):
            self.lingers = False
            self.handle_close()

    def end_if_unused(self, now: float, seconds: float) -> None:
        """Closes a kept-alive connection on which nothing has been under way for that long. For draining.

        The request of a connection just made may still be on its way.
        """
        pause = now - self.last_activity
        fresh = pause < (seconds if self.used else FRESH_SECONDS)
        busy = self.requests or self.request is not None or self.total_outbufs_len
        if not fresh and not busy and not self._is_request_waiting():
            self.will_close = True

    def _is_request_waiting(self) -> bool:
        """Whether the client has sent what nobody has had the time to read."""
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except OSError:
            return False


def adjustments(body_limit: int, multipart_limit: int) -> Adjustments:
    """waitress's settings; the limits are the largest bodies that are still accepted, in bytes."""
    # The function needs descriptors too.
    connections = min(_MOST_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)

    def adjust(limit: int) -> Adjustments:
        return Adjustments(
            ident="",
            max_request_body_size=limit + 1,
            max_request_header_size=16 * 1024,
            inbuf_overflow=MEBIBYTE * 2,
            outbuf_overflow=MEBIBYTE * 8,
            connection_limit=connections,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,
            backlog=1024,
        )

    adj = adjust(body_limit)
    adj.multipart = adjust(multipart_limit)
    return adj
