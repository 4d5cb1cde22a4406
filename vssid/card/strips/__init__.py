"""Strips: what a card shows for one day, signed, so that anybody can check it without network. Door."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from vssid.card.strips import actions, queries
from vssid.card.strips.checking import Checked, check, looks_like
from vssid.card.strips.rules import Strip, Verdict, initials, typed
from vssid.kernel.db import reading
from vssid.web import db as web


def _sweep(db: Session, at: datetime) -> None:
    # Looked for beside the job's transaction, which holds the one write lock only for what is found.
    with reading(web.engine()) as beside:
        found = list(queries.to_end(beside, at))
    actions.sweep(db, found, at)


JOBS = (
    ("card.strips.sweep", timedelta(minutes=10), _sweep),
    ("card.strips.purge", timedelta(hours=6), actions.purge),
)

__all__ = ["JOBS", "Checked", "Strip", "Verdict", "check", "initials", "looks_like", "typed"]
