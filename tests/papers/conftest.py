"""A register with the cast, and the import desk, as for visits."""

import pytest
from sqlalchemy import select

from tests.imports.conftest import desk  # noqa: F401 - fixture
from tests.visits.conftest import Book, register  # noqa: F401 - fixture
from vssid.kernel.db import reading
from vssid.records.papers.models import Paper


class Folder(Book):
    """Imports papers and looks at what came of it."""

    def take_papers(self, content, *options, name="giay.xml", yes=True):
        return self.run("papers-xml", self.write(name, content), *options, yes=yes)

    def papers(self) -> list[Paper]:
        with self.app.app_context(), reading(self.engine) as db:
            return list(db.scalars(select(Paper).order_by(Paper.kind, Paper.number)))


@pytest.fixture
def folder(app, engine, tmp_path, register) -> Folder:  # noqa: F811 - fixture
    place = tmp_path / "files"
    place.mkdir()
    made = Folder(app, place)
    made.engine = engine
    return made
