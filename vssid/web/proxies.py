"""Forwarded headers count only when they come from a proxy that the operator named."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

WsgiApp = Any


class TrustedProxies:
    """WSGI middleware: ProxyFix for named peers, the raw connection for everybody else."""

    def __init__(self, app: WsgiApp, trusted: tuple[str, ...]) -> None:
        """`trusted` are addresses or networks, checked by the settings."""
        self._raw = app
        self._fixed = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._networks = [ip_network(part, strict=False) for part in trusted]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Choose by the peer's address."""
        try:
            peer = ip_address(environ.get("REMOTE_ADDR", ""))
        except ValueError:
            return self._raw(environ, start_response)  # type: ignore[no-any-return]
        known = any(peer in network for network in self._networks)
        answer: Iterable[bytes] = (self._fixed if known else self._raw)(environ, start_response)
        return answer
