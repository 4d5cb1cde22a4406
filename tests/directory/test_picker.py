"""The picker of a place: what it takes for chosen, what it asks, and its part for htmx and without script."""

import gzip
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import pages
from vssid.directory import picker

HTMX = {"HX-Request": "true"}
HOME = "91"
MY_THOI = {"ward_code": "30301"}
# Phường Mỹ Bình of Long Xuyên went into one ward, Xã Văn Khê of Mê Linh into four.
WHOLE = {
    "place_system": "2004", "old_province_code": "89", "old_district_code": "883", "old_ward_code": "30280",
}  # fmt: skip
SPLIT = {
    "place_system": "2004", "old_province_code": "01", "old_district_code": "250", "old_ward_code": "09013",
}  # fmt: skip
ASK = "Phường cũ này nay thuộc nhiều phường mới: hãy chọn phường mới."
NOTHING = "Hãy chọn phường/xã trong danh sách."


def chosen(db: Session, **values: str) -> tuple[str, str] | None:
    found = picker.chosen(db, values)
    return (found.place.label, found.given) if found else None


def shown(db: Session, **values: str) -> picker.Picker:
    return picker.context(db, values, HOME)["picker"]


def names(html: str, name: str) -> list[str]:
    """The values of the inputs called `name`."""
    return re.findall(rf'<input type="(?:radio|hidden)" name="{name}"[^>]*? value="([^"]*)"', html)


# ---- what is chosen --------------------------------------------------------------------------------------------------


def test_the_code_of_a_ward_is_enough(db: Session) -> None:
    assert chosen(db, **MY_THOI) == ("Phường Mỹ Thới, Tỉnh An Giang", "")
    assert picker.problem(db, MY_THOI) is None


@pytest.mark.parametrize("code", ["", "99999", "30280", "91", "3030", "030301", "x" * 10_000, "\0", "' or 1=1", "２９"])
def test_any_other_code_is_not(db: Session, code: str) -> None:
    assert chosen(db, ward_code=code) is None
    assert picker.problem(db, {"ward_code": code}) == NOTHING


def test_an_old_ward_that_went_whole_is_enough(db: Session) -> None:
    expected = (
        "Phường Long Xuyên, Tỉnh An Giang",
        "Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang (cũ)",
    )
    assert chosen(db, **WHOLE) == chosen(db, **WHOLE, ward_code="30307") == expected
    assert chosen(db, ward_code="2004-30280") == expected


def test_a_split_old_ward_is_asked_and_never_guessed(db: Session) -> None:
    for values in (SPLIT, {"ward_code": "2004-09013"}):
        assert chosen(db, **values) is None
        assert picker.problem(db, values) == ASK
        part = shown(db, **values).old
        assert [place.code for place in part.now] == ["09022", "09817", "08995", "08980"]
    given = "Xã Văn Khê, Huyện Mê Linh, Thành phố Hà Nội (cũ)"
    assert chosen(db, **SPLIT, ward_code="08980") == ("Xã Yên Lãng, Thành phố Hà Nội", given)


def test_a_ward_left_over_from_another_choice_is_asked_again(db: Session) -> None:
    assert chosen(db, **SPLIT, ward_code="30307") is None
    assert chosen(db, **WHOLE, ward_code="30301") is None
    assert picker.problem(db, {**WHOLE, "ward_code": "30301"}) == NOTHING


def test_an_old_district_or_province_is_not_a_place_yet(db: Session) -> None:
    for values in ({"ward_code": "2004-883"}, {"ward_code": "2004-89"}, {"place_system": "2004"}):
        assert chosen(db, **values) is None
        assert picker.problem(db, values) == NOTHING


def test_an_island_district_without_wards_is_a_place(db: Session) -> None:
    values = {"place_system": "2004", "old_province_code": "31", "old_district_code": "318"}
    assert chosen(db, **values) == (
        "Đặc khu Bạch Long Vĩ, Thành phố Hải Phòng",
        "Huyện Bạch Long Vĩ, Thành phố Hải Phòng (cũ)",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"old_province_code": "01"},
        {"old_district_code": "001"},
        {"old_ward_code": "00004"},
        {"old_province_code": ""},
        {"old_district_code": "30280"},
        {"old_ward_code": "883"},
        {"old_ward_code": "30301\0"},
        {"old_ward_code": "9" * 10_000},
    ],
)
def test_a_choice_that_is_not_below_the_one_above_it_falls_away(db: Session, wrong: dict[str, str]) -> None:
    assert chosen(db, **{**WHOLE, **wrong}) is None


@pytest.mark.parametrize(
    "button",
    [
        "find_ward",
        "choose_province",
        "switch_system",
        "choose_old_province",
        "choose_old_district",
        "choose_old_ward",
    ],
)
def test_a_button_of_the_picker_is_told_from_sending_the_form(button: str) -> None:
    assert picker.is_picking({**WHOLE, button: "1"})
    assert not picker.is_picking(WHOLE)


def test_a_draft_fills_the_picker_again(db: Session) -> None:
    for typed in (MY_THOI, WHOLE, {**SPLIT, "ward_code": "08980"}):
        kept = {name: typed.get(name, "") for name in picker.FIELDS}
        assert chosen(db, **kept) == chosen(db, **typed)
        assert shown(db, **kept) == shown(db, **typed)


def test_a_result_of_the_search_moves_the_lists_to_its_province(db: Session) -> None:
    part = shown(db, ward_code="26740", province_code=HOME)
    assert (part.province_code, part.ward_code) == ("79", "26740")
    part = shown(db, ward_code="30301", province_code="79", choose_province="1")
    assert (part.province_code, part.ward_code) == ("79", "")


# ---- the part and the page -------------------------------------------------------------------------------------------


def test_the_home_province_is_shown_first_and_no_old_list(client: FlaskClient) -> None:
    html = pages.part(client, "/dia-ban/chon")
    assert 'value="91" selected' in html
    assert "Phường Mỹ Thới</option>" in html
    assert "old_province_code" not in html
    assert "checked" not in html


def test_searching_finds_both_names(client: FlaskClient) -> None:
    html = pages.part(client, "/dia-ban/chon?ward_query=my+binh+long+xuyen")
    assert names(html, "ward_code") == ["2004-30280"]
    assert "Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang (cũ)" in html
    assert "Phường Long Xuyên, Tỉnh An Giang" in html
    assert "chọn để xem" in pages.part(client, "/dia-ban/chon?ward_query=van+khe+me+linh")


def test_the_old_lists_open_step_by_step(client: FlaskClient) -> None:
    html = pages.part(client, "/dia-ban/chon?switch_system=2004")
    assert "Tỉnh Kiên Giang</option>" in html
    assert "old_district_code" not in html
    assert 'province_code" name="province_code' not in html
    html = pages.part(client, "/dia-ban/chon?place_system=2004&old_province_code=89")
    assert "Thành phố Long Xuyên</option>" in html
    assert "old_ward_code" not in html
    html = pages.part(client, "/dia-ban/chon?place_system=2004&old_province_code=89&old_district_code=883")
    assert "Phường Mỹ Bình</option>" in html
    html = pages.part(client, f"/dia-ban/chon?{'&'.join(f'{name}={value}' for name, value in WHOLE.items())}")
    assert '<strong lang="vi">Phường Long Xuyên, Tỉnh An Giang</strong>' in html
    assert names(html, "ward_code") == ["30307"]


def test_the_wards_of_a_split_one_stand_unmarked(client: FlaskClient) -> None:
    html = pages.part(client, "/dia-ban/chon?ward_code=2004-09013")
    assert names(html, "ward_code") == ["09022", "09817", "08995", "08980"]
    assert "checked" not in html
    assert 'value="09013" selected' in html


def test_one_can_go_back_to_the_lists_of_today(client: FlaskClient) -> None:
    html = pages.part(client, "/dia-ban/chon?place_system=2004&ward_code=30307&switch_system=2025")
    assert 'value="30307" selected' in html
    assert "old_province_code" not in html


def test_without_script_the_picker_is_a_whole_page_of_steps(client: FlaskClient) -> None:
    for query in (
        "",
        "?ward_query=truc+bach&find_ward=1",
        "?switch_system=2004",
        "?place_system=2004&old_province_code=01&choose_old_province=1",
        "?place_system=2004&old_province_code=01&old_district_code=250&choose_old_district=1",
        "?ward_code=2004-09013",
        "?ward_code=2004-30280",
    ):
        html = pages.get(client, f"/dia-ban/chon{query}")
        assert 'name="switch_system"' in html
        for name in re.findall(r"<select[^>]* name=\"(\w+)\"", html):
            if name != "ward_code":
                assert f'name="choose_{name.replace("_code", "")}"' in html


def test_searching_with_the_old_lists_open_shows_the_results_alone(client: FlaskClient) -> None:
    html = pages.part(client, "/dia-ban/chon?place_system=2004&old_province_code=89&ward_query=sai+gon&find_ward=1")
    assert "26740" in names(html, "ward_code")
    assert "old_province_code" not in html


@pytest.mark.parametrize("name", [*picker.FIELDS, "ward_query", "switch_system"])
@pytest.mark.parametrize("value", ["%00", "%ff", "x" * 10_000, "9" * 5_000, "%27%22%3Cscript%3E", "2004-", "2004-%00"])
def test_hostile_values_get_an_answer_and_no_choice(client: FlaskClient, name: str, value: str) -> None:
    for system in ("", "&place_system=2004"):
        html = pages.part(client, f"/dia-ban/chon?{name}={value}{system}")
        assert "<script" not in html
        assert "checked" not in html
        assert len(html) < 40_000


def test_the_part_stays_small(client: FlaskClient) -> None:
    """The form's page has 14.6 KB on the wire for HTML and style; the largest province is the heaviest case."""
    heaviest = pages.part(client, "/dia-ban/chon?province_code=79")
    assert len(gzip.compress(heaviest.encode())) < 4_000
