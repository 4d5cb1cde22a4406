"""A site of somebody else: a server on loopback that answers as a test says, and `fetch` that may ask it."""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from vssid.kernel import fetching
from vssid.kernel.fetching import Fetched

Answer = Callable[[BaseHTTPRequestHandler], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the server was told, and keeps what it was asked."""

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        self.server.answers[self.path.partition("?")[0]](self)

    def log_message(self, *_arguments: object) -> None:
        pass


class Site(ThreadingHTTPServer):
    """The server: `answers` by path, `seen` as [(path, headers)]."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str, host: str = "feed.example") -> str:
        """Where something of it stands, by a name that only `fetch` of below resolves."""
        return f"http://{host}:{self.server_port}{path}"

    @property
    def fetch(self) -> Callable[..., Fetched]:
        """The real one, for which every name means this site, and which may ask loopback."""
        return functools.partial(
            fetching.fetch,
            resolver=lambda _host, _port: ["127.0.0.1"],
            allowed=lambda address, _port: str(address) == "127.0.0.1",
        )


def answer(status: int = 200, body: bytes = b"<a/>", **headers: str) -> Answer:
    """An answer with these headers (underscores for hyphens; empty ones are left out)."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.send_response(status)
        for name, value in {"Content-Type": "application/xml", "Content-Length": str(len(body)), **named}.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


@contextmanager
def site(monkeypatch) -> Iterator[Site]:
    """Such a site, on a port that may be asked."""
    made = Site()
    monkeypatch.setitem(fetching.PORTS, "http", (made.server_port,))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()
