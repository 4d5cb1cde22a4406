"""Publishing a question and its answer as an officer rewrote them, withdrawing it, and dropping what is old."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid import directory
from vssid.kernel.clock import day_of
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import Refused
from vssid.kernel.rows import table_of
from vssid.kernel.text import fold
from vssid.officers import Officer
from vssid.support.feedback import actions, queries
from vssid.support.feedback.models import Feedback, FeedbackFile, FeedbackMessage, PublishedAnswer
from vssid.support.feedback.rules import (
    KEPT_MONTHS,
    NO_CONSENT,
    NOT_ANSWERED,
    PUBLISHED_ALREADY,
    SPAM_KEPT,
    Status,
    Tag,
    check_anonymous,
    words_of,
)

FORGOTTEN_AT_ONCE = 50
DAYS_A_MONTH = 31


def name_of_writer(db: Session, found: Feedback) -> str:
    """The name that must not be published: of the account, else as it was typed."""
    person = queries.person_of(db, found)
    return person.full_name if person else found.name


def publish(
    db: Session, id: UUID, subject: str, question: str, answer: str, *, by: Officer, at: datetime
) -> PublishedAnswer:
    """Show it to everybody. Raises Refused without consent, before the answer, twice, and while a text names somebody."""
    found = db.get_one(Feedback, id)
    if not found.may_publish:
        raise Refused(NO_CONSENT)
    if found.status != Status.ANSWERED:
        raise Refused(NOT_ANSWERED)
    if queries.published_of(db, id) is not None:
        raise Refused(PUBLISHED_ALREADY)
    check_anonymous(name_of_writer(db, found), subject=subject, question=question, answer=answer)
    made = PublishedAnswer(
        id=uuid4(),
        feedback_id=id,
        category=found.category,
        agency_code=found.agency_code,
        subject=subject,
        question=question,
        answer=answer,
        folded=fold(f"{subject} {question} {answer}"),
        words=words_of(subject, question),
        published_at=at,
        published_by=by.id,
    )
    db.add(made)
    db.flush()
    actions.note(db, Tag.PUBLISHED, found, by.by, at, agency=by.agency_code)
    return made


def withdraw(db: Session, found: Feedback, *, by: Officer, at: datetime) -> None:
    """Nobody reads it any more; doing it twice changes nothing."""
    shown = PublishedAnswer.feedback_id == found.id, PublishedAnswer.withdrawn_at.is_(None)
    taking = update(table_of(PublishedAnswer)).where(*shown).values(withdrawn_at=at, withdrawn_by=by.id)
    if db.execute(taking.returning(PublishedAnswer.id)).first() is not None:
        actions.note(db, Tag.WITHDRAWN, found, by.by, at, agency=by.agency_code)


def forget_old(db: Session, at: datetime) -> bool:
    """Drop letters that ended long ago, with their files' keys, some at once; True while there may be more.

    What was published stays: it holds no person.
    """
    before = {Status.SPAM: at - SPAM_KEPT}
    found = directory.parameter(db, KEPT_MONTHS, day_of(at))
    months = directory.whole_of(KEPT_MONTHS, found.value) if found else None
    if months:
        before[Status.ANSWERED] = at - timedelta(days=DAYS_A_MONTH * months)
    return max([_forget(db, status, moment) for status, moment in before.items()])


def _forget(db: Session, status: Status, before: datetime) -> bool:
    old = Feedback.status == status, Feedback.closed_at < before
    ids = list(db.scalars(select(Feedback.id).where(*old).limit(FORGOTTEN_AT_ONCE)))
    if not ids:
        return False
    files = list(db.scalars(select(FeedbackFile.file_id).where(FeedbackFile.feedback_id.in_(ids))))
    db.execute(delete(table_of(FeedbackFile)).where(FeedbackFile.feedback_id.in_(ids)))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_(files)))
    db.execute(delete(table_of(FeedbackMessage)).where(FeedbackMessage.feedback_id.in_(ids)))
    of_them = PublishedAnswer.feedback_id.in_(ids)
    db.execute(update(table_of(PublishedAnswer)).where(of_them).values(feedback_id=None))
    db.execute(delete(table_of(Feedback)).where(Feedback.id.in_(ids)))
    return len(ids) == FORGOTTEN_AT_ONCE
