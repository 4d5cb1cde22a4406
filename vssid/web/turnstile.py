"""Few requests at a time in the application, each with its body already here.

A phone that sends a photo for a minute waits in a thread that costs next to nothing; only with the whole body does a
request count among those that work. So slow phones hold up nobody, and those who work do not queue for the interpreter.
"""

import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT_IN_MEMORY = 256 * 1024
PIECE = 16 * 1024


_HERE = threading.local()


@contextmanager
def stepped_aside() -> Iterator[None]:
    """Leave one's place to somebody else while waiting for what others do (a password's hash), and take it again.

    Never with a transaction open: whoever takes the place may wait for its lock.
    """
    place: threading.BoundedSemaphore | None = getattr(_HERE, "place", None)
    if place is None:
        yield
        return
    place.release()
    try:
        yield
    finally:
        place.acquire()


class Turnstile:
    """A WSGI application around another one."""

    def __init__(self, app: "WSGIApplication", at_once: int, largest: Callable[[str], int]) -> None:
        """`at_once` requests work at a time; of a body at most `largest(path)` bytes are waited for, its rest is refused."""
        self._app, self._largest = app, largest
        self._free = threading.BoundedSemaphore(at_once)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Wait for the body, then for a free place; the answer is sent after the place was left."""
        if self._is_awaited(environ):
            environ["wsgi.input"] = self._received(environ["wsgi.input"], self._largest(environ["PATH_INFO"]))
        with self._free:
            _HERE.place = self._free
            try:
                return self._app(environ, start_response)
            finally:
                del _HERE.place

    def _is_awaited(self, environ: "WSGIEnvironment") -> bool:
        """Whether there is a body that the application will read: it refuses a longer one by its announced length."""
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length.isdigit():
            return 0 < int(length) <= self._largest(environ["PATH_INFO"])
        return "HTTP_TRANSFER_ENCODING" in environ

    def _received(self, incoming: IO[bytes], largest: int) -> IO[bytes]:
        # A little more than allowed of a body of unknown length, so that the application sees that it is too long.
        body = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - the application reads it after us
        left = largest + 1
        while left > 0 and (piece := incoming.read(min(PIECE, left))):
            body.write(piece)
            left -= len(piece)
        body.seek(0)
        return body
