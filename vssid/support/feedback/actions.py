"""What happens to letters: sent, completed, reopened by who wrote them; taken, moved, answered, put aside by officers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from vssid import directory
from vssid.accounts import House
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.clock import day_of
from vssid.kernel.files import FileStore
from vssid.kernel.labels import Refused
from vssid.kernel.rows import table_of
from vssid.officers import Officer
from vssid.support.feedback import messages, queries
from vssid.support.feedback.attachments import Attached
from vssid.support.feedback.models import Feedback, FeedbackFile, FeedbackMessage
from vssid.support.feedback.rules import (
    ENDED,
    ENOUGH,
    MOST_MESSAGES,
    NO_SUCH_AGENCY,
    NO_UNDO,
    NOT_OPEN,
    OPEN,
    SAME_AGENCY,
    SPAM_UNDO,
    Kind,
    Letter,
    Status,
    Tag,
    check_reopen,
    words_of,
)


def send(
    db: Session,
    letter: Letter,
    files: Sequence[Attached],
    store: FileStore,
    *,
    id: UUID,
    code: str,
    secret_digest: bytes,
    writer: tuple[UUID, UUID] | None,
    by: By,
    at: datetime,
) -> Feedback:
    """Keep a letter and its cleaned files; its clock starts. `writer` are account and person, if there is an account.

    Raises Refused for an agency that does not exist.
    """
    if letter.agency_code is not None and directory.agency(db, letter.agency_code) is None:
        raise Refused(NO_SUCH_AGENCY, "agency")
    account_id, person_id = writer or (None, None)
    made = Feedback(
        id=id,
        code=code,
        secret_digest=secret_digest,
        account_id=account_id,
        person_id=person_id,
        agency_code=letter.agency_code,
        category=letter.category,
        subject=letter.subject,
        words=words_of(letter.subject, letter.text),
        name=letter.name,
        phone=letter.phone,
        email=letter.email,
        reply_to=letter.reply_to,
        language=letter.language,
        may_publish=letter.may_publish,
        status=Status.NEW,
        sent_at=at,
        due_on=queries.due_on(db, day_of(at)),
        reopened=0,
    )
    db.add(made)
    db.flush()
    _say(db, made.id, Kind.WORDS, letter.text, at)
    for position, one in enumerate(files):
        kept = store.put(db, one.body, one.media_type, at)
        db.flush()
        db.add(
            FeedbackFile(
                id=uuid4(), feedback_id=made.id, file_id=kept.id, position=position, name=one.name, size=one.size,
                fingerprint=one.fingerprint,
            )
        )  # fmt: skip
    db.flush()
    _noted(db, Tag.SENT, made, by, at)
    return made


def _say(db: Session, id: UUID, kind: Kind, text: str, at: datetime, officer: Officer | None = None) -> None:
    said = FeedbackMessage(
        id=uuid4(), feedback_id=id, kind=kind, text=text, at=at, officer_id=officer.id if officer else None
    )
    db.add(said)
    db.flush()


def _noted(db: Session, tag: Tag, found: Feedback, by: By, at: datetime, **detail: str) -> None:
    """About the person whose account wrote it, so that they read who looked; else about the letter."""
    person = queries.person_of(db, found)
    subject = ("person", person.id) if person else ("feedback", found.id)
    audit.record(db, tag, by, subject, at, feedback=str(found.id), **detail)


def note(db: Session, tag: Tag, found: Feedback, by: By, at: datetime, **detail: str) -> None:
    """Somebody opened a letter or a file of it."""
    _noted(db, tag, found, by, at, **detail)


def note_refused(db: Session, by: By, at: datetime) -> None:
    """Two codes opened nothing."""
    audit.record(db, Tag.FOLLOW_REFUSED, by, ("feedback", None), at)


def _change(db: Session, id: UUID, *still: ColumnElement[bool], **values: Any) -> Feedback | None:
    """Change a letter that is still as the caller saw it; None when somebody was faster."""
    changing = update(table_of(Feedback)).where(Feedback.id == id, *still).values(**values).returning(Feedback.id)
    if db.execute(changing).first() is None:
        return None
    return db.get_one(Feedback, id, populate_existing=True)


def _check_room(db: Session, id: UUID) -> None:
    said = db.scalar(select(func.count()).where(FeedbackMessage.feedback_id == id)) or 0
    if said >= MOST_MESSAGES:
        raise Refused(ENOUGH, "text")


# ---- the writer


def add_words(db: Session, id: UUID, text: str, *, by: By, at: datetime) -> Feedback:
    """“Bổ sung” while it is open; what was asked is answered by it. Raises Refused."""
    _check_room(db, id)
    found = db.get_one(Feedback, id)
    status = found.status
    if status == Status.ASKED:
        status = Status.TAKEN if found.assigned_to else Status.NEW
    changed = _change(db, id, Feedback.status == found.status, Feedback.status.in_(OPEN), status=status)
    if changed is None:
        raise Refused(NOT_OPEN, "text")
    _say(db, id, Kind.MORE, text, at)
    _noted(db, Tag.MORE, changed, by, at)
    return changed


def reopen(db: Session, id: UUID, text: str, *, by: By, at: datetime) -> Feedback:
    """The writer disagrees with the answer: it goes back to who gave it, with a new day. Raises Refused."""
    found = db.get_one(Feedback, id)
    check_reopen(Status(found.status), found.answered_at, found.reopened, at)
    changed = _change(
        db, id, Feedback.status == Status.ANSWERED, Feedback.reopened == found.reopened,
        status=Status.TAKEN if found.assigned_to else Status.NEW, reopened=found.reopened + 1, closed_at=None,
        due_on=queries.due_on(db, day_of(at)),
    )  # fmt: skip
    if changed is None:
        raise Refused(NOT_OPEN, "text")
    _say(db, id, Kind.REOPEN, text, at)
    _noted(db, Tag.REOPENED, changed, by, at)
    return changed


# ---- the officer


def take(db: Session, id: UUID, *, by: Officer, at: datetime) -> Feedback:
    """“Nhận xử lý”: the letter is this officer's, also when a colleague had taken it. Raises Refused."""
    found = db.get_one(Feedback, id)
    status = Status.ASKED if found.status == Status.ASKED else Status.TAKEN
    seen = Feedback.status == found.status, Feedback.status.in_(OPEN), _assigned(found)
    return _by_officer(db, Tag.TAKEN, id, *seen, by=by, at=at, status=status, assigned_to=by.id)


def _assigned(found: Feedback) -> ColumnElement[bool]:
    return Feedback.assigned_to.is_(None) if found.assigned_to is None else Feedback.assigned_to == found.assigned_to


def _by_officer(
    db: Session, tag: Tag, id: UUID, *still: ColumnElement[bool], by: Officer, at: datetime, **values: Any
) -> Feedback:
    changed = _change(db, id, *still, **values)
    if changed is None:
        raise Refused(ENDED)
    _noted(db, tag, changed, by.by, at, agency=by.agency_code)
    return changed


def move(db: Session, id: UUID, agency_code: str, reason: str, *, by: Officer, at: datetime) -> Feedback:
    """To another agency, with a reason that its officers read; the day stays. Raises Refused."""
    if directory.agency(db, agency_code) is None:
        raise Refused(NO_SUCH_AGENCY, "agency")
    found = db.get_one(Feedback, id)
    if found.agency_code == agency_code:
        raise Refused(SAME_AGENCY, "agency")
    _check_room(db, id)
    status = Status.ASKED if found.status == Status.ASKED else Status.NEW
    here = Feedback.agency_code.is_(None) if found.agency_code is None else Feedback.agency_code == found.agency_code
    changed = _by_officer(
        db, Tag.MOVED, id, here, Feedback.status.in_(OPEN), Feedback.status == found.status,
        by=by, at=at, status=status, agency_code=agency_code, assigned_to=None,
    )  # fmt: skip
    _say(db, id, Kind.MOVE, reason, at, by)
    return changed


def add_note(db: Session, id: UUID, text: str, *, by: Officer, at: datetime) -> Feedback:
    """A note between officers. Raises Refused."""
    _check_room(db, id)
    found = db.get_one(Feedback, id)
    _say(db, id, Kind.NOTE, text, at, by)
    _noted(db, Tag.NOTED, found, by.by, at, agency=by.agency_code)
    return found


def answer(db: Session, house: House, id: UUID, text: str, *, by: Officer, at: datetime, tell: bool = True) -> Feedback:
    """The answer, told to the writer. Exactly one officer gives it; raises Refused for the second."""
    changed = _by_officer(
        db, Tag.ANSWERED, id, Feedback.status.in_(OPEN),
        by=by, at=at, status=Status.ANSWERED, assigned_to=by.id, answered_at=at, closed_at=at,
    )  # fmt: skip
    _say(db, id, Kind.ANSWER, text, at, by)
    if tell:
        messages.tell(db, house, changed, Kind.ANSWER, at)
    return changed


def ask(db: Session, house: House, id: UUID, text: str, *, by: Officer, at: datetime, tell: bool = True) -> Feedback:
    """“Hỏi lại”: it waits for the writer. Raises Refused."""
    _check_room(db, id)
    changed = _by_officer(
        db, Tag.ASKED, id, Feedback.status.in_((Status.NEW, Status.TAKEN)),
        by=by, at=at, status=Status.ASKED, assigned_to=by.id,
    )  # fmt: skip
    _say(db, id, Kind.QUESTION, text, at, by)
    if tell:
        messages.tell(db, house, changed, Kind.QUESTION, at)
    return changed


def mark_spam(db: Session, id: UUID, *, by: Officer, at: datetime) -> Feedback:
    """Put it aside as spam; it is dropped after thirty days. Raises Refused."""
    return _by_officer(
        db, Tag.SPAM, id, Feedback.status.in_(OPEN), by=by, at=at, status=Status.SPAM, closed_at=at
    )  # fmt: skip


def undo_spam(db: Session, id: UUID, *, by: Officer, at: datetime) -> Feedback:
    """It was none: it waits again, with the day it had. Raises Refused after a week."""
    recent = Feedback.closed_at >= at - SPAM_UNDO
    found = db.get_one(Feedback, id)
    status = Status.TAKEN if found.assigned_to else Status.NEW
    changed = _change(db, id, Feedback.status == Status.SPAM, recent, status=status, closed_at=None)
    if changed is None:
        raise Refused(NO_UNDO)
    _noted(db, Tag.SPAM_UNDONE, changed, by.by, at, agency=by.agency_code)
    return changed
