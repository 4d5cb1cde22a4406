"""What somebody asked in vain and now asks a person: it stands in the next letter or chat of this browser until that is sent."""

from datetime import timedelta

from flask import session

from vssid.kernel.clock import now

KEPT = timedelta(minutes=30)
LONGEST = 300
_KEY = "begun"


def begin_with(text: str) -> None:
    """Have the next letter or chat begin with these words."""
    session[_KEY] = [text[:LONGEST], int((now() + KEPT).timestamp())]


def words() -> str:
    """Those words; '' where there are none, or nobody sent them within half an hour."""
    text, until = session.get(_KEY) or ("", 0)
    return str(text) if until > now().timestamp() else ""


def sent() -> None:
    """They have reached somebody."""
    session.pop(_KEY, None)
