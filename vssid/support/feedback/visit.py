"""Which letter this browser has opened without an account: half an hour, so that a shared phone does not keep it."""

from datetime import timedelta
from uuid import UUID

from flask import session

from vssid.kernel.clock import now

KEPT = timedelta(minutes=30)
_KEY = "feedback"


def keep_open(id: UUID, secret: str = "") -> None:
    """Open a letter for this browser; `secret` is shown on the receipt of who has just sent it."""
    session[_KEY] = [str(id), secret, int((now() + KEPT).timestamp())]


def opened() -> tuple[UUID, str] | None:
    """The letter that is open, and the secret to show ('' for none)."""
    kept = session.get(_KEY)
    if not kept or kept[2] < now().timestamp():
        session.pop(_KEY, None)
        return None
    return UUID(kept[0]), kept[1]


def close() -> None:
    """Forget it."""
    session.pop(_KEY, None)
