"""Note what found no answer; write the answer or put the question aside; let go of what is old."""

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.labels import N_, Refused
from vssid.newsroom import Kind, Topic
from vssid.newsroom import actions as articles
from vssid.newsroom.rules import LONGEST_TITLE, Written
from vssid.officers import Officer
from vssid.support.assistant.models import AssistantQuestion
from vssid.support.assistant.rules import KEPT, MOST_KEPT, State, Tag, key_of, masked_question

GONE = N_("Câu hỏi này không còn nữa.")
DROPPED_AT_ONCE = 500


def note(db: Session, question: str, language: str, at: datetime) -> None:
    """Count a question that found no answer, or not the right one. Who asked is not kept."""
    key = key_of(question)
    if not key:
        return
    digest = hashlib.sha256(key.encode()).digest()
    row = db.scalar(select(AssistantQuestion).where(AssistantQuestion.digest == digest))
    if row is not None:
        row.times += 1
        row.last_at = max(at, row.last_at)
        return
    _make_room(db)
    db.add(
        AssistantQuestion(
            id=uuid4(), digest=digest, text=masked_question(question), language=language, first_at=at, last_at=at
        )
    )


def _make_room(db: Session) -> None:
    """Drop what was asked least, and longest ago, when the table is full."""
    count = db.scalar(select(func.count()).select_from(AssistantQuestion)) or 0
    if count >= MOST_KEPT:
        least = select(AssistantQuestion.id).order_by(AssistantQuestion.times, AssistantQuestion.last_at)
        db.execute(delete(AssistantQuestion).where(AssistantQuestion.id.in_(least.limit(count - MOST_KEPT + 1))))


def write_answer(db: Session, id: UUID, *, by: Officer, at: datetime) -> UUID:
    """Begin an article that answers a question; its title is the question. Returns the article's id."""
    row = _open(db, id)
    made = articles.make(db, Kind.FAQ, Topic.OTHER, "", Written(row.text[:LONGEST_TITLE]), by=by, at=at)
    db.flush()
    row.state, row.article_id = State.ANSWERED, made
    audit.record(db, Tag.ANSWERED, by.by, ("assistant_question", id), at)
    return made


def ignore(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Put a question aside: nobody has to answer it."""
    _open(db, id).state = State.IGNORED
    audit.record(db, Tag.IGNORED, by.by, ("assistant_question", id), at)


def _open(db: Session, id: UUID) -> AssistantQuestion:
    row = db.get(AssistantQuestion, id)
    if row is None or row.state != State.OPEN:
        raise Refused(GONE)
    return row


def forget_old(db: Session, at: datetime) -> bool:
    """Let go of questions that nobody has asked for half a year; True when there may be more."""
    old = select(AssistantQuestion.id).where(AssistantQuestion.last_at < at - KEPT)
    gone = db.execute(delete(AssistantQuestion).where(AssistantQuestion.id.in_(old.limit(DROPPED_AT_ONCE))))
    return bool(gone.rowcount == DROPPED_AT_ONCE)  # type: ignore[attr-defined]
