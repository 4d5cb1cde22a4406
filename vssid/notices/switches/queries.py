"""Which services rest."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.notices.switches.models import ServiceStop
from vssid.notices.switches.rules import Stop


def stops(db: Session, at: datetime) -> dict[str, Stop]:
    """Those whose time is not over at `at`, by service."""
    rows = db.scalars(select(ServiceStop).where(ServiceStop.until > at))
    return {row.service: Stop(row.service, row.words, row.since, row.until, row.version) for row in rows}
