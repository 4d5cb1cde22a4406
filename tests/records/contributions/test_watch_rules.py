"""Who is told that an employer is late or has stopped paying: cases counted by hand, up to October 2026."""

from dataclasses import replace
from datetime import date

import pytest

from tests.records.contributions.conftest import month
from vssid.kernel.text import SMS_SEGMENT, sms_text
from vssid.records.contributions.rules import Kind, Status, spoken
from vssid.records.contributions.watch import rules
from vssid.records.contributions.watch.rules import Life, Missing, Paid, Sign, Told, horizon, missing, same, words
from vssid.web.i18n import say_in

UNTIL, TODAY = month("10/2026"), date(2026, 11, 29)
ADULT = Life(of_age=date(2008, 1, 1))
STATES = {"p": Status.PAID, "c": Status.LATE, "n": Status.OWED, "v": Status.PAID}


def read(text: str) -> list[Paid]:
    """“A:01/2026-03/2026p” a period: employer, months, and paid, late (c), owed (n) or paid by oneself (v)."""
    found = []
    for part in text.split():
        employer, _sign, months = part.partition(":")
        first, _dash, last = months[:-1].partition("-")
        kind = Kind.VOLUNTARY if months[-1] == "v" else Kind.COMPULSORY
        found.append(Paid(month(first), month(last or first), STATES[months[-1]], kind, employer))
    return found


def seen(text: str, life: Life = ADULT) -> str:
    found = missing(read(text), life, UNTIL, TODAY)
    return f"{found.sign} {found.employer} {spoken(found.first)}-{spoken(found.last)}" if found else ""


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ("", ""),
        ("A:01/2020-10/2026p", ""),
        ("A:01/2020-12/2026p", ""),
        # Late: the newest months, which nobody has paid.
        ("A:01/2020-08/2026p A:09/2026-10/2026c", "late A 09/2026-10/2026"),
        ("A:01/2020-08/2026p A:09/2026n A:10/2026c", "late A 09/2026-10/2026"),
        ("A:09/2026-10/2026n", "late A 09/2026-10/2026"),
        ("A:01/2020-07/2026p A:08/2026c", "late A 08/2026-08/2026"),
        # The month that runs is not late yet.
        ("A:01/2020-10/2026p A:11/2026c", ""),
        ("A:01/2020-09/2026p A:10/2026-11/2026c", "late A 10/2026-10/2026"),
        # Another employer paid the same months, or later ones.
        ("A:01/2020-10/2026c B:01/2020-10/2026p", ""),
        ("A:08/2026c B:09/2026-10/2026p", ""),
        ("A:06/2026-10/2026c B:01/2026-08/2026p", "late A 09/2026-10/2026"),
        # Of two that are late it is the one of the newest month.
        ("A:01/2020-06/2026p A:07/2026c B:08/2026-10/2026c", "late B 08/2026-10/2026"),
        ("A:01/2020-06/2026p B:07/2026-10/2026c A:07/2026-10/2026c", "late A 07/2026-10/2026"),
        # A debt of long ago is no news, nor one that has been paid past.
        ("A:01/2015-12/2015c", ""),
        ("A:10/2025c", ""),
        ("A:11/2025c", "late A 11/2025-11/2025"),
        # Stopped: two months without any row, and the month before was paid by an employer.
        ("A:01/2020-09/2026p", ""),
        ("A:01/2020-08/2026p", "stopped A 09/2026-10/2026"),
        ("A:01/2020-10/2025p", "stopped A 11/2025-10/2026"),
        ("A:01/2020-09/2025p", ""),
        ("A:01/2020-05/2026p B:06/2026-07/2026p", "stopped B 08/2026-10/2026"),
        ("A:01/2020-07/2026p B:01/2020-07/2026p", "stopped A 08/2026-10/2026"),
        # Who pays for oneself knows that no employer does.
        ("A:01/2020-05/2026p B:06/2026-10/2026v", ""),
        ("A:01/2020-05/2026p B:06/2026-08/2026v", ""),
        ("B:01/2020-08/2026v", ""),
        ("B:01/2020-08/2026p C:09/2026-10/2026v", ""),
    ],
)
def test_what_is_seen(periods: str, expected: str) -> None:
    assert seen(periods) == expected


LATE, STOPPED = "A:01/2020-08/2026p A:09/2026-10/2026c", "A:01/2020-07/2026p"


@pytest.mark.parametrize(
    ("life", "late", "stopped"),
    [
        (ADULT, True, True),
        (Life(of_age=date(2026, 11, 29)), True, True),
        (Life(of_age=date(2026, 11, 30)), False, False),
        (Life(of_age=date(2008, 1, 1), died=True), False, False),
        (Life(of_age=date(2008, 1, 1), pension=True), False, False),
        # Maternity or unemployment began in the last month that was paid, or later: no employer has to pay.
        (Life(of_age=date(2008, 1, 1), benefit=month("07/2026")), True, False),
        (Life(of_age=date(2008, 1, 1), benefit=month("09/2026")), True, False),
        (Life(of_age=date(2008, 1, 1), benefit=month("06/2026")), True, True),
    ],
)
def test_who_is_told(life: Life, late: bool, stopped: bool) -> None:
    assert (bool(seen(LATE, life)), bool(seen(STOPPED, life))) == (late, stopped)


@pytest.mark.parametrize(
    ("employer", "first", "last", "known"),
    [
        ("A", "05/2026", "07/2026", True),
        ("A", "05/2026", "09/2026", True),  # it has grown
        ("A", "06/2026", "07/2026", True),  # it was paid in part
        ("A", "04/2026", "06/2026", True),
        ("A", "08/2026", "08/2026", False),  # all of it was paid since
        ("A", "02/2026", "04/2026", False),
        ("B", "05/2026", "07/2026", False),
    ],
)
def test_the_same_months_are_known_again(employer: str, first: str, last: str, known: bool) -> None:
    told = [Told("A", month("05/2026"), month("07/2026"))]
    found = Missing(Sign.LATE, employer, month(first), month(last))
    assert (same(found, told) is not None) == known


def test_months_told_under_a_name_are_known_again_when_the_code_came() -> None:
    told = [Told("cong ty mau", month("05/2026"), month("07/2026"))]
    found = Missing(Sign.LATE, "TE0001E", month("05/2026"), month("08/2026"), "cong ty mau")
    assert same(found, told) is told[0]
    assert same(replace(found, first=month("08/2026")), told) is None
    assert same(replace(found, named="cong ty khac"), told) is None


@pytest.mark.parametrize(
    ("ends", "until"),
    [
        ({}, None),
        ({"08/2025": 5}, None),
        ({"10/2026": 1}, "10/2026"),
        ({"12/2026": 3}, "10/2026"),  # never later than last month
        ({"07/2026": 4, "10/2026": 1}, "10/2026"),
        ({"07/2026": 90, "10/2026": 10}, "10/2026"),
        ({"07/2026": 91, "10/2026": 9}, "07/2026"),  # one employer's file came before the others
        ({"07/2026": 90, "09/2026": 5, "10/2026": 5}, "09/2026"),
    ],
)
def test_the_register_reaches_the_month_that_a_tenth_of_it_reaches(ends: dict[str, int], until: str | None) -> None:
    found = horizon({month(end): count for end, count in ends.items()}, UNTIL)
    assert found == (until and month(until))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("sign", list(Sign))
def test_what_is_told_is_one_sms_without_names_amounts_and_links(app, sign: Sign, language: str) -> None:
    label = words(Missing(sign, "A", month("12/2026"), month("12/2026")))
    with app.app_context():
        text = say_in(language, type(label)(str(label), hotline="9" * 14, **label.params))
    assert len(sms_text(text)) <= SMS_SEGMENT, len(sms_text(text))
    assert "12/2026" in text
    assert not any(sign in text for sign in ("http", "://", "đồng ", " A "))


def test_limits_are_what_the_docs_say() -> None:
    assert (rules.STOPPED_AFTER, rules.NEWS_FOR, rules.SHARE) == (2, 12, 10)
