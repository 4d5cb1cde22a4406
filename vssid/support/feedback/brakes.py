"""How often is often enough: work costs more where much is sent, and nobody's spam closes the door to others."""

from flask import current_app

from vssid import accounts
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.kernel.limits import Limiter
from vssid.support.feedback.rules import (
    ACCOUNT_LIMIT,
    FOLLOW_LIMIT,
    FOLLOWS_LIMIT,
    HOUSE_LIMIT,
    MANY_GUESSES,
    MESSAGE_LIMIT,
    MORE_LIMIT,
    NETWORK_LIMIT,
    QUESTION_LIMIT,
    TOO_MANY,
    TOO_MANY_HERE,
    TOO_OFTEN,
    UPLOAD_LIMIT,
    price,
)
from vssid.web import db


def _limiter() -> Limiter:
    found: Limiter = current_app.extensions["limiter"]
    return found


def price_here() -> int:
    """What the captcha costs this network now, in times of the usual work."""
    with reading(db.engine()) as session:
        return price(_limiter().used(session, "feedback-network", accounts.network(), now()))


def count(account_id: str, by_work: bool) -> None:
    """Count one letter. Raises Refused: five a day for an account; of others by what their network and all of them sent.

    An account has an allowance of its own, so whoever is locked out by a neighbour's spam signs in.
    """
    at, limiter, network = now(), _limiter(), accounts.network()
    if account_id:
        if not limiter.allow("feedback-account", account_id, *ACCOUNT_LIMIT, at):
            raise Refused(TOO_OFTEN)
        return
    busy = price_here() > 1
    if not limiter.allow("feedback-network", network, *NETWORK_LIMIT, at):
        raise Refused(TOO_MANY_HERE)
    if busy and not by_work and not limiter.allow("feedback-question", network, *QUESTION_LIMIT, at):
        raise Refused(TOO_MANY_HERE)
    if not limiter.allow("feedback-house", "", *HOUSE_LIMIT, at):
        raise Refused(TOO_MANY)


def count_upload(account_id: str) -> None:
    """Count one letter with files before they are opened: opening them is the dear part. Raises Refused."""
    if not _limiter().allow("feedback-upload", account_id or accounts.network(), *UPLOAD_LIMIT, now()):
        raise Refused(TOO_OFTEN if account_id else TOO_MANY_HERE)


def count_guess(code: str) -> None:
    """Count one try to open a letter. Raises Refused. By network and code: nobody else is shut out of theirs."""
    network = accounts.network()
    counts = [
        ("feedback-follow", f"{network} {code}", *FOLLOW_LIMIT),
        ("feedback-follows", network, *FOLLOWS_LIMIT),
    ]
    if not _limiter().allow_all(counts, now()):
        raise Refused(MANY_GUESSES)


def count_more(id: str) -> None:
    """Count one message to a letter. Raises Refused."""
    if not _limiter().allow("feedback-more", id, *MORE_LIMIT, now()):
        raise Refused(TOO_OFTEN, "text")


def may_tell(contact: str) -> bool:
    """Count one message to a contact that nobody has proven; False when it had enough of them today."""
    return not contact or _limiter().allow("feedback-tell", contact, *MESSAGE_LIMIT, now())
