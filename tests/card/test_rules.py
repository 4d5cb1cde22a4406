from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from vssid.card import rules
from vssid.card.rules import Face, Validity

TODAY = date(2026, 6, 1)
FACE = Face(
    version_id=UUID(int=1), ma_so="8900000001", number="8900000001", holder="Nguyễn Thị Mẫu", birth="04/09/1985", sex="F", address="Tổ 1",
    facility_code="89012", facility_name="Bệnh viện Mẫu", valid_from=date(2021, 12, 1), valid_to=None,
    five_years_from=date(2021, 9, 20), level=4, area_code="", object_code="DN", issued_on=date(2022, 1, 7),
    issued_by="Tỉnh An Giang", signatory="Nguyễn Văn Mẫu Ký", withdrawn=False,
)  # fmt: skip


def test_the_qr_has_the_seventeen_fields_of_the_2021_form():
    """Field by field against a synthetic vector; check string and managing agency stay empty, as we cannot make them."""
    expected = (
        "8900000001|4e677579e1bb856e205468e1bb8b204de1baab75|04/09/1985|2|-|89 - 012|01/12/2021|-|07/01/2022|-|-|4|20/09/2021|-|4|"
        "54e1bb896e6820416e204769616e67|$"
    )
    assert rules.qr_payload(FACE) == expected


def test_hospital_software_reads_the_names_back():
    fields = rules.qr_payload(FACE).split("|")
    assert len(fields) == 17
    assert bytes.fromhex(fields[1]).decode() == "Nguyễn Thị Mẫu"
    assert bytes.fromhex(fields[15]).decode() == "Tỉnh An Giang"
    assert fields[5].replace(" - ", "") == "89012"


@pytest.mark.parametrize(("area", "field"), [("", "4"), ("K1", "1"), ("K2", "2"), ("K3", "3")])
def test_area_codes_in_the_qr(area, field):
    assert rules.qr_payload(replace(FACE, area_code=area)).split("|")[11] == field


def test_a_partial_birth_date_and_a_letter_in_the_facility_stay_as_they_are():
    fields = rules.qr_payload(replace(FACE, birth="1985", facility_code="01C54")).split("|")
    assert fields[2] == "1985"
    assert fields[5] == "01 - C54"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, Validity.VALID),
        ({"valid_to": TODAY}, Validity.VALID),
        ({"valid_to": date(2026, 5, 31)}, Validity.EXPIRED),
        ({"valid_from": date(2026, 6, 2)}, Validity.NOT_YET),
        ({"withdrawn": True}, Validity.WITHDRAWN),
    ],
)
def test_whether_a_card_holds(changes, state):
    face = replace(FACE, **changes)
    assert rules.validity(face, TODAY) is state
    assert rules.validity_line(face, TODAY)


def test_the_last_days_are_told_in_words_that_need_no_plural():
    lines = [
        str(rules.validity_line(replace(FACE, valid_to=TODAY + timedelta(days=left)), TODAY)) for left in (0, 1, 2)
    ]
    assert ["hôm nay" in lines[0], "ngày mai" in lines[1], "còn %(days)s ngày" in lines[2]] == [True] * 3


def test_the_card_that_holds_today_is_chosen():
    old = replace(FACE, valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))
    now = replace(FACE, valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
    later = replace(FACE, valid_from=date(2027, 1, 1))
    assert rules.choose([old, now, later], TODAY) is now
    assert rules.choose([old, later], TODAY) is later
    assert rules.choose([old], TODAY) is old
    assert rules.choose([], TODAY) is None


def test_numbers_are_spaced_as_cards_have_them():
    assert FACE.number_spaced == "89 0000 0001"
    assert replace(FACE, number="DN4898900000001").number_spaced == "DN 4 89 89 0000 0001"
    assert FACE.facility_code_spaced == "89 - 012"
