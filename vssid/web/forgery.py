"""Requests that someone else's page made: a token on every form, and the browser's own word on where it came from."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_wtf import CSRFProtect

from vssid.web.db import SAFE_METHODS

csrf = CSRFProtect()
View = TypeVar("View", bound=Callable[..., Any])


def without_token(view: View) -> View:
    """For views that trust no cookie: what they do needs a secret of its own, or changes nothing."""
    return cast(View, csrf.exempt(view))


def init_app(app: Flask, public_url: str, development: bool) -> None:
    """Check Origin and Sec-Fetch-Site before the token; a token lives as long as its session."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False  # the Origin check below does that work, also behind a proxy
    allowed = {public_url}
    local_names = ("localhost", "127.0.0.1") if development else ()

    @app.before_request
    def check_origin() -> None:
        if request.method in SAFE_METHODS:
            return
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site")
        if site not in (None, "same-origin", "none"):
            abort(403)
        if origin is None or origin in allowed:
            return
        if urlsplit(origin).hostname not in local_names or urlsplit(origin).scheme != "http":
            abort(403)

    csrf.init_app(app)
