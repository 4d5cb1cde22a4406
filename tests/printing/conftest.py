"""A school with a roster and a ward with its people, who have cards; two supervisors of the agency, and one of another."""

import re
import subprocess
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import func, select, update

from tests import people
from tests.card.conftest import hear
from tests.people import Specimen
from vssid.card.strips.models import KeptCard
from vssid.directory.models import Agency
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.text import fold
from vssid.printing import making
from vssid.printing.models import CardBatch, CardBatchItem
from vssid.records.models import Person
from vssid.rosters.models import Roster, RosterRow
from vssid.rosters.rules import class_key, new_row_code

__all__ = ["hear"]

HOME, WAITING = "/can-bo/in-the", "/can-bo/in-the/cho-dong-y"
REASON = "Đầu năm học, phát thẻ giấy cho học sinh"
# Of the province of the cast, and beside each other.
NEAR, FAR = "30307", "30316"
DAY = datetime(2026, 9, 7, 3, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def september():
    """A day on which the cast's cards hold."""
    with time_machine.travel(DAY, tick=True) as clock:
        yield clock


def specimen(n: int, name: str = "") -> Specimen:
    born = f"2018-09-{1 + n % 28:02}"
    return Specimen(name or f"Nguyễn Bé Mẫu {'ABCDEGHIKL'[n % 10]}", f"79{n:08}", "", born, "F", "")


@pytest.fixture
def agencies(engine):
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_agency(db, "08903", "BHXH cơ sở Mẫu Hai", "089")
        for code, ward in (("08902", NEAR), ("08903", FAR)):
            db.execute(update(Agency).where(Agency.code == code).values(ward_code=ward))


@pytest.fixture
def sign_in(app, engine, new_client, agencies):
    """A browser in which an officer of this code, agency and role is signed in."""

    def signed_in(code, agency="08902", role="giam_sat"):
        with app.app_context(), unit(engine) as db:
            setup = people.add_officer(app, db, code, agency, role)
        client = new_client()
        people.officer_signs_in(app, client, code, setup)
        return client

    return signed_in


@pytest.fixture
def first(sign_in):
    return sign_in("GS01")


@pytest.fixture
def second(sign_in, first):
    return sign_in("GS02")


def add_holder(engine, who: Specimen, *, card: bool = True, address: str = "Tổ 1", **more: Any) -> UUID:
    """Somebody of the register, with a card that holds unless said otherwise; `more` are columns of the person."""
    values = {name: more.pop(name) for name in ("valid_from", "valid_to", "status") if name in more}
    with unit(engine) as db:
        id = people.add_person(db, who)
        db.execute(update(Person).where(Person.id == id).values(address=address, **more))
        if card:
            people.add_card(db, id, who, **values)
    return id


@pytest.fixture
def school(app, engine, agencies) -> UUID:
    """The id of a school of the agency 08902."""
    with app.app_context(), unit(engine) as db:
        return people.add_organisation(app, db)


def add_roster(engine, school: UUID, rows: list[tuple[Specimen, str]], title: str = "Năm học mẫu") -> UUID:
    """A roster as the school wrote it: each with their class."""
    with unit(engine) as db:
        roster = Roster(
            id=uuid4(),
            organisation_id=school,
            title=title,
            title_folded=fold(title),
            created_at=now(),
            updated_at=now(),
        )
        db.add(roster)
        db.flush()
        for line, (who, name) in enumerate(rows, start=2):
            db.add(
                RosterRow(
                    id=uuid4(),
                    roster_id=roster.id,
                    line=line,
                    ma_so_bhxh=who.ma_so,
                    full_name=who.name,
                    name_folded=fold(who.name),
                    birth_date=who.birth,
                    class_name=name,
                    class_key=class_key(name),
                    guardian_ma_so="",
                    code=new_row_code(),
                )
            )
        return roster.id


def ask(client, engine, roster=None, ward="", reason=REASON, headers=None, **more):
    """A wish as the preview's form sends it."""
    data = {"danh-sach": str(roster or ""), "phuong-xa": ward, "reason": reason, **more}
    return people.post(client, HOME, data, headers=headers or {})


def the_batch(engine) -> CardBatch:
    with reading(engine) as db:
        return db.scalars(select(CardBatch).order_by(CardBatch.asked_at.desc())).first()


def rows_of(engine, model, *order) -> list[Any]:
    with reading(engine) as db:
        return list(db.scalars(select(model).order_by(*order)))


def how_many(engine, model) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(model))


def items(engine) -> list[CardBatchItem]:
    return rows_of(engine, CardBatchItem, CardBatchItem.position)


def kept(engine) -> list[KeptCard]:
    return rows_of(engine, KeptCard, KeptCard.created_at)


def tags(engine, prefix="card_batch.") -> list[str]:
    return [one.tag for one in rows_of(engine, AuditEntry, AuditEntry.id) if one.tag.startswith(prefix)]


def act(client, engine, name, **options):
    page = WAITING if name == "dong-y" else HOME
    return people.post(client, f"{HOME}/{the_batch(engine).id}/{name}", page=page, **options)


def agreed(engine, first, second, **wanted) -> CardBatch:
    assert ask(first, engine, **wanted).status_code == 303
    assert act(second, engine, "dong-y").status_code == 303
    return the_batch(engine)


def made(app, engine, first, second, **wanted) -> bytes:
    """The whole way; the PDF as the first supervisor gets it."""
    batch = agreed(engine, first, second, **wanted)
    while making.make_next(app, now()):
        pass
    answer = first.get(f"{HOME}/{batch.id}/the-bhyt.pdf")
    assert answer.status_code == 200
    return answer.data


def text_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def names_in(text: str) -> list[str]:
    return re.findall(r"Họ và tên: ([A-ZĐĂÂÊÔƠƯÀ-Ỹ ]+?)(?: {2,}|\n)", text)


@pytest.fixture
def classes(engine, school):
    """Two classes, the second one first in the file; one of each kind who gets no card."""
    rows = []
    for n in range(6):
        who = specimen(n)
        add_holder(engine, who)
        rows.append((who, "2A" if n < 2 else "10B"))
    strange = specimen(20, "Lê Mẫu Không Có")
    dead, cardless, gone = (specimen(n, f"Lê Mẫu {what}") for n, what in ((21, "Mất"), (22, "Chưa"), (23, "Thu")))
    add_holder(engine, dead, died_on=date(2026, 2, 2))
    add_holder(engine, cardless, card=False)
    add_holder(engine, gone, status="thu_hoi")
    over, wrong = specimen(24, "Lê Mẫu Hết"), specimen(25, "Lê Mẫu Sai")
    add_holder(engine, over, valid_to=date(2026, 3, 31))
    add_holder(engine, wrong)
    wrong = specimen(25, "Lê Mẫu Khác Tên")
    merged = specimen(26, "Lê Mẫu Gộp")
    into = add_holder(engine, specimen(27))
    add_holder(engine, merged, merged_into_id=into)
    rows += [(who, "2A") for who in (strange, dead, cardless, gone, over, wrong, merged)]
    return add_roster(engine, school, rows)
