"""A visitor's acceptance of the terms travels in a signed cookie until there is somebody to note it for."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, current_app, url_for
from itsdangerous import BadData, URLSafeSerializer

from vssid.content.terms import PURPOSES, TERMS_VERSION, all_needed
from vssid.web import cookies

COOKIE = "terms"
_LIFE_DAYS = 400


@dataclass(frozen=True)
class Acceptance:
    """Which purposes a reader agreed to (and which not), in which version of the text."""

    version: str
    given: dict[str, bool]

    @property
    def enough(self) -> bool:
        """Whether it covers what registration needs, in today's text."""
        return self.version == TERMS_VERSION and all_needed(self.given)


Recorder = Callable[[Acceptance], None]


def on_acceptance(app: Flask, record: Recorder) -> None:
    """Let a room above note the acceptance of somebody who is signed in."""
    app.extensions["note_acceptance"] = record


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="terms")


def accepted() -> Acceptance | None:
    """What this browser's reader accepted, if anything of today's version."""
    try:
        version, codes = _signer().loads(cookies.get(COOKIE) or "")
    except (BadData, ValueError):
        return None
    if version != TERMS_VERSION:
        return None
    return Acceptance(version, {purpose.code: purpose.code in codes for purpose in PURPOSES})


def remember(response: Response, acceptance: Acceptance) -> None:
    """Put the acceptance into the cookie."""
    codes = [code for code, given in acceptance.given.items() if given]
    value = str(_signer().dumps([acceptance.version, codes]))
    cookies.put(response, COOKIE, value, _LIFE_DAYS)


def to_terms(back: str) -> str | None:
    """Where a visitor must go first before registering, or None when the terms are accepted."""
    given = accepted()
    if given is not None and given.enough:
        return None
    return url_for("content.start", tiep=back)
