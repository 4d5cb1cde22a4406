"""A child's day of birth is written as the reader writes days, and no more exactly than the register knows it."""

import pytest
from sqlalchemy import update

from tests import pages
from tests.records.contributions.conftest import Family, family  # noqa: F401 - a fixture
from vssid.kernel.db import unit
from vssid.records.models import Person


@pytest.mark.parametrize(
    ("language", "kept", "shown"),
    [
        ("vi", "2019-05-05", "5/5/2019"),
        ("en", "2019-05-05", "5 May 2019"),
        ("ko", "2019-05-05", "2019년 5월 5일"),
        ("zh", "2019-05-05", "2019年5月5日"),
        ("ja", "2019-05", "2019年5月"),
        ("en", "2019", "2019"),
    ],
)
def test_a_childs_day_of_birth_is_written_as_the_reader_writes_days(family: Family, language, kept, shown):  # noqa: F811
    with unit(family.engine) as db:
        db.execute(update(Person).where(Person.id == family.child).values(birth_date=kept))
    for path in ("/ca-nhan/gia-dinh", family.base_of_child):
        html = pages.get(family.client, f"{path}?lang={language}")
        assert shown in html
        assert "05/2019" not in html
    assert f"<dd>{shown}</dd>" in html
