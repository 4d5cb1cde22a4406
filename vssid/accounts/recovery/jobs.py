"""What happens to requests by themselves: their hour comes, half of the wait is over, they run out, they are forgotten."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid.accounts.house import House
from vssid.accounts.recovery import actions, rules
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.accounts.recovery.rules import Status
from vssid.kernel.batches import each_alone

BATCH = 200


def apply_due(db: Session, house: House, at: datetime) -> int:
    """Do what waited for its hour; returns how many. Works off what is due, so a stop only makes it late."""
    due = select(RecoveryRequest).where(RecoveryRequest.status == Status.WAITING, RecoveryRequest.effective_at <= at)
    found = db.scalars(due.limit(BATCH))
    return each_alone(db, "recovery", found, lambda request: actions.finish(db, house, request, at=at))


def remind(db: Session, house: House, at: datetime) -> int:
    """Tell contacts once more of what waits, at half of the wait; returns of how many requests."""
    due = select(RecoveryRequest).where(RecoveryRequest.status == Status.WAITING, RecoveryRequest.remind_at <= at)
    found = db.scalars(due.limit(BATCH))
    return each_alone(db, "recovery reminder", found, lambda request: actions.remind(db, house, request, at=at))


def purge(db: Session, at: datetime) -> None:
    """End what nobody confirmed in time, with its password; drop what ended three months ago."""
    late = RecoveryRequest.status.in_((Status.ASKED, Status.SECOND)), RecoveryRequest.expires_at <= at
    gone = {"status": Status.EXPIRED, "ended_at": at, "password_hash": None, "stop_digest": None}
    # Nothing of these rows is in this session.
    db.execute(update(RecoveryRequest).where(*late).values(gone), execution_options={"synchronize_session": False})
    db.execute(delete(RecoveryRequest).where(RecoveryRequest.ended_at < at - rules.KEEP_ENDED))
