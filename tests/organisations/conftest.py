"""What several tests of this room begin with: a school with a manager and a clerk, and another employer."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests import people
from vssid.kernel.db import reading, unit
from vssid.organisations.models import Member
from vssid.organisations.queries import by_phone

MANAGER, CLERK, OTHER = "0900000201", "0900000202", "0900000203"


def row_of(engine: Any, phone: str) -> Member | None:
    """The member of a phone as they stand now."""
    with reading(engine) as db:
        return by_phone(db, "+84" + phone[1:])


@dataclass
class School:
    """A school's manager and clerk, signed in, and the manager of an employer of another agency."""

    manager: Any
    clerk: Any
    stranger: Any
    id: Any
    other_id: Any


@pytest.fixture
def agencies(app, engine):
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_agency(db, "08903", "BHXH cơ sở Mẫu Hai", "089")


@pytest.fixture
def school(app, engine, new_client, agencies):
    with app.app_context(), unit(engine) as db:
        id = people.add_organisation(app, db, MANAGER)
    manager, clerk, stranger = new_client(), new_client(), new_client()
    people.member_signs_in(app, manager, MANAGER)
    add = {"full_name": "Đỗ Văn Mẫu Nhập", "phone": CLERK, "role": "nhap_lieu"}
    assert people.post(manager, "/to-chuc/thanh-vien", add).status_code == 303
    people.member_signs_in(app, clerk, CLERK)
    with app.app_context(), unit(engine) as db:
        other = {"kind": "don_vi", "name": "Công ty Mẫu Khác", "ma_don_vi": "DV0002", "agency_code": "08903"}
        other_id = people.add_organisation(app, db, OTHER, **other)
    people.member_signs_in(app, stranger, OTHER)
    return School(manager, clerk, stranger, id, other_id)


@pytest.fixture
def officer(app, engine, new_client, agencies):
    """An officer of the school's agency."""
    return officer_of(app, engine, new_client, "CB01", "08902")


@pytest.fixture
def elsewhere(app, engine, new_client, agencies):
    """An officer of another agency."""
    return officer_of(app, engine, new_client, "CB02", "08903")


def officer_of(app, engine, new_client, code, agency):
    with unit(engine) as db:
        setup_code = people.add_officer(app, db, code, agency)
    client = new_client()
    people.officer_signs_in(app, client, code, setup_code)
    return client
