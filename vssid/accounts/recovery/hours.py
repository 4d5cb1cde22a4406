"""How long a request waits by today's parameters."""

from datetime import timedelta

from vssid import directory
from vssid.accounts.recovery.rules import Way
from vssid.accounts.waiting import waiting_period
from vssid.kernel.clock import today
from vssid.kernel.db import reading
from vssid.web import db


def waiting_period_of(way: Way) -> timedelta:
    """How long a request waits that was confirmed this way, read outside of the request's unit of work."""
    with reading(db.engine()) as session:
        found = directory.parameter(session, way.parameter, today())
    return waiting_period(found.value if found else "")
