"""Filling an empty database: people in chunks of several transactions, then those who sign in and their declarations.

Everything that is chosen comes from `random.Random(seed)`; days are counted from today, because deadlines must make
sense on the day of the load. The same seed on the same day gives the same rows (sealed keys and files differ).
"""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from vssid import directory
from vssid.accounts.models import Account
from vssid.card.models import Card
from vssid.demo import cast, chats, declarations, letters, mark, offices, pictures
from vssid.demo.benefits import Payer
from vssid.demo.cards import Printer
from vssid.demo.declarations import DECLARANTS
from vssid.demo.histories import Chronicle
from vssid.demo.papers import Clerk
from vssid.demo.people import MAIN_WARD, PROVINCE, Ids, Someone, Village
from vssid.directory import listings
from vssid.directory.listings import Kind
from vssid.directory.models import Agency, CollectionPoint, Employer, Facility
from vssid.directory.rules import SYSTEM
from vssid.kernel import audit
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import day_of
from vssid.kernel.crypto import Keyring
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore
from vssid.kernel.images import Photo
from vssid.kernel.rows import table_of
from vssid.kernel.text import fold
from vssid.officers.models import Officer
from vssid.organisations.models import Organisation
from vssid.records import IdKind, PartialDate
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.contributions.models import Contribution
from vssid.records.models import Guardianship, Person, PersonIdentifier
from vssid.records.papers.models import Paper
from vssid.records.visits.models import Visit, VisitLine
from vssid.registration import Declaration, Side, Status
from vssid.registration.models import DeclarationPhoto, Draft

CHUNK = 5_000
FEWEST_PEOPLE = 200
_FILED_TOGETHER = 8
_LIVED_IN = (Person, Account, Officer, Organisation, Declaration, Draft, Agency, Facility, Card)


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    LOADED = "demo.loaded"


class NotEmpty(Exception):
    """The database holds something already: it is never filled with specimens."""


class NotReady(Exception):
    """The database has to be put in order first."""


@dataclass(frozen=True)
class House:
    """What loading needs of the application."""

    engine: Engine
    keyring: Keyring
    files: FileStore


# In the order of their foreign keys.
_OF_PEOPLE: tuple[type[Any], ...] = (
    Person, PersonIdentifier, Guardianship, Card, Contribution, Benefit, PensionAdjustment, Visit, VisitLine, Paper,
)  # fmt: skip


@dataclass
class _Chunk:
    """Rows that wait to be written together."""

    rows: dict[type[Any], list[dict[str, Any]]] = field(default_factory=lambda: {model: [] for model in _OF_PEOPLE})

    def write(self, engine: Engine) -> None:
        with unit(engine) as db:
            for model, rows in self.rows.items():
                if rows:
                    db.execute(insert(table_of(model)), rows)
                rows.clear()


@dataclass
class _Faces:
    """Whom the declarations need of all the people that pass by."""

    declarants: list[Someone] = field(default_factory=list)
    dead: Someone | None = None

    def look_at(self, household: list[Someone], loader: "Loader") -> None:
        if len(self.declarants) < DECLARANTS:
            self.declarants.extend(declarations.declarants(household, loader.today))
        if self.dead is None:
            self.dead = next((one for one in household if one.died_on and IdKind.CCCD in one.papers), None)


def check_empty(db: Session) -> None:
    """Raise NotEmpty, in words, unless nobody and nothing of a province is here yet; NotReady after a broken load."""
    state = mark.state(db)
    if state is mark.State.LOADED:
        raise NotEmpty("The specimen province is here already. A database that holds people is never filled again.")
    if state is mark.State.LOADING:
        raise NotReady("An earlier load did not finish. Start with a new database: remove this one, then load again.")
    for model in _LIVED_IN:
        if db.execute(select(table_of(model)).limit(1)).first() is not None:
            raise NotEmpty("A database that already holds people is never filled with specimens.")


class Loader:
    """One load of the specimen province."""

    def __init__(self, house: House, seed: int, at: datetime) -> None:
        """`at` is the present moment; the day it falls on in Vietnam is the load's today."""
        self._house, self._at, self.today = house, at, day_of(at)
        self._seed, self._rng, self._ids = seed, random.Random(seed), Ids(seed)  # noqa: S311 - choices among specimens
        self._wards: list[str] = []
        self._officers: dict[str, UUID] = {}

    def run(self, people: int, progress: Callable[[int], object]) -> dict[str, str]:
        """Load `people` persons and all around them; `progress` is told how many more are written.

        Returns the officers' authenticator keys by code. Raises NotEmpty or NotReady before anything is written.
        """
        hashes = cast.hashes()
        keys, facilities = self._open(hashes.officer)
        faces = self._populate(people, facilities, progress)
        self._declare(faces, hashes.citizen)
        return keys

    def _open(self, officer_hash: str) -> tuple[dict[str, str], list[str]]:
        """Mark, agencies, facilities and officers, all or nothing: from here on a second load is refused."""
        with reading(self._house.engine) as db:
            places = directory.places_in(db, PROVINCE)
        if not places:
            raise NotReady("The reference lists are missing. Run: .venv/bin/flask db upgrade")
        # A quarter of the people live in the main citizen's ward.
        codes = [place.code for place in places]
        self._wards = codes + [MAIN_WARD] * (len(codes) // 3)
        facilities = offices.facilities(places, PROVINCE)
        with unit(self._house.engine) as db:
            check_empty(db)
            mark.begin(db)
            db.execute(insert(table_of(Agency)), offices.agencies(places))
            db.execute(insert(table_of(Facility)), facilities)
            db.execute(insert(table_of(Employer)), offices.employers(places))
            db.execute(insert(table_of(CollectionPoint)), offices.collection_points(places, PROVINCE))
            listings.touch(db, *Kind, at=self._at)
            keys = cast.add_officers(db, self._house.keyring, self._rng, self._ids, officer_hash, self._at)
            self._officers = {row.code: row.id for row in db.execute(select(Officer.code, Officer.id))}
        return keys, [facility["code"] for facility in facilities if facility["bhyt_contract"]]

    def _populate(self, people: int, facilities: list[str], progress: Callable[[int], object]) -> _Faces:
        village = Village(self._rng, self._ids, self._wards, self.today)
        printer = Printer(self._rng, self._ids, facilities, self.today, self._at)
        payer = Payer(self._seed, self.today, self._at)
        chronicle = Chronicle(self._seed, facilities, self.today, self._at)
        clerk = Clerk(self._seed, facilities, self.today, self._at)
        chunk, faces = _Chunk(), _Faces()
        for household in village.households(people):
            faces.look_at(household, self)
            for who in household:
                self._note(chunk, who)
                chunk.rows[Card].extend(printer.cards_of(who))
                for model, row in itertools.chain(payer.paid_to(who), chronicle.of(who), clerk.of(who)):
                    chunk.rows[model].append(row)
            if len(chunk.rows[Person]) >= CHUNK:
                progress(len(chunk.rows[Person]))
                chunk.write(self._house.engine)
        progress(len(chunk.rows[Person]))
        chunk.write(self._house.engine)
        return faces

    def _note(self, chunk: _Chunk, who: Someone) -> None:
        person = self._person_row(who)
        chunk.rows[Person].append(person)
        numbers: list[tuple[IdKind, str, date | None]] = [(IdKind.MA_SO_BHXH, who.ma_so, None)]
        numbers += [(kind, value, None) for kind, value in who.papers.items()]
        if who.second_ma_so:
            numbers.append((IdKind.MA_SO_BHXH, who.second_ma_so, self.today))
        if who.has_ghost:
            ghost = {"id": self._ids.next(), "merged_into_id": who.id, "phone": "", "email": ""}
            chunk.rows[Person].append(person | ghost)
        chunk.rows[PersonIdentifier].extend(
            {"id": self._ids.next(), "person_id": who.id, "kind": kind, "value": value, "valid_to": ended}
            for kind, value, ended in numbers
        )
        chunk.rows[Guardianship].extend(
            {
                "id": self._ids.next(), "child_id": who.id, "guardian_id": guardian,
                "valid_from": PartialDate.parse(who.birth).first_day(), "valid_to": None, "source": "ban_mau",
            }
            for guardian in who.guardians
        )  # fmt: skip

    def _person_row(self, who: Someone) -> dict[str, Any]:
        return {
            "id": who.id, "full_name": who.name, "name_folded": fold(who.name), "birth_date": who.birth, "sex": who.sex,
            "phone": who.phone, "email": who.email, "address": who.home.address, "unit_system": SYSTEM,
            "province_code": PROVINCE, "ward_code": who.home.ward_code, "household_code": who.home.household_code,
            "household_relation": who.relation, "nationality": "VN", "died_on": who.died_on, "merged_into_id": None,
            "created_at": self._at, "updated_at": self._at,
        }  # fmt: skip

    def _declare(self, faces: _Faces, citizen_hash: str) -> None:
        """Declarations with their photos, the accounts of the approved ones, and the end of the load."""
        drawn_up = declarations.draw_up(
            self._rng, self._ids, faces.declarants, faces.dead, self._wards, self._officers, self._at
        )
        for batch in _batches(drawn_up, _FILED_TOGETHER):
            # Drawn before the transaction opens: nobody is to wait for a pencil.
            drawn = [(row, who, _drawn(row, who)) for row, who in batch]
            with unit(self._house.engine) as db:
                for row, who, photos in drawn:
                    self._file(db, row, who, photos)
        approved = [pair for pair in drawn_up if pair[0]["status"] is Status.APPROVED]
        with unit(self._house.engine) as db:
            cast.add_accounts(db, self._ids, approved, citizen_hash, self._at)
            cast.add_organisations(db, self._ids, citizen_hash, self._at)
            letters.add_letters(db, self._ids, self._officers, self._at)
            chats.add_chats(db, self._house.keyring, self._ids, self._officers, self._at)
            audit.record(db, Tag.LOADED, OPERATOR, ("database", None), self._at)
            mark.finish(db)

    def _file(self, db: Session, row: dict[str, Any], who: Someone, photos: dict[Side, Photo]) -> None:
        """One declaration, its consents and its three photos; an approved portrait becomes the person's."""
        approved = row["status"] is Status.APPROVED
        db.execute(insert(table_of(Declaration)), [row | {"person_id": who.id if approved else None}])
        cast.agree(db, ("declaration", row["id"]), row["sent_at"], reminders=row["wants_reminders"])
        for side, photo in photos.items():
            file, preview = (
                self._house.files.put(db, data, "image/jpeg", row["sent_at"]) for data in (photo.jpeg, photo.preview)
            )
            db.flush()
            kept = {"id": self._ids.next(), "draft_id": None, "declaration_id": row["id"], "side": side}
            kept |= {"file_id": file.id, "preview_id": preview.id, "saved_at": row["sent_at"]}
            db.execute(insert(table_of(DeclarationPhoto)), [kept])
            if approved and side is Side.PORTRAIT:
                db.execute(update(table_of(Person)).where(Person.id == who.id).values(portrait_file_id=file.id))


def _drawn(row: dict[str, Any], who: Someone) -> dict[Side, Photo]:
    bearer = pictures.Bearer(row["full_name"], row["id_number"], PartialDate.parse(who.birth).vn(), str(who.sex.label))
    return {
        Side.PORTRAIT: pictures.portrait(who.name),
        Side.FRONT: pictures.front(bearer),
        Side.BACK: pictures.back(),
    }


def _batches(rows: list[Any], size: int) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(itertools.islice(left, size)):
        yield batch
