"""Pieces, order and what decides about a card: pure."""

from datetime import date

import pytest

from vssid.kernel.labels import Refused
from vssid.printing.rules import Outcome, Version, check_size, chunks, first_day, hamlet, parts

TODAY = date(2026, 9, 7)


def spans(found):
    return [(one.start, one.stop) for one in found]


@pytest.mark.parametrize(
    ("sizes", "pieces"),
    [
        ([48], [(0, 48)]),
        ([49], [(0, 48), (48, 49)]),
        ([40, 20], [(0, 48), (48, 60)]),
        # A class of three fills a page of four: the next begins another.
        ([3] * 12, [(0, 36)]),
        ([3] * 13, [(0, 36), (36, 39)]),
        ([46, 5], [(0, 46), (46, 51)]),
        ([1], [(0, 1)]),
        ([], []),
    ],
)
def test_pieces_are_full_pages_and_at_most_48_cards(sizes, pieces):
    groups = [str(nth) for nth, size in enumerate(sizes) for _one in range(size)]
    assert spans(chunks(groups)) == pieces


@pytest.mark.parametrize(
    ("sizes", "pieces"),
    [
        ([5], [(0, 5)]),
        ([6, 4], [(0, 10)]),
        ([6, 5], [(0, 6), (6, 11)]),
        ([25], [(0, 10), (10, 20), (20, 25)]),
        ([3, 25, 2], [(0, 3), (3, 13), (13, 23), (23, 30)]),
        ([], []),
    ],
)
def test_a_long_list_is_cut_between_its_groups(sizes, pieces):
    groups = [f"{nth}A" for nth, size in enumerate(sizes) for _one in range(size)]
    assert spans(parts(groups, 10)) == pieces


def test_parts_name_the_groups_at_their_ends():
    [first, second] = parts(["1A"] * 4 + ["1B"] * 4 + ["2A"] * 4, 10)
    assert (first.first, first.last) == ("1A", "1B")
    assert (second.first, second.last, second.size) == ("2A", "2A", 4)


@pytest.mark.parametrize(
    ("address", "village"),
    [
        ("Số 12, tổ 5, ấp Bình Hoà", "ấp Bình Hoà"),
        ("Số 12, tổ 5", "tổ 5"),
        ("Ấp Vĩnh Mẫu, tổ 9", "Ấp Vĩnh Mẫu"),
        ("Khóm 3", "Khóm 3"),
        ("1 đường Tôn Mẫu", ""),
        ("", ""),
    ],
)
def test_the_village_is_read_from_the_address(address, village):
    assert hamlet(address) == village


def version(number=1, start=date(2026, 1, 1), end=date(2026, 12, 31), withdrawn=False, whose=1):
    return Version(whose, start, end, number, withdrawn)


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        ([], Outcome.NO_CARD),
        ([version()], date(2026, 1, 1)),
        ([version(end=None)], date(2026, 1, 1)),
        ([version(end=TODAY)], date(2026, 1, 1)),
        ([version(end=date(2026, 9, 6))], Outcome.NOT_TODAY),
        ([version(start=date(2026, 9, 8))], Outcome.NOT_TODAY),
        ([version(), version(2, withdrawn=True)], Outcome.WITHDRAWN),
        ([version(2), version(1, withdrawn=True)], date(2026, 1, 1)),
        ([version(), version(start=date(2026, 6, 1))], date(2026, 6, 1)),
        ([version(2, withdrawn=True), version(whose=2)], date(2026, 1, 1)),
    ],
)
def test_the_card_that_holds_today_is_printed(versions, found):
    assert first_day(versions, TODAY) == found


def test_nothing_to_print_is_no_wish():
    check_size(1)
    with pytest.raises(Refused) as refusal:
        check_size(0)
    assert "Không có thẻ nào" in str(refusal.value.label)


def test_every_reason_fits_its_column():
    assert max(len(one) for one in Outcome) <= 10
