"""How often is often enough: counted before the register is asked, by what was typed and never by what was found."""

from flask import current_app, session

from vssid import accounts
from vssid.kernel.audit import By
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.limits import Limiter
from vssid.lookups import actions
from vssid.lookups.rules import DEVICE_LIMIT, IDENTITY_LIMIT, NETWORK_LIMIT, QUESTION_LIMIT, Asked, Brake, price
from vssid.web import cookies, db

_DEVICE_COOKIE = "device"  # as the room of accounts names it


def _limiter() -> Limiter:
    found: Limiter = current_app.extensions["limiter"]
    return found


def price_here() -> int:
    """What the captcha costs this network now, in times of the usual work."""
    with reading(db.engine()) as session_:
        return price(_limiter().used(session_, "lookup-network", accounts.network(), now()))


def brake(asked: Asked, by_work: bool, by: By) -> Brake | None:
    """Count one look-up, in a transaction of its own; the limit that it is over, if it is over one."""
    at, limiter, network = now(), _limiter(), accounts.network()
    with unit(db.engine()) as session_:
        limiter.allow_within(session_, "lookup-network", network, *NETWORK_LIMIT, at)
        busy = price(limiter.used(session_, "lookup-network", network, at)) > 1
        counted = [("question", network, QUESTION_LIMIT, Brake.QUESTION)] if busy and not by_work else []
        counted += [("device", device, DEVICE_LIMIT, Brake.DEVICE) for device in _devices()]
        counted += [("paper", asked.id_number, IDENTITY_LIMIT, Brake.IDENTITY)]
        counted += [("name", asked.by_name, IDENTITY_LIMIT, Brake.IDENTITY)]
        for what, whom, limit, reached in counted:
            if not limiter.allow_within(session_, f"lookup-{what}", whom, *limit, at):
                actions.note_brake(session_, reached, by=by, at=at)
                return reached
    return None


def _devices() -> list[str]:
    """This browser: by its session, whose token the form must bear, and by the cookie of a device that once signed in."""
    device = cookies.get(_DEVICE_COOKIE)
    return [session["csrf_token"], *([device] if device else [])]
