"""The port."""

import socket

from function_server.settings import SettingError


def bind(port: int) -> socket.socket:
    """A socket bound on all interfaces, IPv6 too where there is any, that does not listen yet.

    Until the first worker listens on it, connections are refused, as a readiness probe expects.
    """
    family, host = (socket.AF_INET6, "::") if _has_ipv6() else (socket.AF_INET, "0.0.0.0")
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        fix = "set it to a free port above 1023"
        raise SettingError(f'FUNC_PORT is "{port}": {error.strerror}, {fix}') from None
    listener.setblocking(False)
    return listener


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::", 0))
        return True
    except OSError:
        return False
