"""What somebody's own rows say for an estimate, counted by hand."""

from decimal import Decimal

import pytest

from tests.estimates.test_rules import month
from vssid.estimates import average, own
from vssid.estimates.own import Row, Taken
from vssid.imports.rules import spoken
from vssid.web.i18n import number

UNTIL = month("11/2026")


def row(first: str, last: str, salary: int | None = 5_000_000, **more: bool) -> Row:
    return Row(month(first), month(last), None if salary is None else Decimal(salary), **more)


def earned(*rows: Row, first: int = 0) -> list[own.Earned]:
    return own.months(rows, first, UNTIL)


def test_a_month_counts_once_with_its_highest_salary() -> None:
    found = earned(row("01/2020", "03/2020"), row("03/2020", "04/2020", 7_000_000), row("04/2020", "04/2020", None))
    assert [(one.month, one.salary) for one in found] == [
        (month("01/2020"), 5_000_000), (month("02/2020"), 5_000_000), (month("03/2020"), 7_000_000), (month("04/2020"), 7_000_000),
    ]  # fmt: skip


def test_months_to_come_and_those_that_were_paid_out_do_not_count() -> None:
    found = earned(row("01/2026", "12/2026"), first=month("06/2026"))
    assert [one.month for one in found] == list(range(month("06/2026"), month("12/2026")))


def test_months_with_one_salary_are_one_period_and_come_back_as_they_were_typed() -> None:
    worked = own.periods(
        earned(
            row("01/2020", "06/2020"),
            row("07/2020", "09/2020"),
            row("10/2020", "12/2020", 5_453_400),
            row("02/2021", "02/2021"),
        )
    )
    text = own.typed(worked, number)
    assert text.splitlines() == [
        "01/2020 - 09/2020: 5.000.000", "10/2020 - 12/2020: 5.453.400", "02/2021 - 02/2021: 5.000.000",
    ]  # fmt: skip
    assert average.periods(text) == worked


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        ([("01/2012", "03/2014")], ("2", "0", "0", "3")),
        ([("11/2013", "12/2013")], ("0", "2", "0", "0")),
        ([("01/2014", "12/2015")], ("0", "0", "2", "0")),
        ([("06/2010", "05/2011"), ("01/2020", "07/2021")], ("1", "0", "1", "7")),
    ],
)
def test_months_before_and_from_2014_stand_apart(rows: list[tuple[str, str]], values: tuple[str, ...]) -> None:
    taken = Taken(written=number)
    own.take_split(taken, earned(*(row(*one) for one in rows)))
    names = ("nam_truoc", "thang_truoc", "nam_sau", "thang_sau")
    assert tuple(taken.values[name] for name in names) == values


def test_the_last_six_compulsory_months_make_the_average_of_maternity() -> None:
    taken = Taken(written=number)
    rows = (
        row("01/2026", "05/2026", 4_000_000),
        row("06/2026", "08/2026", 6_000_000),
        row("09/2026", "10/2026", 9, voluntary=True),
    )
    own.take_recent(taken, earned(*rows))
    assert taken.values == {"binh_quan": "5.000.000"}
    assert spoken(taken.facts[0][0]) == "Bình quân 6 tháng gần nhất đã đóng (03/2026–08/2026)"


def test_of_fewer_months_all_are_taken() -> None:
    taken = Taken(written=number)
    own.take_recent(taken, earned(row("07/2026", "07/2026", 4_000_000), row("08/2026", "08/2026", 5_000_001)))
    assert taken.values == {"binh_quan": "4.500.001"}


@pytest.mark.parametrize("rows", [[row("08/2026", "08/2026", None)], [row("08/2026", "08/2026", voluntary=True)]])
def test_without_salaries_nothing_is_taken_and_words_say_so(rows: list[Row]) -> None:
    taken = Taken(written=number)
    own.take_recent(taken, earned(*rows))
    assert taken.values == {}
    assert taken.notes


def test_periods_with_a_month_without_salary_are_not_taken_for_an_average() -> None:
    taken = Taken(written=number)
    assert own.take_periods(taken, earned(row("01/2026", "02/2026"), row("03/2026", "04/2026", None))) == []
    assert "2 tháng" in spoken(taken.notes[0])


def test_more_periods_than_the_form_holds_are_not_taken() -> None:
    taken = Taken(written=number)
    rows = [
        row(f"{n % 12 + 1:02}/{2015 + n // 12}", f"{n % 12 + 1:02}/{2015 + n // 12}", 5_000_000 + n) for n in range(81)
    ]
    assert own.take_periods(taken, earned(*rows)) == []
    assert own.take_periods(Taken(written=number), earned(*rows[1:]))


@pytest.mark.parametrize(
    ("more", "words"), [({"voluntary": True}, "tự nguyện"), ({"graded": True}, "hệ số của Nhà nước")]
)
def test_what_makes_an_average_deviate_is_said(more: dict[str, bool], words: str) -> None:
    taken = Taken(written=number)
    assert own.take_periods(taken, earned(row("01/2026", "02/2026", **more)))
    assert any(words in spoken(note) for note in taken.notes)


def test_the_newest_month_of_a_kind_is_taken() -> None:
    found = earned(row("01/2026", "05/2026", 6_000_000), row("06/2026", "08/2026", 1_500_000, voluntary=True))
    for voluntary, amount in ((True, "1.500.000"), (False, "6.000.000")):
        taken = Taken(written=number)
        own.take_last(taken, found, "muc", voluntary=voluntary)
        assert taken.values == {"muc": amount}
