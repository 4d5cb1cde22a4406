"""What the writer's page of a letter shows, whoever they are: codes, state, files, what was said."""

from typing import Any

from sqlalchemy.orm import Session

from vssid import directory
from vssid.kernel.clock import now, today
from vssid.support.feedback import queries
from vssid.support.feedback.models import Feedback
from vssid.support.feedback.rules import OPEN, Category, Kind, Status, may_reopen, spoken_code


def facts(found: Feedback) -> dict[str, Any]:
    """One line of a list."""
    status = Status(found.status)
    return {
        "letter": found,
        "code": spoken_code(found.code),
        "category": Category(found.category).label,
        "state": status,
        "late": status in (Status.NEW, Status.TAKEN) and today() > found.due_on,
    }


def page_of(db: Session, found: Feedback) -> dict[str, Any]:
    """The whole page."""
    status = Status(found.status)
    agency = directory.agency(db, found.agency_code) if found.agency_code else None
    return {
        **facts(found),
        "agency_to": agency.name if agency else "",
        "said": [(Kind(one.kind), one) for one in queries.messages_of(db, found.id, inner=False)],
        "files": queries.files_of(db, found.id),
        "is_open": status in OPEN,
        "may_reopen": may_reopen(status, found.answered_at, found.reopened, now()),
        "published": queries.published_of(db, found.id),
    }
