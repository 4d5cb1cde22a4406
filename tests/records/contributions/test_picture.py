"""The picture: where cells stand, which years share a row."""

from tests.records.contributions.test_rules import counted
from vssid.records.contributions.picture import TOP, draw
from vssid.records.contributions.rules import State


def cells(path: str) -> int:
    return path.count("z")


def test_nothing_has_no_picture() -> None:
    assert draw(counted("")) is None


def test_one_month_is_one_cell() -> None:
    found = draw(counted("03/2020p"))
    assert found
    assert found.cells == {State.PAID: f"M{76 + 2 * 21} {TOP}h18v15h-18z"}
    assert [(line.label, line.state) for line in found.lines] == [("2020", None)]


def test_each_month_between_first_and_last_has_a_cell() -> None:
    found = draw(counted("11/2019-01/2020p 04/2020c"))
    assert found
    assert {state: cells(path) for state, path in found.cells.items()} == {State.PAID: 3, State.LATE: 1, State.GAP: 2}
    assert [line.label for line in found.lines] == ["2020", "2019"]


def test_whole_years_in_a_row_share_a_line() -> None:
    found = draw(counted("07/2009-06/2020p"))
    assert found
    assert [(line.label, line.years, line.state) for line in found.lines] == [
        ("2020", 1, None), ("2010–2019", 10, State.PAID), ("2009", 1, None),
    ]  # fmt: skip
    assert cells(found.cells[State.PAID]) == 6 + 1 + 6


def test_a_single_whole_year_keeps_its_months() -> None:
    found = draw(counted("01/2020-12/2020p"))
    assert found
    assert cells(found.cells[State.PAID]) == 12


def test_years_without_any_month_share_a_line_too() -> None:
    found = draw(counted("01/2010-12/2010p 01/2015-12/2015p"))
    assert found
    assert [(line.label, line.state) for line in found.lines] == [
        ("2015", None), ("2011–2014", State.GAP), ("2010", None),
    ]  # fmt: skip


def test_late_years_are_never_put_together() -> None:
    found = draw(counted("01/2020-12/2022c"))
    assert found
    assert cells(found.cells[State.LATE]) == 36


def test_a_lifetime_is_no_taller_than_a_telephone() -> None:
    found = draw(counted("03/1986-12/2025p"))
    assert found
    assert found.height < 100


def test_of_many_years_the_newest_are_drawn_and_the_others_counted() -> None:
    found = draw(counted("01/2001-06/2001p 01/2002-06/2002p 01/2003-06/2003p"), 2)
    assert found
    assert ([line.label for line in found.lines], found.older) == (["2003", "2002"], 1)
    assert cells(found.cells[State.PAID]) == 12
