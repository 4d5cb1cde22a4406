"""Requests that someone else's page made: a token on every form, and the browser's own word on where it came from."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect

from vssid.web.db import SAFE_METHODS

csrf = CSRFProtect()
View = TypeVar("View", bound=Callable[..., Any])


def without_token(view: View) -> View:
    """For views that trust no cookie: what they do needs a secret of its own, or changes nothing."""
    return cast(View, csrf.exempt(view))


class Sessions(SecureCookieSessionInterface):
    """The session cookie; no answer to somebody else's page writes it, or any other.

    Such a request came without the reader's own cookies (Lax), so the session of its error page is an empty one: kept,
    it would take the place of the reader's and sign them out.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write it, unless the request comes from elsewhere, whichever check has refused it."""
        if _from_elsewhere(app) or (response.status_code >= 400 and _without_session(app)):
            response.headers.remove("Set-Cookie")
            return
        super().save_session(app, session, response)


def _without_session(app: Flask) -> bool:
    """Whether this would change something and yet brought no session, as from a browser too old to say where it is from."""
    return request.method not in SAFE_METHODS and app.config["SESSION_COOKIE_NAME"] not in request.cookies


def _from_elsewhere(app: Flask) -> bool:
    """Whether the browser says that a page of another site sends this."""
    if request.method in SAFE_METHODS:
        return False
    origin = request.headers.get("Origin")
    own, local_names = app.extensions["origins"]
    if request.headers.get("Sec-Fetch-Site") not in (None, "same-origin", "none"):
        return True
    if origin is None or origin == own:
        return False
    try:
        found = urlsplit(origin)
    except ValueError:
        return True
    return found.hostname not in local_names or found.scheme != "http"


def init_app(app: Flask, public_url: str, development: bool) -> None:
    """Check Origin and Sec-Fetch-Site before the token; a token lives as long as its session."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False  # the Origin check below does that work, also behind a proxy
    app.extensions["origins"] = public_url, ("localhost", "127.0.0.1") if development else ()
    app.session_interface = Sessions()

    @app.before_request
    def check_origin() -> None:
        if _from_elsewhere(app):
            abort(403)

    csrf.init_app(app)
