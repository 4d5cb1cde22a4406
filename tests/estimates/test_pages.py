"""Ước tính over HTTP: forms asked by GET, answers with their formula and source, refusals in words."""

import re
from contextlib import contextmanager
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from tests import pages, people
from tests.imports.conftest import Desk
from tests.records.contributions.conftest import add
from vssid.estimates.rules import Kind
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.records.benefits.models import Benefit
from vssid.records.contributions.rules import first_day, month_of, spoken
from vssid.records.models import Person, PersonIdentifier

ROOM = "/ca-nhan/uoc-tinh"
LAST_MONTH = spoken(month_of(today()) - 1)
ASKED = {
    Kind.HOUSEHOLD: {"so_nguoi": "5", "so_thang": "12", "ngay": "01/01/2025"},
    Kind.VOLUNTARY: {"thu_nhap": "1.500.000", "nhom": "ho_ngheo", "so_thang": "1"},
    Kind.AVERAGE: {"giai_doan": "01/2023 - 12/2023: 6.000.000", "ngay": "01/06/2024"},
    Kind.ONE_TIME: {
        "truong_hop": "nghi_viec", "nam_truoc": "2", "thang_truoc": "0", "nam_sau": "3", "thang_sau": "0",
        "binh_quan": "4 000 000",
    },
    Kind.PENSION: {
        "gioi_tinh": "nam", "sinh": "01/1965", "so_nam": "25", "thang_le": "0", "binh_quan": "8000000", "nghi_tu": "12/2026",
    },
    Kind.MATERNITY: {"binh_quan": "10000000", "so_con": "1"},
    Kind.SICKNESS: {"luong": "9600000", "so_ngay": "2", "so_nam": "3"},
}  # fmt: skip
ANSWERS = {
    Kind.HOUSEHOLD: "4.043.520 đồng",
    Kind.VOLUNTARY: "165.000 đồng",
    Kind.AVERAGE: "6.000.000 đồng",
    Kind.ONE_TIME: "36.000.000 đồng",
    Kind.PENSION: "4.400.000 đồng",
    Kind.MATERNITY: "65.060.000 đồng",
    Kind.SICKNESS: "600.000 đồng",
}


@pytest.fixture
def citizen(app, engine, new_client):
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
    client = new_client()
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    return client


def ask(client, kind: Kind, status: int = 200, **changes: str) -> str:
    return pages.get(client, f"{ROOM}/{kind}?{urlencode({**ASKED[kind], 'tinh': '1', **changes})}", status)


@contextmanager
def statements_of(engine):
    """What is sent to the database meanwhile."""
    seen: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_list_leads_to_every_estimate(citizen):
    html = pages.get(citizen, ROOM)
    for kind in Kind:
        assert f'href="{ROOM}/{kind}"' in html
        assert str(kind.label) in pages.get(citizen, f"{ROOM}/{kind}")


@pytest.mark.parametrize("kind", list(Kind))
def test_an_estimate_shows_answer_formula_figures_and_their_source(citizen, kind):
    html = ask(citizen, kind)
    figure = re.search(r'<p class="figure">(.*?)</p>', html)[1]
    assert text_of(figure) == ANSWERS[kind]
    assert figure.startswith('<span class="num">'), "a number is never broken"
    assert "trí nhớ" not in html
    assert "đối chiếu" not in html
    for expected in ("Kết quả tham khảo", "Cách tính", "Số liệu đã dùng", "từ ngày", " = "):
        assert expected in text_of(html), expected
    assert re.search(r"(Luật|Nghị định|Thông tư) số ", html)


def test_the_formula_has_the_numbers_put_in(citizen):
    words = text_of(ask(citizen, Kind.HOUSEHOLD))
    assert "Người thứ 2 4,5% × 2.340.000 × 70% × 12 tháng = 884.520 đồng" in words
    assert "Mức lương cơ sở (mức tham chiếu) từ ngày 1/7/2024. Nghị định số 73/2024/NĐ-CP 2.340.000" in words
    words = text_of(ask(citizen, Kind.PENSION))
    assert "45% + 2% × (25 − 20) = 55%" in words
    assert "55% × 8.000.000 = 4.400.000 đồng" in words
    assert "2.021" not in words


def test_what_was_typed_stays(citizen):
    assert 'value="1.500.000"' in ask(citizen, Kind.VOLUNTARY)
    assert 'value="chín triệu"' in ask(citizen, Kind.SICKNESS, 422, luong="chín triệu")


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        (Kind.HOUSEHOLD, {"so_nguoi": "0"}, "từ 1 đến 20"),
        (Kind.HOUSEHOLD, {"so_nguoi": "²"}, "từ 1 đến 20"),
        (Kind.HOUSEHOLD, {"so_nguoi": "9" * 5_000}, "từ 1 đến 20"),
        (Kind.HOUSEHOLD, {"ngay": "9" * 5_000}, "Ngày"),
        (Kind.VOLUNTARY, {"thu_nhap": "9" * 5_000}, "số tiền bằng đồng"),
        (Kind.HOUSEHOLD, {"so_nguoi": ""}, "Hãy nhập số"),
        (Kind.HOUSEHOLD, {"so_thang": "7"}, "Giá trị không hợp lệ"),
        (Kind.HOUSEHOLD, {"ngay": "2025"}, "Hãy nhập đủ ngày"),
        (Kind.HOUSEHOLD, {"ngay": "01/01/1990"}, "chưa có số liệu"),
        (Kind.VOLUNTARY, {"thu_nhap": "1000000"}, "từ 1.500.000 đến 50.600.000"),
        (Kind.VOLUNTARY, {"thu_nhap": "12.34"}, "số tiền bằng đồng"),
        (Kind.VOLUNTARY, {"nhom": ""}, "Chọn một mục"),
        (Kind.AVERAGE, {"giai_doan": "x"}, "Dòng 1 chưa đúng"),
        (Kind.AVERAGE, {"giai_doan": f"01/2023 - 12/2023: {'9' * 200}"}, "Dòng 1 chưa đúng"),
        (Kind.AVERAGE, {"giai_doan": "01/2023 - 12/2023: 5.000.000,50"}, "Dòng 1 chưa đúng"),
        (Kind.AVERAGE, {"ngay": ""}, "Hệ số trượt giá của tiền lương năm 2023"),
        (Kind.ONE_TIME, {"nam_sau": "30"}, "20 năm trở lên"),
        (Kind.ONE_TIME, {"thang_sau": "12"}, "từ 0 đến 11"),
        (Kind.PENSION, {"sinh": "01/1980"}, "mới đủ tuổi"),
        (Kind.PENSION, {"sinh": "1980"}, "tháng và năm"),
        (Kind.PENSION, {"gioi_tinh": "x"}, "không hợp lệ"),
        (Kind.PENSION, {"sinh": "9" * 5_000}, "tháng/năm"),
        (Kind.PENSION, {"so_nam": "3"}, "còn thiếu 144 tháng"),
        (Kind.SICKNESS, {"so_ngay": "31"}, "nhiều nhất 30 ngày"),
        (Kind.MATERNITY, {"binh_quan": "0"}, "số tiền bằng đồng"),
    ],
)
def test_a_refusal_is_in_words_and_gives_no_number(citizen, kind, changes, words):
    html = ask(citizen, kind, 422, **changes)
    assert words in html
    assert 'class="figure"' not in html


def test_an_average_is_carried_over_to_what_needs_it(citizen):
    html = ask(citizen, Kind.AVERAGE)
    address = f"{ROOM}/luong-huu?binh_quan=6.000.000"
    assert address in html
    filled = pages.get(citizen, address)
    assert 'value="6.000.000"' in filled
    assert "Chưa gửi được" not in filled.split("<main")[1]


def test_new_figures_of_an_import_are_used_at_once(app, citizen, tmp_path):
    rows = "".join(
        f"he_so_truot_gia.{year},1.{year - 2000},01/01/2026,31/12/2026,Công văn Mẫu\n" for year in (2023, 2024)
    )
    done = Desk(app, tmp_path).take("parameters", "ma,gia_tri,hieu_luc_tu,hieu_luc_den,can_cu\n" + rows)
    assert done.code == 0, done.err
    html = ask(citizen, Kind.AVERAGE, ngay="01/11/2026")
    assert "7.380.000 đồng" in html
    assert "Công văn Mẫu" in html


def test_strangers_sign_in_first(client):
    for path in (ROOM, f"{ROOM}/luong-huu"):
        assert client.get(path).status_code == 303


@pytest.mark.parametrize("kind", list(Kind))
def test_an_estimate_takes_few_statements(citizen, engine, kind):
    ask(citizen, kind)
    with statements_of(engine) as seen:
        ask(citizen, kind)
    assert 0 < len(seen) <= 8, "\n".join(seen)


@pytest.mark.parametrize("language", ["en", "ko", "zh", "ja"])
def test_numbers_are_written_as_the_reader_writes_them(citizen, language):
    html = ask(citizen, Kind.HOUSEHOLD, lang=language)
    assert "4,043,520" in html
    assert "4.5% × 2,340,000 × 70%" in html


# --- from one's own rows ----------------------------------------------------------------------------------------------


@pytest.fixture
def own(citizen, engine):
    """Three and a half years before 2014 and eleven years and a month since, the last with one employer."""
    with unit(engine) as db:
        me = people_id(db, people.CITIZEN)
        stranger = people.add_person(db, people.STRANGER)
        add(db, me, "07/2010", "12/2013", salary=Decimal(3_000_000), coefficient=None)
        add(db, me, "01/2014", "12/2023", salary=Decimal(5_000_000), coefficient=None)
        add(db, me, "02/2024", "02/2025", salary=Decimal(6_000_000), coefficient=None)
        add(db, me, "03/2025", "05/2025", salary=Decimal(9_000_000), coefficient=None, status="cham_dong")
        add(db, stranger, "01/1999", "12/2009", salary=Decimal(77_000_000), coefficient=None)
    return citizen


def people_id(db, who):
    return db.scalars(select(PersonIdentifier.person_id).where(PersonIdentifier.value == who.ma_so)).one()


def take(client, kind: Kind, **more: str) -> tuple[dict[str, str], str]:
    """The fields as they were filled, and the words of the page."""
    html = pages.get(client, f"{ROOM}/{kind}?{urlencode({'lay': '1', **more})}").split("<main")[1]
    found = {}
    for tag in re.findall(r"<input [^>]*>", html):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ('type="radio"' not in tag or "checked" in tag):
            found[name[1]] = value[1]
    found |= {
        name: text.strip() for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', html, re.S)
    }
    assert 'class="figure"' not in html, "a filled form is no answer yet"
    assert "Chưa gửi được" not in html
    return found, text_of(html)


def test_each_estimate_offers_what_is_known(own):
    for kind in Kind:
        html = pages.get(own, f"{ROOM}/{kind}")
        assert f'href="{ROOM}/{kind}?lay=1"' in html
        assert f'href="{ROOM}/{kind}?lay=1"' not in pages.get(own, f"{ROOM}/{kind}?lay=1")


def test_what_is_paid_at_once_is_filled_by_months_before_and_from_2014(own):
    found, words = take(own, Kind.ONE_TIME)
    assert [found[name] for name in ("nam_truoc", "thang_truoc", "nam_sau", "thang_sau")] == ["3", "6", "11", "1"]
    assert "Đã đóng trước năm 2014 3 năm 6 tháng" in words
    assert "Đã đóng từ năm 2014 11 năm 1 tháng" in words
    assert found["binh_quan"] == ""


def test_one_who_has_stopped_for_twelve_months_finds_that_case_ticked(own):
    assert take(own, Kind.ONE_TIME)[0]["truong_hop"] == "nghi_viec"


@pytest.mark.parametrize(
    ("status", "kind"), [("da_dong", "bat_buoc"), ("no_dong", "bat_buoc"), ("da_dong", "tu_nguyen")]
)
def test_a_month_paid_or_owed_within_the_year_speaks_against_having_stopped(own, engine, status, kind):
    with unit(engine) as db:
        add(db, people_id(db, people.CITIZEN), LAST_MONTH, LAST_MONTH, status=status, kind=kind)
    found, words = take(own, Kind.ONE_TIME)
    against = f"Sổ bộ có tháng đóng gần nhất là {LAST_MONTH}: bạn chưa nghỉ đóng đủ 12 tháng"
    assert "truong_hop" not in found
    assert against in words
    asked = ask(own, Kind.ONE_TIME, lay="1")
    assert asked.index(against) < asked.index('class="figure"')
    assert f"{first_day(month_of(today()) - 1):%B %Y}" in ask(own, Kind.ONE_TIME, lay="1", lang="en")
    assert against not in ask(own, Kind.ONE_TIME, lay="1", truong_hop="dinh_cu")
    assert against not in ask(own, Kind.ONE_TIME), "nobody said that this is of one's own record"


def test_a_voluntary_month_that_was_not_paid_is_no_month_of_contributions(own, engine):
    with unit(engine) as db:
        add(db, people_id(db, people.CITIZEN), LAST_MONTH, LAST_MONTH, status="no_dong", kind="tu_nguyen")
    assert take(own, Kind.ONE_TIME)[0]["truong_hop"] == "nghi_viec"


@pytest.mark.parametrize(("first", "last"), [("01/1990", "12/2009"), ("07/2025", "10/2025")])
def test_who_paid_twenty_years_or_joined_from_july_2025_finds_no_case_ticked(citizen, engine, first, last):
    with unit(engine) as db:
        add(db, people_id(db, people.CITIZEN), first, last)
    assert "truong_hop" not in take(citizen, Kind.ONE_TIME)[0]


def test_the_month_of_age_is_filled_in_and_is_accepted(own):
    found, _words = take(own, Kind.PENSION)
    assert found["nghi_tu"] == "09/2045"
    early = ask(own, Kind.PENSION, so_nam="16", nghi_tu=found["nghi_tu"], sinh=found["sinh"], gioi_tinh="nu")
    assert "Tính như thể từ nay không đóng thêm. Đóng tiếp thì tỷ lệ cao hơn." in early
    assert "Tính như thể" not in ask(own, Kind.PENSION, nghi_tu="11/2026")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "September 2045"), ("ko", "2045년 9월"), ("zh", "2045年9月"), ("ja", "2045年9月")]
)
def test_months_in_sentences_are_written_as_the_reader_writes_them(own, language, words):
    changes = {"so_nam": "16", "sinh": "09/1985", "gioi_tinh": "nu", "lang": language}
    assert words in text_of(ask(own, Kind.PENSION, nghi_tu="09/2045", **changes))
    refused = ask(own, Kind.PENSION, 422, nghi_tu="01/2030", **changes)
    assert words in refused
    assert "09/2045" not in refused


@pytest.mark.parametrize("kind", [Kind.PENSION, Kind.ONE_TIME])
def test_the_hint_of_the_average_leads_to_its_estimate(own, kind):
    assert f'<a href="{ROOM}/muc-binh-quan">Chưa biết?' in pages.get(own, f"{ROOM}/{kind}")
    assert f'<a href="{ROOM}/muc-binh-quan?lay=1">Chưa biết?' in pages.get(own, f"{ROOM}/{kind}?lay=1")


def test_before_anything_was_asked_nothing_is_refused_and_the_newest_table_is_taken_only_when_that_is_pressed(own):
    html = pages.get(own, f"{ROOM}/{Kind.PENSION}?lay=1")
    assert "Chưa tính được" not in html
    assert "Mức bình quân tiền lương còn để trống." in html
    assert "Hệ số của năm 2024" not in html
    address = re.search(r'href="([^"]+he_so=moi)"', html)[1].replace("&amp;", "&")
    assert address == f"{ROOM}/{Kind.PENSION}?lay=1&he_so=moi"
    found, words = take(own, Kind.PENSION, he_so="moi")
    assert "Hệ số của năm 2024, bảng mới nhất có trong hệ thống; kết quả sẽ lệch." in words
    assert "Năm sau năm 2024 chưa có trong bảng: lấy hệ số 1." in words
    assert (found["gioi_tinh"], found["sinh"], found["so_nam"], found["thang_le"]) == ("nu", "09/1985", "14", "7")
    assert found["binh_quan"] == EXPECTED
    assert found["he_so"] == "moi"


# By hand: of 2010 six months at 1.83, 2011 to 2013 at 1.54, 1.41 and 1.33, 2014 to 2023 at twelve months each, 13 months at 1.
_SINCE = sum(Decimal(one) for one in ("1.27", "1.27", "1.23", "1.19", "1.15", "1.12", "1.08", "1.07", "1.03", "1.00"))
_BEFORE = 6 * Decimal("1.83") + 12 * (Decimal("1.54") + Decimal("1.41") + Decimal("1.33"))
_TOTAL = 3_000_000 * _BEFORE + 5_000_000 * 12 * _SINCE + 13 * 6_000_000
EXPECTED = f"{(_TOTAL / 175).quantize(Decimal(1), ROUND_HALF_UP):,}".replace(",", ".")


def test_the_answer_says_so_too_as_long_as_the_choice_is_in_the_address(own):
    html = ask(own, Kind.PENSION, he_so="moi", so_nam="25", ngay="")
    assert "Hệ số của năm 2024, bảng mới nhất có trong hệ thống; kết quả sẽ lệch." in html
    assert "Hệ số của năm" not in ask(own, Kind.PENSION)
    # Where the day has its own table nothing deviates.
    assert "Hệ số của năm" not in ask(own, Kind.AVERAGE, he_so="moi")


def test_an_average_is_refused_first_and_reckoned_with_the_newest_table_when_chosen(own):
    found, words = take(own, Kind.AVERAGE)
    assert found["giai_doan"].splitlines() == [
        "07/2010 - 12/2013: 3.000.000", "01/2014 - 12/2023: 5.000.000", "02/2024 - 02/2025: 6.000.000",
    ]  # fmt: skip
    refused = ask(own, Kind.AVERAGE, 422, giai_doan=found["giai_doan"].replace("\n", "\r\n"), ngay="")
    assert "Chưa tính được: chưa có số liệu" in refused
    address = re.search(r'href="([^"]+he_so=moi)"', refused)[1].replace("&amp;", "&")
    html = pages.get(own, address)
    words = text_of(html)
    assert f"{EXPECTED} đồng" in text_of(re.search(r'<p class="figure">(.*?)</p>', html)[1])
    assert "Hệ số của năm 2024, bảng mới nhất có trong hệ thống; kết quả sẽ lệch." in words
    assert "Năm 2025 6.000.000 × 2 tháng × 1 = 12.000.000 đồng" in words
    carried = re.search(r'href="([^"]*luong-huu[^"]+)"', html)[1].replace("&amp;", "&")
    assert carried.endswith("he_so=moi")
    assert 'name="he_so"' in pages.get(own, carried)


def test_a_choice_that_is_none_is_refused(own):
    ask(own, Kind.AVERAGE, 422, he_so="cu")


def test_maternity_sickness_and_voluntary_take_the_newest_months(own, engine):
    found, words = take(own, Kind.MATERNITY)
    assert found["binh_quan"] == "6.000.000"
    assert "Bình quân 6 tháng gần nhất đã đóng (09/2024–02/2025)" in words
    found, _words = take(own, Kind.SICKNESS)
    assert (found["luong"], found["so_nam"]) == ("6.000.000", "14")
    found, words = take(own, Kind.VOLUNTARY)
    assert found["thu_nhap"] == ""
    assert "Chưa thấy tiền lương hoặc thu nhập đóng nào" in words
    with unit(engine) as db:
        add(db, people_id(db, people.CITIZEN), "06/2026", "09/2026", salary=Decimal(2_000_000), kind="tu_nguyen")
    assert take(own, Kind.VOLUNTARY)[0]["thu_nhap"] == "2.000.000"


def test_what_is_typed_in_the_address_goes_before_what_is_known(own):
    assert take(own, Kind.SICKNESS, luong="8.000.000")[0]["luong"] == "8.000.000"


def test_months_that_were_paid_out_at_once_are_gone(own, engine):
    with unit(engine) as db:
        me = people_id(db, people.CITIZEN)
        db.add(
            Benefit(
                id=uuid4(), person_id=me, kind="mot_lan", amount=1, decision_date=date(2014, 1, 15),
                recorded_at=now(), updated_at=now(),
            )
        )  # fmt: skip
    found, words = take(own, Kind.ONE_TIME)
    assert [found[name] for name in ("nam_truoc", "thang_truoc", "nam_sau", "thang_sau")] == ["0", "0", "11", "1"]
    assert "Đã nhận BHXH một lần từ ngày 15/1/2014" in words


def test_without_rows_nothing_is_filled_and_the_page_says_so(citizen):
    for kind in set(Kind) - {Kind.HOUSEHOLD}:
        _found, words = take(citizen, kind)
        assert "Chưa thấy tháng nào đã đóng" in words


def test_a_household_is_counted_only_where_the_register_has_it(citizen, engine):
    found, words = take(citizen, Kind.HOUSEHOLD)
    assert found["so_nguoi"] == ""
    assert "chưa ghi rõ hộ" in words
    with unit(engine) as db:
        ids = [people_id(db, people.CITIZEN), *(people.add_person(db, who) for who in (people.GUARDIAN, people.CHILD))]
        for id in ids:
            db.get_one(Person, id).household_code = "HO8900001"
        db.get_one(Person, ids[1]).died_on = date(2026, 1, 1)
    found, words = take(citizen, Kind.HOUSEHOLD)
    assert found["so_nguoi"] == "2"
    assert "Chỉ tính người cùng tham gia" in words
    with unit(engine) as db:
        db.get_one(Person, ids[0]).household_code = "HO8900002"
    assert take(citizen, Kind.HOUSEHOLD)[0]["so_nguoi"] == "1"


@pytest.fixture
def household(citizen, engine):
    """The citizen with three others of one household, by name."""
    with unit(engine) as db:
        ids = {"me": people_id(db, people.CITIZEN)}
        for name, who in (("guardian", people.GUARDIAN), ("child", people.CHILD), ("stranger", people.STRANGER)):
            ids[name] = people.add_person(db, who)
        for id in ids.values():
            person = db.get_one(Person, id)
            person.household_code, person.birth_date = "HO8900001", "1980-01-01"
    return ids


def left_out(citizen) -> tuple[str, str]:
    """How many join together, and the words of the page."""
    found, words = take(citizen, Kind.HOUSEHOLD)
    return found["so_nguoi"], words


def test_who_has_bhyt_through_work_does_not_join_with_the_household(citizen, household, engine):
    assert left_out(citizen)[0] == "4"
    month = spoken(month_of(today()) - 1)
    with unit(engine) as db:
        add(db, household["me"], "01/2020", month, fund="BHYT")
        add(db, household["guardian"], "01/2020", "01/2026", fund="BHYT")
        add(db, household["child"], "01/2020", spoken(month_of(today()) - 3), fund="BHYT")
        add(db, household["child"], month, month, fund="BHYT", kind="tu_nguyen")
        add(db, household["stranger"], "01/2020", month, fund="BHXH")
    number, words = left_out(citizen)
    assert number == "3"
    assert "Hộ có 4 người trong sổ bộ; 1 người tham gia cách khác, không tính." in words


def test_small_children_and_cards_of_other_groups_do_not_join_with_the_household(citizen, household, engine):
    this_year = today().year
    with unit(engine) as db:
        db.get_one(Person, household["child"]).birth_date = str(this_year - 4)
        db.get_one(Person, household["guardian"]).birth_date = str(this_year - 6)
        held = {"valid_from": date(this_year - 1, 1, 1), "valid_to": None}
        people.add_card(db, household["me"], people.CITIZEN, **held, object_code="GD")
        people.add_card(db, household["stranger"], people.STRANGER, **held, object_code="HT")
    assert left_out(citizen)[0] == "2"
    with unit(engine) as db:
        people.add_card(
            db, household["stranger"], people.STRANGER, **{**held, "version": 2}, object_code="HT", status="thu_hoi"
        )
    assert left_out(citizen)[0] == "3"


def test_where_nobody_is_left_no_number_is_filled_in(citizen, household, engine):
    with unit(engine) as db:
        for id in household.values():
            add(db, id, "01/2020", LAST_MONTH, fund="BHYT", status="no_dong")
    number, words = left_out(citizen)
    assert number == ""
    assert "4 người tham gia cách khác" in words


@pytest.mark.usefixtures("household")
def test_a_household_takes_few_statements(citizen, engine):
    with statements_of(engine) as seen:
        take(citizen, Kind.HOUSEHOLD)
    assert 0 < len(seen) <= 8, seen


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("newest", [{}, {"he_so": "moi"}])
def test_filling_takes_few_statements_however_many_rows_there_are(own, engine, kind, newest):
    with unit(engine) as db:
        me = people_id(db, people.CITIZEN)
        for year in range(1970, 2010):
            add(db, me, f"01/{year}", f"12/{year}", salary=Decimal(1_000_000 + year), coefficient=None)
    take(own, kind, **newest)
    with statements_of(engine) as seen:
        take(own, kind, **newest)
    assert 0 < len(seen) <= 8, "\n".join(seen)
    assert not any(statement.startswith(("INSERT", "UPDATE", "DELETE")) for statement in seen)


def test_odd_months_are_converted_in_the_formula(citizen):
    words = text_of(ask(citizen, Kind.ONE_TIME, thang_truoc="3", nam_sau="3"))
    assert "Trước năm 2014: tháng lẻ chuyển sang giai đoạn từ năm 2014 27 tháng − 3 tháng lẻ = 2 năm" in words
    assert "Từ năm 2014: lẻ 1–6 tháng tính nửa năm, 7–11 tháng tính một năm 36 tháng + 3 tháng lẻ = 3,5 năm" in words
    assert "2 × 4.000.000 × 3,5 năm = 28.000.000 đồng" in words
    words = text_of(ask(citizen, Kind.PENSION, thang_le="7"))
    assert "lẻ 1–6 tháng tính nửa năm, 7–11 tháng tính một năm 25 năm 7 tháng = 26 năm" in words
    assert "tháng lẻ chuyển" not in text_of(ask(citizen, Kind.ONE_TIME))


@pytest.mark.parametrize("language", ["en", "ko", "zh", "ja"])
def test_filled_boxes_are_written_as_the_reader_writes_and_are_understood(own, language):
    assert take(own, Kind.SICKNESS, lang=language)[0]["luong"] == "6,000,000"
    found, _words = take(own, Kind.AVERAGE, lang=language)
    assert found["giai_doan"].splitlines()[0] == "07/2010 - 12/2013: 3,000,000"
    html = ask(own, Kind.AVERAGE, he_so="moi", giai_doan=found["giai_doan"], ngay="", lang=language)
    assert EXPECTED.replace(".", ",") in html


def test_money_is_in_whole_dong(own):
    found, _words = take(own, Kind.AVERAGE)
    html = ask(own, Kind.AVERAGE, he_so="moi", giai_doan=found["giai_doan"], ngay="")
    assert not re.search(r"[.]\d{3},\d+ (đồng|:)", text_of(html))


def test_a_sum_of_one_number_is_no_formula(citizen):
    words = text_of(ask(citizen, Kind.ONE_TIME, nam_truoc="0"))
    assert "Số tiền nhận một lần 24.000.000 đồng" in words
    words = text_of(ask(citizen, Kind.ONE_TIME))
    assert "Số tiền nhận một lần 12.000.000 + 24.000.000 = 36.000.000 đồng" in words


@pytest.mark.parametrize("language", ["ko", "zh", "ja"])
@pytest.mark.parametrize("kind", list(Kind))
def test_no_blank_stands_between_a_number_and_its_counter(citizen, kind, language):
    words = text_of(" ".join(re.findall("<br>(.*?)</p>", ask(citizen, kind, lang=language))))
    assert words
    assert not re.search(r"\d (か月|个月|개월|年|년|人|명|名|天|日|일)", words)
