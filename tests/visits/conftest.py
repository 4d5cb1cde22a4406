"""A register with the cast, and the import desk."""

import pytest
from sqlalchemy import select

from tests import people
from tests.imports.conftest import Desk, desk  # noqa: F401 - fixture
from vssid.kernel.db import reading, unit
from vssid.records.visits.models import Visit, VisitLine


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
