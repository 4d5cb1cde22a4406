"""What a code and the register together say at a counter; what may be typed; who is checked in."""

from datetime import date
from uuid import uuid4

import pytest

from vssid.card.rules import Face
from vssid.card.strips.rules import Strip, Verdict, payload, read
from vssid.kernel.labels import Refused
from vssid.records.rules import IdKind, PartialDate
from vssid.verifying.facility.reasons import Reason, Registered, reasons, tone_of
from vssid.verifying.facility.rules import ByNumber, check_may_check_in, found_of, number_in, opens, same_birth

TODAY = date(2026, 11, 29)
FACE = Face(
    version_id=uuid4(), ma_so="8900000101", number="8900000101", holder="Đặng Thị Mẫu Ưng", birth="04/09/1985", sex="F",
    address="", facility_code="89012", facility_name="Bệnh viện Mẫu", valid_from=date(2015, 1, 1), valid_to=date(2026, 12, 31),
    five_years_from=date(2019, 1, 1), level=4, area_code="", object_code="DN", issued_on=None, issued_by="", signatory="", withdrawn=False,
)  # fmt: skip
PHOTO = b"12345678"


def known(**changes) -> Registered:
    face = changes.pop("face", FACE)
    values = {
        "person_id": uuid4(), "full_name": FACE.holder, "birth": PartialDate(1985, 9, 4), "sex": "F", "died": False,
        "face": face, "portrait_file_id": None, "photo": PHOTO, **changes,
    }  # fmt: skip
    return Registered(**values)


def strip(**changes) -> Strip:
    """As it comes back from a code, which knows no day before 2020."""
    values = {
        "key": 1, "handle": b"handle", "ma_so": FACE.ma_so, "level": 4, "area_code": "", "object_code": "DN",
        "valid_from": FACE.valid_from, "valid_to": FACE.valid_to, "five_years_from": FACE.five_years_from,
        "facility_code": "89012", "birth_year": 1985, "photo": PHOTO, "day": TODAY, "last_day": TODAY, "initials": "ĐTMƯ", **changes,
    }  # fmt: skip
    return read(payload(Strip(**values)))


def face(**changes) -> Face:
    from dataclasses import replace

    return replace(FACE, **changes)


def test_a_card_that_agrees_with_its_code_is_fine_and_nothing_else():
    assert reasons(known(), strip(), TODAY) == (Reason.FINE,)
    assert reasons(known(), None, TODAY) == (Reason.FINE,)


@pytest.mark.parametrize(
    ("of_register", "of_strip", "why"),
    [
        ({"face": face(valid_to=date(2026, 11, 28))}, {}, (Reason.EXPIRED, Reason.CHANGED)),
        ({"face": face(valid_to=TODAY)}, {"valid_to": TODAY}, (Reason.FINE,)),
        ({"face": face(valid_from=date(2026, 12, 1))}, {"valid_from": date(2026, 12, 1)}, (Reason.NOT_YET,)),
        ({"face": face(withdrawn=True)}, {}, (Reason.WITHDRAWN,)),
        ({"face": None}, {}, (Reason.NO_CARD,)),
        ({"died": True}, {}, (Reason.DIED,)),
        ({"died": True, "face": face(withdrawn=True)}, {}, (Reason.DIED, Reason.WITHDRAWN)),
        ({"full_name": "Trần Văn Khác"}, {}, (Reason.FINE, Reason.NAME)),
        ({"birth": PartialDate(1984)}, {}, (Reason.FINE, Reason.BIRTH)),
        ({"photo": b"87654321"}, {}, (Reason.FINE, Reason.PORTRAIT)),
        ({"photo": b""}, {}, (Reason.FINE, Reason.PORTRAIT)),
        ({}, {"photo": b""}, (Reason.FINE,)),
        ({}, {"level": 3}, (Reason.FINE, Reason.CHANGED)),
        ({}, {"facility_code": "89013"}, (Reason.FINE, Reason.CHANGED)),
        ({}, {"ma_so": "8900000999"}, (Reason.FINE, Reason.OTHER_NUMBER)),
    ],
)  # fmt: skip
def test_the_state_comes_first_and_then_what_differs(of_register, of_strip, why):
    assert reasons(known(**of_register), strip(**of_strip), TODAY) == why


@pytest.mark.parametrize(
    ("found", "why", "tone"),
    [
        (Verdict.GOOD, (Reason.FINE,), "good"),
        (Verdict.GOOD, (Reason.FINE, Reason.PORTRAIT), "warn"),
        (Verdict.GOOD, (Reason.WITHDRAWN,), "bad"),
        (Verdict.STALE, (Reason.FINE,), "warn"),
        (Verdict.SPECIMEN, (Reason.FINE,), "info"),
        (Verdict.SPECIMEN, (Reason.EXPIRED,), "bad"),
        (ByNumber.UNPROVEN, (Reason.FINE,), "warn"),
        (ByNumber.UNKNOWN, (), "bad"),
    ],
)
def test_the_colour_is_that_of_the_worst(found, why, tone):
    assert tone_of(found, why) == tone


def test_a_code_that_may_be_in_the_wrong_hands_opens_no_record():
    shut = {one for one in (*Verdict, *ByNumber) if not opens(one)}
    assert shut == {Verdict.FORGED, Verdict.UNREADABLE, Verdict.REVOKED, Verdict.EARLY, ByNumber.UNKNOWN}


def test_every_finding_and_reason_has_words_and_a_row_gives_it_back():
    for one in (*Verdict, *ByNumber):
        assert one.words
        assert one.advice
        assert found_of(str(one)) is one
    assert all(one.words for one in Reason)
    assert all(one.value.isdigit() for one in Reason)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("8900000101", (IdKind.MA_SO_BHXH, "8900000101")),
        ("89 0000 0101", (IdKind.MA_SO_BHXH, "8900000101")),
        ("dn4898900000101", (IdKind.MA_SO_BHXH, "8900000101")),
        ("089185000101", (IdKind.CCCD, "089185000101")),
        ("890000010", None),
        ("Đặng Thị Mẫu", None),
        ("８９０００００１０１", None),
        ("", None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, number):
    assert number_in(typed) == number


@pytest.mark.parametrize(
    ("ours", "typed", "fits"),
    [
        ("1985-09-04", "04/09/1985", True),
        ("1985-09-04", "1985", False),
        ("1985-09-04", "05/09/1985", False),
        ("1980", "1980", True),
        ("1980", "01/01/1980", True),
        ("1980", "1981", False),
        ("1980-02", "02/1980", True),
        ("1980-02", "1980", False),
    ],
)
def test_a_birth_date_is_asked_as_far_as_the_register_knows_it(ours, typed, fits):
    assert same_birth(PartialDate.parse(ours), PartialDate.parse(typed)) is fits


def test_who_was_found_today_is_checked_in_once():
    check_may_check_in(True, False, TODAY, TODAY)
    for told, checked_in, day in ((False, False, TODAY), (True, True, TODAY), (True, False, date(2026, 11, 28))):
        with pytest.raises(Refused):
            check_may_check_in(told, checked_in, day, TODAY)
