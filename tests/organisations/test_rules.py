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
    assert Role.CLERK.permissions == {Permission.ROSTERS}
    assert Permission.MANAGE in Role.MANAGER.permissions


@pytest.mark.parametrize("name", ["", " x ", "x" * 101, "a\u202eb"])
def test_a_person_without_a_name_is_refused(name):
    with pytest.raises(Refused):
        check_contact(Contact(name, "+84900000201"))


def test_a_reason_says_something():
    assert check_reason("  Đã   giải thể từ tháng 9 ") == "Đã giải thể từ tháng 9"
    with pytest.raises(Refused):
        check_reason("vì thế")
