"""What several tests of this room begin with: a school, its files, and what its people have sent."""

import io
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests import people
from tests.organisations.conftest import agencies, elsewhere, officer, school
from vssid.kernel.db import reading, unit
from vssid.rosters.models import Roster, RosterRow

__all__ = ["agencies", "elsewhere", "officer", "school"]

HEADER = "ma_so_bhxh,ho_ten,ngay_sinh,lop_hoac_to,ma_so_bhxh_giam_ho"
UPLOAD = "/to-chuc/danh-sach/tai-len"
TITLE = "Năm học mẫu"
CHILD_ROW = f"{people.CHILD.ma_so},{people.CHILD.name},05/05/2019,1A,{people.GUARDIAN.ma_so}"


def row(n: int, class_: str = "1A", name: str = "") -> str:
    """A line of a roster about an invented child."""
    return f"79{n:08},{name or 'Nguyễn Bé Mẫu'},{1 + n % 28:02}/09/2018,{class_},"


def table(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines, ""]).encode()


@dataclass
class Desk:
    """A member who uploads, and a look into the rows."""

    client: Any
    engine: Any
    looks: list[str] = field(default_factory=list)

    def send(self, content: bytes, name: str = "lop.csv", title: str = TITLE) -> Any:
        data = {"title": title, "file": (io.BytesIO(content), name)}
        return people.post(self.client, UPLOAD, data, content_type="multipart/form-data")

    def look(self, content: bytes, **options: str) -> str:
        """Send a file that can be read; the page that shows what was found."""
        answer = self.send(content, **options)
        assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
        self.looks.append(answer.location)
        return self.client.get(answer.location).get_data(as_text=True)

    def save(self, content: bytes, drop_gone: bool = False, **options: str) -> Any:
        self.look(content, **options)
        data = {"drop_gone": "y"} if drop_gone else {}
        answer = people.post(self.client, f"{self.looks[-1]}/luu", data, self.looks[-1])
        assert answer.status_code == 303, answer.get_data(as_text=True)[-1500:]
        return answer

    @property
    def roster(self) -> Roster:
        with reading(self.engine) as db:
            return db.query(Roster).one()

    @property
    def rows(self) -> list[RosterRow]:
        with reading(self.engine) as db:
            return db.query(RosterRow).order_by(RosterRow.class_key, RosterRow.line).all()

    @property
    def path(self) -> str:
        return f"/to-chuc/danh-sach/{self.roster.id}"


def counts(html: str) -> dict[str, int]:
    """The figures of a look at a file."""
    return {name: int(n) for name, n in re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", html)}


@pytest.fixture
def desk(school, engine) -> Desk:
    return Desk(school.clerk, engine)


@pytest.fixture
def register(app, engine, agencies):
    """The specimen child and guardian stand in the register."""
    with app.app_context(), unit(engine) as db:
        people.add_person(db, people.GUARDIAN)
        people.add_person(db, people.CHILD)


@pytest.fixture
def declared(register, new_client):
    """The specimen child's declaration has been sent on the public path."""
    client = new_client()
    people.accept_terms(client)
    form = people.child_form(people.CHILD, people.GUARDIAN, phone=people.GUARDIAN.phone)
    assert people.post(client, "/dang-ky/tre-em/thong-tin", form).status_code == 303
    assert people.finish_child(client).status_code == 303
    return client
