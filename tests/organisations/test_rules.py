"""What an organisation must be, and who may end whom."""

from dataclasses import replace

import pytest

from vssid.kernel.labels import Refused
from vssid.organisations.rules import (
    Contact,
    Facts,
    OrganisationKind,
    Permission,
    Portal,
    Role,
    check_contact,
    check_facts,
    check_may_end,
    check_reason,
    facility_code,
    facility_code_ok,
    unit_code,
)

FACTS = Facts(OrganisationKind.SCHOOL, "Trường Mẫu", "TH0001", "1600000001", "1 đường Mẫu", "30307", "91", "08902")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ma_don_vi": "", "tax_code": ""},
        {"tax_code": "1600000001-001"},
        {"portal": Portal.IVAN, "ivan_provider": "Mẫu"},
    ],
)
def test_good_facts_are_taken(changes):
    check_facts(replace(FACTS, **changes))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x1bb"}, "name"),
        ({"ma_don_vi": "có dấu"}, "ma_don_vi"),
        ({"ma_don_vi": "A" * 21}, "ma_don_vi"),
        ({"tax_code": "160000001"}, "tax_code"),
        ({"tax_code": "1600000001001"}, "tax_code"),
        ({"portal": Portal.IVAN}, "ivan_provider"),
    ],
)
def test_bad_facts_name_their_field(changes, field):
    with pytest.raises(Refused) as refusal:
        check_facts(replace(FACTS, **changes))
    assert refusal.value.field == field


def test_a_unit_code_is_kept_in_upper_case_without_blanks():
    assert unit_code(" th 00 01 ") == "TH0001"


def test_the_last_active_manager_stays():
    check_may_end(Role.CLERK, 0)
    check_may_end(Role.MANAGER, 1)
    with pytest.raises(Refused):
        check_may_end(Role.MANAGER, 0)


def test_a_clerk_may_work_on_rosters_and_not_manage():
    assert Role.CLERK.permissions_at(OrganisationKind.SCHOOL) == {Permission.ROSTERS}
    assert Role.MANAGER.permissions_at(OrganisationKind.SCHOOL) == {Permission.ROSTERS, Permission.MANAGE}


@pytest.mark.parametrize("name", ["", " x ", "x" * 101, "a\u202eb"])
def test_a_person_without_a_name_is_refused(name):
    with pytest.raises(Refused):
        check_contact(Contact(name, "+84900000201"))


def test_a_reason_says_something():
    assert check_reason("  Đã   giải thể từ tháng 9 ") == "Đã giải thể từ tháng 9"
    with pytest.raises(Refused):
        check_reason("vì thế")


def test_only_a_health_facility_checks_cards_and_it_has_no_rosters():
    of_facility = OrganisationKind.FACILITY
    assert Role.CLERK.permissions_at(of_facility) == {Permission.CHECK}
    assert Role.MANAGER.permissions_at(of_facility) == {Permission.CHECK, Permission.MANAGE}
    for kind in set(OrganisationKind) - {of_facility}:
        assert all(Permission.CHECK not in role.permissions_at(kind) for role in Role)


@pytest.mark.parametrize(("typed", "kept"), [("89 - 012", "89012"), ("89-0a2", "890A2"), (" 89012 ", "89012")])
def test_a_facilitys_code_is_kept_as_its_five_signs(typed, kept):
    assert facility_code(typed) == kept
    assert facility_code_ok(kept)


@pytest.mark.parametrize("code", ["", "8901", "890123", "A9012", "89-12", "8901Đ", "８９０１２"])
def test_other_things_are_no_facilitys_code(code):
    assert not facility_code_ok(code)


def test_a_facility_needs_its_code_and_nobody_else_has_one():
    check_facts(replace(FACTS, kind=OrganisationKind.FACILITY, facility_code="89012"))
    for wrong in (
        replace(FACTS, kind=OrganisationKind.FACILITY),
        replace(FACTS, facility_code="89012"),
    ):
        with pytest.raises(Refused) as refused:
            check_facts(wrong)
        assert refused.value.field == "facility_code"
