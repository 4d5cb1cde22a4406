"""An officer without script clears three declarations in a row: each answer leads to the next page, and no further."""

import re

from sqlalchemy import select

from tests import pages, people
from tests.people import Specimen
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.registration.models import Declaration

CAST = (
    people.CITIZEN,
    people.STRANGER,
    Specimen("Phan Thị Mẫu Ba", "8900000105", "089190000105", "1990-03-03", "F", "0900000105"),
)
REVIEW = r"/can-bo/to-khai/[0-9a-f-]{36}"


def test_three_are_approved_in_a_row_by_forms_alone(app, engine, new_client):
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        for who in CAST:
            people.add_person(db, who)
        code = people.add_officer(app, db, "CB01", "08902")
    for who in CAST:
        people.send_declaration(new_client(), who)
    officer = new_client()
    people.officer_signs_in(app, officer, "CB01", code)
    place = re.search(f'href="({REVIEW})"', pages.get(officer, "/can-bo/to-khai"))[1]
    seen = []
    for left in (2, 1, 0):
        html = pages.get(officer, place)
        seen.append(re.search(r"<h1>([^<]+)</h1>", html)[1])
        token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
        if left == 1:  # this one brings the paper: what the officer would tick is ticked
            chosen = re.findall(r'<input checked[^>]*name="(\w+)"[^>]*value="(\w+)"', html)
            assert dict(chosen) == {"channel": "tai_noi", "id_shown": "cccd"}
            answer = officer.post(place + "/giay", data={"csrf_token": token, **dict(chosen)})
            assert answer.location == place
        with reading(engine) as db:
            assert (
                len(set(db.scalars(select(AuditEntry.subject_id).where(AuditEntry.tag == "declaration.viewed"))))
                == 3 - left
            )
        answer = officer.post(place + "/duyet", data={"csrf_token": token})
        assert answer.status_code == 303
        place = answer.location
        assert re.fullmatch(REVIEW if left else "/can-bo/to-khai", place)
    assert sorted(seen) == sorted(who.name for who in CAST)
    assert "Không còn tờ khai nào" in pages.get(officer, place)
    with reading(engine) as db:
        assert list(db.scalars(select(Declaration.status))) == ["approved"] * 3
