"""What a check finds: what the code in the patient's hand is worth, and what the register says of the card now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from vssid.card import queries as cards
from vssid.card.strips import Strip, check
from vssid.card.strips import rules as strips
from vssid.kernel.crypto import Keyring
from vssid.kernel.files import FileStore, StoredFile
from vssid.records.models import Person
from vssid.records.queries import person_by
from vssid.records.rules import IdKind, PartialDate
from vssid.verifying.facility.reasons import Reason, Registered, reasons, tone_of
from vssid.verifying.facility.rules import Asked, ByNumber, Found, How, opens, same_birth


@dataclass(frozen=True)
class Source:
    """What a check needs of the house: the keys, the files, whether all persons here are invented."""

    keyring: Keyring
    files: FileStore
    specimen: bool


@dataclass(frozen=True)
class Answer:
    """What is found. `known` only where the counter may be told; `person_id` is whom the code or number names, if anybody."""

    how: How
    found: Found
    why: tuple[Reason, ...]
    known: Registered | None
    person_id: UUID | None
    kept_id: UUID | None

    @property
    def tone(self) -> str:
        """The colour of the screen."""
        return tone_of(self.found, self.why)

    @property
    def ma_so(self) -> str:
        """The number of the card that is shown, '' where none is."""
        return self.known.face.ma_so if self.known and self.known.face else ""


def answer(db: Session, source: Source, asked: Asked, today: date) -> Answer:
    """Judge what the counter asks about; reads only."""
    if asked.how is How.NUMBER:
        return _by_number(db, source, asked, today)
    checked = check(db, source.keyring, asked.text, today, specimen=source.specimen)
    spoken = strips.typed(asked.text)
    number = checked.strip.ma_so if checked.strip else spoken[0] if spoken else ""
    person = person_by(db, IdKind.MA_SO_BHXH, number) if number else None
    return _answer(db, source, asked.how, checked.verdict, person, today, checked.strip, checked.kept_id)


def _by_number(db: Session, source: Source, asked: Asked, today: date) -> Answer:
    """An unknown number and a wrong birth date are one answer."""
    person = person_by(db, asked.kind, asked.value) if asked.kind else None
    fits = person is not None and asked.birth and same_birth(PartialDate.parse(person.birth_date), asked.birth)
    return _answer(db, source, asked.how, asked.proof if fits else ByNumber.UNKNOWN, person, today)


def _answer(
    db: Session,
    source: Source,
    how: How,
    found: Found,
    person: Person | None,
    today: date,
    strip: Strip | None = None,
    kept_id: UUID | None = None,
) -> Answer:
    known = _registered(db, source, person, today) if person is not None and opens(found) else None
    why: tuple[Reason, ...] = (Reason.NO_CARD,) if opens(found) else ()
    if known is not None:
        why = reasons(known, strip, today)
    return Answer(how, found, why, known, person.id if person else None, kept_id)


def _registered(db: Session, source: Source, person: Person, today: date) -> Registered:
    holder = cards.holder(db, person.id, today)
    file = db.get(StoredFile, person.portrait_file_id) if person.portrait_file_id else None
    return Registered(
        person_id=person.id,
        full_name=person.full_name,
        birth=PartialDate.parse(person.birth_date),
        sex=person.sex,
        died=person.died_on is not None,
        face=holder.face if holder else None,
        portrait_file_id=person.portrait_file_id,
        photo=strips.photo_digest(source.files.read(file)) if file is not None else b"",
    )
