"""Ước tính over HTTP: forms asked by GET, answers with their formula and source, refusals in words."""

import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from tests import pages, people
from tests.imports.conftest import Desk
from vssid.estimates.rules import Kind
from vssid.kernel.db import unit

ROOM = "/ca-nhan/uoc-tinh"
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
    address = f"{ROOM}/luong-huu?binh_quan=6000000"
    assert address in html
    filled = pages.get(citizen, address)
    assert 'value="6000000"' in filled
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
    seen: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        ask(citizen, kind)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert 0 < len(seen) <= 8, "\n".join(seen)


@pytest.mark.parametrize("language", ["en", "ko", "zh", "ja"])
def test_numbers_are_written_as_the_reader_writes_them(citizen, language):
    html = ask(citizen, Kind.HOUSEHOLD, lang=language)
    assert "4,043,520" in html
    assert "4.5% × 2,340,000 × 70%" in html
