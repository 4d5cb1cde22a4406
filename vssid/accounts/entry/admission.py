"""The last step of every way in: the session opened, the cookie set, whoever was signed in here before let out."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from flask import Response, current_app, request, session

from vssid.accounts.entrance import network
from vssid.accounts.entry import actions
from vssid.accounts.entry.actions import Browser
from vssid.accounts.rules import DEVICE_LIFE, ua_label
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.crypto import Keyring, token
from vssid.kernel.limits import Limiter
from vssid.settings import Settings
from vssid.web import cookies, db
from vssid.web.guards import TOKEN_KEYS, Actor, forget_actors, local_path

DEVICE_COOKIE = "device"
PENDING_KEY = "pending"


def settings() -> Settings:
    """This installation's."""
    return cast(Settings, current_app.config["SETTINGS"])


def keyring() -> Keyring:
    """The house's keys."""
    return cast(Keyring, current_app.extensions["keyring"])


def limiter() -> Limiter:
    """The house's counters."""
    return cast(Limiter, current_app.extensions["limiter"])


def device_token() -> str:
    """The secret of the device's long-lived cookie, a new one where there is none."""
    return cookies.get(DEVICE_COOKIE) or token()


def remember_device(response: Response, secret: str) -> None:
    """Let the browser keep the device's secret."""
    cookies.put(response, DEVICE_COOKIE, secret, DEVICE_LIFE.days)


def next_page() -> str:
    """Where to go once in: a path of this site."""
    return local_path(request.args.get("tiep"), "/")


def let_in(
    account_id: UUID, leaving: Actor | None, answer: Callable[[str], Response], *, proven: bool
) -> Response | None:
    """Sign the account in and answer with the page it wanted; None when a second proof is needed first.

    `leaving` is who was signed in here, asked before the unit of work began. Raises Refused where the account's state
    lets nobody in. `answer` commits.
    """
    at, secret = now(), device_token()
    if leaving is not None:
        actions.step_aside(db.session, leaving.id, leaving.session_id, at=at)
    browser = Browser(secret, str(ua_label(request.headers.get("User-Agent", ""))), network())
    opened = actions.sign_in(
        db.session, keyring(), account_id, browser, proven=proven, at=at, hotline=settings().hotline
    )
    if opened is None:
        return None
    response = answer(next_page())
    session.clear()
    session[TOKEN_KEYS[ActorKind.CITIZEN]] = opened
    forget_actors()
    remember_device(response, secret)
    if leaving is not None and leaving.id != account_id:
        response.headers["Clear-Site-Data"] = '"cache"'
    return response
