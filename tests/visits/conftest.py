"""A register with the cast, and the import desk."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from tests import pages, people
from tests.imports.conftest import Desk, desk  # noqa: F401 - fixture
from vssid import accounts
from vssid.content import TERMS_DIGEST, TERMS_VERSION
from vssid.directory.models import Facility
from vssid.kernel.audit import OPERATOR, AuditEntry
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.text import fold
from vssid.records.models import Guardianship, Person
from vssid.records.rules import CHILD_CONSENT
from vssid.records.visits.models import Visit, VisitLine

BOOK = "/ca-nhan/so-kham"
HIV = {"MA_BENH_CHINH": "B20.1", "CHAN_DOAN_RV": "Bệnh nhạy cảm mẫu", "MA_BENH_KT": ""}


class Book(Desk):
    """Imports hospital files and looks at what came of it."""

    def take(self, content, *options, name="ho-so.xml", yes=True):
        return self.run("claims-xml", self.write(name, content), *options, yes=yes)

    def visits(self) -> list[Visit]:
        with self.app.app_context(), reading(self.engine) as db:
            return list(db.scalars(select(Visit).order_by(Visit.link_code)))

    def lines(self) -> list[VisitLine]:
        with self.app.app_context(), reading(self.engine) as db:
            query = select(VisitLine).join(Visit, Visit.id == VisitLine.visit_id)
            return list(db.scalars(query.order_by(Visit.link_code, VisitLine.ordinal)))

    def words(self, name="ho-so.xml") -> list[tuple[str, str]]:
        return [(row["cot"], row["loi"]) for row in self.errors(name)]


@pytest.fixture
def register(engine) -> dict[str, object]:
    with unit(engine) as db:
        return {
            who.ma_so: people.add_person(db, who)
            for who in (people.CITIZEN, people.STRANGER, people.GUARDIAN, people.CHILD)
        }


@pytest.fixture
def book(app, engine, tmp_path, register) -> Book:
    folder = tmp_path / "files"
    folder.mkdir()
    made = Book(app, folder)
    made.engine = engine
    return made


@pytest.fixture
def citizen(app, engine, book, new_client):
    return signed_in(app, engine, new_client, people.CITIZEN)


@pytest.fixture
def guardian(app, engine, book, register, new_client):
    """A guardian who has agreed for the child."""
    client = signed_in(app, engine, new_client, people.GUARDIAN)
    child = register[people.CHILD.ma_so]
    with app.app_context(), unit(engine) as db:
        db.add(
            Guardianship(
                id=uuid4(), child_id=child, guardian_id=register[people.GUARDIAN.ma_so], valid_from=date(2020, 1, 1),
                valid_to=None, source="import",
            )
        )  # fmt: skip
        accounts.record_consent(
            db, ("person", child), {CHILD_CONSENT: True}, TERMS_VERSION, TERMS_DIGEST, by=OPERATOR, at=now()
        )
    return client


def signed_in(app, engine, new_client, who):
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, who)
        if db.get(Facility, "89012") is None:
            name = "Bệnh viện Đa khoa Khu vực Mẫu"
            db.add(Facility(code="89012", name=name, folded=fold(name), province_code="91"))
    client = new_client()
    people.citizen_signs_in(app, client, who.ma_so)
    return client


def child_of(who) -> dict[str, str]:
    return {"MA_THE_BHYT": who.ma_so, "SO_CCCD": ""}


def tags(engine) -> list[tuple[str, str, str]]:
    with reading(engine) as db:
        rows = db.scalars(select(AuditEntry).where(AuditEntry.tag.like("visit%")).order_by(AuditEntry.id))
        return [(row.tag, row.actor_kind, row.subject_kind) for row in rows]


def born(engine, person: UUID, years: int, days: int = 0) -> None:
    day = today().replace(year=today().year - years) + timedelta(days=days)
    with unit(engine) as db:
        db.get_one(Person, person).birth_date = day.isoformat()


def counted(engine, client, path: str, *, whole: bool = True, reads: bool = False) -> tuple[str, int]:
    statements: list[str] = []

    def hear(_connection, _cursor, statement, *_rest):
        # On PostgreSQL the lock of one that writes is taken by a SELECT.
        kinds = ("SELECT",) if reads else ("SELECT", "INSERT", "UPDATE", "DELETE")
        if statement.split()[0] in kinds and "set_config" not in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        text = pages.get(client, path) if whole else client.get(path).get_data().decode(errors="replace")
        return text, len(statements)
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def walk_pages(engine, client, room: str, pattern: str) -> None:
    """From the first page of five hundred rows to the last: each once, newest first by what `pattern` finds, few statements a page."""
    seen, path, days = [], room, []
    while path:
        html, count = counted(engine, client, path)
        assert 0 < count <= 8, count
        seen += re.findall(rf'href="{room}/([0-9a-f-]{{36}})"', html)
        days += re.findall(pattern, html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        path = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 500
    spelt = [tuple(int(part) for part in reversed(day.split("/"))) for day in days]
    assert spelt == sorted(spelt, reverse=True)
    _html, count = counted(engine, client, f"{room}/{seen[0]}")
    assert count <= 8
