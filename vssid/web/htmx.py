"""What htmx tells us, with the gaps of htmx-flask filled: which requests want a part, and what caches must know."""

from typing import Any

from flask import Flask, Response, has_request_context, request
from htmx_flask import Htmx


def init_app(app: Flask) -> None:
    """Install the extension; both answers of an address say that they vary."""
    Htmx(app)

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("HX-Request")
        return response


def is_fragment_request() -> bool:
    """Whether htmx wants a part: boosted and history-restore requests get the whole page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def is_poll() -> bool:
    """Whether a page asks by itself how far something is (`tiep` in its address): nobody need be sitting there."""
    return has_request_context() and request.method == "GET" and "tiep" in request.args and is_fragment_request()
