"""Pages that are the same for every visitor: kept ready, and shown also while the database is away."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, current_app, g, render_template, request, session
from itsdangerous import BadSignature
from sqlalchemy import Engine
from werkzeug.http import parse_cookie

from vssid.kernel.clock import moment_of, now
from vssid.web import choices, cookies
from vssid.web.guards import TOKEN_KEYS
from vssid.web.headers import unpacked
from vssid.web.i18n import LANGUAGES, best_of
from vssid.web.logs import QUIET
from vssid.web.shelf import LONGEST_QUERY, Copy, Counter, Key, Shelf

View = TypeVar("View", bound=Callable[..., Any])
_PERSONAL = {*TOKEN_KEYS.values(), "_flashes"}
_BANNER_PLACE = b'<main id="main"'
_NOTICE = re.compile(rb'<div class="board [^>]*data-ends="(\d+)">.*?</div>\n?', re.DOTALL)
_KEPT_TYPES = ("text/html", "application/json", "application/atom+xml", "text/csv")


def published(view: View) -> View:
    """A page that a visitor gets from the shelf: GET, no cookie, no form of ours, nothing personal. Written above `@public`."""
    view.__published__ = True  # type: ignore[attr-defined]
    return view


def is_published() -> bool:
    """Whether this request is for such a page."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method in ("GET", "HEAD") and getattr(view, "__published__", False)


def holds_until(moment: datetime) -> None:
    """Say that something on this page begins or ends then, so that no copy outlives it."""
    g.holds_until = min(moment.timestamp(), g.get("holds_until", float("inf")))


def init_app(app: Flask) -> None:
    """Keep what visitors were shown. Before the headers: what is registered earlier sees the answer later."""
    app.extensions["shelf"] = Shelf(app.config["DATA_DIR"] / "pages")
    app.after_request(_keep)


def open_counter(app: Flask, engine: Engine) -> None:
    """Answer from the shelf before anything else is asked."""
    shelf: Shelf = app.extensions["shelf"]
    shelf.watch(engine)
    app.wsgi_app = Counter(app.wsgi_app, shelf, _reader_of(app))  # type: ignore[method-assign]


def _reader_of(app: Flask) -> Callable[..., Key | None]:
    """How a request of this application is read: its key, or None where the answer is not for everybody.

    With `whoever` the key that a visitor would have.
    """
    hosts = frozenset(app.config["TRUSTED_HOSTS"])
    with app.app_context():
        names = {choice: cookies.full_name(choice.cookie) for choice in choices.ALL}
    parameters = {choice.parameter for choice in choices.ALL}
    session_name, lasts = app.config["SESSION_COOKIE_NAME"], int(app.permanent_session_lifetime.total_seconds())
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]

    def personal(sealed: str) -> bool:
        try:
            return not _PERSONAL.isdisjoint(signer.loads(sealed, max_age=lasts))
        except BadSignature:
            return False

    def key_of(environ: dict[str, Any], *, whoever: bool = False) -> Key | None:
        query = environ.get("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or len(query) > LONGEST_QUERY:
            return None
        if environ.get("HTTP_HOST", "").rsplit(":", 1)[0] not in hosts:
            return None
        chosen = dict(parse_qsl(query)) if query and any(name in query for name in parameters) else {}
        if chosen.keys() & parameters:
            if not whoever:
                return None  # it answers with a cookie
            query = urlencode({name: value for name, value in chosen.items() if name not in parameters})
        given = parse_cookie(environ) if "HTTP_COOKIE" in environ else {}
        if not whoever and session_name in given and personal(given[session_name]):
            return None
        wishes = [chosen.get(choice.parameter) or given.get(names[choice], "") for choice in choices.ALL]
        language, *others = (
            wish if wish in choice.values else "" for wish, choice in zip(wishes, choices.ALL, strict=True)
        )
        size, contrast, mode = (
            other or choice.values[0] for other, choice in zip(others, choices.ALL[1:], strict=True)
        )
        return Key(
            environ.get("PATH_INFO", ""),
            query,
            language if language in LANGUAGES else best_of(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
            size,
            contrast,
            mode,
            _wants_part(environ),
        )

    app.extensions["shelf.key"] = key_of
    return key_of


def _wants_part(environ: dict[str, Any]) -> bool:
    """As `htmx.is_fragment_request`, from the bare request."""
    whole = ("HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST")
    return environ.get("HTTP_HX_REQUEST") == "true" and not any(environ.get(name) == "true" for name in whole)


def _key(*, whoever: bool = False) -> Key | None:
    key: Key | None = current_app.extensions["shelf.key"](request.environ, whoever=whoever)
    return key


def _keep(response: Response) -> Response:
    """Keep a finished page, and answer with the copy."""
    if response.status_code in (404, 410) and is_published():
        current_app.extensions["shelf"].forget(request.environ.get("PATH_INFO", ""))
    if response.status_code != 200 or not is_published() or response.mimetype not in _KEPT_TYPES or g.get("of_before"):
        return response
    key = _key()
    if key is None or session.modified or "Set-Cookie" in response.headers:
        return response
    copy = Copy.of(unpacked(response), response.headers, g.get("holds_until", float("inf")))
    shelf: Shelf = current_app.extensions["shelf"]
    shelf.put(key, copy, on_disk=QUIET in request.environ)
    return _as_response(copy)


def _as_response(copy: Copy) -> Response:
    accepted, known = request.headers.get("Accept-Encoding", ""), request.headers.get("If-None-Match", "")
    status, headers, body = copy.answer(accepted, known)
    response = Response(body, status)
    response.headers.clear()
    response.headers.extend(headers)
    return response


def _without_what_is_over(body: bytes) -> bytes:
    """A copy without the notices that have ended since it was made."""
    at = now().timestamp()
    return _NOTICE.sub(lambda notice: notice[0] if int(notice[1]) > at else b"", body)


def last_known() -> Response | None:
    """This page as it was, under a banner that says what is down; None where there is no copy, or the page is not public."""
    key = _key(whoever=True) if is_published() else None
    found = current_app.extensions["shelf"].last_known(key) if key is not None else None
    if found is None:
        return None
    copy, answered = found
    g.of_before = True
    banner = render_template("parts/away.html", moment=moment_of(copy.made_at), answered=answered)
    body = _without_what_is_over(copy.body).replace(_BANNER_PLACE, banner.encode() + _BANNER_PLACE, 1)
    response = Response(body, 200 if answered else 503, mimetype=dict(copy.headers)["Content-Type"].partition(";")[0])
    response.headers["Retry-After"] = "30"
    return response
