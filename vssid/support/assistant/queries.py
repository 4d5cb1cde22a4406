"""Unanswered questions, most asked first."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from vssid.support.assistant.models import AssistantQuestion
from vssid.support.assistant.rules import State

PAGE = 25


class Page(NamedTuple):
    """Some questions, and where the list goes on."""

    rows: list[AssistantQuestion]
    following: str | None


def listing(db: Session, state: State, after: tuple[int, UUID] | None) -> Page:
    """The questions in a state, most asked first; `after` is the key of the last one shown."""
    key = tuple_(AssistantQuestion.times, AssistantQuestion.id)
    query = select(AssistantQuestion).where(AssistantQuestion.state == state)
    if after is not None:
        query = query.where(key < after)
    rows = list(db.scalars(query.order_by(AssistantQuestion.times.desc(), AssistantQuestion.id.desc()).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.times}_{last.id}" if last else None)


def one(db: Session, id: UUID) -> AssistantQuestion | None:
    """A question by its id."""
    return db.get(AssistantQuestion, id)
