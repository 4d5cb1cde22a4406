"""Reads of letters: one's own by account, a stranger's by both codes, an officer's by their agencies; what is published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from vssid import directory, records
from vssid.directory.models import Agency
from vssid.kernel.crypto import same
from vssid.kernel.days import working_day_after
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import Refused
from vssid.kernel.text import fold
from vssid.officers import Officer
from vssid.officers.models import Officer as OfficerRow
from vssid.support.feedback.models import Feedback, FeedbackFile, FeedbackMessage, PublishedAnswer
from vssid.support.feedback.rules import (
    DUE_DAYS,
    INNER,
    MOST_ALIKE,
    MOST_CANDIDATES,
    OPEN,
    OWN_FAMILY,
    Category,
    Kind,
    Status,
    about,
    alike,
    words_of,
)

PAGE = 25
MOST_SEARCHED = 8  # words


def due_on(db: Session, on: date) -> date:
    """Until when a letter of a day is answered. Raises LookupError where no parameter says it."""
    found = directory.parameter(db, DUE_DAYS, on)
    days = directory.whole_of(DUE_DAYS, found.value) if found else None
    if days is None:
        raise LookupError(f"the parameter {DUE_DAYS} has no readable value on {on}")
    return working_day_after(on, days)


def of_account(db: Session, id: UUID, account_id: UUID) -> Feedback | None:
    """A letter that this account has sent; others do not exist."""
    return db.scalar(select(Feedback).where(Feedback.id == id, Feedback.account_id == account_id))


def newest_of(db: Session, account_id: UUID, after: tuple[datetime, UUID] | None) -> list[Feedback]:
    """Letters of an account, newest first, at most one more than a page."""
    key = tuple_(Feedback.sent_at, Feedback.id)
    beyond = [key < after] if after else []
    query = select(Feedback).where(Feedback.account_id == account_id, *beyond)
    return list(db.scalars(query.order_by(Feedback.sent_at.desc(), Feedback.id.desc()).limit(PAGE + 1)))


def by_code(db: Session, code: str, secret_digest: bytes) -> Feedback | None:
    """The letter that both codes open; None for an unknown code and for a wrong second half alike."""
    found = db.scalar(select(Feedback).where(Feedback.code == code))
    return found if found is not None and same(found.secret_digest, secret_digest) else None


def id_for(db: Session, code: str, officer: Officer) -> UUID | None:
    """The letter of a code that somebody reads out on the telephone, if it is of the officer's agencies."""
    found = db.scalar(select(Feedback.id).where(Feedback.code == code))
    return found if found is not None and feedback_for(db, found, officer) is not None else None


def by_id(db: Session, id: UUID) -> Feedback | None:
    """A letter that this browser session has opened before."""
    return db.get(Feedback, id)


def messages_of(db: Session, id: UUID, *, inner: bool) -> list[FeedbackMessage]:
    """What was said, oldest first; between officers only where `inner`."""
    hidden = [] if inner else [FeedbackMessage.kind.not_in(INNER)]
    query = select(FeedbackMessage).where(FeedbackMessage.feedback_id == id, *hidden)
    return list(db.scalars(query.order_by(FeedbackMessage.at)))


def text_of(db: Session, id: UUID, kind: Kind) -> str:
    """The newest message of a kind; '' where there is none."""
    query = select(FeedbackMessage.text).where(FeedbackMessage.feedback_id == id, FeedbackMessage.kind == kind)
    return db.scalar(query.order_by(FeedbackMessage.at.desc()).limit(1)) or ""


def files_of(db: Session, id: UUID) -> list[FeedbackFile]:
    """The files of a letter, as they were sent."""
    query = select(FeedbackFile).where(FeedbackFile.feedback_id == id)
    return list(db.scalars(query.order_by(FeedbackFile.position)))


def file_of(db: Session, id: UUID, file_id: UUID) -> tuple[FeedbackFile, StoredFile] | None:
    """One of them with where it is kept."""
    query = select(FeedbackFile, StoredFile).join(StoredFile, StoredFile.id == FeedbackFile.file_id)
    found = db.execute(query.where(FeedbackFile.id == file_id, FeedbackFile.feedback_id == id)).first()
    return (found[0], found[1]) if found else None


def officer_codes(db: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Officers by the codes that colleagues know them by."""
    wanted = {id for id in ids if id is not None}
    if not wanted:
        return {}
    found = db.execute(select(OfficerRow.id, OfficerRow.code).where(OfficerRow.id.in_(wanted)))
    return {id: code for id, code in found}  # noqa: C416 - rows are no pairs for mypy


def agencies_below(db: Session, province: Agency | None) -> list[tuple[str, str]]:
    """The agencies below the province's as (code, name): the province's own needs no choice."""
    return [(one.code, one.name) for one in directory.agency_children(db, province.code)] if province else []


# ---- near duplicates


def nearest_published(db: Session, category: Category, words: str, at: datetime) -> list[PublishedAnswer]:
    """Published answers to what is asked, or to nearly the same, of the newest two hundred of the category."""
    shown = PublishedAnswer.withdrawn_at.is_(None), PublishedAnswer.category == category
    columns = (PublishedAnswer.id, PublishedAnswer.subject, PublishedAnswer.words)
    query = select(*columns).where(*shown, PublishedAnswer.published_at <= at)
    newest = query.order_by(PublishedAnswer.published_at.desc(), PublishedAnswer.id.desc()).limit(MOST_CANDIDATES)
    rows = [(str(id), words_of(subject), text) for id, subject, text in db.execute(newest)]
    same = about(words, ((id, title) for id, title, _text in rows))
    near = dict.fromkeys([*same, *alike(words, ((id, text) for id, _title, text in rows))])
    return [found for id in [*near][:MOST_ALIKE] if (found := db.get(PublishedAnswer, UUID(id)))]


def nearest_own(db: Session, account_id: UUID, words: str) -> list[Feedback]:
    """One's own letters that are not answered yet and say nearly the same."""
    query = select(Feedback).where(Feedback.account_id == account_id, Feedback.status.in_(OPEN))
    own = {str(one.id): one for one in db.scalars(query.order_by(Feedback.sent_at.desc()).limit(MOST_CANDIDATES))}
    return [own[id] for id in alike(words, ((id, one.words) for id, one in own.items()))]


def nearest_others(db: Session, found: Feedback, officer: Officer) -> list[Feedback]:
    """Letters of the same category that an officer sees, too, and that say nearly the same."""
    query = select(Feedback).where(Feedback.category == found.category, Feedback.id != found.id)
    seen = or_(*_of_agencies(db, officer)), Feedback.status != Status.SPAM
    newest = query.where(*seen).order_by(Feedback.sent_at.desc()).limit(MOST_CANDIDATES)
    others = {str(one.id): one for one in db.scalars(newest)}
    return [others[id] for id in alike(found.words, ((id, one.words) for id, one in others.items()))]


# ---- the desk


@dataclass(frozen=True)
class Wanted:
    """Which letters: of which states, of one category (None: any), only those taken by this officer."""

    states: tuple[Status, ...]
    category: Category | None = None
    mine: bool = False


class Page(NamedTuple):
    """One page of the queue and the key of the next."""

    rows: list[Feedback]
    following: str | None


def serves_all(db: Session, officer: Officer) -> bool:
    """Whether they answer what is addressed to no agency: the province's own."""
    own = directory.agency(db, officer.agency_code)
    return own is not None and not own.parent_code


def _of_agencies(db: Session, officer: Officer) -> list[ColumnElement[bool]]:
    """One condition for each agency whose letters an officer sees; what their own family wrote a colleague answers."""
    own: list[ColumnElement[bool]] = [Feedback.agency_code == agency for agency in officer.agencies]
    seen = [*own, Feedback.agency_code.is_(None)] if serves_all(db, officer) else own
    if not officer.ma_so_bhxh:
        return seen
    family = records.family_of(officer.ma_so_bhxh)
    strangers = or_(Feedback.person_id.is_(None), Feedback.person_id.not_in(family))
    return [one & strangers for one in seen]


def queue(db: Session, officer: Officer, wanted: Wanted, after: tuple[date, UUID] | None) -> Page:
    """Letters by the day on which they are to be answered, paged by key; those that have ended from the newest on.

    The first of each agency and state come straight from the index; only those are merged.
    """
    back = Status.ANSWERED in wanted.states or Status.SPAM in wanted.states
    key = tuple_(Feedback.due_on, Feedback.id)
    more = [key < after if back else key > after] if after else []
    more += [Feedback.category == wanted.category] if wanted.category else []
    more += [Feedback.assigned_to == officer.id] if wanted.mine else []
    parts = [
        select(Feedback.due_on, Feedback.id)
        .where(one, Feedback.status == state, *more)
        .order_by(*_in_order(Feedback.due_on, Feedback.id, back=back))
        .limit(PAGE + 1)
        .subquery()
        for one in _of_agencies(db, officer)
        for state in wanted.states
    ]
    every = union_all(*(select(part) for part in parts)).subquery()
    firsts = select(every).order_by(*_in_order(every.c.due_on, every.c.id, back=back)).limit(PAGE + 1).subquery()
    query = select(Feedback).join(firsts, firsts.c.id == Feedback.id)
    rows = list(db.scalars(query.order_by(*_in_order(Feedback.due_on, Feedback.id, back=back))))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.due_on.isoformat()}_{last.id}" if last else None)


def _in_order(*columns: Any, back: bool) -> list[Any]:
    return [column.desc() if back else column for column in columns]


def waiting_count(db: Session, officer: Officer) -> int:
    """How many letters wait for the officer's agencies; those that wait for their writer do not."""
    mine = or_(*_of_agencies(db, officer))
    waiting = Feedback.status.in_((Status.NEW, Status.TAKEN))
    return db.scalar(select(func.count()).where(mine, waiting)) or 0


def feedback_for(db: Session, id: UUID, officer: Officer) -> Feedback | None:
    """A letter to one of the officer's agencies; others do not exist for them.

    Raises Refused for their own and their family's: those are a colleague's.
    """
    found = db.get(Feedback, id)
    if found is None:
        return None
    if not serves_all(db, officer) if found.agency_code is None else found.agency_code not in officer.agencies:
        return None
    person = person_of(db, found)
    if person is not None and officer.ma_so_bhxh and records.is_family(db, officer.ma_so_bhxh, person):
        raise Refused(OWN_FAMILY)
    return found


def person_of(db: Session, found: Feedback) -> records.Person | None:
    """Whose account wrote it; None for somebody without one."""
    return records.person(db, found.person_id) if found.person_id else None


# ---- what is published


def published(db: Session, text: str, category: Category | None, after: tuple[datetime, UUID]) -> list[PublishedAnswer]:
    """Published answers that hold all the words of `text`, newest first from a key on, at most one more than a page."""
    where: list[ColumnElement[bool]] = [PublishedAnswer.withdrawn_at.is_(None)]
    where += [PublishedAnswer.category == category] if category else []
    where += [PublishedAnswer.folded.contains(word, autoescape=True) for word in fold(text).split()[:MOST_SEARCHED]]
    query = select(PublishedAnswer).where(*where, tuple_(PublishedAnswer.published_at, PublishedAnswer.id) < after)
    newest = query.order_by(PublishedAnswer.published_at.desc(), PublishedAnswer.id.desc())
    return list(db.scalars(newest.limit(PAGE + 1)))


def published_one(db: Session, id: UUID) -> PublishedAnswer | None:
    """One of them; what was withdrawn does not exist."""
    shown = PublishedAnswer.id == id, PublishedAnswer.withdrawn_at.is_(None)
    return db.scalar(select(PublishedAnswer).where(*shown))


def published_of(db: Session, feedback_id: UUID) -> PublishedAnswer | None:
    """What is published of a letter now."""
    of_it = PublishedAnswer.feedback_id == feedback_id, PublishedAnswer.withdrawn_at.is_(None)
    return db.scalar(select(PublishedAnswer).where(*of_it))
